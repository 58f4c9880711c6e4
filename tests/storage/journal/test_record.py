"""Lines of the journal: what is written is read back, and nothing else is taken for an event."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, link, review, undo
from flashcards.core.cards import CardId
from flashcards.core.events import (
    Bury,
    CatchUpPlan,
    Event,
    EventId,
    Mark,
    Reset,
    Review,
    SeenText,
    SetDue,
    Suspend,
    UnknownEvent,
    Unsuspend,
)
from flashcards.storage.journal.record import JournalRecord, decode_line, decode_record, encode_record
from flashcards.storage.journal.record_fields import (
    BadLineError,
    NewerFormatError,
    ReviewLine,
    SetDueLine,
    review_line,
    set_due_line,
)

ONE, TWO = (encode_record(JournalRecord(review(name, 4), "dev", n)) for n, name in enumerate("ab", 1))


CUT_SHORT = "no checksum: the line was cut short or edited"


NEWER = "it was written in format 9; this version knows 1"


def newer() -> bytes:
    """Return a line that a newer version might write."""
    from zlib import crc32

    body = b'{"v":9,"id":"x"'
    return b'%b,"c":"%08x"}\n' % (body, crc32(body))


DAY = NOON.date()
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
TIMES = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
).map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))
COMMON = {"id": TEXT.map(EventId), "hlc": st.integers(0, 2**52), "at": TIMES}
CARD = {**COMMON, "card": TEXT.map(CardId)}


def event(kind: type, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Event]:
    return st.fixed_dictionaries(fields).map(lambda values: kind(**values))


EVENTS = st.one_of(
    st.builds(review, card=TEXT, rating=st.integers(1, 5), at=TIMES, ident=TEXT, hlc=st.integers(0, 2**52)),
    st.builds(undo, of=TEXT, hlc=st.integers(0, 2**52)),
    st.builds(link, old=TEXT, new=TEXT, hlc=st.integers(0, 2**52)),
    event(Suspend, **CARD),
    event(Unsuspend, **CARD),
    event(Reset, **CARD),
    event(Bury, **CARD, until=st.just(DAY)),
    event(Mark, **CARD, on=st.booleans(), why=TEXT),
    event(
        SetDue,
        **CARD,
        due=st.just(DAY),
        interval=st.integers(1, 36_500),
        ease=st.integers(130, 900),
        repetitions=st.integers(0, 99),
        lapses=st.integers(0, 99),
    ),
    event(SeenText, **CARD, deck=TEXT, front=TEXT, back=TEXT),
    event(
        Review,
        **CARD,
        rating=st.integers(1, 5),
        cram=st.booleans(),
        hinted=st.booleans(),
        interval=st.none() | st.integers(0, 900),
    ),
    event(CatchUpPlan, **COMMON, first=st.just(DAY), until=st.just(DAY), per_day=st.integers(0, 999)),
)


@given(EVENTS, st.integers(0, 2**40))
def test_what_is_written_is_read_back(found: Event, n: int) -> None:
    """Every event survives its line, and the line is one line."""
    line = encode_record(JournalRecord(found, "dev", n))
    assert line.count(b"\n") == 1
    assert decode_record(line[:-1]) == JournalRecord(found, "dev", n)


@given(EVENTS, st.integers(0, 2**40))
def test_both_ways_to_read_a_line_give_the_same(found: Event, n: int) -> None:
    """An answer or schedule is read for the index by its own fields; any other line by those of all kinds."""
    line = encode_record(JournalRecord(found, "dev", n))[:-1]
    read, record = decode_line(line), decode_record(line)
    if isinstance(read, ReviewLine) and isinstance(record.event, Review):
        assert read == review_line(record.event, "dev", n)
    elif isinstance(read, SetDueLine) and isinstance(record.event, SetDue):
        schedule = set_due_line(record.event, "dev", n)
        schedule.raw_line = line
        assert read == schedule
    else:
        assert read == record


@given(EVENTS, st.data())
def test_no_flipped_bit_is_taken_for_an_event(found: Event, data: st.DataObject) -> None:
    """Any one bit changed makes the line bad, or leaves the same event."""
    line = bytearray(encode_record(JournalRecord(found, "dev", 1))[:-1])
    place = data.draw(st.integers(0, len(line) * 8 - 1))
    line[place // 8] ^= 1 << place % 8
    with pytest.raises(BadLineError):
        decode_record(bytes(line))


@given(EVENTS, st.data())
def test_no_prefix_is_taken_for_an_event(found: Event, data: st.DataObject) -> None:
    """A line cut short anywhere is bad."""
    line = encode_record(JournalRecord(found, "dev", 1))[:-1]
    with pytest.raises(BadLineError):
        decode_record(line[: data.draw(st.integers(0, len(line) - 1))])


@given(st.binary(max_size=200))
def test_nonsense_is_told_as_such(raw: bytes) -> None:
    """Bytes from anywhere are a bad line, never another fault."""
    with pytest.raises(BadLineError):
        decode_record(raw)


def spelled(**fields: object) -> bytes:
    """Return a line with the checksum that belongs to its fields."""
    common = {"v": 1, "id": "x", "k": "review", "dev": "d", "n": 1, "hlc": 1}
    whole = {**common, "at": "2026-01-05T12:00:00+00:00", "card": "a", "rating": 4, **fields}
    body = json.dumps(whole)[:-1].encode()
    return body + b',"c":"%08x"}' % crc32(body)


def test_the_checksum_is_of_what_stands_before_it() -> None:
    """A line written by other hands, with the CRC-32 of the bytes before it, is read."""
    assert decode_record(spelled()).event.hlc == 1


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"rating": 6}, "rating"),
        ({"rating": None}, "rating"),
        ({"card": ""}, "card"),
        ({"at": "2026-01-05T12:00:00"}, "offset"),
        ({"at": "9999-01-05T12:00:00+00:00"}, "at"),
        ({"at": "soon"}, "not a valid event"),
        ({"hlc": -1}, "hlc"),
        ({"hlc": 2**60}, "hlc"),
        ({"id": ""}, "id"),
        ({"ms": -1}, "ms"),
        ({"interval": -1}, "interval"),
        ({"k": "set-due", "due": "2026-01-01", "interval": 0}, "interval"),
        ({"k": "undo"}, "of"),
        ({"v": "one"}, "not a valid event"),
    ],
    ids=str,
)
def test_a_field_beyond_reason_makes_a_line_bad(fields: dict[str, object], why: str) -> None:
    """Nothing that replay could stumble over gets that far."""
    with pytest.raises(BadLineError, match=why):
        decode_record(spelled(**fields))


def test_an_unknown_kind_is_kept() -> None:
    """A kind of a later version is an event of which only the kind is known."""
    found = decode_record(spelled(k="dream", vision=3)).event
    assert found == UnknownEvent(EventId("x"), 1, datetime(2026, 1, 5, 12, tzinfo=UTC), "dream")


def test_a_newer_format_is_told_apart_from_nonsense() -> None:
    """A line of a newer major version says so, even when its fields are others."""
    with pytest.raises(NewerFormatError):
        decode_record(spelled(v=2))
    with pytest.raises(NewerFormatError):
        decode_record(spelled(v=2, at=7))


def test_line_endings_of_other_systems_do_no_harm() -> None:
    """A file converted to CRLF is read all the same."""
    assert decode_record(spelled() + b"\r") == decode_record(spelled())


def test_what_is_not_understood_is_never_written() -> None:
    """An event of an unknown kind stays in the file that it came from."""
    with pytest.raises(TypeError, match="never written"):
        encode_record(JournalRecord(UnknownEvent(EventId("x"), 1, NOON, "dance"), "dev", 1))


def test_a_text_like_a_checksum_is_only_a_text() -> None:
    """The checksum is the last thing on the line, whatever a card says."""
    record = JournalRecord(review('a,"c":"00000000"}', 4), "dev", 1)
    assert decode_record(encode_record(record)) == record
    assert decode_record(b"  " + encode_record(record).strip() + b"\r\n") == record


@pytest.mark.parametrize(
    ("raw", "kind", "why"),
    [
        (b"", BadLineError, CUT_SHORT),
        (b',"c":"00000000"', BadLineError, CUT_SHORT),
        (b',"c":"00000000"}', BadLineError, "not a valid event"),
        (ONE.strip() + b" ", None, ""),
        (newer().strip(), NewerFormatError, NEWER),
    ],
    ids=["empty", "cut", "no more than a checksum", "a blank behind", "newer"],
)
def test_what_is_no_line_says_why(raw: bytes, kind: type[BadLineError] | None, why: str) -> None:
    """Each kind of fault has its own words."""
    if kind is None:
        assert decode_record(raw)
        return
    with pytest.raises(kind) as refused:
        decode_record(raw)
    assert str(refused.value).startswith(why)


def test_an_editors_mark_before_the_first_line_is_no_fault() -> None:
    """The byte order mark that some editors write costs no entry."""
    assert decode_record(b"\xef\xbb\xbf" + ONE.strip()) == decode_record(ONE)


def test_where_an_event_came_from_is_kept() -> None:
    """Of answers and of suspensions."""
    event = review("a", 4)._replace(source="anki")
    asleep = Suspend(EventId("s"), 5, event.at, event.card, "anki")
    for one in (event, asleep):
        assert decode_record(encode_record(JournalRecord(one, "dev", 1))).event == one
