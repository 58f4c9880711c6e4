"""Sections, tables and tiles of the report."""

from collections.abc import Sequence
from typing import NamedTuple

from flashcards.core.stats.definition_texts import DEFINITIONS
from flashcards.html_report.charts import Chart
from flashcards.html_report.format import ReportCell


def stat_definitions(*names: str) -> list[tuple[str, str]]:
    """Return (name, definition) of figures, by their names in DEFINITIONS."""
    return [(name.capitalize(), f"{DEFINITIONS[name]}.") for name in names]


class StatTile(NamedTuple):
    """A figure in large letters."""

    label: str
    value: ReportCell
    detail: str = ""


class DataTable(NamedTuple):
    """A table; the first cell of a row is its heading."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[ReportCell]]
    stacked: bool = False  # whether a phone shows each row as a block


class PageSection(NamedTuple):
    """One topic; its name is that in DEFINITIONS and the JSON."""

    name: str
    heading: str
    charts: Sequence[Chart] = ()
    table: DataTable | None = None
    extra_definitions: Sequence[str] = ()  # more figures of it
    width_class: str = ""  # "wide": whole page; "pair": two charts; "small": a third; "": half
    is_table_only: bool = False

    @property
    def definitions(self) -> list[tuple[str, str]]:
        """The definitions of its figures."""
        return stat_definitions(self.name, *self.extra_definitions)
