"""The doctor finds what is wrong, says what it costs, and touches nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from factories import DECK, NOON, Clock, open_store, paths_in, put_deck, rate, review
from flashcards.storage.backups import make_backup
from flashcards.storage.examination import examine
from flashcards.storage.lines import Record, encode
from flashcards.storage.paths import Paths
from flashcards.storage.patient import Finding, admit
from flashcards.storage.settings import Settings


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Return the folders of a sound store with some history and a backup."""
    put_deck(tmp_path)
    paths_in(tmp_path).data.chmod(0o700)
    store = open_store(tmp_path)
    rate(store, "dog", [4, 5, 1])
    store.close()
    make_backup(paths_in(tmp_path), NOON, "manual")
    return paths_in(tmp_path)


def findings(paths: Paths) -> list[Finding]:
    return list(examine(admit(paths, Settings(), Clock()())))


def journal_of(paths: Paths) -> Path:
    return next(paths.journal.iterdir())


def test_a_sound_store_has_no_findings(paths: Paths) -> None:
    """Nothing is made up."""
    assert findings(paths) == []


def add(path: Path, data: bytes) -> None:
    path.write_bytes(path.read_bytes() + data)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)


def forge_index(paths: Paths) -> None:
    import sqlite3  # noqa: PLC0415

    index = sqlite3.connect(paths.index)
    index.execute("UPDATE card SET lapses = 77 WHERE id = 'dog'")
    index.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")
    index.commit()
    index.close()


FAULTS: dict[str, tuple[Callable[[Paths], object], str]] = {
    "a bad line": (lambda p: add(journal_of(p), b"nonsense\n"), "no checksum"),
    "a torn tail": (lambda p: add(journal_of(p), b'{"v":1'), "cut short"),
    "a flipped bit": (lambda p: flip(journal_of(p)), "changed after it was written"),
    "a gap": (
        lambda p: journal_of(p).write_bytes(
            b"".join(journal_of(p).read_bytes().splitlines(keepends=True)[1:])
        ),
        "are in no journal",
    ),
    "a fork": (
        lambda p: (p.journal / "x-2026.jsonl").write_bytes(
            encode(Record(review("dog", 4), journal_of(p).name[:10], 1))
        ),
        "two machines wrote as",
    ),
    "the future": (
        lambda p: (p.journal / "x-2026.jsonl").write_bytes(
            encode(Record(review("dog", 4, NOON + timedelta(days=99)), "x", 1))
        ),
        "in the future",
    ),
    "a conflict copy": (
        lambda p: (p.journal / "a (copy).jsonl").write_bytes(journal_of(p).read_bytes()),
        "conflict copy",
    ),
    "a link": (
        lambda p: (p.journal / "b-2026.jsonl").symlink_to(journal_of(p)),
        "a link",
    ),
    "a fifo": (lambda p: os.mkfifo(p.journal / "c-2026.jsonl"), "unreadable"),
    "a missing format": (lambda p: p.format.unlink(), "missing"),
    "a lost journal": (lambda p: journal_of(p).unlink(), "now has 0"),
    "open permissions": (lambda p: journal_of(p).chmod(0o644), "others on this machine"),
    "a faulty deck": (
        lambda p: (p.decks / "french.yaml").write_text(DECK + "  - fornt: x\n"),
        "'fornt' is not known",
    ),
    "a doubled id": (
        lambda p: (p.decks / "z.yaml").write_text("cards:\n- id: dog\n  front: a\n  back: b\n"),
        "is the id of a card at decks/french.yaml:4",
    ),
    "a forged index": (forge_index, "differs from the journals"),
    "a torn index": (lambda p: p.index.write_bytes(b"x" * 5000), "unreadable"),
    "no backup": (lambda p: shutil.rmtree(p.backups), "no backup yet"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_and_nothing_is_touched(paths: Paths, name: str) -> None:
    """The fault is told with its place, price and remedy; every byte stays as it was."""
    do, told = FAULTS[name]
    do(paths)
    before = {p: p.read_bytes() for p in paths.data.rglob("*") if p.is_file()}
    found = findings(paths)
    assert [f for f in found if told in f.what], found
    assert all(f.where and f.costs and f.remedy for f in found)
    assert {p: p.read_bytes() for p in paths.data.rglob("*") if p.is_file()} == before


def test_an_old_backup_is_mentioned(paths: Paths) -> None:
    """After a week without one it is time for another."""
    late = Clock(NOON + timedelta(days=9))
    found = list(examine(admit(paths, Settings(), late())))
    assert [f.what for f in found] == ["the newest backup is 8 days old"]
