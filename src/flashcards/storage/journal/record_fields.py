"""Check the fields of a journal line; build its event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

import msgspec

from flashcards.core.cards import CardId
from flashcards.core.events import (
    Batch,
    Bury,
    CardLink,
    CatchUpPlan,
    Event,
    EventId,
    FsrsWeights,
    Mark,
    Reset,
    Review,
    SeenText,
    SetDue,
    Suspend,
    Undo,
    UnknownEvent,
    Unsuspend,
)
from flashcards.core.fsrs import valid_weights
from flashcards.core.sm2 import MAX_INTERVAL, MIN_EASE

MIN_YEAR, MAX_YEAR = 1900, 9800
"""Outside of these years a date is a broken clock's; counting days on from it would overflow."""
MAX_EXACT_INTEGER = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exact."""
FSRS_MODEL = "fsrs6"
T = TypeVar("T")


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
    """A line of a journal that is not an event; the message says why."""


class NewerFormatError(BadLineError):
    """A line that a newer version of the program wrote."""


def event_from_line(line: JournalLine) -> Event:
    """Return the event that a line's fields spell. Raises BadLineError, ValueError or TypeError."""
    at = datetime.fromisoformat(line.at)
    numbers = 0 <= line.hlc <= MAX_EXACT_INTEGER and 0 <= line.n <= MAX_EXACT_INTEGER
    if not (numbers and line.id and at.tzinfo is not None and MIN_YEAR <= at.year <= MAX_YEAR):
        _raise_for_common_fields(line, at)
    event = EVENT_PARSERS.get(line.k, _parse_unknown)(line, EventId(line.id), at)
    return replace(event, batch=EventId(line.batch)) if line.batch else event


def _raise_for_common_fields(line: JournalLine, at: datetime) -> None:
    """Raise BadLineError for what is wrong with a field that all kinds have."""
    if at.tzinfo is None:
        raise BadLineError('its "at" has no UTC offset')
    _require_in_range("at", at.year, MIN_YEAR, MAX_YEAR)
    _require_in_range("hlc", line.hlc, 0, MAX_EXACT_INTEGER)
    _require_in_range("n", line.n, 0, MAX_EXACT_INTEGER)
    _require_present(line.id or None, "id")


def _require_in_range(name: str, value: int, minimum: int, maximum: int) -> int:
    if not minimum <= value <= maximum:
        raise BadLineError(f'its "{name}" is {value}, not {minimum} to {maximum}')
    return value


def _require_present(value: T | None, name: str) -> T:
    if value is None:
        raise BadLineError(f'"{name}" is missing')
    return value


def _require_card_id(value: str | None, name: str = "card") -> CardId:
    return CardId(_require_present(value or None, name))


def _require_number(line: JournalLine, name: str, minimum: int, maximum: int) -> int:
    return _require_in_range(name, _require_present(getattr(line, name), name), minimum, maximum)


def _require_date(value: str | None, name: str) -> date:
    day = date.fromisoformat(_require_present(value, name))
    _require_in_range(name, day.year, MIN_YEAR, MAX_YEAR)
    return day


def _parse_review(line: JournalLine, event_id: EventId, at: datetime) -> Review:
    # This runs a million times: what is right is seen with few calls, what is wrong said with more.
    rating, ms, was, card = line.rating, line.ms or 0, line.interval, line.card
    if rating is None or not 1 <= rating <= 5:
        rating = _require_number(line, "rating", 1, 5)
    if not 0 <= ms <= MAX_EXACT_INTEGER:
        _require_in_range("ms", ms, 0, MAX_EXACT_INTEGER)
    if was is not None and not 0 <= was <= MAX_EXACT_INTEGER:
        _require_in_range("interval", was, 0, MAX_EXACT_INTEGER)
    card_id = CardId(card) if card else _require_card_id(card)
    next_interval = line.next
    if next_interval is not None and not is_interval(next_interval):
        next_interval = 0  # ignored: the rating counts all the same, and `doctor` tells
    return Review(
        event_id,
        line.hlc,
        at,
        card_id,
        rating,
        ms,
        line.src or "",
        bool(line.cram),
        was,
        next_interval,  # type: ignore[arg-type]  # is_interval says so
        line.sched or "",
        bool(line.hint),
    )


