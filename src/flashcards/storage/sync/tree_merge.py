"""Three-way merge of trees: journals by union, decks by card, media by content."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from flashcards.core.cards import Note
from flashcards.core.deck_merge.merge_decks import DeckMerge, HeldSince, Side, free_path
from flashcards.core.deck_merge.merge_section import value
from flashcards.core.deck_merge.sections import Section
from flashcards.core.decks import Deck
from flashcards.errors import DeckError, FlashcardsError
from flashcards.storage.decks.merge_deck_files import merge_deck_files
from flashcards.storage.decks.reader import parse_deck
from flashcards.storage.journal.journal_files import is_journal
from flashcards.storage.store_creation import STORE_FORMAT
from flashcards.storage.store_paths import LIBRARY_FOLDERS
from flashcards.storage.sync.repository import FILE_MODES, Blob, Repository, Tree
from flashcards.storage.sync.synced_files import FORMAT_FILE, MAX_FILE_SIZE, is_deck, is_synced

BESIDE = ("readme", "license", "licence", ".git", ".stignore", FORMAT_FILE)
"""Files that may be beside a library, or precede it."""
REVIEW = b'"k":"review"'


class Exchanged(NamedTuple):
    """Answers and changed cards transferred in one direction."""

    answers: int
    cards: int


def refuse_foreign(repository: Repository, tree: Tree, where: str, known: Tree) -> None:
    """Raise FlashcardsError if a commit has other content or a newer format."""
    others = [path for path in tree if not path.lower().startswith(BESIDE)]
    if others and not any(map(is_synced, others)):
        raise FlashcardsError(
            f"{where}: it holds something else ({others[0]}), not a flashcards library. Nothing was changed; "
            "sync with an empty repository, or make the branch of your library its default branch."
        )
    for path, blob in tree.items():
        if (is_synced(path) or path == FORMAT_FILE) and blob.size > MAX_FILE_SIZE:
            raise too_large(f"{where}: {path}", blob.size)
        is_odd = path in LIBRARY_FOLDERS or (is_synced(path) and blob.mode not in FILE_MODES)
        if is_odd and known.get(path) != blob:
            raise FlashcardsError(
                f"{where}: {path} is a link, a submodule, or a file where a folder belongs. "
                "Nothing was changed; remove it there, then sync again."
            )
    for _, data in repository.contents({path: tree[path] for path in (FORMAT_FILE,) if path in tree}):
        if (found := re.search(rb'"format":\s*(\d{1,18})', data)) and int(found[1]) > STORE_FORMAT:
            raise FlashcardsError(
                f"{where}: it was written by a newer version of flashcards; upgrade this one."
            )


def too_large(where: str, size: int) -> FlashcardsError:
    """Return the error for a file that git hosts refuse."""
    return FlashcardsError(
        f"{where}: {size >> 20} MB are too large to sync; hosts take {MAX_FILE_SIZE >> 20} MB a file. "
        "Nothing was changed; make it smaller, or move it away."
    )


def union(one: bytes, other: bytes) -> bytes:
    """Return the lines of two journal files, each once, in a fixed order."""
    if one.startswith(other) or other.startswith(one):
        return max(one, other, key=len)
    first, second = (data.removesuffix(b"\n").split(b"\n") for data in sorted((one, other)))
    known = set(first)
    return b"\n".join([*first, *(line for line in second if line not in known)]) + b"\n"


def merge_trees(repository: Repository, commits: tuple[str, str, str], trees: list[Tree]) -> DeckMerge[Blob]:
    """Merge two commits; the base's comes first. Raises DeckError."""
    old, one, other = trees
    merged = _merge_decks(repository, commits, trees)
    for path in sorted(path for path in {**one, **other} if not is_deck(path)):
        blob = _merged(repository, path, *(tree.get(path) for tree in trees))
        if blob is not None:
            merged.decks[path] = blob
        if path.startswith("media/") and path in one and path in other:
            first, last = sorted((one[path], other[path]), key=lambda blob: blob.id)
            if first.id != last.id and old.get(path) not in (first, last):
                stem, dot, ending = path.rpartition(".")
                merged.decks[free_path(f"{stem}-{first.id[:8]}{dot}{ending}", merged.decks)] = first
    folders = {str(folder) for path in merged.decks for folder in PurePosixPath(path).parents}
    if clash := min(folders & merged.decks.keys(), default=""):
        raise FlashcardsError(
            f"{clash} is a file on one side and a folder on the other. "
            "Nothing was changed; rename one of them, then sync again."
        )
    return merged


