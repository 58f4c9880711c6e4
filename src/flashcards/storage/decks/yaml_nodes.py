"""YAML as plain text: one guarded pass over libyaml's events; every scalar is what was typed.

Nothing recurses before the depth is known, no type is guessed, and nothing can refer to anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from flashcards.errors import Problem

DEEPEST = 40
MOST_MENDS = 20
"""Syntax faults that are mended in passing, so that one run tells them all."""
PARSER = getattr(yaml, "CLoader", yaml.Loader)
"""libyaml's, forty times as quick; the same events without it."""
FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
VALUE = re.compile(r"^(?P<lead>\s*(?:-\s+)*[\w-]+:\s+)(?P<value>[^\s\"'|>\[{].*?)\s*$")


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar: what was typed, and where (line and column from 1)."""

    value: str
    line: int
    column: int


@dataclass(slots=True)
class Items:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Fields:
    """A mapping: names and values in their order, doubles included."""

    line: int
    column: int
    fields: list[tuple[Text, Node]] = field(default_factory=list)


Node = Text | Items | Fields


@dataclass(frozen=True, slots=True)
class Source:
    """A deck file's text, for pointing at its lines."""

    path: str
    lines: tuple[str, ...]

    def problem(self, place: Node | tuple[int, int], what: str, remedy: str = "") -> Problem:
        """Return a fault at a place in this file, with its line."""
        line, column = place if isinstance(place, tuple) else (place.line, place.column)
        shown = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Problem(self.path, line, column, what, remedy, shown)


