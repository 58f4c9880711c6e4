"""Explain YAML syntax errors in the user's words, with the corrected line."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from flashcards.errors import Problem

if TYPE_CHECKING:
    import yaml

MAX_NESTING_DEPTH = 40
TOO_DEEP_MESSAGE = f"this is nested more than {MAX_NESTING_DEPTH} levels deep"
BRACKETS_REMEDY = 'Text that begins with [ or { needs quotes: "[…".'
VALUE_LINE = re.compile(r"^(?P<lead>\s*(?:-\s+)*[\w-]+:\s+)(?P<value>\S.*?)\s*$")
KEY_LINE = re.compile(r"\s*(?:-\s+)*[\w-]+:(?:\s|$)|\s*$")
WHOLE_VALUE = re.compile(
    r'"(?:[^"\\]|\\.)*"(?:\s+#.*)?$' "|" r"'(?:[^']|'')*'(?:\s+#.*)?$" "|" r"[|>][-+\d]*(?:\s+#.*)?$"
)
"""A value quoted as a whole, or the head of a block."""
OPEN_QUOTE = re.compile(r'"(?:[^"\\]|\\.)*$' "|" r"'(?:[^']|'')*$")
CONFLICT = re.compile(
    r"^<{7}(?: [^\n]*)?\r?\n(?P<ours>(?:(?![<|=]{7})[^\n]*\n)*)(?:\|{7}[^\n]*\n(?:(?![<=]{7})[^\n]*\n)*)?"
    r"={7}\r?\n(?P<theirs>(?:(?![<>]{7})[^\n]*\n)*)>{7}[^\n]*(?:\n|\Z)",
    re.MULTILINE,
)
"""Git's markers around two versions."""


Location = tuple[int, int, *tuple[Any, ...]]
"""Line and column from 1, or a node, which begins with them."""


class DeckSource(NamedTuple):
    """A deck file's text, for problem locations."""

    path: str
    lines: tuple[str, ...]

    def problem_at(self, location: Location, what: str, remedy: str = "") -> Problem:
        """Return a problem at a place in this file, with its line."""
        line, column = location[:2]
        line_text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Problem(self.path, line, column, what, remedy, line_text)


def conflict_problems(text: str, source: DeckSource) -> Iterator[Problem]:
    """Yield each conflict left by git in a text, with both versions."""
    for conflict in CONFLICT.finditer(text):
        line = text.count("\n", 0, conflict.start()) + 1
        ours, theirs = (" ".join(conflict[side].split())[:200] or "nothing" for side in ("ours", "theirs"))
        what = f"git left a conflict here; ours: {ours}; theirs: {theirs}"
        remedy = "flashcards check --fix ours keeps the first, flashcards check --fix theirs the second."
        yield source.problem_at((line, 1), what, remedy)


