"""Three-way merge of what two machines hold: journals by union, decks by card, media by content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from flashcards.core.cards import Deck, Note
from flashcards.core.deck_merge import Conflict, HeldSince, free_path
from flashcards.core.deck_sections import Section
from flashcards.core.section_merge import value
from flashcards.errors import DeckError, FlashcardsError
from flashcards.storage.decks.merge import FileSide, merge_deck_files
from flashcards.storage.decks.reader import parse_deck
from flashcards.storage.sync.repository import FILE_MODES, PLAIN_FILE, Blob, Repository, Tree

FOLDERS = ("decks", "journal", "media", "anki")
FORMAT = "format.json"
NEWEST_FORMAT = 1
BESIDE = ("readme", "license", "licence", ".git", ".stignore")
"""What a repository may hold beside a library, or before there is one."""
LARGEST = 100 << 20
"""Bytes of a file beyond which the usual hosts refuse it."""
REVIEW = b'"k":"review"'


@dataclass(frozen=True, slots=True)
class Exchanged:
    """How many answers and cards went one way."""

    answers: int = 0
    cards: int = 0


@dataclass(slots=True)
class TreeMerge:
    """What came of it: the files, and what to tell of."""

    tree: Tree
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)


def is_synced(path: str) -> bool:
    """Tell whether a path is one of a library's own files: no other is read or written here."""
    parts = path.split("/")
    if any(part.startswith(".") or not part or "\\" in part for part in parts):
        return False
    if path == FORMAT:
        return True
    known = len(parts) > 1 and parts[0] in FOLDERS and path.isprintable()
    return known and not path.endswith(".schema.json") and (parts[0] != "journal" or is_journal(path))


def is_journal(path: str) -> bool:
    """Tell whether a path is a journal file's."""
    return path.startswith("journal/") and path.count("/") == 1 and path.endswith(".jsonl")


def is_deck(path: str) -> bool:
    """Tell whether a path is a deck file's."""
    return path.startswith("decks/") and path.endswith((".yaml", ".yml"))


def refuse_foreign(tree: Tree, where: str) -> None:
    """Raise FlashcardsError where a commit holds something other than a library."""
    others = [path for path in tree if not path.lower().startswith(BESIDE)]
    if others and not any(is_synced(path) for path in others):
        raise FlashcardsError(
            f"{where} holds something else ({others[0]}), not a flashcards library. Nothing was "
            "changed; sync with an empty repository, or make the branch that holds your library "
            "its default branch."
        )
    for path, blob in tree.items():
        if is_synced(path) and blob.size > LARGEST:
            raise too_large(f"{where}: {path}", blob.size)


def too_large(where: str, size: int) -> FlashcardsError:
    """Return the error about a file that hosts of repositories refuse."""
    return FlashcardsError(
        f"{where}: {size >> 20} MB are too large to sync; hosts take {LARGEST >> 20} MB a file. "
        "Nothing was changed; make it smaller, or move it away."
    )


def union(one: bytes, other: bytes) -> bytes:
    """Return the lines of two journal files, each once, alike whichever is given first."""
    if one.startswith(other) or other.startswith(one):
        return max(one, other, key=len)
    first, second = (data.removesuffix(b"\n").split(b"\n") for data in sorted((one, other)))
    same = next(i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b)
    known = set(first)
    lines = [*first, *(line for line in second[same:] if line not in known)]
    return b"\n".join(lines) + b"\n"


def merge_trees(repository: Repository, base: str, ours: str, theirs: str) -> TreeMerge:
    """Return what two commits hold together. Raises FlashcardsError, DeckError."""
    trees = [repository.tree(commit) for commit in (base, ours, theirs)]
    old, one, other = trees
    merged = TreeMerge({})
    decks = {path for tree in trees for path in tree if is_deck(path) and is_synced(path)}
    for path in sorted({*one, *other} - decks):
        blob = _merged(repository, path, *(tree.get(path) for tree in trees))
        if blob is not None:
            merged.tree[path] = blob
        if path in one and path in other and blob != one[path] and path.startswith("media/"):
            _keep_beside(merged.tree, path, one[path], other[path], old.get(path))
    _merge_decks(repository, merged, (base, ours, theirs), trees, decks)
    return merged


def _merged(
    repository: Repository, path: str, old: Blob | None, one: Blob | None, other: Blob | None
) -> Blob | None:
    """Return a file that is no deck; None: it was taken out."""
    sound = [blob for blob in (one, other) if blob and blob.mode in FILE_MODES]
    if is_journal(path) and len(sound) < 2:
        return next(iter(sound), None)
    if _ident(other) in (_ident(one), _ident(old)):
        return one
    if one is None or other is None or _ident(one) == _ident(old):
        return other or (one if _ident(one) != _ident(old) else None)
    if is_journal(path):
        data = repository.read((one.id, other.id))
        return repository.keep(union(data[one.id], data[other.id]))
    if path == FORMAT:
        data = repository.read((one.id, other.id))
        return min(one, other, key=lambda blob: (store_of(data[blob.id]), blob.id))
    return max(one, other, key=lambda blob: blob.id)


