"""How it goes, in views: on a screen one at a time, in a pipe all of them as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.text import Text

from flashcards.core.stats.compute import Figures
from flashcards.terminal.stats.cards import cards
from flashcards.terminal.stats.decks import decks
from flashcards.terminal.stats.forecast import forecast
from flashcards.terminal.stats.layout import Block, arranged, room
from flashcards.terminal.stats.overview import WIDE, dashboard, overview
from flashcards.terminal.stats.retention import retention
from flashcards.terminal.stats.time import time


@dataclass(frozen=True, slots=True)
class Tab:
    """One view: its name, and its blocks at a width."""

    title: str
    blocks: Callable[[Figures, int], list[Block]]

    def lines(self, found: Figures, columns: int) -> list[Text]:
        """Return the view on a screen of so many columns."""
        if self.blocks is overview and columns >= WIDE:
            return dashboard(found, columns)
        return arranged(self.blocks(found, room(columns)), columns)


VIEWS = (
    Tab("Overview", overview),
    Tab("Retention", retention),
    Tab("Forecast", forecast),
    Tab("Time", time),
    Tab("Cards", cards),
    Tab("Decks", decks),
)


def stats_lines(found: Figures, columns: int) -> Iterator[str]:
    """Yield all views as lines of plain text, one below the other."""
    wide = room(min(columns, 100))
    for i, view in enumerate(VIEWS):
        if i:
            yield ""
            yield f"{view.title.upper()}"
        for line in arranged(view.blocks(found, wide), wide):
            yield line.plain.rstrip()
