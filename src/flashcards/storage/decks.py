"""Deck files: YAML in, notes out, and every fault with its place and the way to mend it."""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from flashcards.core.card import SIBLING, Deck, Note
from flashcards.core.cloze import GAP
from flashcards.core.identity import note_id
from flashcards.errors import Problem
from flashcards.storage.deck_syntax import (
    FaultError,
    Fields,
    Items,
    Node,
    Source,
    Text,
    decoded,
    read_nodes,
)

LARGEST = 256 * 1024 * 1024
DECK_KEYS = ("deck", "description", "tags", "cards")
CARD_KEYS = ("id", "front", "back", "tags", "reverse", "cloze")
SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
GOOD_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f" + SIBLING + r"]{1,100}")


def load(path: Path, name: str) -> tuple[Deck | None, list[Problem]]:
    """Read the deck file at `path`, calling it `name`. Raises FileNotFoundError only."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as error:
        what = f"it cannot be read: {error.strerror}"
        return None, [Problem(name, 0, 0, what, "Mend its permissions, or move it away.")]
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        os.close(fd)
        return None, [Problem(name, 0, 0, "this is no regular file", "Move it away.")]
    with os.fdopen(fd, "rb") as file:
        if status.st_size > LARGEST:
            what = f"it is larger than {LARGEST >> 20} MiB"
            return None, [Problem(name, 0, 0, what, "Split it into several decks.")]
        return read_deck(file.read(), name)


def read_deck(data: bytes, path: str) -> tuple[Deck | None, list[Problem]]:
    """Return the deck that a file's bytes spell, or None and all of its faults."""
    try:
        text = decoded(data, path)
    except FaultError as fault:
        return None, [fault.problem]
    node, source, problems = read_nodes(text, path)
    reader = _Reader(source, problems)
    deck = reader.deck(node, Path(path).stem) if node is not None or not problems else None
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return (None, problems) if problems else (deck, [])


def duplicates_across(decks: Iterable[Deck]) -> list[Problem]:
    """Return a fault for each id that notes of several files share, naming both places."""
    places: dict[str, str] = {}
    problems = []
    for deck in decks:
        for note in deck.notes:
            own, here = note_id(deck.name, note), f"{deck.path}:{note.line}"
            first = places.setdefault(own, here)
            if first != here:
                what = f"{own!r} is the id of a card at {first} too"
                remedy = "Give one of them another id."
                problems.append(Problem(deck.path, note.line, 1, what, remedy))
    return problems


class _Reader:
    """Turns one document into a deck, noting faults as it goes."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self._source = source
        self._problems = problems
        self._places: dict[str, int] = {}

    def deck(self, node: Node | None, name: str) -> Deck | None:
        if node is None or (isinstance(node, Text) and not node.value):
            self._fault((1, 1), "this file is empty", 'A deck begins with "deck: NAME".')
            return None
        if not isinstance(node, Fields):
            self._fault(node, "a deck begins with names and values", 'such as "deck: NAME".')
            return None
        values = self._values(node, DECK_KEYS)
        if not values:
            return None
        name = self._line(values.get("deck")) or name
        return Deck(
            name=name,
            description=self._text(values.get("description")),
            tags=self._tags(values.get("tags")),
            notes=self._notes(values.get("cards"), name),
            path=self._source.path,
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
        values = self._values(node, CARD_KEYS)
        cloze = "cloze" in values
        if cloze and "front" in values:
            self._fault(values["front"], "a card has a front or a cloze, not both", "Take one out.")
            return None
        question = values.get("cloze") if cloze else values.get("front")
        if question is None:
            self._fault(node, "this card has no front", 'Add "front: …" (or "cloze: …").')
            return None
        if not cloze and "back" not in values:
            self._fault(node, "this card has no back", 'Add "back: …".')
            return None
        front = self._text(question)
        self._check_front(question, front, cloze=cloze)
        return Note(
            front=front,
            back=self._text(values.get("back")),
            id=self._id(values.get("id")),
            tags=self._tags(values.get("tags")),
            reverse=self._reverse(values.get("reverse"), cloze=cloze),
            cloze=cloze,
            line=node.line,
        )

    def _check_front(self, node: Node, front: str, *, cloze: bool) -> None:
        if isinstance(node, Text) and not front.strip():
            self._fault(node, "the front is empty", "Write the question.")
        elif cloze and isinstance(node, Text) and not GAP.search(front):
            self._fault(node, "this cloze has no gap", "Mark one: {{like this}}.")

    def _values(self, node: Fields, known: Sequence[str]) -> dict[str, Node]:
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for name, value in node.fields:
            if name.value == "<<":
                self._fault(name, "<< takes another place in", "Write the values out.")
            elif name.value not in known:
                near = difflib.get_close_matches(name.value, known, 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}."
                self._fault(name, f"{name.value!r} is not known here", hint)
            elif name.value in values:
                what = f"{name.value!r} stands here twice, first in line {lines[name.value]}"
                self._fault(name, what, "Take one out.")
            else:
                values[name.value] = value
                lines[name.value] = name.line
        return values

    def _text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if isinstance(node, Text):
            return node.value.rstrip("\n")
        kind = "a list" if isinstance(node, Items) else "a mapping"
        remedy = 'Put it between quotes, or after "|" on lines of its own.'
        self._fault(node, f"here stands {kind} where text belongs", remedy)
        return ""

    def _line(self, node: Node | None) -> str:
        return " ".join(self._text(node).split())

    def _tags(self, node: Node | None) -> tuple[str, ...]:
        if isinstance(node, Items):
            found = [self._line(item) for item in node.items]
        else:
            found = [" ".join(tag.split()) for tag in self._text(node).split(",")]
        return tuple(dict.fromkeys(tag for tag in found if tag))

    def _reverse(self, node: Node | None, *, cloze: bool) -> bool:
        text = self._text(node).casefold()
        if node is None:
            return False
        if text not in SWITCH:
            self._fault(node, f"reverse is true or false, not {text!r}", "Write reverse: true")
        if cloze and SWITCH.get(text):
            self._fault(node, "a cloze has no other way round", "Take reverse out.")
        return SWITCH.get(text, False)

    def _id(self, node: Node | None) -> str:
        text = self._text(node)
        if node is not None and isinstance(node, Text) and not GOOD_ID.fullmatch(text):
            what = f"{text!r} cannot be an id" if text else "the id is empty"
            self._fault(node, what, f'Up to 100 signs, without spaces or "{SIBLING}".')
        return text

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

    def _fault(self, place: Node | tuple[int, int], what: str, remedy: str) -> None:
        self._problems.append(self._source.problem(place, what, remedy))
