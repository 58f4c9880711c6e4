"""Wording that messages share: counts with their plurals, cards by their fronts, near names."""

from __future__ import annotations

from datetime import date

MAX_QUOTED_LENGTH = 60
"""Characters of a front that a message quotes."""


def format_count(count: int, noun: str, plural: str = "") -> str:
    """Return a number of things: 1 day, 3 days, 2,345 answers, 2 entries."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def format_day(day: date) -> str:
    """Return a day without its year: 5 Dec."""
    return f"{day.day} {day:%b}"


def quote_front(front: str, max_length: int = MAX_QUOTED_LENGTH) -> str:
    """Return a card's front on one line in double quotes, a long one shortened between words."""
    text = " ".join(front.split())
    if len(text) > max_length:
        head = text[:max_length]
        text = (head.rpartition(" ")[0] or head) + " …"
    return f'"{text}"'
