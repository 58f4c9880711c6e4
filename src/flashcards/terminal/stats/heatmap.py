"""A year of days, as shades that fit the width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rich.text import Text

from flashcards.terminal import theme
from flashcards.terminal.stats.layout import number, quiet

DAY = timedelta(days=1)
WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
SHADES = "░▒▓█"
WEEKS = 53
MARGIN = 4
"""Columns left of the days."""


def heatmap(days: Sequence[tuple[date, int]], columns: int) -> list[Text]:
    """Return a year: a column a week, or a row a month where the columns are too few for that."""
    counts, steps = dict(days), levels([n for _, n in days])
    today = days[-1][0]
    if columns >= MARGIN + WEEKS:
        wide = 2 if columns >= MARGIN + 2 * WEEKS else 1
        lines = by_week(counts, steps, today, wide)
    elif columns >= MARGIN + 31:
        lines = by_month(counts, steps, days[0][0], today)
    else:
        lines = by_week(counts, steps, today, 1, max(1, columns - MARGIN))
    return [*lines, *legend(steps, columns)]


def levels(counts: Sequence[int]) -> tuple[int, ...]:
    """Return the numbers of answers from which each shade begins: quarters of the days studied."""
    studied = sorted(n for n in counts if n)
    if not studied:
        return ()
    found = [studied[len(studied) * i // 4] for i in range(1, 4)]
    return tuple(dict.fromkeys([1, *(n for n in found if n > 1)]))


def shade(count: int, steps: Sequence[int]) -> Text:
    """Return the sign of a day."""
    reached = sum(1 for step in steps if count >= step)
    if not reached:
        return Text("·", theme.CHROME)
    return Text(SHADES[len(SHADES) - len(steps) + reached - 1], theme.ACCENT)


def by_week(
    counts: Mapping[date, int], steps: Sequence[int], today: date, wide: int, weeks: int = WEEKS
) -> list[Text]:
    """Return a column a week, Monday on top, the months above."""
    first = today - today.weekday() * DAY - 7 * (weeks - 1) * DAY
    months = ""
    for i in range(weeks):
        monday = first + 7 * i * DAY
        if (i == 0 or monday.day <= 7) and len(months) <= wide * i and wide * (weeks - i) >= 3:
            months = months.ljust(wide * i) + monday.strftime("%b")
    lines = [quiet(" " * MARGIN + months)]
    for weekday, name in enumerate(WEEKDAYS):
        line = quiet(name.ljust(MARGIN))
        for i in range(weeks):
            day = first + (7 * i + weekday) * DAY
            known = day <= today and day in counts
            line.append_text(shade(counts[day], steps) if known else Text(" "))
            line.append(" " * (wide - 1))
        line.rstrip()
        lines.append(line)
    return lines


def by_month(
    counts: Mapping[date, int], steps: Sequence[int], first: date, today: date
) -> list[Text]:
    """Return a row a month, a column a day of the month."""
    lines, month = [], first.replace(day=1)
    while month <= today:
        line = quiet(month.strftime("%b").ljust(MARGIN))
        following = (month + 31 * DAY).replace(day=1)
        for i in range((following - month).days):
            day = month + i * DAY
            line.append_text(shade(counts[day], steps) if day in counts else Text(" "))
        line.rstrip()
        lines.append(line)
        month = following
    return lines


def legend(steps: Sequence[int], columns: int) -> list[Text]:
    """Return what each shade stands for, if there is any."""
    line = Text(" " * MARGIN)
    for i, step in enumerate(steps):
        end = steps[i + 1] - 1 if i + 1 < len(steps) else None
        range_ = f"{number(step)}+" if end is None else f"{step}–{end}" if end > step else f"{step}"
        line.append_text(shade(step, steps))
        line.append(f" {range_}   ", theme.CHROME)
    line.append("answers a day", theme.CHROME)
    line.truncate(columns)
    return [line] if steps else []
