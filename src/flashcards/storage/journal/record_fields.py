"""What a line says, taken as an event: every field there, of its kind, and within bounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

import msgspec

from flashcards.core.cards import CardId
from flashcards.core.events import (
    Bury,
    Event,
    EventId,
    Flag,
    Link,
    Plan,
    Reset,
    Review,
    Seen,
    SetDue,
    Suspend,
    Undo,
    Unknown,
    Unsuspend,
)
from flashcards.core.sm2 import LEAST_EASE, LONGEST_INTERVAL

FIRST, LAST = 1900, 9800
"""Outside of these years a date is a broken clock's; counting days on from it would overflow."""
LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exact."""
T = TypeVar("T")


class Line(msgspec.Struct, omit_defaults=True):
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


class BadLineError(ValueError):
    """A line of a journal that is no event; the message says why."""


class NewerLineError(BadLineError):
    """A line that a newer version of the program wrote."""


def event_of(line: Line) -> Event:
    """Return the event that a line's fields spell. Raises BadLineError, ValueError or TypeError."""
    at = datetime.fromisoformat(line.at)
    numbers = 0 <= line.hlc <= LARGEST and 0 <= line.n <= LARGEST
    if not (numbers and line.id and at.tzinfo is not None and FIRST <= at.year <= LAST):
        _refuse(line, at)
    return MAKERS.get(line.k, _unknown)(line, EventId(line.id), at)


def _refuse(line: Line, at: datetime) -> None:
    """Raise BadLineError for what is wrong with a field that all kinds have."""
    if at.tzinfo is None:
        raise BadLineError('its "at" has no UTC offset')
    _within("at", at.year, FIRST, LAST)
    _within("hlc", line.hlc, 0, LARGEST)
    _within("n", line.n, 0, LARGEST)
    _given(line.id or None, "id")


def _within(name: str, value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise BadLineError(f'its "{name}" is {value}, not {least} to {most}')
    return value


def _given(value: T | None, name: str) -> T:
    if value is None:
        raise BadLineError(f'it lacks "{name}"')
    return value


def _card(value: str | None, name: str = "card") -> CardId:
    return CardId(_given(value or None, name))


def _number(line: Line, name: str, least: int, most: int) -> int:
    return _within(name, _given(getattr(line, name), name), least, most)


def _date(value: str | None, name: str) -> date:
    found = date.fromisoformat(_given(value, name))
    _within(name, found.year, FIRST, LAST)
    return found


def _review(line: Line, event_id: EventId, at: datetime) -> Review:
    # This runs a million times: what is right is seen with few calls, what is wrong said with more.
    rating, ms, was, card = line.rating, line.ms or 0, line.interval, line.card
    if rating is None or not 1 <= rating <= 5:
        rating = _number(line, "rating", 1, 5)
    if not 0 <= ms <= LARGEST:
        _within("ms", ms, 0, LARGEST)
    if was is not None and not 0 <= was <= LARGEST:
        _within("interval", was, 0, LARGEST)
    own = CardId(card) if card else _card(card)
    return Review(event_id, line.hlc, at, own, rating, ms, line.src or "", bool(line.cram), was)


def _unknown(line: Line, event_id: EventId, at: datetime) -> Unknown:
    return Unknown(event_id, line.hlc, at, line.k)


def _undo(line: Line, event_id: EventId, at: datetime) -> Undo:
    return Undo(event_id, line.hlc, at, EventId(_given(line.of, "of")))


def _mark(
    kind: type[Suspend | Unsuspend | Reset],
) -> Callable[[Line, EventId, datetime], Event]:
    """Return the maker of a kind that says nothing but which card it is about."""
    return lambda line, event_id, at: kind(event_id, line.hlc, at, _card(line.card), line.src or "")


def _bury(line: Line, event_id: EventId, at: datetime) -> Bury:
    return Bury(event_id, line.hlc, at, _card(line.card), _date(line.until, "until"))


def _flag(line: Line, event_id: EventId, at: datetime) -> Flag:
    on = line.on is None or line.on
    return Flag(event_id, line.hlc, at, _card(line.card), on, line.why or "")


def _set_due(line: Line, event_id: EventId, at: datetime) -> SetDue:
    return SetDue(
        event_id,
        line.hlc,
        at,
        _card(line.card),
        due=_date(line.due, "due"),
        interval=_number(line, "interval", 1, LONGEST_INTERVAL),
        ease=_number(line, "ease", LEAST_EASE, LARGEST),
        repetitions=_number(line, "repetitions", 0, LARGEST),
        lapses=_number(line, "lapses", 0, LARGEST),
    )


def _link(line: Line, event_id: EventId, at: datetime) -> Link:
    return Link(event_id, line.hlc, at, _card(line.old, "old"), _card(line.new, "new"))


def _seen(line: Line, event_id: EventId, at: datetime) -> Seen:
    text = line.deck or "", line.front or "", line.back or ""
    return Seen(event_id, line.hlc, at, _card(line.card), *text)


def _plan(line: Line, event_id: EventId, at: datetime) -> Plan:
    first, until = _date(line.first, "first"), _date(line.until, "until")
    return Plan(event_id, line.hlc, at, first, until, _number(line, "per_day", 0, LARGEST))


MAKERS: dict[str, Callable[[Line, EventId, datetime], Event]] = {
    "review": _review,
    "undo": _undo,
    "suspend": _mark(Suspend),
    "unsuspend": _mark(Unsuspend),
    "bury": _bury,
    "flag": _flag,
    "reset": _mark(Reset),
    "set-due": _set_due,
    "link": _link,
    "seen": _seen,
    "plan": _plan,
}
