"""What was typed above what is right, letter below letter; signs say it as well as colours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.text import Text

from flashcards.core.answer_check import Run, Verdict
from flashcards.terminal import theme
from flashcards.terminal.text.sanitize import safe, safe_line
from flashcards.terminal.text.width import clusters, width, wrap

RIGHT, WRONG, MISSING, HERE = "✓ ", "✗ ", "·", "^"
MOST_ROWS = 4
"""Rows of text that are compared on the screen; what follows is cut."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One place of both texts, equally wide in both."""

    given: str
    wanted: str
    same: bool

    @property
    def columns(self) -> int:
        return width(self.given)


def difference(verdict: Verdict, columns: int) -> list[Text]:
    """Return the verdict in lines of at most so many columns."""
    given = safe_line("".join(run.given for run in verdict.runs))
    if verdict.right:
        lines = _good(verdict.wanted, columns)
        return lines if verdict.exact else [*lines, Text(f"  you typed {given}", theme.CHROME)]
    if not given:
        return [Text(f"{WRONG}nothing typed", theme.BAD), *_good(verdict.wanted, columns)]
    found: list[Text] = []
    for cells in list(_rows(_cells(verdict.runs), columns - 2))[:MOST_ROWS]:
        found += _aligned(cells)
    return found


def _good(wanted: str, columns: int) -> list[Text]:
    pieces = wrap(Text(safe_line(wanted), theme.GOOD), max(4, columns - 2))
    return [Text(RIGHT if i == 0 else "  ", theme.GOOD) + line for i, line in enumerate(pieces)]


def _cells(runs: Iterable[Run]) -> Iterator[_Cell]:
    """Yield the places of both texts; where one has less, a dot stands for it."""
    for run in runs:
        given, wanted = _signs(run.given), _signs(run.wanted)
        for i in range(max(len(given), len(wanted))):
            mine = given[i] if i < len(given) else MISSING
            yours = wanted[i] if i < len(wanted) else MISSING
            wide = max(width(mine), width(yours))
            if run.same and MISSING in (mine, yours):
                mine, yours = (" " if sign == MISSING else sign for sign in (mine, yours))
            yield _Cell(mine + " " * (wide - width(mine)), yours + " " * (wide - width(yours)),
                        run.same)  # fmt: skip


def _signs(text: str) -> list[str]:
    return [sign for sign, _ in clusters(safe(text))]


def _rows(cells: Iterable[_Cell], columns: int) -> Iterator[list[_Cell]]:
    row: list[_Cell] = []
    used = 0
    for cell in cells:
        if used + cell.columns > columns and row:
            yield row
            row, used = [], 0
        row.append(cell)
        used += cell.columns
    if row:
        yield row


def _aligned(cells: list[_Cell]) -> list[Text]:
    given, wanted, below = Text(WRONG, theme.BAD), Text(RIGHT, theme.GOOD), Text("  ")
    for cell in cells:
        given.append(cell.given, "" if cell.same else theme.BAD)
        wanted.append(cell.wanted, "" if cell.same else theme.GOOD)
        below.append((" " if cell.same else HERE).ljust(cell.columns), theme.WARNING)
    below.rstrip()
    return [given, wanted, *([below] if below.plain else [])]
