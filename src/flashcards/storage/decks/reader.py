"""Deck files: YAML in, notes out, and every fault with its place and the way to mend it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from flashcards.core.card_ids import note_id
from flashcards.core.cards import Deck, Note
from flashcards.core.cloze import GAP, MOST, is_crowded, keys
from flashcards.core.markdown_lists import is_list
from flashcards.errors import Problem, StoreError
from flashcards.storage.decks.copies import deck_name_of
from flashcards.storage.decks.fast_reader import read_own_form
from flashcards.storage.decks.yaml_nodes import (
    FaultError,
    Fields,
    Items,
    Node,
    Source,
    Text,
    decoded,
    read_nodes,
)
from flashcards.storage.decks.yaml_values import SWITCH, Values
from flashcards.storage.files import open_regular

LARGEST = 256 * 1024 * 1024
DECK_KEYS = ("deck", "description", "tags", "reverse", "type", "list", "lenient", "cards")
CARD_KEYS = (
    "id", "front", "back", "tags", "reverse", "cloze", "type", "accept", "choices", "list",
    "lenient",
)  # fmt: skip


def load(path: Path, name: str) -> tuple[Deck | None, list[Problem]]:
    """Read the deck file at `path`, calling it `name`. Raises FileNotFoundError only.

    A fault on line 0 is one of the file, not of its text: it may be gone the next time.
    """
    try:
        return _read(path, name)
    except FileNotFoundError:
        raise
    except StoreError:
        return None, [Problem(name, 0, 0, "this is no regular file", "Move it away.")]
    except OSError as error:
        what = f"it cannot be read: {error.strerror}"
        return None, [Problem(name, 0, 0, what, "Mend its permissions, or move it away.")]


def _read(path: Path, name: str) -> tuple[Deck | None, list[Problem]]:
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > LARGEST:
            what = f"it is larger than {LARGEST >> 20} MiB"
            return None, [Problem(name, 0, 0, what, "Split it into several decks.")]
        return read_deck(file.read(), name)


def read_deck(data: bytes, path: str) -> tuple[Deck | None, list[Problem]]:
    """Return the deck that a file's bytes spell, or None and all of its faults."""
    try:
        text = decoded(data, path)
    except FaultError as fault:
        return None, [fault.problem]
    deck = read_own_form(text, path)
    return (deck, []) if deck else read_any_form(text, path)


def read_any_form(text: str, path: str) -> tuple[Deck | None, list[Problem]]:
    """Return the deck that a text spells in whatever YAML, or None and all of its faults."""
    node, source, problems = read_nodes(text, path)
    reader = _Reader(source, problems)
    deck = reader.deck(node, deck_name_of(path)) if node is not None or not problems else None
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return (None, problems) if problems else (deck, [])