class FaultError(Exception):
    """Reading cannot go on after this fault."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def decoded(data: bytes, path: str) -> str:
    """Return a file's text without a byte order mark. Raises FaultError when it is not text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        what = "this file is UTF-16, and decks are UTF-8"
        raise FaultError(Problem(path, 1, 1, what, f"Convert it: iconv -f UTF-16 -t UTF-8 {path}"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = f"the byte 0x{data[error.start]:02x} is not UTF-8 text"
        remedy = "Save the file as UTF-8 (it may be in Latin-1: iconv -f LATIN1 -t UTF-8)."
        raise FaultError(Problem(path, line, column, what, remedy)) from error
    if bad := FORBIDDEN.search(text):
        line, column = (
            text.count("\n", 0, bad.start()) + 1,
            bad.start() - text.rfind("\n", 0, bad.start()),
        )
        what = f"the control character U+{ord(bad[0]):04X} cannot stand here"
        remedy = f'Take it out, or write "\\x{ord(bad[0]):02x}" between double quotes.'
        raise FaultError(Problem(path, line, column, what, remedy))
    return text


def read_nodes(text: str, path: str) -> tuple[Node | None, Source, list[Problem]]:
    """Return the document, its source for pointing, and the faults of its syntax.

    A value that only lacks quotes is reported, and read as if it had them.
    """
    source = Source(path, tuple(text.splitlines()))
    lines, problems = text.split("\n"), list[Problem]()
    while True:
        try:
            return _document("\n".join(lines), source), source, problems
        except FaultError as fault:
            return None, source, [*problems, fault.problem]
        except yaml.MarkedYAMLError as error:
            problem, mend = _explained(error, source, lines)
            problems.append(problem)
            if mend is None or len(problems) > MOST_MENDS:
                return None, source, problems
            lines[problem.line - 1] = mend


def _document(text: str, source: Source) -> Node | None:
    """Build the one document of a text, without recursion."""
    root: Node | None = None
    open_nodes: list[Items | Fields] = []
    names: list[Text | None] = []
    for event in _events(text):
        mark = event.start_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _refuse(event, place, source, started=root is not None, depth=len(open_nodes))
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            names.pop()
            continue
        node = _node(event, place)
        if node is None:
            continue
        if not open_nodes:
            root = node
        elif isinstance(parent := open_nodes[-1], Items):
            parent.items.append(node)
        elif (name := names[-1]) is not None:
            parent.fields.append((name, node))
            names[-1] = None
        elif isinstance(node, Text):
            names[-1] = node
        else:
            raise FaultError(
                source.problem(place, "a name is a word, not a list or a mapping", QUOTES)
            )
        if not isinstance(node, Text):
            open_nodes.append(node)
            names.append(None)
    return root


def _events(text: str) -> Iterator[yaml.Event]:
    parser = PARSER(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _node(event: yaml.Event, place: tuple[int, int]) -> Node | None:
    if isinstance(event, yaml.ScalarEvent):
        return Text(event.value, *place)
    if isinstance(event, yaml.SequenceStartEvent):
        return Items(*place)
    if isinstance(event, yaml.MappingStartEvent):
        return Fields(*place)
    return None


def _refuse(
    event: yaml.Event, place: tuple[int, int], source: Source, *, started: bool, depth: int
) -> None:
    """Raise FaultError at what YAML can do and decks cannot."""
    what = remedy = ""
    if isinstance(event, yaml.DocumentStartEvent) and started:
        what, remedy = "a second document begins here", "One file is one deck: split the file."
    elif isinstance(event, yaml.AliasEvent):
        what, remedy = f"*{event.anchor} refers to another place", ALIAS
    elif isinstance(event, yaml.NodeEvent) and event.anchor:
        what, remedy = f"&{event.anchor} names this place for others", ALIAS
    elif (tag := getattr(event, "tag", None)) and tag != "!":
        what, remedy = f"the type {tag} is not known here", "Take it out: all text stays text."
    elif isinstance(event, yaml.CollectionStartEvent) and depth >= DEEPEST:
        what, remedy = TOO_DEEP, TEXT_IN_BRACKETS
    if what:
        raise FaultError(source.problem(place, what, remedy))


TOO_DEEP = f"this is nested more than {DEEPEST} levels deep"
TEXT_IN_BRACKETS = 'Text that begins with [ or { needs quotes: "[…".'
QUOTES = "If it is text, put it between quotes."
ALIAS = "Write the text out; or, if the sign belongs to the text, put it between quotes."


def _explained(
    error: yaml.MarkedYAMLError, source: Source, lines: list[str]
) -> tuple[Problem, str | None]:
    """Return a syntax error in the person's words, and its line mended when that is certain."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    line = min(line, max(1, len(lines)))
    what = str(error.problem or error)
    if "nesting depth" in what:  # libyaml looks further ahead than its events tell
        return source.problem((line, min(column, DEEPEST + 1)), TOO_DEEP, TEXT_IN_BRACKETS), None
    for number in (line, line - 1):
        found = VALUE.match(lines[number - 1]) if 0 < number <= len(lines) else None
        if found and (sign := _troubling(found["value"])):
            quoted = found["lead"] + _quoted(found["value"])
            place = number, len(found["lead"]) + 1
            told = f'this value needs quotes, because of "{sign}"'
            return source.problem(place, told, f"write   {quoted.strip()}"), quoted
    if "\t" in lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]:
        return source.problem((line, column), "a tab cannot indent", "Indent with spaces."), None
    told = f"{error.context or ''} {what}"
    remedy = next((hint for sign, hint in HINTS.items() if sign in told), HINT)
    return source.problem((line, column), what, remedy), None


HINT = "Compare it with the cards around it: the same indentation, and a space after each colon."
HINTS = {
    "expected key": "Is this line indented like the ones before it?",
    "expected <block end>": "Is this line indented like the ones before it?",
    "expected ':'": 'Text that goes on over several lines needs "|" after the colon above it.',
    "quoted scalar": "A quotation mark is missing its partner.",
}


def _troubling(value: str) -> str:
    """Return what in an unquoted value YAML reads as its own."""
    if ": " in value or value.endswith(":"):
        return ": " if ": " in value else ":"
    return value[0] if value[0] in "@`%&*!?,]}" else ""


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
