"""Write the Markdown lines that HTML tags stand for."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from operator import itemgetter

from flashcards.core.markdown_dialect import PRODUCT_OUTSIDE_CODE
from flashcards.importers.html.escaping import escape_line_start, escape_markdown, superscript_or_subscript

MAX_NESTING = 20  # lists, quotes and tables nested deeper are shown at this depth
EMPHASIS_MARKS = ("**", "*", "~~")
CODE_STYLE, RAW_STYLE = "`", "raw"
WHITESPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class _OpenBlock:
    """An open list or quote."""

    kind: str
    item_count: int = 0
    marker: str = ""  # the marker of an item that has no line yet
    indent: int = 0

    def take_line_prefix(self) -> str:
        """Return the prefix of the next line."""
        if self.kind == "quote":
            return "> "
        marker, self.marker = self.marker, ""
        return marker or " " * self.indent


@dataclass(slots=True)
class _OpenTable:
    """An open table, and what it interrupts."""

    lines: list[str]
    levels: list[_OpenBlock]
    rows: list[list[str]] = field(default_factory=list)
    in_cell: bool = False


@dataclass(slots=True)
class MarkdownWriter:
    """Turns text and the meaning of tags into Markdown."""

    _lines: list[str] = field(default_factory=list)
    _styled_runs: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    _open_styles: Counter[str] = field(default_factory=Counter)
    _open_blocks: list[_OpenBlock] = field(default_factory=list)
    _open_tables: list[_OpenTable] = field(default_factory=list)
    _code: list[str] | None = None
    _blank_line_pending: bool = False
    _ignored_tables: int = 0

    def add_text(self, text: str) -> None:
        """Add text in the current styles."""
        if self._code is not None:
            self._code.append(text)
            return
        text = WHITESPACE.sub(" ", text)
        if not self._styled_runs or self._styled_runs[-1][0].endswith(" "):
            text = text.removeprefix(" ")
        if text:
            self._styled_runs.append((text, tuple(sign for sign, many in self._open_styles.items() if many)))

    def add_markdown(self, markdown: str) -> None:
        """Add a piece of finished Markdown."""
        if self._code is None:
            self._styled_runs.append((markdown, (RAW_STYLE,)))

    def switch_style(self, sign: str, *, on: bool) -> None:
        """Begin or end a style; nested ones are counted."""
        self._open_styles[sign] = max(0, self._open_styles[sign] + (1 if on else -1))

    def break_line(self) -> None:
        """End the line; an empty one separates paragraphs."""
        if self._code is not None:
            self._code.append("\n")
        elif self._styled_runs:
            self.end_line()
        else:
            self._blank_line_pending = True

    def end_line(self, *, blank: bool = False) -> None:
        """End the line if it has text; with `blank`, the paragraph too."""
        if self._styled_runs and (line := self._render_runs()):
            self._append_line(line)
        begun = not (self._open_blocks and self._open_blocks[-1].marker)
        self._blank_line_pending = self._blank_line_pending or (blank and begun)

    def _append_line(self, line: str) -> None:
        if self._blank_line_pending and self._lines:
            self._lines.append("")
        self._blank_line_pending = False
        prefix = "".join(level.take_line_prefix() for level in self._open_blocks[:MAX_NESTING])
        self._lines.append(prefix + line)

    def _render_runs(self) -> str:
        """Return the line's Markdown; emphasis spans runs, but not outer spaces."""
        line, spaces, emphasis = "", "", list[tuple[str, int]]()
        starts_plain = bool(self._styled_runs) and not self._styled_runs[0][1]
        for style, runs in groupby(self._styled_runs, itemgetter(1)):
            text = "".join(run[0] for run in runs)
            trimmed = text if style == (RAW_STYLE,) else text.strip(" \xa0")
            before, _, after = text.partition(trimmed) if trimmed else (text, "", "")
            spaces += before
            if not trimmed:
                continue
            marks = [sign for sign in EMPHASIS_MARKS if sign in style]
            piece = _change_emphasis(emphasis, marks, spaces if line else " ") + _style_text(trimmed, style)
            if line[-1:] in {"!", "]"} and piece[0] in "([":  # neither a link nor an image
                line = f"{line[:-1]}\\{line[-1]}"
            line += piece
            spaces = after
        self._styled_runs.clear()
        line = PRODUCT_OUTSIDE_CODE.sub(
            _hide_product, line.removeprefix(" ") + _change_emphasis(emphasis, [], "")
        )
        indent = len(line) - len(line.lstrip("\xa0"))
        line = line[:indent] + line[indent:].replace("\xa0", " ")
        return escape_line_start(line) if starts_plain else line

    def add_rule(self) -> None:
        """Add a horizontal rule."""
        self.end_line(blank=True)
        if not self._open_tables:
            self._append_line("---")
            self._blank_line_pending = True

    def switch_block(self, kind: str, *, opens: bool) -> None:
        """Open a list ("ul", "ol") or quote, or close it if it is the innermost block."""
        self.end_line(blank=opens and not self._open_blocks)
        if opens:
            self._open_blocks.append(_OpenBlock(kind))
        elif self._open_blocks and self._open_blocks[-1].kind == kind:
            self._open_blocks.pop()
            self._blank_line_pending = self._blank_line_pending or not self._open_blocks or kind == "quote"

    def begin_item(self) -> None:
        """Begin an item of the innermost list."""
        self.end_line()
        if not self._open_blocks or self._open_blocks[-1].kind == "quote":
            self._open_blocks.append(_OpenBlock("ul"))
        level = self._open_blocks[-1]
        level.item_count += 1
        level.marker = f"{level.item_count}. " if level.kind == "ol" else "- "
        level.indent = len(level.marker)
        if level.item_count > 1:
            self._blank_line_pending = False

    def switch_code_block(self, *, opens: bool) -> None:
        """Begin or end a code block."""
        if opens and self._code is None:
            self.end_line(blank=True)
            self._code = []
        elif not opens and self._code is not None:
            code, self._code = "".join(self._code).strip("\n"), None
            for line in _code_lines(code, inline=bool(self._open_tables)):
                self._append_line(line)
            self._blank_line_pending = True

    def switch_table(self, *, opens: bool) -> None:
        """Begin or end a table."""
        self.end_line(blank=True)
        if opens and len(self._open_tables) >= MAX_NESTING:
            self._ignored_tables += 1
        elif opens:
            self._open_tables.append(_OpenTable(self._lines, self._open_blocks))
            self._lines, self._open_blocks, self._blank_line_pending = [], [], False
        elif self._ignored_tables:
            self._ignored_tables -= 1
        elif self._open_tables:
            self.switch_cell()
            table = self._open_tables.pop()
            self._lines, self._open_blocks = table.lines, table.levels
            self._blank_line_pending = True
            for line in _table_lines(table.rows):
                self._append_line(line)
            self._blank_line_pending = True

    def begin_row(self) -> None:
        """Begin a table row."""
        self.switch_cell()
        if self._open_tables and not self._ignored_tables:
            self._open_tables[-1].rows.append([])

    def switch_cell(self, *, opens: bool = False) -> None:
        """Begin or end a cell; text before the first one becomes a cell."""
        self.end_line()
        if not self._open_tables or self._ignored_tables:
            return
        table = self._open_tables[-1]
        text = " ".join(line.strip() for line in self._lines if line.strip())
        self._lines, self._open_blocks, self._blank_line_pending = [], [], False
        if text or table.in_cell:
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(text)
        table.in_cell = opens

    def finish_markdown(self) -> str:
        """Close everything, and return the Markdown."""
        self.switch_code_block(opens=False)
        self._ignored_tables = 0
        while self._open_tables:
            self.switch_table(opens=False)
        self.end_line()
        return "\n".join(self._lines).strip("\n")


