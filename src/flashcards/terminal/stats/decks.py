"""The view of decks and tags: one row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.text import Text

from flashcards.core.stats.compute import Figures
from flashcards.core.stats.totals import Group
from flashcards.terminal.stats.layout import Block, named, number, quiet, rows, spread
from flashcards.terminal.text.format import duration, percent
from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import width

NAME = 20
"""Columns that a long name may take from the columns that are less needed."""
COLUMNS: Sequence[tuple[str, Callable[[Group], str]]] = (
    ("cards", lambda group: number(group.cards.total)),
    ("due", lambda group: number(group.cards.due)),
    ("retention", lambda group: percent(group.retention.part, group.retention.whole)),
    ("range", lambda group: spread(group.retention)),
    ("new", lambda group: number(group.cards.new)),
    ("young", lambda group: number(group.cards.young)),
    ("mature", lambda group: number(group.cards.mature)),
    ("reviews", lambda group: number(group.reviews)),
    ("time", lambda group: duration(group.ms)),
)
"""Columns by how much they are needed: the last ones go first where it is narrow."""

FEWEST = 3
"""Columns that stay, however narrow."""


def decks(found: Figures, columns: int) -> list[Block]:
    """Return the view of decks and tags."""
    return [
        Block("Decks", table("deck", found.decks, columns - 2)),
        Block("Tags", table("tag", found.tags, columns - 2) if found.tags else []),
    ]


def table(what: str, groups: Sequence[Group], columns: int) -> list[Text]:
    """Return a row a deck or tag, with the columns that fit."""
    if not groups:
        return [quiet("No deck has a card yet.")]
    wanted = max(len(what), *(width(safe_line(group.deck)) for group in groups))
    for count in range(len(COLUMNS), FEWEST - 1, -1):
        cells = [[show(group) for _, show in COLUMNS[:count]] for group in groups]
        heads = [head for head, _ in COLUMNS[:count]]
        used = sum(2 + max(map(len, column)) for column in zip(heads, *cells, strict=True))
        if columns - used >= min(wanted, NAME) or count == FEWEST:
            break
    name = max(4, min(wanted, columns - used))
    head = [quiet(what), *map(quiet, heads)]
    told = [[named(group.deck, name), *row] for group, row in zip(groups, cells, strict=True)]
    return rows([head, *told], "l" + "r" * count)
