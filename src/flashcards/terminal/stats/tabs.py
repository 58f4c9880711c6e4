"""Tabs of the statistics, on screen or as text."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rich.text import Text

from flashcards.core.stats.compute_statistics import Statistics
from flashcards.terminal.stats.cards import card_blocks
from flashcards.terminal.stats.decks import deck_blocks
from flashcards.terminal.stats.forecast import forecast_blocks
from flashcards.terminal.stats.layout import (
    MAX_BLOCK_WIDTH,
    StatsBlock,
    arrange_blocks,
    block_width,
    stack_blocks,
)
from flashcards.terminal.stats.overview import DASHBOARD_COLUMNS, dashboard_lines, overview_blocks
from flashcards.terminal.stats.retention import retention_blocks
from flashcards.terminal.stats.time import time_blocks


class StatsTab(NamedTuple):
    """A tab: its title, and its blocks for a width."""

    title: str
    make_blocks: Callable[[Statistics, int], list[StatsBlock]]

    def render_lines(self, statistics: Statistics, columns: int) -> list[Text]:
        """Return the tab's lines on a screen `columns` wide."""
        if self.make_blocks is overview_blocks and columns >= DASHBOARD_COLUMNS:
            return dashboard_lines(statistics, columns)
        return arrange_blocks(self.make_blocks(statistics, block_width(columns)), columns)


STATS_TABS = (
    StatsTab("Overview", overview_blocks),
    StatsTab("Retention", retention_blocks),
    StatsTab("Forecast", forecast_blocks),
    StatsTab("Time", time_blocks),
    StatsTab("Cards", card_blocks),
    StatsTab("Decks", deck_blocks),
)


def stats_lines(statistics: Statistics, columns: int) -> Iterator[str]:
    """Yield all tabs as plain text, without empty blocks."""
    width = min(columns, MAX_BLOCK_WIDTH)
    for i, tab in enumerate(STATS_TABS):
        blocks = [
            block
            for block in tab.make_blocks(statistics, width)
            if not block.is_empty and (statistics.all_time.answers or not block.needs_answers)
        ]
        if i and blocks:
            yield ""
            yield tab.title.upper()
        for line in stack_blocks([block.render_lines(width) for block in blocks if block.lines]):
            yield line.plain.rstrip()
