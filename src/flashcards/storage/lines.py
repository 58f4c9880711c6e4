"""One event, one line of JSON with its own checksum: how the journal spells what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zlib import crc32

import msgspec

from flashcards.core.card import CardId
from flashcards.core.events import (
    Bury,
    Event,
    EventId,
    Flag,
    Link,
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

VERSION = 1
CHECKSUM = b',"c":"'
MARKERS = (b"<<<<<<< ", b"||||||| ", b">>>>>>> ", b"=======")
"""What git leaves around both sides of a conflict; every other line is still an event."""


YEARS = (1900, 9800)
"""Outside of these a date is a broken clock's; counting days on from it would overflow."""
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
    of: str | None = None
    until: str | None = None
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


class Version(msgspec.Struct):
    """The one field that every version of the format has."""

    v: int


@dataclass(frozen=True, slots=True)
class Record:
    """An event as a journal holds it: who wrote it, and the how-many-th of theirs it is."""

    event: Event
    device: str
    n: int


class BadLineError(ValueError):
    """A line of a journal that is no event; the message says why."""


class NewerLineError(BadLineError):
    """A line that a newer version of the program wrote."""


def encode(record: Record) -> bytes:
    """Return the record's line, newline included."""
    event = record.event
    line = Line(
        v=VERSION,
        id=event.id,
        k=kind_of(event),
        dev=record.device,
        n=record.n,
        hlc=event.hlc,
        at=event.at.isoformat(timespec="milliseconds"),
    )
    _fill(line, event)
    body = msgspec.json.encode(line)[:-1]
    return b'%b%b%08x"}\n' % (body, CHECKSUM, crc32(body))


_read = msgspec.json.Decoder(Line).decode
_read_version = msgspec.json.Decoder(Version).decode


def decode(raw: bytes) -> Record:
    """Return the record of one line (without its newline); raises BadLineError."""
    raw = raw.strip()
    cut = raw.rfind(CHECKSUM)
    if cut < 0 or raw[cut + 14 :] != b'"}':
        raise BadLineError("it has no checksum at its end: the line was cut short, or edited")
    if b"%08x" % crc32(raw[:cut]) != raw[cut + 6 : cut + 14]:
        raise BadLineError("its checksum does not fit: the line was changed after it was written")
    try:
        line = _read(raw)
        if line.v > VERSION:
            raise NewerLineError(f"it was written in format {line.v}; this version knows {VERSION}")
        return Record(_event(line), line.dev, line.n)
    except BadLineError:
        raise
    except (
        msgspec.MsgspecError,
        UnicodeDecodeError,
        ValueError,
        TypeError,
        OverflowError,
    ) as error:
        _refuse_newer(raw)
        raise BadLineError(f"it is not an event: {error}") from error


def _refuse_newer(raw: bytes) -> None:
    """Tell a line of a newer format, whose fields may be others, from nonsense."""
    try:
        version = _read_version(raw).v
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return
    if version > VERSION:
        raise NewerLineError(f"it was written in format {version}; this version knows {VERSION}")


KINDS: dict[type, str] = {
    Review: "review",
    Undo: "undo",
    Suspend: "suspend",
    Unsuspend: "unsuspend",
    Bury: "bury",
    Flag: "flag",
    Reset: "reset",
    SetDue: "set-due",
    Link: "link",
    Seen: "seen",
}


def kind_of(event: Event) -> str:
    """Return the kind of an event, as the journal spells it."""
    return event.kind if isinstance(event, Unknown) else KINDS[type(event)]


def _fill(line: Line, event: Event) -> None:
    """Set the fields that only this kind of event has."""
    match event:
        case Review():
            line.card, line.rating, line.ms = event.card, event.rating, event.ms
            line.src = event.source or None
        case Undo():
            line.of = event.of
        case Suspend() | Unsuspend() | Reset():
            line.card = event.card
        case Bury():
            line.card, line.until = event.card, event.until.isoformat()
        case Flag():
            line.card, line.on, line.why = event.card, event.on, event.why
        case SetDue():
            line.card, line.due, line.interval = event.card, event.due.isoformat(), event.interval
            line.ease, line.repetitions, line.lapses = event.ease, event.repetitions, event.lapses
        case Link():
            line.old, line.new = event.old, event.new
        case Seen():
            line.card, line.deck = event.card, event.deck
            line.front, line.back = event.front, event.back
        case Unknown():
            raise TypeError(f"a {event.kind!r} is never written")


def _event(line: Line) -> Event:
    at = datetime.fromisoformat(line.at)
    if at.tzinfo is None:
        raise BadLineError('its "at" has no UTC offset')
    _within("at", at.year, *YEARS)
    _within("hlc", line.hlc, 0, LARGEST)
    _within("n", line.n, 0, LARGEST)
    _given(line.id or None, "id")
    return MAKERS.get(line.k, _unknown)(line, EventId(line.id), at)


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
    _within(name, found.year, *YEARS)
    return found


def _review(line: Line, event_id: EventId, at: datetime) -> Review:
    rating = _number(line, "rating", 1, 5)
    ms = _within("ms", line.ms or 0, 0, LARGEST)
    return Review(event_id, line.hlc, at, _card(line.card), rating, ms, line.src or "")


def _unknown(line: Line, event_id: EventId, at: datetime) -> Unknown:
    return Unknown(event_id, line.hlc, at, line.k)


def _undo(line: Line, event_id: EventId, at: datetime) -> Undo:
    return Undo(event_id, line.hlc, at, EventId(_given(line.of, "of")))


def _mark(
    kind: type[Suspend | Unsuspend | Reset],
) -> Callable[[Line, EventId, datetime], Event]:
    """Return the maker of a kind that says nothing but which card it is about."""
    return lambda line, event_id, at: kind(event_id, line.hlc, at, _card(line.card))


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
}
