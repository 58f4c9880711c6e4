"""Ten at once on one library, and one of them an editor that replaces files: nothing told is lost."""

from __future__ import annotations

import ctypes
import json
import os
import random
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from index_contents import contents
from programs import run

SECONDS = 600
"""How long the full form goes on."""
ROUNDS = 3
"""What each writer does in the short form, whose length a busy machine must not change."""
KEPT = re.compile(r"^[1-5]: ", re.MULTILINE)
UNDONE = re.compile(r'^Undone: (?:adding "(.*?)" to|importing (.*?)\.$)', re.MULTILINE)
BUSY = re.compile("another (?:flashcards )?(?:process|program)|meanwhile|Nothing to undo|nothing is due")
"""What a writer may say that comes too late, or finds nothing to do."""
EDITOR = '#!/bin/sh\nfor file; do :; done\nsed "0,/back: rev [0-9]*/s//back: rev $$/" "$file" > "$file.new"\n'
EDITOR += 'mv "$file.new" "$file"\n'
WHERE_WE_ARE, EXCHANGE = -100, 2
"""What renameat2 is told: paths as they are named, and that two files change places."""


class Library:
    """A home with two decks, and what its writers were told that is kept."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.decks = home / "data" / "decks"
        self.decks.mkdir(parents=True)
        for name in "ab":
            notes = [f"  - front: {name}{number}\n    back: rev {number}\n" for number in range(60)]
            (self.decks / f"{name}.yaml").write_text(f"deck: {name}\ncards:\n{''.join(notes)}")
        editor = home / "editor"
        editor.write_text(EDITOR)
        editor.chmod(0o700)
        self.editor = str(editor)
        self.answers = 0
        self.added: set[str] = set()
        self.undone: set[str] = set()
        self.refused: Counter[str] = Counter()

    def run(self, *words: str, text: str = "") -> str | None:
        """Run a command; return what it said, None where it refused by name."""
        found = run(self.home, *words, text=text, EDITOR=self.editor)
        said = found.stdout + found.stderr
        self.answers += len(KEPT.findall(found.stdout))
        if found.returncode:
            self.refused[" ".join(words[:1]) + ": " + said.strip()] += 1
        return None if found.returncode else said


def study(library: Library, dice: random.Random, _: str) -> None:
    how = dice.choice([["--cram", "--limit", "3"], ["--new", "9"], ["--ahead", "9", "--limit", "3"]])
    library.run("study", "--plain", *how, text=f"\n{dice.randint(1, 5)}\n" * 3 + "q\n")


def add(library: Library, dice: random.Random, name: str) -> None:
    if library.run("add", name, "a back", "--deck", dice.choice("abc"), "--force") is not None:
        library.added.add(name)


def edit(library: Library, dice: random.Random, _: str) -> None:
    library.run("edit", "--deck", dice.choice("ab"))


def tag(library: Library, dice: random.Random, name: str) -> None:
    sign = dice.choice("+-")
    library.run("tag", f"{sign}t{len(name) % 3}", f"text:{dice.choice('ab')}{dice.randint(0, 5)}")


def undo(library: Library, _: random.Random, __: str) -> None:
    for front, source in UNDONE.findall(library.run("undo") or ""):
        library.undone.add(front or source.removesuffix(".csv"))


def import_(library: Library, dice: random.Random, name: str) -> None:
    source = library.home / f"{name}.csv"
    source.write_text("".join(f"{name} row {row},back {row}\n" for row in range(3)))
    if library.run("import", str(source), "--deck", dice.choice("abd")) is not None:
        library.added.add(name)


def suspend(library: Library, dice: random.Random, _: str) -> None:
    library.run(dice.choice(["suspend", "unsuspend"]), f"text:{dice.choice('ab')}{dice.randint(0, 9)}")


def save_by_hand(library: Library, dice: random.Random, name: str) -> None:
    """Add a card and reword another one, as an editor does that saves a new file in the place of the old.

    Where another has saved meanwhile, it puts that back, and begins again from there; so it does with
    what was saved even while it did that.
    """
    path, draft = library.decks / f"{dice.choice('ab')}.yaml", library.home / name
    while name not in (read := path.read_text()):
        time.sleep(dice.random())
        number = dice.randint(10, 50)
        text = re.sub(rf"(front: [ab]{number})\b.*", rf"\1 {dice.choice(['or', 'and'])} so on", read)
        text += f"  - front: {name}\n    back: by hand\n"
        draft.write_text(text)
        exchange(draft, path)
        if draft.read_text() == read:
            break
        exchange(draft, path)
        if draft.read_text() != text:
            exchange(draft, path)
    draft.unlink()
    library.added.add(name)


def exchange(one: Path, other: Path) -> None:
    """Let two files change places, so that nothing that was there can be lost."""
    words = WHERE_WE_ARE, bytes(one), WHERE_WE_ARE, bytes(other), EXCHANGE
    done = ctypes.CDLL(None, use_errno=True).renameat2(*words)
    assert done == 0, os.strerror(ctypes.get_errno())


Writer = Callable[[Library, random.Random, str], None]
WRITERS: tuple[Writer, ...] = (study, study, add, add, edit, tag, undo, import_, suspend, save_by_hand)


def write(library: Library, number: int, seconds: float) -> Counter[str]:
    """Let one writer do what it does, again and again; return how often."""
    writer, dice, end = WRITERS[number], random.Random(number), time.monotonic() + seconds
    done: Counter[str] = Counter()
    while time.monotonic() < end or (not seconds and done.total() < ROUNDS):
        writer(library, dice, f"by {number} {writer.__name__.strip('_')} {done.total()}.")
        done[writer.__name__] += 1
    return done


def lines(home: Path, kind: str) -> list[dict[str, object]]:
    """Return the events of a kind that the journal has."""
    found = [
        json.loads(line)
        for path in (home / "data" / "journal").glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]
    return [line for line in found if line["k"] == kind]


def compare_with_a_rebuild(home: Path) -> None:
    """The index is as one made anew, once both have written down which cards they found again."""
    for _ in range(2):
        for cache in ("cache", "anew"):
            assert run(home, "cards", XDG_CACHE_HOME=str(home / cache)).returncode == 0
    found = []
    for cache in ("cache", "anew"):
        with closing(sqlite3.connect(home / cache / "flashcards" / "index.sqlite")) as index:
            found.append(contents(index, 740_000))
    for what, rows in found[0].items():
        assert rows == found[1][what], (what, rows ^ found[1][what])


def let_them_write(home: Path, seconds: float, record: Callable[[str, object], None]) -> None:
    library = Library(home)
    library.run("due")
    with ThreadPoolExecutor(len(WRITERS)) as pool:
        done = sum(pool.map(lambda number: write(library, number, seconds), range(10)), Counter[str]())
    for what, count in {**done, **library.refused, "answers": library.answers}.items():
        record(what, count)
    assert not [said for said in library.refused if not BUSY.search(said)]
    reviews = lines(home, "review")
    assert len({str(review["id"]) for review in reviews}) == len(reviews) >= library.answers > 0
    text = "".join(path.read_text() for path in library.decks.glob("*.yaml"))
    assert not sorted(name for name in library.added - library.undone if name not in text)
    compare_with_a_rebuild(home)
    for word in ("check", "doctor"):
        found = run(home, word)
        assert found.returncode == 0, found.stdout + found.stderr


def test_ten_writers_lose_nothing(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Each does a few things: every answer and card that was told is there, and the index is right."""
    let_them_write(tmp_path, 0, record_property)


@pytest.mark.full
@pytest.mark.timeout(SECONDS + 300)
def test_ten_writers_lose_nothing_in_the_long_run(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The same for ten minutes."""
    let_them_write(tmp_path, SECONDS, record_property)
