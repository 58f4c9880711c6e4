"""All events of one card, with what was undone."""

from __future__ import annotations

from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.core.events import CardLink, UndoableEvent, event_order
from flashcards.storage.index.rows import EVENT_COLUMNS, event_from_row

DoneEvent = tuple[UndoableEvent, bool]  # an event, and whether it was undone

SELECT_CARD_EVENTS = f"""SELECT {EVENT_COLUMNS}, origin.id, event.id IN (SELECT id FROM undone_event)
FROM event JOIN card AS origin ON origin.key = event.origin
WHERE event.card = (SELECT key FROM card WHERE id = ?) AND kind """


def card_events(index: Connection, card_id: CardId) -> list[DoneEvent]:
    """Return all events of a card, in order."""
    events = _select_events(index, f"{SELECT_CARD_EVENTS} NOT IN ('seen', 'undo', 'link')", card_id)
    return sorted([*events, *_incoming_links(index, card_id)], key=lambda pair: event_order(pair[0]))


def _incoming_links(index: Connection, card_id: CardId) -> list[DoneEvent]:
    """Return the links that brought histories to a card, also indirectly."""
    links: list[DoneEvent] = []
    unvisited, seen = [card_id], {card_id}
    while unvisited:
        for event, undone in _select_events(index, f"{SELECT_CARD_EVENTS} = 'link'", unvisited.pop()):
            links.append((event, undone))
            if isinstance(event, CardLink) and not undone and event.old not in seen:
                seen.add(event.old)
                unvisited.append(event.old)
    return links


def _select_events(index: Connection, query: str, card_id: CardId) -> list[DoneEvent]:
    rows = index.execute(query, (card_id,))
    return [(event_from_row(columns, card), bool(undone)) for *columns, card, undone in rows]
