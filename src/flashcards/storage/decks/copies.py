"""Cards that several deck files have: which file's card is asked, and what to say of the others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from flashcards.core.card_ids import note_id
from flashcards.core.cards import Deck
from flashcards.errors import Problem

CONFLICT = re.compile(r"\.sync-conflict-[\w-]+$| \([^()]*conflicted copy[^()]*\)$", re.IGNORECASE)
"""What Syncthing, Dropbox and Nextcloud add to the name of the second of two files."""


class Duplicate(NamedTuple):
    """A note at `path`, and the note of the same id in another file, which is the one asked."""

    note: str
    path: str
    line: int
    asked_path: str
    asked_line: int
    differs: bool
    """Whether the two texts are not the same."""


def precedence(path: str) -> tuple[int, str, str]:
    """Return what sorts files that share a card: the first is asked.

    Copies are in folders below, or have more in their names: "a (1)" and "a.sync-conflict-…"
    come behind "a", as long as the endings are left out.
    """
    return path.count("/"), path.rpartition(".")[0], path


def deck_name_of(path: str) -> str:
    """Return the name of a deck whose file gives none: a conflict copy's is the original's."""
    stem = PurePosixPath(path).stem
    return CONFLICT.sub("", stem) or stem


def duplicates_across(decks: Iterable[Deck]) -> list[Problem]:
    """Return what is to be said of ids that notes of several files, in order of precedence, share."""
    asked: dict[str, tuple[str, int, int]] = {}
    found, sizes = [], {}
    for deck in decks:
        sizes[deck.path] = len(deck.notes)
        for note in deck.notes:
            own = note_id(deck.name, note)
            texts = hash((note.front, note.back))
            path, line, texts_asked = asked.setdefault(own, (deck.path, note.line, texts))
            if path != deck.path:
                found.append(Duplicate(own, deck.path, note.line, path, line, texts != texts_asked))
    return describe_duplicates(found, sizes)


def describe_duplicates(duplicates: Iterable[Duplicate], sizes: Mapping[str, int]) -> list[Problem]:
    """Return one problem for each two files that share cards; `sizes` has the notes of each."""
    by_files: dict[tuple[str, str], list[Duplicate]] = defaultdict(list)
    for duplicate in duplicates:
        by_files[duplicate.path, duplicate.asked_path].append(duplicate)
    return [
        _of_one(found[0]) if len(found) == 1 else _of_files(found, sizes[path])
        for (path, _), found in by_files.items()
    ]


def _of_one(found: Duplicate) -> Problem:
    what = f"the id {found.note!r} is also used at {found.asked_path}:{found.asked_line}"
    remedy = "Change one of the ids; until then only that card is asked."
    return Problem(found.path, found.line, 1, what, remedy)


def _of_files(found: list[Duplicate], size: int) -> Problem:
    path, asked = PurePosixPath(found[0].path), PurePosixPath(found[0].asked_path)
    name = asked.name if asked.parent == path.parent else str(asked)
    what = f"a copy of {name}: keep one"
    if len(found) * 2 <= size:
        what = f"{len(found)} of its {size} cards are in {name} too: keep one of each"
    others = size - sum(not each.differs for each in found)
    remedy = f"Until then the cards of {name} are asked where both have them."
    if others and len(found) * 2 > size:
        one = "1 of its cards reads" if others == 1 else f"{others} of its cards read"
        remedy += f" {one} otherwise than there, or is only here: look before you delete one."
    return Problem(str(path), 0, 0, what, remedy)
