"""Queries for clock values and sequence numbers of events."""

from datetime import datetime, timedelta
from sqlite3 import Connection

from flashcards.core.cards import CardId

MAX_CLOCK_SKEW = timedelta(days=1)  # a clock further ahead is broken and not followed
NO_HLC_LIMIT = 1 << 62


def max_plausible_hlc(now: datetime) -> int:
    """Return the highest hlc in ms that a right clock can have reached."""
    return int((now + MAX_CLOCK_SKEW).timestamp() * 1000)


def max_hlc(index: Connection, hlc_limit: int = NO_HLC_LIMIT) -> int:
    """Return the highest hlc in ms up to a limit."""
    row = index.execute("SELECT max(hlc) FROM event WHERE hlc <= ?", (hlc_limit,)).fetchone()
    return int(row[0] or 0)


def last_hlc_of_card(index: Connection, card_id: CardId) -> int:
    """Return the highest hlc in ms of a card; 0 without events."""
    row = index.execute(
        "SELECT max(hlc) FROM event WHERE card = (SELECT key FROM card WHERE id = ?)", (card_id,)
    ).fetchone()
    return int(row[0] or 0)


def device_sequence(index: Connection, device_id: str) -> tuple[int, bool]:
    """Return a device's highest sequence, and whether any came out of order."""
    row = index.execute("SELECT sequence, out_of_order FROM writer WHERE device = ?", (device_id,)).fetchone()
    return (int(row[0]), bool(row[1])) if row else (0, False)


def has_newer_format_lines(index: Connection) -> bool:
    """Tell whether a newer version has written to the journals."""
    return bool(index.execute("SELECT 1 FROM bad_line WHERE is_newer_format LIMIT 1").fetchone())


def indexed_journal_sizes(index: Connection) -> list[tuple[str, int]]:
    """Return (name, bytes read) of each journal file."""
    return list(index.execute("SELECT name, end_offset FROM source WHERE name LIKE 'journal/%'"))