def _ident(blob: Blob | None) -> str:
    return blob.id if blob else ""


def store_of(data: bytes) -> str:
    """Return the id of the store that a format.json names. Raises FlashcardsError."""
    try:
        found = json.loads(data)
        version, store = int(found["format"]), str(found["store"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FlashcardsError(f"The remote's {FORMAT} is damaged ({error}).") from error
    if version > NEWEST_FORMAT:
        raise FlashcardsError("A newer version of flashcards wrote to the remote; upgrade this one.")
    return store


def _keep_beside(tree: Tree, path: str, one: Blob, other: Blob, old: Blob | None) -> None:
    """Keep the other of two files that were added or changed under one name."""
    lost = min(one, other, key=lambda blob: blob.id)
    if _ident(old) not in (one.id, other.id) and one.id != other.id:
        stem = PurePosixPath(path)
        tree[free_path(str(stem.with_stem(f"{stem.stem}-{lost.id[:8]}")), set(tree))] = lost


def _merge_decks(
    repository: Repository, merged: TreeMerge, commits: tuple[str, str, str], trees: list[Tree],
    decks: set[str],
) -> None:  # fmt: skip
    """Bring the deck files together; where one side alone changed any, they are that side's."""
    sides = [
        {path: blob for path, blob in tree.items() if path in decks and blob.mode in FILE_MODES}
        for tree in trees
    ]
    idents = [{path: blob.id for path, blob in side.items()} for side in sides]
    if idents[0] in idents[1:] or idents[1] == idents[2]:
        merged.tree.update(sides[1] if idents[0] == idents[2] else sides[2])
        return
    changed = {path for path in decks if len({ids.get(path) for ids in idents}) > 1}
    data = repository.read(blob.id for side in sides for path, blob in side.items() if path in changed)
    base, ours, theirs = (
        {path: data[blob.id] for path, blob in side.items() if path in changed} for side in sides
    )
    result = merge_deck_files(
        base, _side(repository, commits, 1, ours), _side(repository, commits, 2, theirs)
    )
    merged.tree.update({path: sides[1][path] for path in decks - changed})
    known = {data[blob.id]: blob for side in sides for path, blob in side.items() if path in changed}
    for path, content in result.files.items():
        blob = known.get(content)
        merged.tree[path] = replace(blob, mode=PLAIN_FILE) if blob else repository.keep(content)
    merged.conflicts, merged.kept = result.conflicts, result.kept


def _side(
    repository: Repository, commits: tuple[str, str, str], which: int, files: dict[str, bytes]
) -> FileSide:
    base, tip = commits[0], commits[which]
    return FileSide(files, repository.time(tip), _held_since(repository, base, tip))


def _held_since(repository: Repository, base: str, tip: str) -> HeldSince:
    """Return what tells since which commit a side has a text."""

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
    if deck:
        says: tuple[Deck | Note, ...] = (deck, *deck.notes)
        yield from (value(Section((), (), part), name) for part in says)


def refuse_unsound(repository: Repository, before: Tree, after: Tree, remote: str = "") -> None:
    """Raise DeckError where a deck that comes in, or goes out, cannot be read."""
    changed = {
        path: blob
        for path, blob in after.items()
        if is_deck(path) and blob.mode in FILE_MODES and _ident(before.get(path)) != blob.id
    }
    for path, data in repository.contents(changed):
        deck, problems = parse_deck(data, f"{remote}: {path}" if remote else path)
        if deck is None:
            there = "there" if remote else "here"
            raise DeckError(problems, f"Nothing was changed; correct it {there}, then sync again.")


def count(repository: Repository, before: Tree, after: Tree) -> Exchanged:
    """Return how many answers and changed cards are in one commit and not in the other."""
    differs = [
        path
        for path in before.keys() | after.keys()
        if is_synced(path) and _ident(before.get(path)) != _ident(after.get(path))
    ]
    answers, notes = [0, 0], (set[Note](), set[Note]())
    for side, tree in enumerate((before, after)):
        for path, content in repository.contents({p: tree[p] for p in differs if p in tree}):
            if is_journal(path):
                answers[side] += content.count(REVIEW)
            elif is_deck(path):
                deck, _ = parse_deck(content, path)
                notes[side].update(replace(note, line=0) for note in (deck.notes if deck else ()))
    return Exchanged(max(0, answers[1] - answers[0]), len(notes[1] - notes[0]))
