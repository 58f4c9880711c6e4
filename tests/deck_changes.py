"""Random changes of a library of decks, as people make them in an editor; each text is new once."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from flashcards.core.cards import Note
from flashcards.core.deck_merge.sections import DeckText
from flashcards.storage.decks.merge_deck_files import parse
from flashcards.storage.decks.reader import parse_deck

Library = dict[str, bytes]
TOKEN = re.compile(r"w\d+x")


class Editor:
    """Someone who changes decks; two of them never write the same word."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._words = 0

    def word(self) -> str:
        self._words += 1
        return f"w{self._words}x"

    def library(self) -> Library:
        """Return one to three decks of a few cards each."""
        decks = {}
        for i in range(self.random.randint(1, 3)):
            notes = "".join(self.note() for _ in range(self.random.randint(0, 5)))
            decks[f"decks/d{i}.yaml"] = f"# {self.word()}\ndeck: D{i}\ncards:\n{notes}".encode()
        return decks

    def note(self) -> str:
        """Return a note in one of the forms that people write."""
        word, roll = self.word, self.random.random()
        above = f"  # {word()}\n" if roll < 0.3 else "\n" * (roll < 0.6)
        own = f"id: {word()}\n    " if self.random.random() < 0.4 else ""
        tags = f"    tags: [{word()}]\n" if self.random.random() < 0.3 else ""
        backs = (
            f"back: {word()}",
            f"back: |\n      - {word()}\n      # {word()}",
            f'back: "{word()}: {word()}"',
            f"list:\n      - {word()}\n      - {word()}",
            f"back: {word()}\n      {word()}",
        )
        beside = f" # {word()}" if self.random.random() < 0.1 else ""
        inside = f"    # {word()}\n" if self.random.random() < 0.1 else ""
        return f"{above}  - {own}front: {word()}{beside}\n    {self.random.choice(backs)}\n{inside}{tags}"

    def change(self, library: Mapping[str, bytes]) -> Library:
        """Return a library after one change."""
        decks = {path: data.decode() for path, data in library.items()}
        if not decks:
            return self.library()
        path = self.random.choice(sorted(decks))
        changes: tuple[Callable[[Library, str], Library], ...] = (
            self._reword, self._reword, self._reword, self._add, self._add, self._delete,
            self._move, self._copy, self._reorder, self._rename_file, self._rename_deck, self._comment,
            self._split, self._tag,
        )  # fmt: skip
        changed = self.random.choice(changes)(dict(library), path)
        sound = all(parse_deck(data, name)[0] for name, data in changed.items())
        return changed if sound else dict(library)  # two cards of one front, say

    def _reword(self, library: Library, path: str) -> Library:
        text = library[path].decode()
        if found := list(TOKEN.finditer(text)):
            at = self.random.choice(found)
            text = text[: at.start()] + self.word() + text[at.end() :]
        return library | {path: text.encode()}

    def _tag(self, library: Library, path: str) -> Library:
        text = library[path].decode()
        return library | {path: text.replace("tags: [", f"tags: [{self.word()}, ", 1).encode()}

    def _add(self, library: Library, path: str) -> Library:
        parts = parse(library[path], path)
        at = self.random.choice([0, len(parts.notes), self.random.randint(0, len(parts.notes))])
        return library | {path: _text(parts, _lines(parts), at, [self.note().rstrip("\n")])}

    def _delete(self, library: Library, path: str) -> Library:
        parts = parse(library[path], path)
        if self.random.random() < 0.1:
            return {name: data for name, data in library.items() if name != path}
        notes = _lines(parts)
        if notes:
            notes.pop(self.random.randrange(len(notes)))
        return library | {path: _text(parts, notes)}

    def _move(self, library: Library, path: str) -> Library:
        parts, other = parse(library[path], path), self.random.choice(sorted(library))
        notes = _lines(parts)
        if not notes or other == path:
            return library
        moved = notes.pop(self.random.randrange(len(notes)))
        there = parse(library[other], other)
        return library | {
            path: _text(parts, notes),
            other: _text(there, _lines(there), len(there.notes), [moved]),
        }

    def _copy(self, library: Library, path: str) -> Library:
        parts, other = parse(library[path], path), self.random.choice(sorted(library))
        there = parse(library[other], other)
        if other == path or not parts.notes:
            return library
        copied = self.random.choice(_lines(parts))
        return library | {other: _text(there, _lines(there), len(there.notes), [copied])}

    def _reorder(self, library: Library, path: str) -> Library:
        parts = parse(library[path], path)
        notes = _lines(parts)
        self.random.shuffle(notes)
        return library | {path: _text(parts, notes)}

    def _rename_file(self, library: Library, path: str) -> Library:
        data = library.pop(path)
        return library | {f"decks/{self.random.choice(['new', 'other', self.word()])}.yaml": data}

    def _rename_deck(self, library: Library, path: str) -> Library:
        text = re.sub("deck: .*", f"deck: {self.word()}", library[path].decode(), count=1)
        return library | {path: text.encode()}

    def _comment(self, library: Library, path: str) -> Library:
        lines = library[path].decode().split("\n")
        parts = parse(library[path], path)
        if notes := [note.says.line for note in parts.notes if isinstance(note.says, Note)]:
            lines.insert(self.random.choice(notes) - 1, f"  # {self.word()}")
        return library | {path: "\n".join(lines).encode()}

    def _split(self, library: Library, path: str) -> Library:
        parts = parse(library[path], path)
        notes, word = _lines(parts), self.word()
        half = len(notes) // 2
        new = "\n".join([f"deck: {word}", "cards:", *notes[half:]]) + "\n"
        return library | {path: _text(parts, notes[:half]), f"decks/{word}.yaml": new.encode()}


def _lines(parts: DeckText) -> list[str]:
    return ["\n".join((*note.comments, *note.lines)) for note in parts.notes]


def _text(parts: DeckText, notes: list[str], at: int = 0, more: list[str] | None = None) -> bytes:
    notes = [*notes[:at], *(more or ()), *notes[at:]]
    return "\n".join((*parts.head.comments, *parts.head.lines, *notes, *parts.end)).encode()


def words(library: Mapping[str, bytes]) -> set[str]:
    """Return every word that stands anywhere in the deck files."""
    return {word for data in library.values() for word in TOKEN.findall(data.decode())}
