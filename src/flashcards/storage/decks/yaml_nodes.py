"""Parse YAML into nodes of plain text, with locations.

No recursion before the depth is checked, no implicit types, no aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from flashcards.errors import Problem
from flashcards.storage.decks.yaml_syntax import (
    BRACKETS_REMEDY,
    MAX_NESTING_DEPTH,
    TOO_DEEP_MESSAGE,
    DeckSource,
    explain_syntax_error,
)

if TYPE_CHECKING:
    import yaml

QUOTES_REMEDY = "If it is text, put it between quotes."
ALIAS_REMEDY = "Write the text out; or, if the sign belongs to the text, put it between quotes."
MAX_SYNTAX_REPAIRS = 20  # syntax errors repaired in passing, so that one run reports them all
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
    items: list[YamlNode]


class MappingNode(NamedTuple):
    """A mapping: keys and values in order, duplicates included."""

    line: int
    column: int
    entries: list[tuple[ScalarNode, YamlNode]]


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
    if bad := FORBIDDEN_CHARACTER.search(text):
        line, column = (text.count("\n", 0, bad.start()) + 1, bad.start() - text.rfind("\n", 0, bad.start()))
        what = f"the control character U+{ord(bad[0]):04X} is not allowed here"
        raise DeckSyntaxError(Problem(path, line, column, what, "Remove it."))
    return text


def parse_yaml(text: str, path: str) -> tuple[YamlNode | None, DeckSource, list[Problem]]:
    """Return the document, its source for locations, and its syntax problems.

    A value that only lacks quotes is reported, and read as if it had them.
    """
    import yaml  # here and below: decks in our own format need none of this

    source = DeckSource(path, tuple(text.splitlines()))
    lines, problems = text.split("\n"), list[Problem]()
    while True:
        try:
            return _parse_document("\n".join(lines), source), source, problems
        except DeckSyntaxError as fault:
            return None, source, [*problems, fault.problem]
        except yaml.MarkedYAMLError as error:
            problem, mend = explain_syntax_error(error, source, lines)
            problems.append(problem)
            if mend is None or len(problems) > MAX_SYNTAX_REPAIRS:
                return None, source, problems
            lines[problem.line - 1] = mend


def _parse_document(text: str, source: DeckSource) -> YamlNode | None:
    """Build the document of a text, without recursion."""
    import yaml

    root: YamlNode | None = None
    open_nodes: list[SequenceNode | MappingNode] = []
    names: list[ScalarNode | None] = []
    for event in _yaml_events(text):
        mark = event.start_mark
        location = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _raise_if_unsupported(event, location, source, has_document=root is not None, depth=len(open_nodes))
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            names.pop()
            continue
        node = _node_from_event(event, location)
        if node is None:
            continue
        if not open_nodes:
            root = node
        elif isinstance(parent := open_nodes[-1], SequenceNode):
            parent.items.append(node)
        elif (name := names[-1]) is not None:
            parent.entries.append((name, node))
            names[-1] = None
        elif isinstance(node, ScalarNode):
            names[-1] = node
        else:
            raise DeckSyntaxError(
                source.problem_at(location, "a name is a word, not a list or a mapping", QUOTES_REMEDY)
            )
        if not isinstance(node, ScalarNode):
            open_nodes.append(node)
            names.append(None)
    return root


def _yaml_events(text: str) -> Iterator[yaml.Event]:
    import yaml

    # libyaml is forty times as fast, and gives the same events.
    parser = getattr(yaml, "CLoader", yaml.Loader)(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _node_from_event(event: yaml.Event, location: tuple[int, int]) -> YamlNode | None:
    import yaml

    if isinstance(event, yaml.ScalarEvent):
        end = (event.end_mark.line + 1, event.end_mark.column + 1) if event.end_mark else location
        return ScalarNode(*location, event.value, event.style or "", end)
    if isinstance(event, yaml.SequenceStartEvent):
        return SequenceNode(*location, [])
    if isinstance(event, yaml.MappingStartEvent):
        return MappingNode(*location, [])
    return None


def _raise_if_unsupported(
    event: yaml.Event, location: tuple[int, int], source: DeckSource, *, has_document: bool, depth: int
) -> None:
    """Raise DeckSyntaxError for YAML features that decks do not have."""
    import yaml

    what = remedy = ""
    if isinstance(event, yaml.DocumentStartEvent) and has_document:
        what, remedy = "a second YAML document starts here", "One file is one deck: split the file."
    elif isinstance(event, yaml.AliasEvent):
        what, remedy = f"YAML aliases (*{event.anchor}) are not supported", ALIAS_REMEDY
    elif isinstance(event, yaml.NodeEvent) and event.anchor:
        what, remedy = f"YAML anchors (&{event.anchor}) are not supported", ALIAS_REMEDY
    elif (tag := getattr(event, "tag", None)) and tag != "!":
        what, remedy = f"the YAML tag {tag} is not supported", "Remove it: values are always text."
    elif isinstance(event, yaml.CollectionStartEvent) and depth >= MAX_NESTING_DEPTH:
        what, remedy = TOO_DEEP_MESSAGE, BRACKETS_REMEDY
    if what:
        raise DeckSyntaxError(source.problem_at(location, what, remedy))
