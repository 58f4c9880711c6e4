"""Sections, tables and tiles of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flashcards.core.stats.definitions import DEFINITIONS
from flashcards.html_report.charts import Chart
from flashcards.html_report.format import ReportCell


def stat_definitions(*names: str) -> list[tuple[str, str]]:
    """Return (name, what it is in one sentence) of figures, by their names in DEFINITIONS."""
    return [(name.capitalize(), f"{DEFINITIONS[name]}.") for name in names]


@dataclass(frozen=True, slots=True)
class StatTile:
    """A figure in large letters."""

    label: str
    value: ReportCell
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DataTable:
    """Numbers in rows; the first cell of each names it."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[ReportCell]]
    stacked: bool = False
    """Whether a phone shows each row as a block, for there are too many columns."""


@dataclass(frozen=True, slots=True)
class PageSection:
    """One topic. `name` is that of its figure in MEANINGS and in the JSON."""

    name: str
    heading: str
    charts: Sequence[Chart] = ()
    table: DataTable | None = None
    extra_definitions: Sequence[str] = ()
    """More figures that it shows, by their names in MEANINGS."""
    width_class: str = ""
    """"wide" across the page, "pair" with two drawings side by side; "small": a third; "": half."""
    is_table_only: bool = False
    """Whether the table is all there is to see."""

    @property
    def definitions(self) -> list[tuple[str, str]]:
        """What its figures are, a sentence each."""
        return stat_definitions(self.name, *self.extra_definitions)
