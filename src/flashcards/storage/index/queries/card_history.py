"""All that was ever done to one card, as the index has it: undone things and links too."""

from __future__ import annotations

from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.core.events import Link, Undoable, order
from flashcards.storage.index.queries.cards import event_of

Done = tuple[Undoable, bool]
"""What was done, and whether it was undone."""

DONE = """SELECT event.id, hlc, kind, at, event.rating, ms, src, interval_before, event.line,
    origin.id,
    event.id IN (SELECT id FROM undone_event)
FROM event JOIN card AS origin ON origin.key = event.origin
WHERE event.card = (SELECT key FROM card WHERE id = ?) AND kind """


def everything(index: Connection, card: CardId) -> list[Done]:
    """Return all that was done to a card, in order."""
    done = _ask(index, f"{DONE} NOT IN ('seen', 'undo', 'link')", card)
    return sorted([*done, *_links(index, card)], key=lambda found: order(found[0]))


def _links(index: Connection, card: CardId) -> list[Done]:
    """Return the links by which other cards' histories came to this one, also by way of others."""
    found: list[Done] = []
    waiting, met = [card], {card}
    while waiting:
        for event, undone in _ask(index, f"{DONE} = 'link'", waiting.pop()):
            found.append((event, undone))
            if isinstance(event, Link) and not undone and event.old not in met:
                met.add(event.old)
                waiting.append(event.old)
    return found


def _ask(index: Connection, query: str, card: CardId) -> list[Done]:
    rows = index.execute(query, (card,))
    return [(event_of(row[:-2], CardId(row[-2])), bool(row[-1])) for row in rows]
