"""A file that others write between the reading and the replacing keeps what they wrote."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from factories import DECK
from flashcards.errors import ChangedMeanwhileError, FlashcardsError
from flashcards.storage import files, locks
from flashcards.storage.decks.merge_deck_files import merge_edit

NAME = "decks/french.yaml"
SAVES_LATE = """
import sys
from pathlib import Path
from flashcards.storage import files as durable, locks

path, lock, seen = Path(sys.argv[1]), Path(sys.argv[2]), []

def save(event, args):
    if event == sys.argv[3] and Path(args[1]) == path and not seen:
        seen.append(event)
        path.write_bytes(b"theirs")

def attempt():
    before = durable.read_if_there(path)
    durable.replace_file(path, before, (before or b"") + b" and mine")

sys.addaudithook(save)
locks.change_under_lock(lock, attempt)
assert seen
"""
"""An editor that saves directly before the call by which the file gets its new content."""


@pytest.mark.parametrize("call", ["os.rename", "os.link"])
def test_what_an_editor_saves_in_the_last_moment_is_kept(tmp_path: Path, call: str) -> None:
    """It saves between the last look and the replacing, or the making: both texts are there."""
    path = tmp_path / "file"
    if call == "os.rename":
        path.write_bytes(b"old")
    subprocess.run([sys.executable, "-c", SAVES_LATE, path, tmp_path / "lock", call], check=True)
    assert path.read_bytes() == b"theirs and mine"
    assert {item.name for item in tmp_path.iterdir()} == {"file", "lock"}


def test_a_change_is_made_anew_when_another_wrote(tmp_path: Path) -> None:
    """What was saved while the change was worked out is what it is made on then."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    saves = iter([b"theirs"])

    def attempt() -> None:
        before = path.read_bytes()
        if text := next(saves, None):
            path.write_bytes(text)
        files.replace_file(path, before, before + b" and mine")

    locks.change_under_lock(tmp_path / "lock", attempt)
    assert path.read_bytes() == b"theirs and mine"


def test_a_file_that_never_rests_is_left_alone(tmp_path: Path) -> None:
    """After some tries it is told; the file is as the other wrote it, and no draft is left."""
    path = tmp_path / "file"
    path.write_bytes(b"0")

    def attempt() -> None:
        before = path.read_bytes()
        path.write_bytes(before + b"0")
        files.replace_file(path, before, b"mine")

    with pytest.raises(ChangedMeanwhileError, match="another program has changed it"):
        locks.change_under_lock(tmp_path / "lock", attempt)
    assert path.read_bytes() == b"0" * (locks.CHANGE_ATTEMPTS + 1)
    assert {item.name for item in tmp_path.iterdir()} == {"file", "lock"}


@pytest.mark.parametrize("there", [b"theirs", None])
def test_only_what_was_read_is_replaced(tmp_path: Path, there: bytes | None) -> None:
    """A file that came, or went, is not written over and not made again."""
    path = tmp_path / "file"
    if there is not None:
        path.write_bytes(there)
    with pytest.raises(ChangedMeanwhileError):
        files.replace_file(path, None if there else b"old", b"mine")
    assert files.read_if_there(path) == there


def merged(theirs: str, mine: str) -> str:
    return merge_edit(NAME, DECK.encode(), theirs.encode(), mine.encode()).decode()


CARD = "\n  - front: {0}\n    back: b\n"


def test_two_changes_of_one_deck_come_together() -> None:
    """Other cards changed, added and taken out by either: the deck has all of it, in order."""
    theirs = DECK.replace("the dog", "the old dog") + CARD.format("theirs")
    mine = DECK.replace("the bird", "the young bird") + CARD.format("mine")
    both = merged(theirs, mine)
    for text in ("the old dog", "the young bird", "front: theirs", "front: mine"):
        assert both.count(text) == 1
    assert merged(theirs, DECK) == theirs
    assert merged(DECK, mine) == mine
    assert merged(mine, mine) == mine


@pytest.mark.parametrize(
    ("theirs", "mine", "told"),
    [
        (("the dog", "x"), ("the dog", "y"), "has changed the back of the card"),
        (("deck: French", "deck: A"), ("deck: French", "deck: B"), "above the cards"),
        (("the dog", "a: b"), ("the dog", "y"), "needs quotes"),
    ],
)
def test_two_changes_of_one_card_are_told(theirs: tuple[str, str], mine: tuple[str, str], told: str) -> None:
    """Neither is dropped for the other."""
    with pytest.raises(FlashcardsError, match=told):
        merged(DECK.replace(*theirs), DECK.replace(*mine))
