"""Read deck files; report every problem with its location."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from flashcards.core.card_ids import note_id
from flashcards.core.cards import Note
from flashcards.core.cloze import MAX_CARDS_PER_SENTENCE, cloze_keys, find_gaps, has_too_many_gaps
from flashcards.core.decks import Deck
from flashcards.core.markdown_lists import is_list
from flashcards.errors import Problem, StoreError
from flashcards.storage.decks.conflict_copies import deck_name_of
from flashcards.storage.decks.own_format_reader import read_own_format
from flashcards.storage.decks.yaml_nodes import (
    DeckSyntaxError,
    MappingNode,
    ScalarNode,
    SequenceNode,
    YamlNode,
    decode_deck,
)
from flashcards.storage.decks.yaml_syntax_errors import CONFLICT, DeckSource, conflict_problems
from flashcards.storage.decks.yaml_values import BOOLEAN_WORDS, ValueReader
from flashcards.storage.files import open_regular_file

MAX_DECK_BYTES = 256 * 1024 * 1024
verified_decks: dict[tuple[str, int], Deck] = {}
"""Decks verified before they are written, by path and hash of the text: the index takes each from here."""
DeckParser = Callable[[bytes, str], tuple[Deck | None, list[Problem]]]
DECK_KEYS = ("deck", "description", "tags", "reverse", "type", "list", "lenient", "cards")
CARD_KEYS = (
    "id", "front", "back", "tags", "reverse", "cloze", "type", "accept", "choices", "list",
    "lenient", "hint", "note",
)  # fmt: skip


def load_deck(path: Path, name: str, parse: DeckParser | None = None) -> tuple[Deck | None, list[Problem]]:
    """Read the deck file at `path`, calling it `name`. Raises FileNotFoundError only.

    A problem on line 0 is one of the file, not its text: it may be temporary.
    """
    if "\\x" in name and not path.as_posix().endswith(name):  # as the library lists such a file
        what = "its name is not UTF-8, so it is not read"
        return None, [Problem(name, 0, 0, what, "Rename the file, or its folder.")]
    try:
        with open_regular_file(path) as file:
            if os.fstat(file.fileno()).st_size > MAX_DECK_BYTES:
                what = f"the file is larger than {MAX_DECK_BYTES >> 20} MiB"
                return None, [Problem(name, 0, 0, what, "Split it into several decks.")]
            return (parse or parse_deck)(file.read(), name)
    except FileNotFoundError:
        raise
    except StoreError:
        return None, [Problem(name, 0, 0, "not a regular file", "Move it away.")]
    except OSError as error:
        what = f"it cannot be read: {error.strerror}"
        return None, [Problem(name, 0, 0, what, "Fix its permissions, or move the file away.")]


def parse_deck(data: bytes, path: str) -> tuple[Deck | None, list[Problem]]:
    """Return (deck, []) or (None, problems) of a file's bytes."""
    try:
        text = decode_deck(data, path)
    except DeckSyntaxError as fault:
        return None, [fault.problem]
    deck = verified_decks.pop((path, hash(text)), None) or read_own_format(text, path)
    return (deck, []) if deck else parse_any_yaml(text, path)


def parse_any_yaml(text: str, path: str) -> tuple[Deck | None, list[Problem]]:
    """Return (deck, []) or (None, problems) of a text in any YAML."""
    if CONFLICT.search(text):
        return None, list(conflict_problems(text, DeckSource(path, tuple(text.splitlines()))))
    return read_document(*read_nodes(text, path))


def read_nodes(text: str, path: str) -> tuple[YamlNode | None, DeckSource, list[Problem]]:
    """Return what `parse_yaml` does, which decks in our own format do not need."""
    from flashcards.storage.decks.yaml_parser import parse_yaml

    return parse_yaml(text, path)


def read_document(
    node: YamlNode | None, source: DeckSource, problems: list[Problem]
) -> tuple[Deck | None, list[Problem]]:
    """Return (deck, []) or (None, problems) of a parsed document."""
    deck = None
    if node is not None or not problems:  # without a node, but no problem: an empty file
        deck = _DeckReader(source, problems).read_deck(node, deck_name_of(source.path))
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return (None, problems) if problems else (deck, [])


