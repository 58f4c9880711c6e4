"""Encode and decode journal records as checksummed JSON lines."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

import msgspec

from flashcards.core.events import Event, Review, SetDue, event_kind
from flashcards.storage.journal.record_fields import (
    MAX_YEAR,
    MIN_YEAR,
    BadLineError,
    JournalLine,
    NewerFormatError,
    ReviewLine,
    SetDueLine,
    event_from_line,
    review_line,
    set_due_line,
    set_event_fields,
)

FORMAT_VERSION = 1
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # added by some editors before the first line
CHECKSUM_PREFIX = b',"c":"'
GIT_CONFLICT_MARKERS = (b"<<<<<<< ", b"||||||| ", b">>>>>>> ", b"=======")
"""Every other line of a conflict is still an event."""
USUAL_TIME = re.compile(
    r"(?:19|[2-8]\d|9[0-7])\d\d-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{3}(?:\+|-(?!00:00))\d\d:\d\d"
)
"""Times in other forms are parsed the slower way."""
TypedLine = ReviewLine | SetDueLine


class FormatVersion(msgspec.Struct):
    """The one field that every version of the format has."""

    v: int


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """An event in a journal, with its device and sequence."""

    event: Event
    device_id: str
    sequence: int
    raw_line: bytes = field(default=b"", compare=False, repr=False)
    """Empty for plain reviews, to save memory, and for unread records."""


def encode_record(record: JournalRecord) -> bytes:
    """Return the record's line, newline included."""
    event = record.event
    if isinstance(event, Review):
        return encode_line(review_line(event, record.device_id, record.sequence))
    if isinstance(event, SetDue):
        return encode_line(set_due_line(event, record.device_id, record.sequence))
    line = JournalLine(
        v=FORMAT_VERSION,
        id=event.id,
        k=event_kind(event),
        dev=record.device_id,
        n=record.sequence,
        hlc=event.hlc,
        at=event.at.isoformat(timespec="milliseconds"),
        batch=event.batch,
    )
    set_event_fields(line, event)
    return encode_line(line)


def encode_line(line: JournalLine | TypedLine) -> bytes:
    """Return a line with its checksum, newline included."""
    body = msgspec.json.encode(line)[:-1]
    return b'%b%b%08x"}\n' % (body, CHECKSUM_PREFIX, crc32(body))


_decode_review = msgspec.json.Decoder(ReviewLine).decode
_decode_set_due = msgspec.json.Decoder(SetDueLine).decode
_decode_line = msgspec.json.Decoder(JournalLine).decode
_decode_version = msgspec.json.Decoder(FormatVersion).decode


def checksum_fault(raw_line: bytes) -> str:
    """Return what is wrong with a line's checksum; "" if nothing."""
    cut = raw_line.rfind(CHECKSUM_PREFIX)  # 6 bytes; 8 hexadecimal digits follow
    if cut < 0 or raw_line[cut + 14 :] != b'"}':
        return "no checksum: the line was cut short or edited"
    if b"%08x" % crc32(raw_line[:cut]) != raw_line[cut + 6 : cut + 14]:
        return "wrong checksum: the line was changed after it was written"
    return ""


def decode_record(raw_line: bytes) -> JournalRecord:
    """Return the record of a line without newline. Raises BadLineError."""
    return decode_checked_line(_checked(raw_line))


def decode_line(raw_line: bytes) -> TypedLine | JournalRecord:
    """Return the fields of an answer or schedule, or another line's record. Raises BadLineError."""
    raw_line = _checked(raw_line)
    return decode_typed_line(raw_line) or decode_checked_line(raw_line)


def _checked(raw_line: bytes) -> bytes:
    raw_line = raw_line.strip().removeprefix(BYTE_ORDER_MARK)
    if fault := checksum_fault(raw_line):
        raise BadLineError(fault)
    return raw_line


def decode_typed_line(raw_line: bytes) -> TypedLine | None:
    """Return the fields of an answer or schedule in its usual form; else None."""
    line: TypedLine
    try:
        if b'"k":"review"' in raw_line:
            line = _decode_review(raw_line)
            is_usual = not (line.cram or line.hint)
        elif b'"k":"set-due"' in raw_line:
            line = _decode_set_due(raw_line)
            line.raw_line = raw_line
            is_usual = MIN_YEAR <= line.due.year <= MAX_YEAR
        else:
            return None
        datetime.fromisoformat(line.at)
    except ValueError:  # msgspec's, too, and of a day that no month has; `decode_checked_line` explains it
        return None
    return line if is_usual and USUAL_TIME.fullmatch(line.at) else None


def decode_checked_line(raw_line: bytes) -> JournalRecord:
    """Return the record of a line whose checksum fits. Raises BadLineError."""
    try:
        line = _decode_line(raw_line)
        _raise_if_newer_format(line.v)
        is_plain_review = line.k == "review" and not (line.cram or line.hint)
        kept_line = b"" if is_plain_review else raw_line
        return JournalRecord(event_from_line(line), line.dev, line.n, kept_line)
    except BadLineError:
        raise
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, TypeError, OverflowError) as error:
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            _raise_if_newer_format(_decode_version(raw_line).v)
        raise BadLineError(f"not a valid event: {error}") from error


def _raise_if_newer_format(version: int) -> None:
    """Raise NewerFormatError for lines of a newer format: their fields may differ."""
    if version > FORMAT_VERSION:
        raise NewerFormatError(f"it was written in format {version}; this version knows {FORMAT_VERSION}")
