"""Format numbers, dates and card text for the report."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from flashcards.core.stats.proportion import Proportion

MAX_TEXT_LENGTH = 160
"""Characters of a card's front that a row shows."""
JOINING_CHARACTERS = frozenset("\u200c\u200d")
"""Joiners that words and signs are shaped with; they show nothing and steer nothing."""
NO_VALUE = "–"


@dataclass(frozen=True, slots=True)
class ReportCell:
    """A cell of a table: what it says, and the number itself, if it is one."""

    text: str
    raw_value: str = ""
    is_code: bool = False
    """Whether it is to be typed or found as it stands."""

    @property
    def is_text(self) -> bool:
        """Whether it is text, and no number or the lack of one."""
        return not self.raw_value and self.text != NO_VALUE


def display_text(text: str) -> str:
    """Return text on one line in which nothing steers or hides: U+202E becomes <202e>."""
    line = " ".join(text.split())
    cut = line if len(line) <= MAX_TEXT_LENGTH else line[: MAX_TEXT_LENGTH - 1] + "…"
    return "".join(sign if _is_displayable(sign) else f"<{ord(sign):02x}>" for sign in cut)


def _is_displayable(character: str) -> bool:
    return (
        unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
        or character in JOINING_CHARACTERS
    )


def format_short_number(count: float) -> str:
    """Return a number in few letters: 2.5, 9,999, 12k, 1.5M."""
    if count < 10_000:
        return f"{count:,.10g}"
    thousands = count / 1000
    return f"{thousands:,.3g}k" if thousands < 1000 else f"{thousands / 1000:,.3g}M"


def format_date(day: date) -> str:
    """Return a day: Tue 24 Nov 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def format_duration(ms: int) -> str:
    """Return a time: 40 s, 9 min, 2 h 5 min."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    whole = round(ms / 60_000)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60} min"


def format_percent(value: float | None) -> str:
    """Return a share: 85 %; a dash of nothing."""
    return NO_VALUE if value is None else f"{100 * value:.0f}\u00a0%"


def format_with_range(proportion: Proportion) -> str:
    """Return a share with its range: 85 % (81 to 88)."""
    if proportion.confidence_interval is None:
        return NO_VALUE
    low, high = proportion.confidence_interval
    return f"{format_percent(proportion.value)} ({100 * low:.0f} to {100 * high:.0f})"


def count_cell(count: int) -> ReportCell:
    """Return a cell with a whole number."""
    return ReportCell(f"{count:,}", str(count))


def duration_cell(ms: int) -> ReportCell:
    """Return a cell with a time; its value is in minutes, as in the JSON."""
    return ReportCell(format_duration(ms), str(round(ms / 60_000, 1)))


def proportion_cell(proportion: Proportion, *, show_range: bool = False) -> ReportCell:
    """Return a cell with a share; its value is from 0 to 1, as in the JSON."""
    if proportion.value is None:
        return ReportCell(NO_VALUE)
    text = format_with_range(proportion) if show_range else format_percent(proportion.value)
    return ReportCell(text, str(round(proportion.value, 4)))
