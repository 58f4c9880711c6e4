"""Numbers, days and card text as the page says them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from flashcards.core.stats.proportion import Share

LONGEST = 160
"""Characters of a card's front that a row shows."""
SHAPING = frozenset("\u200c\u200d")
"""Joiners that words and signs are shaped with; they show nothing and steer nothing."""
NONE = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what it says, and the number itself, if it is one."""

    text: str
    value: str = ""
    code: bool = False
    """Whether it is to be typed or found as it stands."""

    @property
    def words(self) -> bool:
        """Whether it is text, and no number or the lack of one."""
        return not self.value and self.text != NONE


def shown(text: str, longest: int = LONGEST) -> str:
    """Return text on one line in which nothing steers or hides: U+202E becomes <202e>."""
    line = " ".join(text.split())
    cut = line if len(line) <= longest else line[: longest - 1] + "…"
    return "".join(sign if _harmless(sign) else f"<{ord(sign):02x}>" for sign in cut)


def _harmless(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or sign in SHAPING


def number(count: int, what: str = "") -> str:
    """Return a number, and of what: 1 answer, 2,345 answers."""
    if not what:
        return f"{count:,}"
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def brief(count: float) -> str:
    """Return a number in few letters: 2.5, 9,999, 12k, 1.5M."""
    if count < 10_000:
        return f"{count:,.10g}"
    thousands = count / 1000
    return f"{thousands:,.3g}k" if thousands < 1000 else f"{thousands / 1000:,.3g}M"


def day_of(day: date) -> str:
    """Return a day: Tue 24 Nov 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def minutes(ms: int) -> str:
    """Return a time: 40 s, 9 min, 2 h 5 min."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    whole = round(ms / 60_000)
    return f"{whole} min" if whole < 60 else f"{whole // 60} h {whole % 60} min"


def percent(value: float | None) -> str:
    """Return a share: 85 %; a dash of nothing."""
    return NONE if value is None else f"{100 * value:.0f}\u00a0%"


def with_range(share: Share) -> str:
    """Return a share with its range: 85 % (81 to 88)."""
    if share.range is None:
        return NONE
    low, high = share.range
    return f"{percent(share.value)} ({100 * low:.0f} to {100 * high:.0f})"


def count_cell(count: int) -> Cell:
    """Return a cell with a whole number."""
    return Cell(f"{count:,}", str(count))


def minutes_cell(ms: int) -> Cell:
    """Return a cell with a time; its value is in minutes, as in the JSON."""
    return Cell(minutes(ms), str(round(ms / 60_000, 1)))


def share_cell(share: Share, *, ranged: bool = False) -> Cell:
    """Return a cell with a share; its value is from 0 to 1, as in the JSON."""
    if share.value is None:
        return Cell(NONE)
    text = with_range(share) if ranged else percent(share.value)
    return Cell(text, str(round(share.value, 4)))
