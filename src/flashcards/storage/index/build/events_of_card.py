"""Read events back from the index."""

from collections.abc import Iterator
from sqlite3 import Connection

from flashcards.core.events import Event
from flashcards.storage.index.rows import EVENT_COLUMNS, event_from_row

NOT_UNDONE = "id NOT IN (SELECT id FROM undone_event)"
SELECT_EVENTS = f"""SELECT {EVENT_COLUMNS}, origin.id FROM event JOIN card AS origin ON origin.key = origin
    WHERE card = ? AND {{}} AND event.{NOT_UNDONE} ORDER BY hlc, event.id"""


def events_of_card(index: Connection, card_key: int, condition: str) -> Iterator[Event]:
    """Yield the events in a card's history matching a condition, in order."""
    for *columns, card in index.execute(SELECT_EVENTS.format(condition), (card_key,)):
        event: Event = event_from_row(columns, card)
        yield event
