"""FORMAT.md says what the journal is: its reader, without our code, finds what we find."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from factories import Clock, open_store, paths_in, put_deck, rate, undo_last
from flashcards.core.cards import CardId
from flashcards.core.events import (
    EVENT_KINDS,
    Bury,
    CardLink,
    Event,
    EventId,
    Mark,
    Reset,
    Review,
    SetDue,
    Suspend,
    Undo,
    Unsuspend,
)
from flashcards.core.note_ids import note_fingerprint
from flashcards.storage.journal import journal_writer
from flashcards.storage.journal.record import JournalRecord, decode_record, encode_record
from flashcards.storage.journal.record_fields import JournalLine
from replay_oracle import read_all_events, replay_all_cards

PAGE = (Path(journal_writer.__file__).parent / "FORMAT.md").read_text(encoding="utf-8")
CARDS = [CardId(name) for name in ("dog", "cat", "dog/r", "bird/c1", "fish")]
START = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))


def block(language: str) -> str:
    """Return the page's one code block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


def rows(text: str) -> set[str]:
    """Return the fields that tables name."""
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


def due_dates(folder: Path, reader: Path) -> dict[str, str]:
    """Run the page's reader on a journal, and return what it prints."""
    reader.write_text(block("python"), encoding="utf-8")
    command = [sys.executable, "-I", str(reader), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    return {line.split(" ")[0]: line.split(" ")[1] for line in done.stdout.splitlines()}


def replayed(folder: Path) -> dict[str, str]:
    """Return the due dates that our replay finds."""
    found = replay_all_cards(read_all_events(folder))
    return {card: str(progress.due) for card, progress in found.items() if progress.due}


def made_up(rng: random.Random) -> Iterator[Event]:
    """Yield a history in which anything follows anything."""
    at, ids = START, list[EventId]()
    for number in range(rng.randint(20, 120)):
        zone = timezone(timedelta(minutes=rng.choice((-600, 60, 330, 765))))
        at = (at + timedelta(hours=rng.expovariate(1 / 20))).astimezone(zone)
        card, other = rng.choice(CARDS), rng.choice(CARDS)
        ident = EventId(f"{rng.randrange(1 << 30):x}-{number}")
        hlc = int(at.timestamp() * 1000) + rng.choice((0, 0, 0, -(10**8), 10**9))
        common = ident, hlc // 10**7, at
        kind = rng.choices(range(9), (30, 2, 9, 2, 1, 2, 3, 4, 1))[0]
        if kind == 0:
            source = rng.choice(("", "", "anki"))
            cram, interval = rng.random() < 0.1, rng.choice((None, 3)) if source else None
            yield Review(*common, card, rng.randint(1, 5), 900, source, cram, interval)
        elif kind == 1:
            memory = rng.randint(1, 400), rng.randint(130, 300), rng.randint(0, 4)
            yield SetDue(*common, card, at.date() + timedelta(rng.randint(-9, 99)), *memory, 1)
        elif kind == 2:
            of = rng.choice(ids[-6:]) if ids else EventId("not-there")
            yield Undo(*common, of)
        elif kind == 3:
            yield rng.choice((Suspend, Unsuspend))(*common, card)
        elif kind == 4:
            yield Reset(*common, card)
        elif kind == 5:
            yield Bury(*common, card, date(2026, 6, 1))
        elif kind == 6:
            yield Mark(*common, card, on=rng.random() < 0.5, why="the accent")
        elif kind == 7:
            yield CardLink(*common, card, other)
        else:
            yield Undo(*common, EventId(f"undo-{number}"))
        ids.append(ident)


@pytest.mark.parametrize("seed", range(25))
def test_the_reader_of_the_page_agrees_with_our_replay(seed: int, tmp_path: Path) -> None:
    """Undos of undos, links in circles, resets, imports, copies and torn lines: the same dates."""
    rng = random.Random(seed)
    lines = [encode_record(JournalRecord(event, f"dev{n % 3}", n)) for n, event in enumerate(made_up(rng), 1)]
    lines += rng.sample(lines, 5)
    lines += [b"<<<<<<< HEAD\n", b"\n", lines[0].replace(b'"hlc":', b'"hlc":9'), b"\xef\xbb\xbf"]
    rng.shuffle(lines)
    folder = tmp_path / "journal"
    folder.mkdir()
    for place in range(3):
        (folder / f"{place}.jsonl").write_bytes(b"".join(lines[place::3]) + lines[place][:-9])
    found = due_dates(folder, tmp_path / "reader.py")
    assert found == replayed(folder)
    assert found


def test_the_reader_of_the_page_reads_a_real_store(tmp_path: Path) -> None:
    """Answers, an undo and a card that was reworded in its deck file, as the store keeps them."""
    clock, path = Clock(), put_deck(tmp_path)
    with open_store(tmp_path, clock) as store:
        rate(store, "dog", [4])
        clock.to(date(2026, 1, 9))
        rate(store, "dog", [5])
        rate(store, "cat", [2, 5])
        assert undo_last(store)
        rate(store, note_fingerprint("French", "the bird"), [4])
    text = path.read_text(encoding="utf-8").replace("the bird", "the small bird")
    path.write_text(text, encoding="utf-8")
    open_store(tmp_path, clock).close()
    folder = paths_in(tmp_path).journal_dir
    found = due_dates(folder, tmp_path / "reader.py")
    assert found == replayed(folder)
    assert found["dog"] == "2026-01-15"
    assert len(found) == 3


def test_the_page_names_every_kind_and_field_and_no_other() -> None:
    """A kind has a section, its fields have rows, and both are those of the code."""
    common, *sections = PAGE.split("\n## From events")[0].split("\n### ")
    kinds = {kind for section in sections for kind in re.findall(r"`(.+?)`", section.split(":")[0])}
    assert kinds == set(EVENT_KINDS.values())
    named = {row for text in (common, *sections) for row in re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)}
    assert named == {*JournalLine.__struct_fields__, "c"}


def test_a_line_has_just_the_fields_that_its_section_names() -> None:
    """What the writer puts into the line of each kind stands in the section of that kind."""
    common, *sections = PAGE.split("\n## From events")[0].split("\n### ")
    rng = random.Random(7)
    for event in [*made_up(rng), *made_up(rng), *made_up(rng)]:
        line = json.loads(encode_record(JournalRecord(event, "dev", 1)))
        (section,) = (s for s in sections if f"`{line['k']}`" in s.split(":")[0])
        assert line.keys() <= rows(common + section)


def test_the_line_of_the_page_is_one() -> None:
    """The example has its right checksum, and says what the page says of it."""
    record = decode_record(block("json").strip().encode())
    assert isinstance(record.event, Review)
    assert (record.event.card, record.event.rating, record.sequence) == ("dog", 4, 412)
    assert encode_record(record).decode() == block("json")