def is_interval(value: object) -> bool:
    """Tell whether a value is days that an answer can be followed by."""
    return type(value) is int and 1 <= value <= MAX_INTERVAL


def _parse_unknown(line: JournalLine, event_id: EventId, at: datetime) -> UnknownEvent:
    return UnknownEvent(event_id, line.hlc, at, line.k)


def _parse_batch(line: JournalLine, event_id: EventId, at: datetime) -> Batch:
    command = _require_present(line.command, "command")
    return Batch(event_id, line.hlc, at, command, line.about or "", tuple(line.files or ()))


def _parse_undo(line: JournalLine, event_id: EventId, at: datetime) -> Undo:
    return Undo(event_id, line.hlc, at, EventId(_require_present(line.of, "of")))


def _card_event_parser(
    kind: type[Suspend | Unsuspend | Reset],
) -> Callable[[JournalLine, EventId, datetime], Event]:
    """Return the maker of a kind that says nothing but which card it is about."""
    return lambda line, event_id, at: kind(
        event_id, line.hlc, at, _require_card_id(line.card), line.src or ""
    )


def _parse_bury(line: JournalLine, event_id: EventId, at: datetime) -> Bury:
    return Bury(event_id, line.hlc, at, _require_card_id(line.card), _require_date(line.until, "until"))


def _parse_mark(line: JournalLine, event_id: EventId, at: datetime) -> Mark:
    on = line.on is None or line.on
    return Mark(event_id, line.hlc, at, _require_card_id(line.card), on, line.why or "")


def _parse_set_due(line: JournalLine, event_id: EventId, at: datetime) -> SetDue:
    return SetDue(
        event_id,
        line.hlc,
        at,
        _require_card_id(line.card),
        due=_require_date(line.due, "due"),
        interval=_require_number(line, "interval", 1, MAX_INTERVAL),
        ease=_require_number(line, "ease", MIN_EASE, MAX_EXACT_INTEGER),
        repetitions=_require_number(line, "repetitions", 0, MAX_EXACT_INTEGER),
        lapses=_require_number(line, "lapses", 0, MAX_EXACT_INTEGER),
    )


def _parse_link(line: JournalLine, event_id: EventId, at: datetime) -> CardLink:
    return CardLink(
        event_id, line.hlc, at, _require_card_id(line.old, "old"), _require_card_id(line.new, "new")
    )


def _parse_seen(line: JournalLine, event_id: EventId, at: datetime) -> SeenText:
    text = line.deck or "", line.front or "", line.back or ""
    return SeenText(event_id, line.hlc, at, _require_card_id(line.card), *text)


def _parse_plan(line: JournalLine, event_id: EventId, at: datetime) -> CatchUpPlan:
    first, until = _require_date(line.first, "first"), _require_date(line.until, "until")
    return CatchUpPlan(
        event_id, line.hlc, at, first, until, _require_number(line, "per_day", 0, MAX_EXACT_INTEGER)
    )


def _parse_weights(line: JournalLine, event_id: EventId, at: datetime) -> Event:
    if line.model != FSRS_MODEL:
        return _parse_unknown(line, event_id, at)
    weights = tuple(_require_present(line.w, "w"))
    if not valid_weights(weights):
        raise BadLineError('its "w" are not 21 numbers within the bounds of FSRS-6')
    numbers = line.tests or 0, line.loss or 0.0, line.before or 0.0
    return FsrsWeights(event_id, line.hlc, at, weights, *numbers)


EVENT_PARSERS: dict[str, Callable[[JournalLine, EventId, datetime], Event]] = {
    "review": _parse_review,
    "undo": _parse_undo,
    "suspend": _card_event_parser(Suspend),
    "unsuspend": _card_event_parser(Unsuspend),
    "bury": _parse_bury,
    "flag": _parse_mark,
    "reset": _card_event_parser(Reset),
    "set-due": _parse_set_due,
    "link": _parse_link,
    "seen": _parse_seen,
    "plan": _parse_plan,
    "batch": _parse_batch,
    "weights": _parse_weights,
}
