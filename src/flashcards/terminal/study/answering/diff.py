"""Show a typed answer above the right one, aligned."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from rich.text import Text

from flashcards.core.typed_answer_check import AnswerCheck, DiffRun
from flashcards.terminal import theme
from flashcards.terminal.text.bidi import is_rtl_paragraph, to_visual_order
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize, sanitize_line
from flashcards.terminal.text.width import display_width, graphemes

RIGHT_PREFIX, WRONG_PREFIX, MISSING_MARK, DIFFERENCE_MARK = "✓ ", "✗ ", "·", "^"
MAX_ROWS = 4  # rows of text compared on screen; the rest is cut


class _DiffCell(NamedTuple):
    """Characters at one place of both texts, equally wide."""

    given: str
    wanted: str
    is_same: bool

    @property
    def width(self) -> int:
        return display_width(self.given)


def diff_lines(answer_check: AnswerCheck, width: int, *, reorders_rtl: bool = False) -> list[Text]:
    """Return the check of a typed answer, `width` columns wide."""
    is_rtl = is_rtl_paragraph(answer_check.closest_answer)
    lines = _verdict_lines(answer_check, width, in_two_lines=is_rtl or answer_check.has_little_in_common)
    if is_rtl and not reorders_rtl:
        lines = [to_visual_order(line, rtl=True) for line in lines]
        for line in lines:
            line.justify = "right"
    return lines


def _verdict_lines(answer_check: AnswerCheck, width: int, *, in_two_lines: bool) -> list[Text]:
    given = sanitize_line("".join(run.given for run in answer_check.runs))
    if answer_check.is_right:
        lines = _answer_lines(answer_check.closest_answer, RIGHT_PREFIX, theme.GOOD, width)
        return lines if answer_check.is_exact else [*lines, Text(f"  you typed {given}", theme.CHROME)]
    if not given or in_two_lines:
        return [
            *_answer_lines(given or "nothing typed", WRONG_PREFIX, theme.BAD, width),
            *_answer_lines(answer_check.closest_answer, RIGHT_PREFIX, theme.GOOD, width),
        ]
    rows: list[Text] = []
    for cells in list(_diff_rows(_diff_cells(answer_check.runs), width - 2))[:MAX_ROWS]:
        rows += _row_lines(cells)
    return rows


def _answer_lines(answer: str, prefix: str, style: str, width: int) -> list[Text]:
    pieces = wrap_text(Text(sanitize_line(answer), style), max(4, width - 2))[:MAX_ROWS]
    return [Text(prefix if i == 0 else "  ", style) + line for i, line in enumerate(pieces)]


def _diff_cells(runs: Iterable[DiffRun]) -> Iterator[_DiffCell]:
    """Yield the aligned cells of both texts; a dot marks missing characters."""
    for run in runs:
        given, wanted = _split_graphemes(run.given), _split_graphemes(run.expected)
        missing = " " if run.is_equal else MISSING_MARK
        for mine, yours in zip_longest(given, wanted, fillvalue=missing):
            wide = max(display_width(mine), display_width(yours))
            top, bottom = (text + " " * (wide - display_width(text)) for text in (mine, yours))
            yield _DiffCell(top, bottom, run.is_equal)


def _split_graphemes(text: str) -> list[str]:
    return [grapheme for grapheme, _ in graphemes(sanitize(text))]


def _diff_rows(cells: Iterable[_DiffCell], width: int) -> Iterator[list[_DiffCell]]:
    row: list[_DiffCell] = []
    used = 0
    for cell in cells:
        if used + cell.width > width and row:
            yield row
            row, used = [], 0
        row.append(cell)
        used += cell.width
    if row:
        yield row


def _row_lines(cells: list[_DiffCell]) -> list[Text]:
    given, wanted, markers = (Text(WRONG_PREFIX, theme.BAD), Text(RIGHT_PREFIX, theme.GOOD), Text("  "))
    for cell in cells:
        given.append(cell.given, "" if cell.is_same else theme.BAD)
        wanted.append(cell.wanted, "" if cell.is_same else theme.GOOD)
        markers.append((" " if cell.is_same else DIFFERENCE_MARK).ljust(cell.width), theme.WARNING)
    markers.rstrip()
    return [given, wanted, *([markers] if markers.plain else [])]
