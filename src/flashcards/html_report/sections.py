"""What the page is made of: sections, each with its sentence, its drawing and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flashcards.core.stats.definitions import MEANINGS
from flashcards.html_report.charts import Chart
from flashcards.html_report.format import Cell


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure is, in one sentence."""

    name: str
    text: str


def meanings(*names: str) -> list[Meaning]:
    """Return what figures are, by their names in MEANINGS."""
    return [Meaning(name.capitalize(), f"{MEANINGS[name]}.") for name in names]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure in large letters."""

    label: str
    value: Cell
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers in rows; the first cell of each names it."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    stacked: bool = False
    """Whether a phone shows each row as a block, for there are too many columns."""


@dataclass(frozen=True, slots=True)
class Section:
    """One topic. `name` is that of its figure in MEANINGS and in the JSON."""

    name: str
    heading: str
    charts: Sequence[Chart] = ()
    table: Table | None = None
    also: Sequence[str] = ()
    """More figures that it shows, by their names in MEANINGS."""
    size: str = ""
    """"wide" across the page, "pair" with two drawings side by side; "small": a third; "": half."""
    plain: bool = False
    """Whether the table is all there is to see."""

    @property
    def meanings(self) -> list[Meaning]:
        """What its figures are, a sentence each."""
        return meanings(self.name, *self.also)
