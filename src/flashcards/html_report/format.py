"""Format numbers, dates and card text for the report."""

import unicodedata
from datetime import date
from typing import NamedTuple

from flashcards.core.stats.proportion import Proportion

MAX_TEXT_LENGTH = 160  # in characters
JOINING_CHARACTERS = frozenset("\u200c\u200d")  # format characters that some scripts and emoji need
HIDDEN_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Co", "Cn"])  # of Unicode: invisible or undefined
NO_VALUE = "–"


class ReportCell(NamedTuple):
    """A table cell: its text, and the plain number, if it is one."""

    text: str
    raw_value: str = ""
    is_code: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is neither a number nor a missing one."""
        return not self.raw_value and self.text != NO_VALUE


def display_text(text: str) -> str:
    """Return text on one line without invisible characters: U+202E becomes <202e>."""
    line = " ".join(text.split())
    cut = line if len(line) <= MAX_TEXT_LENGTH else line[: MAX_TEXT_LENGTH - 1] + "…"

    def shown(character: str) -> str:
        is_hidden = unicodedata.category(character) in HIDDEN_CATEGORIES
        return f"<{ord(character):02x}>" if is_hidden and character not in JOINING_CHARACTERS else character

    return "".join(map(shown, cut))


def format_short_number(count: float) -> str:
    """Return a short number: 2.5, 9,999, 12k, 1.5M."""
    if count < 10_000:
        return f"{count:,.10g}"
    thousands = count / 1000
    return f"{thousands:,.3g}k" if thousands < 1000 else f"{thousands / 1000:,.3g}M"


def format_date(day: date) -> str:
    """Return a day: Tue 24 Nov 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def format_duration(ms: int) -> str:
    """Return a duration: 40 s, 9 min, 2 h 5 min."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    whole = round(ms / 60_000)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60} min"


def format_percent(value: float | None) -> str:
    """Return a share: 85 %; a dash for None."""
    return NO_VALUE if value is None else f"{100 * value:.0f}\u00a0%"


def format_with_range(proportion: Proportion) -> str:
    """Return a proportion with its range: 85 % (81 to 88)."""
    if proportion.confidence_interval is None:
        return NO_VALUE
    low, high = proportion.confidence_interval
    return f"{format_percent(proportion.value)} ({100 * low:.0f} to {100 * high:.0f})"


def date_cell(day: date) -> ReportCell:
    """Return a cell with a day."""
    return ReportCell(format_date(day), day.isoformat())


def count_cell(count: int) -> ReportCell:
    """Return a cell with a whole number."""
    return ReportCell(f"{count:,}", str(count))


def duration_cell(ms: int) -> ReportCell:
    """Return a cell with a duration; its raw value is in minutes."""
    return ReportCell(format_duration(ms), str(round(ms / 60_000, 1)))


def proportion_cell(proportion: Proportion, *, show_range: bool = False) -> ReportCell:
    """Return a cell with a proportion."""
    return share_cell(proportion.value, format_with_range(proportion) if show_range else "")


def share_cell(value: float | None, text: str = "") -> ReportCell:
    """Return a cell with a share; its raw value is from 0 to 1, as in the JSON."""
    if value is None:
        return ReportCell(NO_VALUE)
    return ReportCell(text or format_percent(value), str(round(value, 4)))
