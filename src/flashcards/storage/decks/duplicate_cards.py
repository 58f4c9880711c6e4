"""Cards in several deck files: which one is asked, and how to report it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from flashcards.core.decks import Deck
from flashcards.errors import Problem


class Duplicate(NamedTuple):
    """A note whose id is also in another file, which is the one asked."""

    note: str
    path: str
    line: int
    asked_path: str
    asked_line: int
    differs: bool  # whether the texts differ


def precedence(path: str) -> tuple[int, str, str]:
    """Return the sort key of files that share a card: the first is asked.

    Copies lie in subfolders or have longer names: "a (1)" and "a.sync-conflict-…" sort after "a", if
    the file extension is left out.
    """
    return path.count("/"), path.rpartition(".")[0], path


def duplicates_across(decks: Iterable[Deck]) -> list[Problem]:
    """Return the problems of ids shared by files, given in order of precedence."""
    asked: dict[str, tuple[str, int, int]] = {}
    duplicates, sizes = [], {}
    for deck in decks:
        sizes[deck.path] = len(deck.notes)
        for ident, note in zip(deck.note_ids, deck.notes, strict=True):
            texts = hash((note.front, note.back))
            path, line, texts_asked = asked.setdefault(ident, (deck.path, note.line, texts))
            if path != deck.path:
                duplicates.append(Duplicate(ident, deck.path, note.line, path, line, texts != texts_asked))
    return describe_duplicates(duplicates, sizes)


def describe_duplicates(duplicates: Iterable[Duplicate], sizes: Mapping[str, int]) -> list[Problem]:
    """Return a problem for each pair of files; `sizes` has their numbers of notes."""
    by_files: dict[tuple[str, str], list[Duplicate]] = defaultdict(list)
    for duplicate in duplicates:
        by_files[duplicate.path, duplicate.asked_path].append(duplicate)
    return [_describe_shared(shared, sizes[path]) for (path, _), shared in by_files.items()]


def _describe_shared(duplicates: list[Duplicate], size: int) -> Problem:
    """Return the problem of a file, of `size` notes, that shares these with another one."""
    first = duplicates[0]
    if len(duplicates) == 1:
        what = f"the id {first.note!r} is also used at {first.asked_path}:{first.asked_line}"
        remedy = "Change one of the ids; until then only that card is asked."
        return Problem(first.path, first.line, 1, what, remedy)
    path, original = PurePosixPath(first.path), PurePosixPath(first.asked_path)
    name = original.name if original.parent == path.parent else str(original)
    remedy = f"Until then the cards of {name} are asked where both have them."
    if len(duplicates) * 2 <= size:
        what = f"{len(duplicates)} of its {size} cards are in {name} too: keep one of each"
        return Problem(str(path), 0, 0, what, remedy)
    others = size - sum(not each.differs for each in duplicates)
    if others:
        read = "1 of its cards reads" if others == 1 else f"{others} of its cards read"
        remedy += f" {read} otherwise than there, or is only here: look before you delete one."
    return Problem(str(path), 0, 0, f"a copy of {name}: keep one", remedy)
