"""The view of memory: true retention with its range, ratings, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from flashcards.core.stats.compute import Figures
from flashcards.core.stats.proportion import Share
from flashcards.terminal.stats.layout import (
    Block,
    Cell,
    bar,
    least_of,
    number,
    quiet,
    rows,
    scale,
    spread,
    whisker,
)
from flashcards.terminal.text.format import percent
from flashcards.terminal.text.width import wrap

ENOUGH = 30
"""Tests after a 3, and after a 5, from which something is said about them."""
WEEKS = 53
"""Weeks that are shown, the last ones; JSON has all."""


def retention(found: Figures, columns: int) -> list[Block]:
    """Return the view of memory."""
    kept = found.retention
    stages = [("young", kept.young), ("mature", kept.mature), ("all", kept.all)]
    marks = [(f"after a {rating}", s) for rating, s in found.all_time.calibration.items()]
    weeks = [(w.monday.strftime("%d %b"), w.retention.all) for w in reversed(found.weeks)]
    tested = [week for week in weeks if week[1].whole][:WEEKS]
    said = verdict(dict(marks))
    note = [quiet("with the 95 % range (Wilson)")] if kept.all.whole else []
    return [
        Block(
            "True retention: first answers to due cards",
            [*shares(stages, columns), *note],
        ),
        Block(
            "Recalled the next time, by how the card was rated",
            [*shares(marks, columns), *(wrap(quiet(said), columns - 2) if said else [])],
        ),
        Block("Answers by rating", _ratings(found, columns)),
        Block("Retention by week, from Monday on", shares(tested, columns) if tested else []),
    ]


def verdict(marks: Mapping[str, Share]) -> str:
    """Say whether ratings foretell recall, as far as the ranges allow; "" where they do not yet."""
    three, five = marks["after a 3"], marks["after a 5"]
    if three.range is None or five.range is None or min(three.whole, five.whole) < ENOUGH:
        return ""
    if five.range[0] > three.range[1]:
        return "A 5 is recalled more often than a 3: your ratings tell the truth."
    if five.range[1] < three.range[0]:
        return "A 5 is recalled less often than a 3: your fives come too easily."
    return "A 3 and a 5 are recalled alike so far."


def shares(named: list[tuple[str, Share]], columns: int) -> list[Text]:
    """Return a row a share: its name, the counts, the share, its range, drawn on one scale."""
    if not any(share.whole for _, share in named):
        return wrap(quiet("Nothing to tell yet: it takes cards that come back."), columns - 2)
    least = least_of(share for _, share in named)
    cells: list[list[Cell]] = [
        [name, _counts(share), percent(share.part, share.whole), quiet(spread(share))]
        for name, share in named
    ]
    left = columns - 2 - max(row.cell_len for row in rows(cells, "lrrr")) - 3
    if left < 10:
        return rows([[row[0], row[2], row[3]] for row in cells], "lrr")
    drawn = min(left, 40)
    table: list[list[Cell]] = [
        [*row, Text(" ") + whisker(share, drawn, least)]
        for row, (_, share) in zip(cells, named, strict=True)
    ]
    table.append(["", "", "", "", Text(" ") + scale(drawn, least)])
    return rows(table, "lrrrl")


def _counts(share: Share) -> str:
    return f"{number(share.part)} of {number(share.whole)}"


def _ratings(found: Figures, columns: int) -> list[Text]:
    ratings = found.all_time.ratings
    most, every = max(ratings.values()), found.all_time.answers
    names = {1: "1 not at all", 5: "5 perfectly"}
    return rows(
        (
            [
                names.get(rating, str(rating)),
                number(n),
                quiet(percent(n, every) if every else ""),
                bar(n, most, min(40, columns - 32)),
            ]
            for rating, n in ratings.items()
        ),
        "lrrl",
    )
