"""Nodes of plain text, with locations, that a YAML document becomes."""

import re
from typing import NamedTuple

from flashcards.core.clean_text import is_printable
from flashcards.errors import Problem

QUOTES_REMEDY = "If it is text, put it between quotes."
FORBIDDEN_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class ScalarNode(NamedTuple):
    """A scalar: its text and place."""

    line: int
    column: int
    value: str
    quote: str = ""  # a quotation mark, or the sign of a block
    end: tuple[int, int] = (0, 0)  # line and column after it


class SequenceNode(NamedTuple):
    """A list."""

    line: int
    column: int
    items: "list[YamlNode]"


class MappingNode(NamedTuple):
    """A mapping: keys and values in order, duplicates included."""

    line: int
    column: int
    entries: "list[tuple[ScalarNode, YamlNode]]"


YamlNode = ScalarNode | SequenceNode | MappingNode


class DeckSyntaxError(Exception):
    """An error after which reading cannot go on."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def decode_deck(data: bytes, path: str) -> str:
    """Return a file's text without BOM. Raises DeckSyntaxError if it is not text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        what = "this file is UTF-16; decks must be UTF-8"
        raise DeckSyntaxError(Problem(path, 1, 1, what, f"Convert it: iconv -f UTF-16 -t UTF-8 {path}"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"the byte 0x{data[error.start]:02x} is not UTF-8 text"
        remedy = "Save the file as UTF-8 (it may be in Latin-1: iconv -f LATIN1 -t UTF-8)."
        raise DeckSyntaxError(Problem(path, line, column, what, remedy)) from error
    if not is_printable(text) and (bad := FORBIDDEN_CHARACTER.search(text)):
        line, column = text.count("\n", 0, bad.start()) + 1, bad.start() - text.rfind("\n", 0, bad.start())
        what = f"the control character U+{ord(bad[0]):04X} is not allowed here"
        raise DeckSyntaxError(Problem(path, line, column, what, "Remove it."))
    return text