def _change_emphasis(marks: list[tuple[str, int]], wanted: list[str], spaces: str) -> str:
    """Return the marks that end and begin emphasis, with the spaces between.

    `marks` are the open ones, each with the length of the run it began in; they become those `wanted`.
    """
    # Markdown pairs runs of stars by their length: marks that it would pair wrongly are left out.
    kept = sum(1 for _ in takewhile(lambda mark: mark[0] in wanted, marks))
    ended = "".join(mark for mark, _ in reversed(marks[kept:]))
    del marks[kept:]
    begun = [mark for mark in wanted if mark not in dict(marks)]
    closing = 0 if spaces else len(ended) - len(ended.rstrip("*"))
    run = sum(len(mark) for mark in begun if mark != "~~")
    lengths = [length for mark, length in marks if mark != "~~"]
    if closing:
        is_clear = not lengths and (closing + run) % 3 == 0
    else:
        is_clear = bool(spaces) or all((length + run) % 3 == 0 < length % 3 for length in lengths)
    if not is_clear:
        begun = [mark for mark in begun if mark == "~~"]
    marks += [(mark, closing + run) for mark in begun]
    return ended + spaces + "".join(begun)


def _style_text(text: str, style: tuple[str, ...]) -> str:
    if style == (RAW_STYLE,):
        return text
    if CODE_STYLE in style:
        ticks = "`" * (max((len(found) for found in re.findall("`+", text)), default=0) + 1)
        pad = " " if text[0] == "`" or text[-1] == "`" else ""
        text = f"{ticks}{pad}{text}{pad}{ticks}"
    else:
        text = escape_markdown(text)
    for sign in ("^", "_"):
        if sign in style:
            text = superscript_or_subscript(text, sign)
    return text


def _hide_product(found: re.Match[str]) -> str:
    """Escape emphasis that could be read as a product."""
    if not found["product"]:
        return found[0]
    return re.sub(r"(?<=\*)(~*)([^*~])", lambda sign: f"{sign[1]}&#{ord(sign[2])};", found[0])


def _code_lines(code: str, *, inline: bool) -> list[str]:
    lines = code.replace("\r", "").replace("\xa0", " ").split("\n")
    if inline:
        return [_style_text(line, (CODE_STYLE,)) for line in lines if line.strip()]
    longest = max((len(found) for found in re.findall("`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return [fence, *lines, fence]


def _table_lines(rows: list[list[str]]) -> list[str]:
    """Return rows as a Markdown table; one column as plain lines."""
    rows = [row for row in rows if any(row)]
    columns = max((len(row) for row in rows), default=0)
    if columns < 2:
        return [cell for row in rows for cell in row]
    lines = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row + [""] * (columns - len(row))) + " |"
        for row in rows
    ]
    return [lines[0], "|" + " --- |" * columns, *lines[1:]]
