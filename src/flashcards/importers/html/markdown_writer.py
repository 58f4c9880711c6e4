"""The lines of Markdown that HTML's tags ask for: lists, quotes, tables, code, styles."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from flashcards.importers.html.escaping import escaped, guarded, shifted

DEEPEST = 20
"""Lists, quotes and tables nested further than this are shown at this depth."""
MARKS = ("**", "*", "~~")
CODE, RAW = "`", "raw"
SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class _Level:
    """A list or a quote that is open."""

    kind: str
    count: int = 0
    marker: str = ""
    """Of the item that has no line yet."""
    indent: int = 0

    def prefix(self) -> str:
        """Return what stands before the next line."""
        if self.kind == "quote":
            return "> "
        marker, self.marker = self.marker, ""
        return marker or " " * self.indent


@dataclass(slots=True)
class _Table:
    """A table that is open, and what it interrupts."""

    lines: list[str]
    levels: list[_Level]
    rows: list[list[str]] = field(default_factory=list)
    in_cell: bool = False


@dataclass(slots=True)
class Lines:
    """Takes text and the meaning of tags, and gives Markdown."""

    _done: list[str] = field(default_factory=list)
    _runs: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    _styles: Counter[str] = field(default_factory=Counter)
    _levels: list[_Level] = field(default_factory=list)
    _tables: list[_Table] = field(default_factory=list)
    _code: list[str] | None = None
    _blank: bool = False
    _too_deep: int = 0

    def text(self, text: str) -> None:
        """Add text in the styles that are on."""
        if self._code is not None:
            self._code.append(text)
            return
        text = SPACE.sub(" ", text)
        if not self._runs or self._runs[-1][0].endswith(" "):
            text = text.removeprefix(" ")
        if text:
            self._runs.append((text, tuple(sign for sign, many in self._styles.items() if many)))

    def raw(self, markdown: str) -> None:
        """Add a piece that is Markdown already."""
        if self._code is None:
            self._runs.append((markdown, (RAW,)))

    def style(self, sign: str, *, on: bool) -> None:
        """Begin or end a style; each is as deep as it was begun often."""
        self._styles[sign] = max(0, self._styles[sign] + (1 if on else -1))

    def br(self) -> None:
        """End the line; an empty one parts paragraphs."""
        if self._code is not None:
            self._code.append("\n")
        elif self._runs:
            self.end()
        else:
            self._blank = True

    def end(self, *, blank: bool = False) -> None:
        """End the line if it holds something; with `blank`, the paragraph too."""
        if self._runs and (line := self._line()):
            self._put(line)
        begun = not (self._levels and self._levels[-1].marker)
        self._blank = self._blank or (blank and begun)

    def _put(self, line: str) -> None:
        if self._blank and self._done:
            self._done.append("")
        self._blank = False
        prefix = "".join(level.prefix() for level in self._levels[:DEEPEST])
        self._done.append(prefix + line)

    def _line(self) -> str:
        """Return the Markdown of the line's runs, neighbours in the same style made one."""
        pieces = [
            (text, style)
            for style, runs in groupby(self._runs, itemgetter(1))
            for text in ["".join(run[0] for run in runs)]
        ]
        self._runs.clear()
        line = "".join(_styled(text, style) for text, style in pieces).rstrip(" \xa0")
        indent = len(line) - len(line.lstrip("\xa0"))
        line = line[:indent] + line[indent:].replace("\xa0", " ")
        return guarded(line) if pieces and not pieces[0][1] else line

    def rule(self) -> None:
        """Draw a line across."""
        self.end(blank=True)
        if not self._tables:
            self._put("---")
            self._blank = True

    def enter(self, kind: str) -> None:
        """Open a list ("ul", "ol") or a quote."""
        self.end(blank=not self._levels)
        self._levels.append(_Level(kind))

    def leave(self, kind: str) -> None:
        """Close the list or quote, if it is the innermost that is open."""
        self.end()
        if self._levels and self._levels[-1].kind == kind:
            self._levels.pop()
            self._blank = self._blank or not self._levels or kind == "quote"

    def item(self) -> None:
        """Begin an item of the innermost list."""
        self.end()
        if not self._levels or self._levels[-1].kind == "quote":
            self._levels.append(_Level("ul"))
        level = self._levels[-1]
        level.count += 1
        level.marker = f"{level.count}. " if level.kind == "ol" else "- "
        level.indent = len(level.marker)
        if level.count > 1:
            self._blank = False

    def fence(self, *, opens: bool) -> None:
        """Begin or end a block of code."""
        if opens and self._code is None:
            self.end(blank=True)
            self._code = []
        elif not opens and self._code is not None:
            code, self._code = "".join(self._code).strip("\n"), None
            for line in _fenced(code, inline=bool(self._tables)):
                self._put(line)
            self._blank = True

    def table(self, *, opens: bool) -> None:
        """Begin or end a table."""
        self.end(blank=True)
        if opens and len(self._tables) >= DEEPEST:
            self._too_deep += 1
        elif opens:
            self._tables.append(_Table(self._done, self._levels))
            self._done, self._levels, self._blank = [], [], False
        elif self._too_deep:
            self._too_deep -= 1
        elif self._tables:
            self.cell()
            table = self._tables.pop()
            self._done, self._levels = table.lines, table.levels
            self._blank = True
            for line in _grid(table.rows):
                self._put(line)
            self._blank = True

    def row(self) -> None:
        """Begin a row of the table."""
        self.cell()
        if self._tables and not self._too_deep:
            self._tables[-1].rows.append([])

    def cell(self, *, opens: bool = False) -> None:
        """Begin or end a cell; what stands before it in the table is a cell, too."""
        self.end()
        if not self._tables or self._too_deep:
            return
        table = self._tables[-1]
        text = " ".join(line.strip() for line in self._done if line.strip())
        self._done, self._levels, self._blank = [], [], False
        if text or table.in_cell:
            if not table.rows:
                table.rows.append([])
            table.rows[-1].append(text)
        table.in_cell = opens

    def finished(self) -> str:
        """Close what is open, and return all of it."""
        self.fence(opens=False)
        self._too_deep = 0
        while self._tables:
            self.table(opens=False)
        self.end()
        return "\n".join(self._done).strip("\n")


