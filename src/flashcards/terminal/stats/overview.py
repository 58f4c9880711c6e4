"""The first view: today, this week, the streak, a year of days, and what they came to."""

from __future__ import annotations

from rich.text import Text

from flashcards.core.stats.compute import Figures
from flashcards.core.stats.proportion import Share
from flashcards.core.stats.totals import Tally
from flashcards.terminal import theme
from flashcards.terminal.stats.cards import hardest
from flashcards.terminal.stats.forecast import forecast
from flashcards.terminal.stats.heatmap import MARGIN, WEEKS, heatmap
from flashcards.terminal.stats.layout import (
    Block,
    arranged,
    folded,
    number,
    quiet,
    room,
    rows,
    spread,
)
from flashcards.terminal.stats.retention import retention
from flashcards.terminal.text.format import duration, percent

WIDE = MARGIN + 2 * WEEKS + 2
"""Columns from which a day of the year takes two, and more stands below it."""
NARROW = 64
"""Columns below which a spell takes two lines."""


def overview(found: Figures, columns: int) -> list[Block]:
    """Return the first view."""
    if not found.all_time.answers and not found.cards.total:
        return [Block("", [Text("No cards and no answers yet: flashcards import FILE")])]
    return [
        Block("", [*_spells(found, columns), *_streak(found, columns)]),
        Block("", heatmap(found.heatmap, columns)),
        Block("", _outcome(found, columns)),
    ]


def dashboard(found: Figures, columns: int) -> list[Text]:
    """Return the first view on a screen that has room for more than it."""
    wide = room(columns)
    blocks = overview(found, wide)
    if len(blocks) == 1:
        return arranged(blocks, columns)
    more = [*retention(found, wide)[:3], *forecast(found, wide, 14), hardest(found, wide)]
    return [
        *arranged([blocks[0], blocks[2]], columns),
        *(Text(), *heatmap(found.heatmap, columns), Text()),
        *arranged(more, columns),
    ]


def _spells(found: Figures, columns: int) -> list[Text]:
    today, week = found.today, found.week
    table = [
        ["Today", *_spell(today), ""],
        ["7 days", *_spell(week), f"on {found.week_days} of 7 days"],
        ["In all", *_spell(found.all_time), f"on {_days(_studied(found))}"],
    ]
    if columns < NARROW:
        folded = [[[row[0], row[1], row[2]], ["", row[3], row[4]]] for row in table]
        return rows([line for pair in folded for line in pair], "lrr")
    return rows(table, "lrrrrl", 3 if columns > 80 else 2)


def _spell(tally: Tally) -> list[str]:
    count = "1 review" if tally.answers == 1 else f"{number(tally.answers)} reviews"
    recall = f"{percent(tally.recall.part, tally.recall.whole)} recalled"
    return [count, duration(tally.ms), recall, f"{number(tally.new)} new"]


def _studied(found: Figures) -> int:
    return sum(1 for _, tally in found.days if tally.answers)


def _streak(found: Figures, columns: int) -> list[Text]:
    current, longest = found.streak.current, found.streak.longest
    line = Text("Streak   ")
    line.append(_days(current), theme.HEADING)
    line.append(f", longest {number(longest)}", theme.CHROME)
    if hint := _next_step(found):
        line.append(f"   {hint}", theme.ACCENT)
    return folded(line, columns, 9)


def _next_step(found: Figures) -> str:
    """Return what today can still add to the streak; "" when it has done so."""
    current, longest = found.streak.current, found.streak.longest
    if found.today.answers:
        return "the longest so far" if current == longest > 1 else ""
    if current:
        return f"one card today makes it {number(current + 1)}"
    return "one card today starts one" if longest else "one card today is your first"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{number(count)} days"


def _outcome(found: Figures, columns: int) -> list[Text]:
    kept = found.retention
    due = [n for _, n in found.forecast]
    backlog = f" ({number(found.backlog)} overdue)" if found.backlog else ""
    ahead = f"today {number(due[0])}{backlog}   tomorrow {number(due[1])}"
    ahead += f"   7 days {number(sum(due[:7]))}"
    cards = found.cards
    states = f"{number(cards.total)}   new {number(cards.new)}   young {number(cards.young)}"
    states += f"   mature {number(cards.mature)}"
    if cards.suspended:
        states += f"   suspended {number(cards.suspended)}"
    lines = rows(
        [
            [
                "Retention",
                Text.assemble(_kept("young", kept.young), "   ", _kept("mature", kept.mature)),
            ],
            ["Due", ahead],
            ["Cards", states],
        ],
        "ll",
    )
    return [piece for line in lines for piece in folded(line, columns, 11)]


def _kept(name: str, share: Share) -> Text:
    line = Text(f"{name} {percent(share.part, share.whole)}")
    if share.whole:
        line.append_text(quiet(f" ({spread(share)})"))
    return line