def _merged(
    repository: Repository, path: str, old: Blob | None, one: Blob | None, other: Blob | None
) -> Blob | None:
    """Merge a file that is not a deck; None if deleted, which no journal is."""
    if one is None or other is None:
        left = one or other
        return None if left == old and not is_journal(path) else left
    if other in (one, old):
        return one
    if one == old:
        return other
    if is_journal(path) or path.startswith(("anki/", "imports/")):
        data = repository.read((one.id, other.id))
        return repository.keep(union(data[one.id], data[other.id]))
    return max(one, other, key=lambda blob: (blob.id, blob.mode))


def _merge_decks(repository: Repository, commits: tuple[str, str, str], trees: list[Tree]) -> DeckMerge[Blob]:
    """Merge the deck files, or take them from the only side that changed any."""
    sides = [
        {p: blob for p, blob in tree.items() if is_deck(p) and blob.mode in FILE_MODES} for tree in trees
    ]
    old, one, other = sides
    if old in (one, other) or one == other:
        return DeckMerge({**(one if old == other else other)})
    same = {p: blob for p, blob in old.items() if blob == one.get(p) == other.get(p)}
    files = [
        dict(repository.contents({p: blob for p, blob in side.items() if p not in same})) for side in sides
    ]
    times = [(repository.time(tip), _held_since(repository, commits[0], tip)) for tip in commits[1:]]
    result = merge_deck_files(files[0], Side(files[1], *times[0]), Side(files[2], *times[1]))
    known = {data: sides[i][path] for i, side in enumerate(files) for path, data in side.items()}
    blobs = {path: known.get(data) or repository.keep(data) for path, data in result.decks.items()}
    return DeckMerge(same | blobs, result.conflicts, result.kept)


def _held_since(repository: Repository, base: str, tip: str) -> HeldSince:
    """Return the function that finds since when a side has had a text."""

    def since(path: str, name: str, said: object) -> int:
        held = [
            at
            for commit, at in repository.commits(base, tip, path)
            if said in _values(repository, f"{commit}:{path}", name)
        ]
        return min(held, default=repository.time(tip))

    return since


def _values(repository: Repository, blob: str, name: str) -> Iterator[object]:
    deck, _ = parse_deck(repository.git.attempt("cat-file", "blob", blob).stdout, blob)
    says: tuple[Deck | Note, ...] = (deck, *deck.notes) if deck else ()
    yield from (value(Section((), (), part), name) for part in says)


def refuse_unsound(repository: Repository, before: Tree, after: Tree, remote: str = "") -> None:
    """Raise DeckError if a changed deck cannot be read."""
    changed = {p: blob for p, blob in after.items() if is_deck(p) and before.get(p) != blob}
    for path, data in repository.contents(changed):
        deck, problems = parse_deck(data, f"{remote}: {path}" if remote else path)
        if deck is None:
            there = "there" if remote else "here"
            raise DeckError(problems, f"Nothing was changed; correct it {there}, then sync again.")


def count(repository: Repository, before: Mapping[str, Blob], after: Mapping[str, Blob]) -> Exchanged:
    """Return the answers and changed cards that one commit has and the other lacks."""
    differs = [p for p in {**before, **after} if is_synced(p) and before.get(p) != after.get(p)]
    answers, notes = [0, 0], (set[Note](), set[Note]())
    for side, tree in enumerate((before, after)):
        for path, content in repository.contents({p: tree[p] for p in differs if p in tree}):
            if is_journal(path):
                answers[side] += content.count(REVIEW)
            elif is_deck(path):
                deck, _ = parse_deck(content, path)
                notes[side].update(note._replace(line=0) for note in (deck.notes if deck else ()))
    return Exchanged(max(0, answers[1] - answers[0]), len(notes[1] - notes[0]))
