"""Three-way merge of deck files, card by card, independent of the sides' order."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, NamedTuple, TypeVar

from flashcards.core.card_ids import note_id
from flashcards.core.card_matching import CardText, match_edited_cards
from flashcards.core.cards import CardId, Note
from flashcards.core.deck_merge.merge_section import (
    ReadNote,
    content,
    merge_comments,
    merge_order,
    merge_section,
)
from flashcards.core.deck_merge.sections import DeckText, Section, indented
from flashcards.core.decks import Deck

T = TypeVar("T")
Decks = Mapping[str, DeckText]
HeldSince = Callable[[str, str, object], int]
"""(path, field, value) -> seconds since when a side has had that value."""


@dataclass(frozen=True, slots=True)
class Side(Generic[T]):
    """One side's deck files by path."""

    decks: Mapping[str, T]
    at: int  # time of its last change
    held_since: HeldSince


class Conflict(NamedTuple):
    """A field with two texts in a deck file; `front` is "" for the head."""

    path: str
    front: str
    name: str


@dataclass(frozen=True, slots=True)
class DeckMerge(Generic[T]):
    """The result of a merge: the files, and what to report."""

    decks: dict[str, T]
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    """(path, front) of cards deleted on one side and changed on the other."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A note of a side: its file, as the base names it, and its section."""

    place: str
    path: str
    section: Section


@dataclass(frozen=True, slots=True)
class _Tree:
    """A side's notes by their key in the base, and its files."""

    decks: Decks
    notes: dict[str, _Placed]
    files: dict[str, str]
    """Path by place: the file's path in the base.

    The place of a new file includes its deck's name: two files added under one path stay two files,
    unless they have the same deck."""

    def deck(self, place: str) -> DeckText | None:
        """Return a file by its place."""
        return self.decks.get(self.files.get(place, ""))


def merge_decks(
    base: Decks, one: Side[DeckText], other: Side[DeckText], read: ReadNote
) -> DeckMerge[DeckText]:
    """Merge two sides' decks; the result does not depend on their order."""
    sides = sorted(
        (one, other), key=lambda side: (side.at, sorted((p, d.text()) for p, d in side.decks.items()))
    )
    trees = [_tree(base, decks) for decks in (base, sides[0].decks, sides[1].decks)]
    return _Merge(trees, sides, read).run()


def _notes(decks: Decks) -> dict[str, tuple[str, Section]]:
    """Return the notes by their keys; one that has the id of another has a key of its own."""
    found: dict[str, tuple[str, Section]] = {}
    for path, text in sorted(decks.items()):
        for section in text.notes:
            if isinstance(section.says, Note):
                key = note_id(text.deck.name, section.says)
                found[f"{key}\0{path}" if key in found else key] = (path, section)
    return found


def _tree(base: Decks, decks: Decks) -> _Tree:
    """Match a side's notes and files to those of the base."""
    old, new = _notes(base), _notes(decks)
    gone = _texts(base, {key: note for key, note in old.items() if key not in new})
    come = _texts(decks, {key: note for key, note in new.items() if key not in old})
    known = {str(key): str(was) for was, key in match_edited_cards(gone, come).items()}
    renamed = _renamed(base, decks, {known.get(key, key): path for key, (path, _) in new.items()})
    places = {path: path if path in base else f"{path}\0{deck.deck.name}" for path, deck in decks.items()}
    places |= {path: place for place, path in renamed.items()}
    notes = {known.get(key, key): _Placed(places[path], path, part) for key, (path, part) in new.items()}
    return _Tree(decks, notes, {place: path for path, place in places.items()})


def _texts(decks: Decks, notes: Mapping[str, tuple[str, Section]]) -> list[CardText]:
    return [
        CardText(CardId(key), decks[path].deck.name, section.says.front, section.says.back)
        for key, (path, section) in notes.items()
        if isinstance(section.says, Note)
    ]


def _renamed(base: Decks, decks: Decks, paths: Mapping[str, str]) -> dict[str, str]:
    """Return the new path of each renamed file: it has most of its cards, or its name."""
    found: dict[str, str] = {}
    for path in sorted(base.keys() - decks.keys()):
        keys = base[path].deck.note_ids
        held = [paths[key] for key in keys if key in paths]
        free = sorted(decks.keys() - base.keys() - set(found.values()))
        named = [new for new in free if decks[new].deck.name == base[path].deck.name]
        most = [new for new in free if held.count(new) * 2 > len(keys)]
        if new := next(iter((*most, *named)), ""):
            found[path] = new
    return found


