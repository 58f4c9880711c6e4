"""The view of the collection: states, the hardest cards, histograms, and how it grew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from rich.text import Text

from flashcards.core.progress import Entry
from flashcards.core.stats.compute import Figures
from flashcards.core.stats.values import Bar
from flashcards.terminal import theme
from flashcards.terminal.stats.layout import Block, Cell, bar, named, number, quiet, rows
from flashcards.terminal.text.format import percent
from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import cut, width

HARDEST = 5
"""Cards that are shown; JSON has more."""
SIDE_BY_SIDE = 66
"""Columns from which three histograms stand in a row."""
MONTHS = 24
"""Months that are shown, the last ones; JSON has all."""


def cards(found: Figures, columns: int) -> list[Block]:
    """Return the view of the collection."""
    return [
        Block("Cards by state", _states(found, columns)),
        hardest(found, columns),
        *_histograms(found, columns),
        Block("Month by month", _months(found, columns)),
    ]


def hardest(found: Figures, columns: int) -> Block:
    """Return the cards that were forgotten most often, and how to open them."""
    return Block("Hardest cards", _hardest(found.hardest[:HARDEST], columns))


def _states(found: Figures, columns: int) -> list[Text]:
    cards = found.cards
    states = [
        ("new", cards.new), ("young", cards.young), ("mature", cards.mature),
        ("suspended", cards.suspended),
    ]  # fmt: skip
    wide = min(40, columns - 30)
    table: list[list[Cell]] = [
        [name, number(n), quiet(percent(n, cards.total)), bar(n, cards.total, wide)]
        for name, n in states
        if n or name != "suspended"
    ]
    return rows(table, "lrrl")


def _hardest(entries: Sequence[Entry], columns: int) -> list[Text]:
    if not entries:
        return [quiet("No card has been forgotten yet.")]
    lines = []
    for entry in entries:
        card, memory = entry.card, entry.progress.memory
        lapses = "1 lapse  " if memory.lapses == 1 else f"{memory.lapses} lapses"
        head = f"{lapses}  EF {memory.ease / 100:.2f}  "
        lines.append(Text.assemble(head, named(card.front, columns - 2 - width(head))))
        ways = [f"{safe_line(card.path)}:{card.line}", f"flashcards show {safe_line(card.id)}"]
        if width("".join(ways)) <= columns - 7:
            ways = ["   ".join(ways)]
        lines += [Text(f"  {cut(way, columns - 4)}", theme.CHROME) for way in ways]
    return lines


def _histograms(found: Figures, columns: int) -> list[Block]:
    """Return three histograms, side by side where there is room."""
    three = [
        ("Intervals", _ranges(found.intervals, str)),
        ("Ease factors", _ranges(found.eases, lambda value: f"{value / 100:.2f}")),
        ("Days since first answer", _ranges(found.ages, str)),
    ]
    if columns < SIDE_BY_SIDE:
        return [Block(title, _bars(values, min(30, columns - 24))) for title, values in three]
    wide = (columns - 2) // 3
    drawn = [[quiet(title[: wide - 2]), *_bars(values, wide - 20)] for title, values in three]
    return [Block("Cards that are not new", beside(drawn, wide))]


def beside(columns: Sequence[Sequence[Text]], wide: int) -> list[Text]:
    """Return columns of lines side by side, each so wide."""
    lines = []
    for row in zip_longest(*columns, fillvalue=Text()):
        line = Text()
        for i, piece in enumerate(row):
            line.append(" " * (i * wide - line.cell_len))
            line.append_text(piece)
        lines.append(line)
    return lines


def _bars(values: Sequence[tuple[str, int]], wide: int) -> list[Text]:
    most = max((n for _, n in values), default=0)
    return rows([[name, number(n), bar(n, most, wide)] for name, n in values], "rrl")


def _ranges(bars: Sequence[Bar], show: Callable[[int], str]) -> list[tuple[str, int]]:
    found = []
    for one in bars:
        name = show(one.low)
        if one.high is None:
            name += "+"
        elif one.high > one.low:
            name += f"–{show(one.high)}"
        found.append((name, one.cards))
    return found


def _months(found: Figures, columns: int) -> list[Text]:
    months = found.months[-MONTHS:][::-1]
    most = max((month.known for month in months), default=0)
    head = [quiet(word) for word in ("", "added", "learned", "known", "")]
    table: list[list[Cell]] = [
        [
            month.first.strftime("%b %Y"),
            number(month.added),
            number(month.learned),
            number(month.known),
            bar(month.known, most, min(30, columns - 40)),
        ]
        for month in months
    ]
    return rows([[*head], *table], "lrrrl") if table else [quiet("No card has been answered yet.")]
