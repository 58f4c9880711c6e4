"""One event, one line of JSON with its own checksum: how the journal spells what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from zlib import crc32

import msgspec

from flashcards.core.events import (
    Bury,
    Event,
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
from flashcards.storage.journal.record_fields import BadLineError, Line, NewerLineError, event_of

VERSION = 1
MARK = b"\xef\xbb\xbf"
"""What some editors put before the first line."""
CHECKSUM = b',"c":"'
MARKERS = (b"<<<<<<< ", b"||||||| ", b">>>>>>> ", b"=======")
"""What git leaves around both sides of a conflict; every other line is still an event."""


class Version(msgspec.Struct):
    """The one field that every version of the format has."""

    v: int


@dataclass(frozen=True, slots=True)
class Record:
    """An event as a journal holds it: who wrote it, and the how-many-th of theirs it is."""

    event: Event
    device: str
    n: int
    line: bytes = field(default=b"", compare=False, repr=False)
    """As it was read, but for a plain review, of which there are many; "" when it was not."""


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


def as_read(record: Record, line: bytes) -> Record:
    """Return the record that reading its own line (newline included) would give."""
    event = record.event
    if isinstance(event, Review) and not event.cram:
        return record
    return Record(event, record.device, record.n, line[:-1])


def line_of(record: Record) -> bytes:
    """Return the record's line, as it was read if it was."""
    return record.line or encode(record)


_read = msgspec.json.Decoder(Line).decode
_read_version = msgspec.json.Decoder(Version).decode


def decode(raw: bytes) -> Record:
    """Return the record of one line (without its newline); raises BadLineError."""
    raw = raw.strip().removeprefix(MARK)
    cut = raw.rfind(CHECKSUM)
    if cut < 0 or raw[cut + 14 :] != b'"}':
        raise BadLineError("it has no checksum at its end: the line was cut short, or edited")
    if b"%08x" % crc32(raw[:cut]) != raw[cut + 6 : cut + 14]:
        raise BadLineError("its checksum does not fit: the line was changed after it was written")
    try:
        line = _read(raw)
        if line.v > VERSION:
            raise NewerLineError(f"it was written in format {line.v}; this version knows {VERSION}")
        own = b"" if line.k == "review" and not line.cram else raw
        return Record(event_of(line), line.dev, line.n, own)
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
    Plan: "plan",
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
            line.cram, line.interval = event.cram or None, event.interval
        case Undo():
            line.of = event.of
        case Suspend() | Unsuspend() | Reset():
            line.card, line.src = event.card, event.source or None
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
        case Plan():
            line.first, line.until = event.first.isoformat(), event.until.isoformat()
            line.per_day = event.per_day
        case _:
            raise TypeError(f"a {event.kind!r} is never written")
