"""The view of what is coming: the backlog apart, then day by day."""

from __future__ import annotations

from datetime import date

from rich.text import Text

from flashcards.core.stats.compute import Figures
from flashcards.terminal import theme
from flashcards.terminal.stats.layout import Block, Cell, bar, folded, number, quiet, rows
from flashcards.terminal.text.width import wrap


def forecast(found: Figures, columns: int, days: int = 30) -> list[Block]:
    """Return the view of what is coming."""
    if not any(n for _, n in found.forecast):
        line = quiet(f"Nothing comes due in the next {len(found.forecast)} days.")
        return [Block("Cards that come due", wrap(line, columns - 2))]
    title = "Cards that come due, if nothing is answered before"
    return [
        Block(
            title,
            [*folded(_sums(found), columns - 2), Text(), *_days(found, columns - 2, days)],
        )
    ]


def _sums(found: Figures) -> Text:
    due = [n for _, n in found.forecast]
    per_day = sum(due[1:]) / max(1, len(due) - 1)
    words = f"{number(due[0])} today   {number(sum(due[:7]))} in 7 days   "
    return Text(f"{words}{number(sum(due))} in {len(due)} days   {per_day:.0f} a day after today")


def _days(found: Figures, columns: int, count: int) -> list[Text]:
    today = found.forecast[0][1] - found.backlog
    days = [(_name(day, found.day), n) for day, n in found.forecast[:count]]
    days[0] = ("today", today)
    most = max(found.backlog, *(n for _, n in days))
    wide = min(50, columns - 24)
    late = bar(found.backlog, most, wide)
    late.stylize(theme.WARNING)
    table: list[list[Cell]] = []
    if found.backlog:
        table.append(["overdue", number(found.backlog), late])
    table += [[name, number(n), bar(n, most, wide)] for name, n in days]
    return rows(table, "lrl")


def _name(day: date, today: date) -> str:
    near = {0: "today", 1: "tomorrow"}
    return near.get((day - today).days) or day.strftime("%a %d %b")
