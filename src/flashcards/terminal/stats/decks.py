"""Decks tab: one row per deck and tag."""

from collections.abc import Callable, Sequence

from rich.text import Text

from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.review_totals import CardGroup
from flashcards.terminal.stats.layout import StatsBlock, align_rows, dim_text, fit_name, format_range
from flashcards.terminal.text.format import format_duration, format_percent
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import display_width

MIN_NAME_WIDTH = 20  # columns a long name keeps before less important columns are dropped
GROUP_COLUMNS: Sequence[tuple[str, Callable[[CardGroup], str]]] = (
    ("cards", lambda group: f"{group.cards.total:,}"),
    ("due", lambda group: f"{group.cards.due:,}"),
    ("retention", lambda group: format_percent(group.retention.part, group.retention.whole)),
    ("range", lambda group: format_range(group.retention)),
    ("new", lambda group: f"{group.cards.new:,}"),
    ("young", lambda group: f"{group.cards.young:,}"),
    ("mature", lambda group: f"{group.cards.mature:,}"),
    ("reviews", lambda group: f"{group.reviews:,}"),
    ("time", lambda group: format_duration(group.ms)),
)
"""Most important first: the last ones are dropped on narrow screens."""

MIN_COLUMNS = 3


def deck_blocks(statistics: Statistics, columns: int) -> list[StatsBlock]:
    """Return the blocks of the Decks tab."""
    tags = group_table("tag", statistics.tag_groups, columns - 2) if statistics.tag_groups else []
    decks = group_table("deck", statistics.deck_groups, columns - 2)
    return [StatsBlock("Decks", decks), StatsBlock("Tags", tags)]


def group_table(heading: str, groups: Sequence[CardGroup], width: int) -> list[Text]:
    """Return a row for each deck or tag, with the columns that fit."""
    if not groups:
        return [dim_text("No cards yet.")]
    name_width = max(len(heading), *(display_width(sanitize_line(group.name)) for group in groups))
    for count in range(len(GROUP_COLUMNS), MIN_COLUMNS - 1, -1):
        cells = [[show(group) for _, show in GROUP_COLUMNS[:count]] for group in groups]
        heads = [head for head, _ in GROUP_COLUMNS[:count]]
        used = sum(2 + max(map(len, column)) for column in zip(heads, *cells, strict=True))
        if width - used >= min(name_width, MIN_NAME_WIDTH) or count == MIN_COLUMNS:
            break
    name = max(4, min(name_width, width - used))
    table_rows = [[fit_name(group.name, name), *row] for group, row in zip(groups, cells, strict=True)]
    return align_rows(table_rows, "l" + "r" * count, header=(heading, *heads))
