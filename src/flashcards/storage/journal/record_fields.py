"""Fields of journal lines: one table for reading and writing."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from flashcards.core import events
from flashcards.core.cards import CardId
from flashcards.core.events import EVENT_KINDS, Event, EventId, FsrsWeights, Review, SetDue, UnknownEvent
from flashcards.core.fsrs import valid_weights
from flashcards.core.sm2 import MAX_INTERVAL, MIN_EASE

MIN_YEAR, MAX_YEAR = 1900, 9800  # dates outside come from a broken clock, and adding days could overflow
MAX_EXACT_INTEGER = 2**53 - 1  # the largest integer that every JSON reader keeps exact
FSRS_MODEL = "fsrs6"
T = TypeVar("T")
Count = Annotated[int, Meta(ge=0, le=MAX_EXACT_INTEGER)]
Text = Annotated[str, Meta(min_length=1)]


class ReviewLine(msgspec.Struct, omit_defaults=True):
    """The fields of a review as we write them, validated while decoding.

    There may be a million; other forms are read by `JournalLine`.
    """

    v: Literal[1]
    id: Text
    k: Literal["review"]
    dev: str
    n: Count
    hlc: Count
    at: str
    card: Text
    rating: Annotated[int, Meta(ge=1, le=5)]
    ms: Count | None = None
    src: str | None = None
    cram: bool | None = None
    interval: Count | None = None
    batch: str | None = None
    next: Annotated[int, Meta(ge=1, le=MAX_INTERVAL)] | None = None
    sched: str | None = None
    hint: bool | None = None


class SetDueLine(msgspec.Struct, omit_defaults=True):
    """The fields of an imported schedule as we write them: there may be one for each answer."""

    v: Literal[1]
    id: Text
    k: Literal["set-due"]
    dev: str
    n: Count
    hlc: Count
    at: str
    card: Text
    due: date
    interval: Annotated[int, Meta(ge=1, le=MAX_INTERVAL)]
    ease: Annotated[int, Meta(ge=MIN_EASE, le=MAX_EXACT_INTEGER)]
    repetitions: Count
    lapses: Count
    batch: str | None = None
    raw_line: bytes = b""  # the line that it was read from; not written


class JournalLine(msgspec.Struct, omit_defaults=True):
    """The fields of all kinds, in the order in which they are written."""

    v: int
    id: str
    k: str
    dev: str
    n: int
    hlc: int
    at: str
    card: str | None = None
    rating: int | None = None
    ms: int | None = None
    src: str | None = None
    cram: bool | None = None
    of: str | None = None
    first: str | None = None
    until: str | None = None
    per_day: int | None = None
    on: bool | None = None
    why: str | None = None
    due: str | None = None
    interval: int | None = None
    ease: int | None = None
    repetitions: int | None = None
    lapses: int | None = None
    old: str | None = None
    new: str | None = None
    deck: str | None = None
    front: str | None = None
    back: str | None = None
    batch: str | None = None
    command: str | None = None
    about: str | None = None
    files: list[str] | None = None
    next: object = None
    sched: str | None = None
    hint: bool | None = None
    model: str | None = None
    w: list[float] | None = None
    tests: int | None = None
    loss: float | None = None
    before: float | None = None


class BadLineError(ValueError):
    """A journal line that is not a valid event; the message says why."""


class NewerFormatError(BadLineError):
    """A line written by a newer version of the program."""


def event_from_line(line: JournalLine) -> Event:
    """Return the event of a line. Raises BadLineError, ValueError or TypeError."""
    at = datetime.fromisoformat(line.at)
    is_in_range = 0 <= line.hlc <= MAX_EXACT_INTEGER and 0 <= line.n <= MAX_EXACT_INTEGER
    if not (is_in_range and line.id and at.tzinfo is not None and MIN_YEAR <= at.year <= MAX_YEAR):
        _raise_for_common_fields(line, at)  # only then, because there may be a million lines
    event_id, batch, kind = EventId(line.id), EventId(line.batch) if line.batch else None, KINDS.get(line.k)
    if kind is Review:
        return _parse_review(line, event_id, at, batch)
    if kind is None or (kind is FsrsWeights and line.model != FSRS_MODEL):
        return UnknownEvent(event_id, line.hlc, at, line.k, batch=batch)
    values = [read(getattr(line, name), name) for name, read in FIELDS[kind]]
    event: Event = kind(event_id, line.hlc, at, *values, batch=batch)
    return event


def set_event_fields(line: JournalLine, event: Event) -> None:
    """Set the fields that this kind of event has."""
    if isinstance(event, UnknownEvent):
        raise TypeError(f"a {event.kind!r} is never written")
    kind = type(event)
    for (name, _), attribute in zip(FIELDS[kind], ATTRIBUTES[kind], strict=True):
        value = getattr(event, attribute)
        setattr(line, name, None if name in ABSENT_WHEN_EMPTY and not value else value)
    line.model = FSRS_MODEL if isinstance(event, FsrsWeights) else None


def review_line(event: Review, device_id: str, sequence: int) -> ReviewLine:
    """Return the line of an answer."""
    at = event.at.isoformat(timespec="milliseconds")
    return ReviewLine(
        1, event.id, "review", device_id, sequence, event.hlc, at, event.card, event.rating, event.ms,
        event.source or None, event.cram or None, event.interval, event.batch, event.next_interval,
        event.scheduler or None, event.hinted or None,
    )  # fmt: skip


def set_due_line(event: SetDue, device_id: str, sequence: int) -> SetDueLine:
    """Return the line of an imported schedule."""
    at = event.at.isoformat(timespec="milliseconds")
    return SetDueLine(
        1, event.id, "set-due", device_id, sequence, event.hlc, at, event.card, event.due, event.interval,
        event.ease, event.repetitions, event.lapses, event.batch,
    )  # fmt: skip


def _raise_for_common_fields(line: JournalLine, at: datetime) -> None:
    if at.tzinfo is None:
        raise BadLineError('its "at" has no UTC offset')
    _require_in_range("at", at.year, MIN_YEAR, MAX_YEAR)
    _require_in_range("hlc", line.hlc, 0, MAX_EXACT_INTEGER)
    _require_in_range("n", line.n, 0, MAX_EXACT_INTEGER)
    _present(line.id or None, "id")


def _require_in_range(name: str, value: int, minimum: int, maximum: int) -> int:
    if not minimum <= value <= maximum:
        raise BadLineError(f'its "{name}" is {value}, not {minimum} to {maximum}')
    return value


def _present(value: T | None, name: str) -> T:
    if value is None:
        raise BadLineError(f'"{name}" is missing')
    return value


def _card_id(value: str | None, name: str) -> CardId:
    return CardId(_present(value or None, name))


def _number(minimum: int = 0, maximum: int = MAX_EXACT_INTEGER) -> Callable[[int | None, str], int]:
    return lambda value, name: _require_in_range(name, _present(value, name), minimum, maximum)


def _day(value: str | None, name: str) -> date:
    day = date.fromisoformat(_present(value, name))
    _require_in_range(name, day.year, MIN_YEAR, MAX_YEAR)
    return day


def _weights(value: list[float] | None, name: str) -> tuple[float, ...]:
    weights = tuple(_present(value, name))
    if not valid_weights(weights):
        raise BadLineError('its "w" are not 21 numbers within the bounds of FSRS-6')
    return weights


def _optional(default: T) -> Callable[[T | None, str], T]:
    return lambda value, _: default if value is None else value


def _parse_review(line: JournalLine, event_id: EventId, at: datetime, batch: EventId | None) -> Review:
    next_interval: Any = line.next
    if next_interval is not None and not (type(next_interval) is int and 1 <= next_interval <= MAX_INTERVAL):
        next_interval = 0  # ignored: the rating counts, and `doctor` reports it
    rating = _require_in_range("rating", _present(line.rating, "rating"), 1, 5)
    ms = _require_in_range("ms", line.ms or 0, 0, MAX_EXACT_INTEGER)
    if line.interval is not None:
        _require_in_range("interval", line.interval, 0, MAX_EXACT_INTEGER)
    return Review(
        event_id, line.hlc, at, _card_id(line.card, "card"), rating, ms, line.src or "", bool(line.cram),
        line.interval, next_interval, line.sched or "", bool(line.hint), batch=batch,
    )  # fmt: skip


KINDS: dict[str, type[Any]] = {kind: event for event, kind in EVENT_KINDS.items()}
CARD = ("card", _card_id)
FIELDS: dict[type[Any], tuple[tuple[str, Callable[[Any, str], object]], ...]] = {
    events.Undo: (("of", _present),),
    events.Suspend: (CARD, ("src", _optional(""))),
    events.Unsuspend: (CARD, ("src", _optional(""))),
    events.Reset: (CARD, ("src", _optional(""))),
    events.Bury: (CARD, ("until", _day)),
    events.Mark: (CARD, ("on", _optional(default=True)), ("why", _optional(""))),
    events.SetDue: (
        CARD, ("due", _day), ("interval", _number(1, MAX_INTERVAL)), ("ease", _number(MIN_EASE)),
        ("repetitions", _number()), ("lapses", _number()),
    ),
    events.CardLink: (("old", _card_id), ("new", _card_id)),
    events.SeenText: (CARD, ("deck", _optional("")), ("front", _optional("")), ("back", _optional(""))),
    events.CatchUpPlan: (("first", _day), ("until", _day), ("per_day", _number())),
    events.Batch: (
        ("command", _present), ("about", _optional("")), ("files", lambda value, _: tuple(value or ())),
    ),
    events.FsrsWeights: (
        ("w", _weights), ("tests", _optional(0)), ("loss", _optional(0.0)), ("before", _optional(0.0)),
    ),
}  # fmt: skip
"""By kind: the fields that only it has, in the order of the event's, each with its reader."""
ATTRIBUTES = {kind: kind._fields[3:-1] for kind in FIELDS}
ABSENT_WHEN_EMPTY = ("src", "about", "files")