class _Reader:
    """Turns one document into a deck."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self._source = source
        self._read = Values(source, problems)
        self._fault = self._read.fault
        self._places: dict[str, int] = {}

    def deck(self, node: Node | None, name: str) -> Deck | None:
        if node is None or _is_blank(node):
            self._fault((1, 1), "this file is empty", 'A deck begins with "deck: NAME".')
            return None
        if not isinstance(node, Fields):
            self._fault(node, "a deck begins with names and values", 'such as "deck: NAME".')
            return None
        read = self._read
        values = read.named(node, DECK_KEYS)
        if not values:
            return None
        name = read.line(values.get("deck")) or name
        return Deck(
            name=name,
            description=read.text(values.get("description")),
            tags=read.tags(values.get("tags")),
            notes=self._notes(values.get("cards"), name),
            path=self._source.path,
            reverse=bool(read.switch(values.get("reverse"), "reverse")),
            typed=bool(read.switch(values.get("type"), "type")),
            listed=bool(read.switch(values.get("list"), "list")),
            lenient=read.lenient(values.get("lenient")),
        )

    def _notes(self, node: Node | None, deck: str) -> tuple[Note, ...]:
        if node is None or (isinstance(node, Text) and not node.value):
            return ()
        if not isinstance(node, Items):
            self._fault(node, "cards is a list", 'Each card begins with "- front: …".')
            return ()
        notes = []
        for item in node.items:
            if note := self._note(item):
                self._claim(note_id(deck, note), note, item)
                notes.append(note)
        return tuple(notes)

    def _note(self, node: Node) -> Note | None:
        if not isinstance(node, Fields):
            self._fault(
                node, "a card has a front and a back", 'Write "- front: …", then "  back: …".'
            )
            return None
        values = self._read.named(node, CARD_KEYS)
        question = self._question(node, values)
        if question is None:
            return None
        read, cloze = self._read, "cloze" in values
        front, back = read.text(question), self._back(values)
        self._check_front(question, front, cloze=cloze)
        self._check_manner(values, front, back)
        return Note(
            front=front,
            back=back,
            id=read.id(values.get("id")),
            tags=read.tags(values.get("tags")),
            reverse=read.switch(values.get("reverse"), "reverse"),
            cloze=cloze,
            line=node.line,
            typed=read.switch(values.get("type"), "type"),
            listed=True if _is_items(values) else read.switch(values.get("list"), "list"),
            accept=read.texts(values.get("accept")),
            choices=read.texts(values.get("choices")),
            lenient=read.lenient(values.get("lenient")),
        )

    def _question(self, node: Fields, values: Mapping[str, Node]) -> Node | None:
        """Return what a card asks; None, and a fault, when it is not clear what that is."""
        cloze = "cloze" in values
        if cloze and "front" in values:
            self._fault(values["front"], "a card has a front or a cloze, not both", "Take one out.")
            return None
        question = values.get("cloze") if cloze else values.get("front")
        if question is None:
            self._fault(node, "this card has no front", 'Add "front: …" (or "cloze: …").')
            return None
        if not cloze and "back" not in values and not _is_items(values):
            self._fault(node, "this card has no back", 'Add "back: …".')
            return None
        return question

    def _back(self, values: Mapping[str, Node]) -> str:
        """Return the back; items behind `list` are one too."""
        back = self._read.text(values.get("back"))
        if not _is_items(values):
            return back
        items = self._read.texts(values["list"])
        if back:
            what = "a card has a back or a list of items, not both"
            self._fault(values["list"], what, 'Write "list: true", and the items in the back.')
        return "\n".join("- " + item.strip().replace("\n", "\n  ") for item in items)

    def _check_front(self, node: Node, front: str, *, cloze: bool) -> None:
        if isinstance(node, Text) and not front.strip():
            self._fault(node, "the front is empty", "Write the question.")
        elif cloze and isinstance(node, Text) and not GAP.search(front):
            self._fault(node, "this cloze has no gap", "Mark one: {{like this}}.")
        elif cloze and is_crowded(front):
            self._fault(node, f"this cloze has more than {MOST} gaps", "Make several cards of it.")

    def _check_manner(self, values: Mapping[str, Node], front: str, back: str) -> None:
        """Note what does not go together."""
        said = {name: self._is_on(values.get(name)) for name in ("reverse", "type", "list")}
        if "cloze" in values:
            if said["reverse"]:
                what = "a cloze has no other way round"
                self._fault(values["reverse"], what, "Take reverse out.")
            for name in {"accept", "choices"} & values.keys() if len(keys(front)) > 1 else ():
                what = f"{name} says not which of the gaps it is for"
                self._fault(values[name], what, "Make a card of each gap, or take it out.")
        if said["type"] and "choices" in values:
            what = "an answer is typed or chosen, not both"
            self._fault(values["type"], what, "Take type or choices out.")
        if said["list"] and not is_list(back):
            what = "list: true needs a back of two items or more"
            self._fault(values["list"], what, 'Begin each item on a line of its own with "- ".')

    @staticmethod
    def _is_on(node: Node | None) -> bool:
        return isinstance(node, Text) and SWITCH.get(node.value.casefold(), False)

    def _claim(self, own: str, note: Note, node: Node) -> None:
        first = self._places.setdefault(own, note.line)
        if first == note.line:
            return
        there = f"{self._source.path}:{first}"
        if note.id:
            what, remedy = f"the id {own!r} is taken by the card at {there}", "Choose another id."
        else:
            what = f"the card at {there} has the same front"
            remedy = "Give one of the two an id of its own (id: …), or another front."
        self._fault(node, what, remedy)


def _is_blank(node: Node) -> bool:
    """Tell whether nothing is said: an empty text, or {}."""
    return (
        node.value == "" if isinstance(node, Text) else isinstance(node, Fields) and not node.fields
    )


def _is_items(values: Mapping[str, Node]) -> bool:
    return isinstance(values.get("list"), Items)
