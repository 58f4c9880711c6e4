"""All events of one card, undone ones included; the effective ones of many."""

from collections.abc import Sequence
from sqlite3 import Connection

from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, CardLink, UndoableEvent, event_order
from flashcards.storage.index.rows import EVENT_COLUMNS, event_from_row

DoneEvent = tuple[UndoableEvent, bool]  # an event, and whether it was undone

SELECT_CARD_EVENTS = f"""SELECT {EVENT_COLUMNS}, origin.id, event.id IN (SELECT id FROM undone_event)
FROM event JOIN card AS origin ON origin.key = event.origin
WHERE event.card = (SELECT key FROM card WHERE id = ?) AND kind """
CARDS_READ_AHEAD = 500
SELECT_HISTORIES = f"""SELECT {EVENT_COLUMNS}, origin.id, owner.id
    FROM event JOIN card AS origin ON origin.key = event.origin JOIN card AS owner ON owner.key = event.card
    WHERE event.card IN (SELECT next.key FROM card JOIN card AS next ON next.key = card.key
            OR next.in_deck AND next.path = card.path
                AND next.position BETWEEN card.position AND card.position + {CARDS_READ_AHEAD}
        WHERE card.id = ?)
    AND kind NOT IN ('seen', 'link', 'undo') AND event.id NOT IN (SELECT id FROM undone_event)
    ORDER BY event.card, hlc, event.id"""
"""The events of a card, and of the cards after it in its file."""


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


class CardHistories:
    """Histories of cards as of its creation, read for many cards of a file at once."""

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._cards_with_events = {
            card for (card,) in index.execute("SELECT id FROM card WHERE event_count > 0")
        }
        self._histories: dict[str, list[CardEvent]] = {}

    def effective_events(self, card_id: CardId) -> Sequence[CardEvent]:
        """Return the effective events of a card, in order; quick for the next cards of its file."""
        if card_id in self._cards_with_events and card_id not in self._histories:
            self._histories = {card_id: []}
            for *columns, card, owner in self._index.execute(SELECT_HISTORIES, (card_id,)):
                event = event_from_row(columns, card)
                if isinstance(event, CardEvent):
                    self._histories.setdefault(owner, []).append(event)
        return self._histories.get(card_id, ())