class _DeckReader:
    def __init__(self, source: DeckSource, problems: list[Problem]) -> None:
        self._source = source
        self._values = ValueReader(source, problems)
        self._add_problem = self._values.add_problem
        self._first_line_by_id: dict[str, int] = {}

    def read_deck(self, node: YamlNode | None, name: str) -> Deck | None:
        if node is None or _is_blank_node(node):
            self._add_problem((1, 1), "this file is empty", 'Start the file with "deck: NAME".')
            return None
        if not isinstance(node, MappingNode):
            self._add_problem(node, "a deck must be a mapping of keys and values", 'such as "deck: NAME".')
            return None
        read = self._values
        values = read.read_mapping(node, DECK_KEYS)
        if not values:
            return None
        name = read.read_line(values.get("deck")) or name
        return Deck(
            name=name,
            description=read.read_text(values.get("description")),
            tags=read.read_tags(values.get("tags")),
            notes=self._read_notes(values.get("cards"), name),
            path=self._source.path,
            reverse=bool(read.read_boolean(values.get("reverse"), "reverse")),
            typed=bool(read.read_boolean(values.get("type"), "type")),
            listed=bool(read.read_boolean(values.get("list"), "list")),
            lenient=read.read_leniency(values.get("lenient")),
        )

    def _read_notes(self, node: YamlNode | None, deck_name: str) -> tuple[Note, ...]:
        if node is None or (isinstance(node, ScalarNode) and not node.value):
            return ()
        if not isinstance(node, SequenceNode):
            self._add_problem(node, "cards must be a list", 'Each card begins with "- front: …".')
            return ()
        notes = []
        for item in node.items:
            if note := self._read_note(item):
                self._check_unique_id(note_id(deck_name, note), note, item)
                notes.append(note)
        return tuple(notes)

    def _read_note(self, node: YamlNode) -> Note | None:
        if not isinstance(node, MappingNode):
            what = "a card must be a mapping with front and back"
            self._add_problem(node, what, 'Write "- front: …", then "  back: …".')
            return None
        values = self._values.read_mapping(node, CARD_KEYS)
        question = self._front_node(node, values)
        if question is None:
            return None
        read, cloze = self._values, "cloze" in values
        front, back = read.read_text(question), self._read_back(values)
        self._check_front(question, front, cloze=cloze)
        self._check_answer_mode(values, front, back)
        return Note(
            front=front,
            back=back,
            id=read.read_id(values.get("id")),
            tags=read.read_tags(values.get("tags")),
            reverse=read.read_boolean(values.get("reverse"), "reverse"),
            cloze=cloze,
            line=node.line,
            typed=read.read_boolean(values.get("type"), "type"),
            listed=True if _has_list_items(values) else read.read_boolean(values.get("list"), "list"),
            accept=read.read_text_list(values.get("accept")),
            choices=read.read_text_list(values.get("choices")),
            lenient=read.read_leniency(values.get("lenient")),
            hint=read.read_text(values.get("hint")),
            remark=read.read_text(values.get("note")),
        )

    def _front_node(self, node: MappingNode, values: Mapping[str, YamlNode]) -> YamlNode | None:
        """Return the front of a card; None, after a problem, if it is unclear."""
        cloze = "cloze" in values
        if cloze and "front" in values:
            what = "a card can have front or cloze, not both"
            self._add_problem(values["front"], what, "Remove one of them.")
            return None
        front_node = values.get("cloze") if cloze else values.get("front")
        if front_node is None:
            self._add_problem(node, "this card has no front", 'Add "front: …" (or "cloze: …").')
            return None
        if not cloze and "back" not in values and not _means_list_items(values):
            self._add_problem(node, "this card has no back", 'Add "back: …".')
            return None
        return front_node

    def _read_back(self, values: Mapping[str, YamlNode]) -> str:
        """Return the back, which may be the items of `list`."""
        back = self._values.read_text(values.get("back"))
        if not _has_list_items(values):
            return back
        items = self._values.read_text_list(values["list"])
        if back:
            what = "a card can have back or list items, not both"
            self._add_problem(values["list"], what, 'Write "list: true", and the items in the back.')
        return "\n".join("- " + item.strip().replace("\n", "\n  ") for item in items)

    def _check_front(self, node: YamlNode, front: str, *, cloze: bool) -> None:
        if isinstance(node, ScalarNode) and not front.strip():
            self._add_problem(node, "the front is empty", "Write the question.")
        elif cloze and isinstance(node, ScalarNode) and not find_gaps(front):
            self._add_problem(node, "this cloze has no gap", "Mark one: {{like this}}.")
        elif cloze and has_too_many_gaps(front):
            what = f"this cloze has more than {MAX_CARDS_PER_SENTENCE} gaps"
            self._add_problem(node, what, "Split it into several cards.")

    def _check_answer_mode(self, values: Mapping[str, YamlNode], front: str, back: str) -> None:
        """Report fields that exclude each other."""
        switches = {name: self._is_true(values.get(name)) for name in ("reverse", "type", "list")}
        if "cloze" in values:
            if switches["reverse"]:
                what = "a cloze cannot be reversed"
                self._add_problem(values["reverse"], what, 'Remove "reverse".')
            fields_of_one_gap = {"accept", "choices"} & values.keys()
            for name in fields_of_one_gap if len(cloze_keys(front)) > 1 else ():
                what = f"{name} does not say which gap it belongs to"
                self._add_problem(values[name], what, f"Write one card per gap, or remove {name}.")
        if switches["type"] and "choices" in values:
            what = "a card can have type or choices, not both"
            self._add_problem(values["type"], what, "Remove type or choices.")
        if switches["list"] and not is_list(back):
            what = "list: true needs a back of two items or more"
            self._add_problem(values["list"], what, 'Begin each item on a line of its own with "- ".')

    @staticmethod
    def _is_true(node: YamlNode | None) -> bool:
        return isinstance(node, ScalarNode) and BOOLEAN_WORDS.get(node.value.casefold(), False)

    def _check_unique_id(self, own_id: str, note: Note, node: YamlNode) -> None:
        first = self._first_line_by_id.setdefault(own_id, note.line)
        if first == note.line:
            return
        there = f"{self._source.path}:{first}"
        if note.id:
            what, remedy = f"the id {own_id!r} is already used by the card at {there}", "Choose another id."
        else:
            what = f"the card at {there} has the same front"
            remedy = "Give one of them its own id (id: …), or change a front."
        self._add_problem(node, what, remedy)


def _is_blank_node(node: YamlNode) -> bool:
    """Tell whether a node is an empty text or {}."""
    if isinstance(node, ScalarNode):
        return not node.value
    return isinstance(node, MappingNode) and not node.entries


def _means_list_items(values: Mapping[str, YamlNode]) -> bool:
    """Tell whether `list` has items, even without their brackets."""
    node = values.get("list")
    return _has_list_items(values) or (isinstance(node, ScalarNode) and "," in node.value)


def _has_list_items(values: Mapping[str, YamlNode]) -> bool:
    return isinstance(values.get("list"), SequenceNode)
