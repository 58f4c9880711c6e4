"""Convert values to rows of the index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from flashcards.core.cards import REVEAL, AnswerMode, CardId
from flashcards.core.cloze import Spans
from flashcards.core.events import EventId, Review
from flashcards.core.progress import ProgressNumbers

SqlRow = tuple[Any, ...]
EVENT_COLUMNS = (
    "event.id, hlc, kind, at, event.rating, ms, src, interval_before, next_interval, scheduler, event.line"
)
"""What `event_from_row` reads."""
PLAIN_COLUMNS = "id, hlc, card, origin, kind, at, rating, ms, src, device, sequence"
EVENT_INSERTS = {
    columns.count(",") + 1: (
        f"INSERT OR IGNORE INTO event ({columns}) VALUES ({', '.join('?' * (columns.count(',') + 1))})"
    )
    for columns in (
        PLAIN_COLUMNS,
        f"{PLAIN_COLUMNS}, interval_before, batch",
        f"{PLAIN_COLUMNS}, interval_before, next_interval, scheduler, line, batch",
        "id, hlc, card, origin, kind, at, device, sequence, line, batch",
    )
}
"""By length of the row: plain, imported and other answers and events, and imported schedules.

Four, because to bind a NULL takes ten times as long as a number."""
INSERT_ANSWER = "INSERT INTO answer VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
UPDATE_CARD_PROGRESS = (
    "UPDATE card SET due = ?, interval = ?, ease = ?, repetitions = ?, lapses = ?, "
    "answered = ?, rating = ?, suspended = ?, buried = ?, mark = ?, "
    "stability = ?, difficulty = ?, fsrs_day = ?, "
    "first_answered = ?, answer_count = ?, total_ms = ?, test_count = ?, "
    "tests_recalled = ?, event_count = ? WHERE key = ?"
)


def progress_row(progress: ProgressNumbers) -> SqlRow:
    """Return a card's progress as the columns of UPDATE_CARD_PROGRESS."""
    *others, memory, fsrs_day = progress
    stability, difficulty = memory or (None, None)
    return *others, stability, difficulty, fsrs_day


def event_from_row(row: Sequence[Any], card_id: str | None) -> Any:  # noqa: ANN401 (whatever can happen)
    """Return an event from its row: a plain review from columns, others from their line."""
    event_id, hlc, _, at, rating, ms, source, interval_before, next_interval, scheduler, line = row
    if line is None:
        common = EventId(event_id), hlc, datetime.fromisoformat(at), CardId(card_id or "")
        cram = False  # practice is not a plain review
        return Review(*common, rating, ms, source, cram, interval_before, next_interval, scheduler or "")
    from flashcards.storage.journal.record import decode_checked_line

    return decode_checked_line(line).event


def encode_answer_mode(mode: AnswerMode) -> str:
    """Return an answer mode as JSON; "" for plain revealing."""
    if mode == REVEAL:
        return ""
    import msgspec

    return msgspec.json.encode(mode).decode()


def decode_answer_mode(text: str) -> AnswerMode:
    """Return the answer mode. Raises MsgspecError if the index is not ours."""
    if not text:
        return REVEAL
    import msgspec

    return msgspec.json.decode(text, type=AnswerMode)


def encode_gaps(front: Spans, back: Spans) -> str:
    """Return the gaps of both sides as text; "" without gaps."""
    if not (front or back):
        return ""
    return "|".join(" ".join(f"{start}-{end}" for start, end in spans) for spans in (front, back))


def decode_gaps(text: str) -> tuple[Spans, Spans]:
    """Return the gaps of a card's front and back."""
    front, _, back = text.partition("|")
    return _decode_spans(front), _decode_spans(back)


def _decode_spans(text: str) -> Spans:
    parts = (span.partition("-") for span in text.split())
    return tuple((int(start), int(end)) for start, _, end in parts)


def card_text_checksum(deck: str, front: str, back: str) -> int:
    """Return the checksum that tells whether the journal has this text."""
    return crc32(f"{deck}\x1f{front}\x1f{back}".encode("utf-8", "surrogatepass"))
