"""Heat map of a year of answers."""

from collections.abc import Mapping, Sequence
from datetime import date

from rich.text import Text

from flashcards.core.stats.shades import shade_index, shade_thresholds
from flashcards.core.study_days import ONE_DAY
from flashcards.terminal import theme
from flashcards.terminal.stats.layout import dim_text

WEEKDAY_LABELS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
SHADE_CHARACTERS = "·░▒▓█"
WEEKS_SHOWN = 53
LABEL_WIDTH = 4


def heatmap_lines(days: Sequence[tuple[date, int]], columns: int) -> list[Text]:
    """Return a year by weeks, or by months on a narrow screen."""
    counts, levels = dict(days), shade_thresholds([n for _, n in days])
    today = days[-1][0]
    if columns >= LABEL_WIDTH + WEEKS_SHOWN:
        wide = 2 if columns >= LABEL_WIDTH + 2 * WEEKS_SHOWN else 1
        lines = week_columns(counts, levels, today, wide)
    elif columns >= LABEL_WIDTH + 31:
        lines = month_rows(counts, levels, days[0][0], today)
    else:
        lines = week_columns(counts, levels, today, 1, max(1, columns - LABEL_WIDTH))
    return [*lines, *legend_lines(levels, columns)]


def day_shade(count: int, levels: Sequence[int], width: int = 1) -> Text:
    """Return a day's character, `width` columns wide."""
    shade = shade_index(count, levels)
    return Text.assemble((SHADE_CHARACTERS[shade] * width, theme.SHADES[shade]))


def week_columns(
    counts: Mapping[date, int], levels: Sequence[int], today: date, day_width: int, weeks: int = WEEKS_SHOWN
) -> list[Text]:
    """Return a column per week, Monday on top, months above."""
    first = today - today.weekday() * ONE_DAY - 7 * (weeks - 1) * ONE_DAY
    months = ""
    for i in range(weeks):
        monday = first + 7 * i * ONE_DAY
        if (i == 0 or monday.day <= 7) and len(months) <= day_width * i and day_width * (weeks - i) >= 3:
            months = months.ljust(day_width * i) + monday.strftime("%b")
    lines = [dim_text(" " * LABEL_WIDTH + months)]
    for weekday, name in enumerate(WEEKDAY_LABELS):
        line = dim_text(name.ljust(LABEL_WIDTH))
        for i in range(weeks):
            day = first + (7 * i + weekday) * ONE_DAY
            known = day <= today and day in counts
            line.append_text(day_shade(counts[day], levels, day_width) if known else Text(" " * day_width))
        line.rstrip()
        lines.append(line)
    return lines


def month_rows(counts: Mapping[date, int], levels: Sequence[int], first: date, today: date) -> list[Text]:
    """Return a row per month, a column per day."""
    lines, month = [], first.replace(day=1)
    while month <= today:
        line = dim_text(month.strftime("%b").ljust(LABEL_WIDTH))
        following = (month + 31 * ONE_DAY).replace(day=1)
        for i in range((following - month).days):
            day = month + i * ONE_DAY
            line.append_text(day_shade(counts[day], levels) if day in counts else Text(" "))
        line.rstrip()
        lines.append(line)
        month = following
    return lines


def legend_lines(levels: Sequence[int], columns: int) -> list[Text]:
    """Return the legend of the shades."""
    line = Text(" " * LABEL_WIDTH)
    for i, step in enumerate(levels):
        end = levels[i + 1] - 1 if i + 1 < len(levels) else None
        range_ = f"{step:,}+" if end is None else f"{step}–{end}" if end > step else f"{step}"
        line.append_text(day_shade(step, levels))
        line.append(f" {range_}   ", theme.CHROME)
    line.append("answers per day", theme.CHROME)
    line.truncate(columns)
    return [line] if levels else []