def free_path(path: str, taken: Container[str]) -> str:
    """Return an unused path, adding a number to the name if needed."""
    stem, dot, ending = path.rpartition(".")
    number = 1
    while path in taken:
        number += 1
        path = f"{stem}-{number}{dot}{ending}"
    return path


def _orders(tree: _Tree) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, placed in tree.notes.items():
        found.setdefault(placed.place, []).append(key)
    return found


class _Merge:
    def __init__(self, trees: Sequence[_Tree], sides: Sequence[Side[DeckText]], read: ReadNote) -> None:
        self._trees = _, self._earlier, self._later = trees
        self._sides = sides
        self._read = read
        self._orders = [_orders(tree) for tree in trees]
        self._done: DeckMerge[DeckText] = DeckMerge({})

    def run(self) -> DeckMerge[DeckText]:
        notes: dict[str, dict[str, Section]] = {}
        for key in {**self._earlier.notes, **self._later.notes}:
            if (merged := self._note(key)) is not None:
                notes.setdefault(merged[0], {})[key] = merged[1]
        for place in sorted({*self._earlier.files, *self._later.files, *notes}):
            deck = self._file(place, notes.get(place, {}))
            if deck is not None:
                self._done.decks[free_path(self._path(place), self._done.decks)] = deck
        self._done.conflicts.sort()
        self._done.kept.sort()
        return self._done

    def _note(self, key: str) -> tuple[str, Section] | None:
        """Return (place, section) of a merged note; None if it was deleted."""
        base, one, other = (tree.notes.get(key) for tree in self._trees)
        if one is None or other is None:
            left = one or other
            if left is None or base is None:
                return (left.place, left.section) if left else None
            if content(left.section) == content(base.section) and left.place == base.place:
                return None
            self._done.kept.append((self._path(left.place), _front(left.section)))
            return left.place, left.section
        place = one.place if base and other.place == base.place else other.place
        return place, self._merged(place, base, one, other)

    def _merged(self, place: str, base: _Placed | None, one: _Placed, other: _Placed) -> Section:
        def is_later(name: str, said: object, said_there: object) -> bool:
            ages = [
                (side.held_since(part.path, name, text), repr(text))
                for side, part, text in zip(self._sides, (one, other), (said, said_there), strict=True)
            ]
            return ages[0] < ages[1]

        old = base.section if base else None
        merged, conflicts = merge_section(old, one.section, other.section, is_later, self._read)
        for name in conflicts:
            self._done.conflicts.append(Conflict(self._path(place), _front(merged), name))
        return merged

    def _path(self, place: str) -> str:
        """Return the path of a file after the merge."""
        base, one, other = (tree.files.get(place) for tree in self._trees)
        if other is None or (one is not None and other == base):
            return one or place
        return other

    def _file(self, place: str, notes: dict[str, Section]) -> DeckText | None:
        old, one, other = (tree.deck(place) for tree in self._trees)
        if one is None or other is None:
            left = one or other or old
            if left is None or not (notes or old is None or content(left.head) != content(old.head)):
                return None
            one = other = left
        heads = [_Placed(place, deck.deck.path, deck.head) for deck in (one, other)]
        was = _Placed(place, place, old.head) if old else None
        head = self._merged(place, was, *heads)
        end = merge_comments(old.end if old else (), one.end, other.end)
        order = merge_order(*(keys.get(place, []) for keys in self._orders))
        texts = [
            indented(notes[key], other.notes[0].indent if other.notes else 2) for key in order if key in notes
        ]
        deck = head.says if isinstance(head.says, Deck) else other.deck
        if texts:  # one side may have an empty list
            lines = ("cards:" if line.startswith("cards:") else line for line in head.lines)
            head = replace(head, lines=tuple(lines))
        return DeckText(deck, head, self._distinct(place, deck, texts), end)

    def _distinct(self, place: str, deck: Deck, texts: list[Section]) -> tuple[Section, ...]:
        """Merge notes that got the same id: only one of them could be asked."""
        found: dict[str, Section] = {}
        for section in texts:
            key = note_id(deck.name, section.says) if isinstance(section.says, Note) else ""
            first = found.get(key)
            both = (_Placed(place, place, part) for part in (first, section) if part)
            found[key] = self._merged(place, None, *both) if first else section
        return tuple(found.values())


def _front(section: Section) -> str:
    return section.says.front if isinstance(section.says, Note) else ""
