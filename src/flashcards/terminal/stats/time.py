"""The view of time: when, how long, and week by week."""

from __future__ import annotations

from rich.text import Text

from flashcards.core.stats.compute import Figures
from flashcards.terminal.stats.layout import Block, Cell, bar, folded, number, quiet, rows, spread
from flashcards.terminal.text.format import duration, percent

NARROW = 50
"""Columns below which ranges give way."""
WEEKS = 26
"""Weeks that are shown, the last ones; JSON has all."""


def time(found: Figures, columns: int) -> list[Block]:
    """Return the view of time."""
    return [
        Block("Pace", [piece for line in _pace(found) for piece in folded(line, columns - 2)]),
        Block("Time of day", _hours(found, columns)),
        Block("Week by week, from Monday on", _weeks(found, columns)),
    ]


def _pace(found: Figures) -> list[Text]:
    pace = found.pace
    if pace.seconds_an_answer is None or pace.minutes_a_card is None:
        return [quiet("No answers yet.")]
    return [
        Text(f"{pace.seconds_an_answer:.1f} seconds an answer"),
        Text(
            f"{pace.minutes_a_card:.1f} minutes a card so far: "
            f"{number(pace.cards)} cards in {duration(pace.ms)}"
        ),
    ]


def _hours(found: Figures, columns: int) -> list[Text]:
    studied = [hour for hour, tally in found.hours.items() if tally.answers]
    if not studied:
        return [quiet("No answers yet.")]
    most = max(tally.answers for tally in found.hours.values())
    wide = min(30, columns - 42)
    heads = ("", "answers", "", "retention", "range")
    table: list[list[Cell]] = [[quiet(word) for word in heads]]
    for hour in studied:
        tally = found.hours[hour]
        kept = tally.retention
        share = percent(kept.part, kept.whole) if kept.whole else ""
        drawn = bar(tally.answers, most, max(4, wide))
        table.append([f"{hour:02}:00", number(tally.answers), drawn, share, quiet(spread(kept))])
    shown = 4 if columns < NARROW else 5
    return rows([row[:shown] for row in table], "lrlrr"[:shown])


def _weeks(found: Figures, columns: int) -> list[Text]:
    weeks = found.weeks[-WEEKS:][::-1]
    most = max((week.tally.ms for week in weeks), default=0)
    wide = min(30, columns - 46)
    table: list[list[Cell]] = [
        [
            week.monday.strftime("%d %b"),
            number(week.tally.answers),
            number(week.tally.new),
            duration(week.tally.ms),
            bar(week.tally.ms, most, wide),
        ]
        for week in weeks
    ]
    head = [quiet(word) for word in ("", "answers", "new", "time", "")]
    return rows([[*head], *table], "lrrrl") if table else [quiet("No answers yet.")]