def _styled(text: str, style: tuple[str, ...]) -> str:
    """Return a run between the signs of its style; the space at its ends stays outside."""
    if style == (RAW,):
        return text
    core = text.strip(" \xa0")
    if not core or not style:
        return text if not core else escaped(text)
    at = text.index(core)
    before, after = text[:at], text[at + len(core) :]
    if CODE in style:
        ticks = "`" * (max((len(found) for found in re.findall("`+", core)), default=0) + 1)
        pad = " " if core[0] == "`" or core[-1] == "`" else ""
        core = f"{ticks}{pad}{core}{pad}{ticks}"
    else:
        core = escaped(core)
    for sign in ("^", "_"):
        if sign in style:
            core = shifted(core, sign)
    marks = "".join(sign for sign in MARKS if sign in style)
    return f"{before}{marks}{core}{marks[::-1]}{after}"


def _fenced(code: str, *, inline: bool) -> list[str]:
    lines = code.replace("\r", "").replace("\xa0", " ").split("\n")
    if inline:
        return [_styled(line, (CODE,)) for line in lines if line.strip()]
    longest = max((len(found) for found in re.findall("`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return [fence, *lines, fence]


def _grid(rows: list[list[str]]) -> list[str]:
    """Return rows as a Markdown table, the first as its head; one column as plain lines."""
    rows = [row for row in rows if any(row)]
    columns = max((len(row) for row in rows), default=0)
    if columns < 2:
        return [cell for row in rows for cell in row]
    lines = [
        "| "
        + " | ".join(cell.replace("|", "\\|") for cell in row + [""] * (columns - len(row)))
        + " |"
        for row in rows
    ]
    return [lines[0], "|" + " --- |" * columns, *lines[1:]]
