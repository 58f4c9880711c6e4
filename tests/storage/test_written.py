"""What a pen hands to the index: known without parsing, and only where it is what is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from factories import Clock, review
from flashcards.core.events import EventId, Suspend
from flashcards.storage.journal import Clock as LogicalClock
from flashcards.storage.journal import Journal
from flashcards.storage.lines import Record, encode
from flashcards.storage.update import UNKNOWN, Known, read_on
from flashcards.storage.written import Written

A, B = (replace(review(name, 4), id=EventId(""), hlc=0) for name in "ab")
C = Suspend(EventId(""), 0, A.at, A.card)


def pen(folder: Path, written: dict[Path, Written]) -> Journal:
    return Journal(folder, folder / ".lock", "dev", LogicalClock(), now=Clock(), written=written)


def path_of(folder: Path) -> Path:
    return folder / "dev-2026.jsonl"


def known(folder: Path) -> Known:
    """Return a file as one who read all of it would know it."""
    _, after = read_on(path_of(folder), UNKNOWN)
    return Known((0, 0, 0, 0), True, *after)


def test_what_was_handed_over_is_what_parsing_gives(tmp_path: Path) -> None:
    """From the start, or behind what is known: the same records, and the same place to go on."""
    written: dict[Path, Written] = {}
    writer = pen(tmp_path, written)
    writer.append([A, C])
    writer.append([B])
    whole = written.pop(path_of(tmp_path))
    assert read_on(path_of(tmp_path), UNKNOWN, whole) == read_on(path_of(tmp_path), UNKNOWN)
    before = known(tmp_path)
    writer.append([B, C])
    more = written.pop(path_of(tmp_path))
    read, after = read_on(path_of(tmp_path), before, more)
    assert (read, after) == read_on(path_of(tmp_path), before)
    assert read.records is more.records


def test_what_another_wrote_between_is_parsed_too(tmp_path: Path) -> None:
    """Two pens of one device take turns: none of their events is missed, or counted twice."""
    written: dict[Path, Written] = {}
    one, other = pen(tmp_path, written), pen(tmp_path, {})
    one.append([A])
    other.append([B])
    one.append([C])
    own = written.pop(path_of(tmp_path))
    read, _ = read_on(path_of(tmp_path), UNKNOWN, own)
    assert [record.n for record in read.records] == [1, 2, 3]
    assert read.records is not own.records


def test_what_is_not_what_was_written_is_parsed(tmp_path: Path) -> None:
    """Bytes that changed on the way, in number or in kind, are believed rather than the pen."""
    written: dict[Path, Written] = {}
    writer = pen(tmp_path, written)
    writer.append([A, B])
    own, path = written[path_of(tmp_path)], path_of(tmp_path)
    first, second = path.read_bytes().splitlines(keepends=True)
    for changed in (first, first + second[:-5] + b"0" + second[-4:], first + first, b"\n" + first):
        path.write_bytes(changed)
        read, _ = read_on(path, UNKNOWN, own)
        assert read == read_on(path, UNKNOWN)[0]
        assert len(read.records) == changed.count(first) + changed.count(second)


def test_a_line_that_had_to_be_ended_first_is_no_surprise(tmp_path: Path) -> None:
    """Behind another's torn line the pen writes a newline first, and its events count once."""
    torn = encode(Record(review("x", 3), "dev", 1))[:-9]
    path_of(tmp_path).write_bytes(torn)
    written: dict[Path, Written] = {}
    pen(tmp_path, written).append([A])
    read, _ = read_on(path_of(tmp_path), UNKNOWN, written.get(path_of(tmp_path)))
    assert [record.n for record in read.records] == [1]
    assert [bad.line for bad in read.bad] == [1]