def explain_syntax_error(
    error: "yaml.MarkedYAMLError", source: DeckSource, lines: list[str]
) -> tuple[Problem, str | None]:
    """Return the problem of a syntax error, and its corrected line if certain."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    line = min(line, max(1, len(lines)))
    what = str(error.problem or error)
    if "nesting depth" in what:  # libyaml checks this before our own check sees an event
        place = line, min(column, MAX_NESTING_DEPTH + 1)
        return source.problem_at(place, TOO_DEEP_MESSAGE, BRACKETS_REMEDY), None
    if "escape" in what and (match := VALUE_LINE.match(lines[line - 1])):
        quoted = match["lead"] + single_quoted(match["value"])
        message = f'"{lines[line - 1][column - 1 : column + 1]}" between double quotes is no escape of YAML'
        remedy = f"use single quotes: write   {quoted.strip()}"
        return source.problem_at((line, column), message, remedy), quoted
    if fault := _value_fault(error, line, source, lines):
        return fault
    if re.match(r"\s*\t", lines[line - 1]):
        message = "tabs cannot be used for indentation"
        return source.problem_at((line, column), message, "Indent with spaces."), None
    if "expected ':'" in what and error.context_mark:
        start = error.context_mark
        return _continued_value(start.line + 1, start.column + 1, source, lines), None
    message = f"{error.context or ''} {what}"
    remedy = next((hint for sign, hint in SYNTAX_HINTS.items() if sign in message), DEFAULT_SYNTAX_HINT)
    return source.problem_at((line, column), what, remedy), None


def _value_fault(
    error: "yaml.MarkedYAMLError", line: int, source: DeckSource, lines: list[str]
) -> tuple[Problem, str | None] | None:
    """Return the quoting problem near the line where YAML stopped, if any."""
    for number in (line, line - 1):
        if 0 < number <= len(lines) and (unquoted := _unquoted_value(number, source, lines)):
            return unquoted
    opened = line - 1
    if error.context_mark and "quoted" in (error.context or ""):  # where the quotation mark is
        opened = error.context_mark.line + 1
    return _open_quote(opened, source, lines) if 0 < opened <= len(lines) else None


def _unquoted_value(number: int, source: DeckSource, lines: list[str]) -> tuple[Problem, str] | None:
    """Return the problem of a value that lacks quotes, and its corrected line."""
    match = VALUE_LINE.match(lines[number - 1])
    sign = _special_sign(match["value"]) if match else ""
    if not match or not sign:
        return None
    value = match["value"]
    if value[0] in "\"'":
        inner = value[1:-1] if value[-1] == value[0] else value
        whole = double_quoted(inner) if '"' not in inner else "'" + inner.replace("'", "''") + "'"
        message, remedy = "text stands outside of the quotes", "quote the whole value: write"
    else:
        whole = double_quoted(value)
        message, remedy = f'this value needs quotes, because of "{sign}"', "write"
    line = match["lead"] + whole
    problem = source.problem_at((number, len(match["lead"]) + 1), message, f"{remedy}   {line.strip()}")
    return problem, line


def _open_quote(number: int, source: DeckSource, lines: list[str]) -> tuple[Problem, str | None] | None:
    """Return the problem of an unclosed quotation mark, corrected before a key."""
    match = VALUE_LINE.match(lines[number - 1])
    if not match or not OPEN_QUOTE.match(match["value"]):
        return None
    closed = f"{match['lead']}{match['value']}{match['value'][0]}"
    is_alone = number == len(lines) or KEY_LINE.match(lines[number])
    place = (number, len(match["lead"]) + 1)
    remedy = f"Close the quotation mark: write   {closed.strip()}"
    problem = source.problem_at(place, "this quotation mark is never closed", remedy)
    return problem, closed if is_alone else None


def _continued_value(line: int, column: int, source: DeckSource, lines: list[str]) -> Problem:
    """Return the problem of a line without key, with a block as the remedy."""
    above = VALUE_LINE.match(lines[line - 2]) if line > 1 else None
    remedy = 'Text that goes on over several lines needs "|" after the colon above it'
    if above:
        lead, indent = above["lead"].strip(), " " * (len(above["lead"]) - len(above["lead"].lstrip()) + 4)
        remedy += f": write\n{lead} |\n{indent}{above['value']}\n{indent}{lines[line - 1].strip()}"
    what = "this line is neither a key nor part of the value above it"
    return source.problem_at((line, column), what, remedy)


DEFAULT_SYNTAX_HINT = (
    "Compare it with the cards around it: the same indentation, and a space after each colon."
)
SYNTAX_HINTS = {
    "expected key": "Is this line indented like the ones before it?",
    "expected <block end>": "Is this line indented like the ones before it?",
    "expected ':'": 'Text that goes on over several lines needs "|" after the colon above it.',
    "quoted scalar": "Close the quotation mark.",
}


def _special_sign(value: str) -> str:
    """Return what YAML would misread in a value; "" if it is fine."""
    if value[0] in "\"'|>":
        return "" if WHOLE_VALUE.match(value) or OPEN_QUOTE.match(value) else value[0]
    if value[0] in "[{":
        is_text = value.startswith(("{{", "[[")) or re.match(r"\[[^\]]*\]\s*[^\s#]|\{[^}]*\}\s*[^\s#]", value)
        return value[0] if is_text else ""
    if value.startswith(("- ", "? ")):
        return value[:2]
    if ": " in value or value.endswith(":"):
        return ": " if ": " in value else ":"
    return value[0] if value[0] in "@`%&*!?,]}" else ""


def double_quoted(value: str) -> str:
    """Return a text in double quotes."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def single_quoted(quoted: str) -> str:
    """Return a double-quoted text in single quotes, with backslashes as typed."""
    inner = quoted.strip().strip('"').replace('\\"', '"').replace("\\\\", "\\")
    return "'" + inner.replace("'", "''") + "'"
