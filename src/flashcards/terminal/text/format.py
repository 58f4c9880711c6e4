"""Format counts, durations, days, percentages and bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flashcards.core.messages import format_count

SPARKLINE_LEVELS = "▁▂▃▄▅▆▇█"


def relative_day(day: date, today: date) -> str:
    """Return a day as people say it: today, tomorrow, in 6 days, 3 days ago."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def format_days(days: int) -> str:
    """Return a number of days in few letters: 6 days, 3 weeks, 5 months, 2.4 years."""
    if days < 21:
        return format_count(days, "day")
    if days < 60:
        return f"{days / 7:.0f} weeks"
    if days < 700:
        return f"{days / 30.44:.0f} months"
    return f"{days / 365.25:.1f} years"


def sparkline(values: Sequence[int]) -> str:
    """Return one bar a value, the highest full; something is never as low as nothing."""
    most, top = max(values, default=0) or 1, len(SPARKLINE_LEVELS) - 1
    return "".join(SPARKLINE_LEVELS[max(value > 0, round(value / most * top))] for value in values)


def text_bar(value: int, max_value: int, columns: int) -> str:
    """Return a bar of at most that many columns; something is never nothing."""
    if not value or not max_value:
        return ""
    return "█" * max(1, round(value / max_value * columns))


def format_duration(ms: int) -> str:
    """Return a time as people say it: 40 s, 9 min 40 s, 2 h 5 min."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def format_age(age: timedelta) -> str:
    """Return how long ago something was: 5 min ago, 3 h ago, 2 days ago."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min ago" if minutes else "just now"
    return f"{minutes // 60} h ago" if minutes < 2880 else f"{minutes // 1440} days ago"


def format_answered(cards: int, repeats: int, ms: int) -> str:
    """Return what was answered in a time: 12 cards and 3 repeats in 4 min."""
    parts = [format_count(cards, "card")] if cards or not repeats else []
    parts += [format_count(repeats, "repeat")] if repeats else []
    return f"{' and '.join(parts)} in {format_duration(ms)}"


def format_percent(part: int, whole: int) -> str:
    """Return a share: 85 %; a dash when there is nothing to share."""
    return f"{100 * part / whole:.0f} %" if whole else "–"


def format_stability(days: float) -> str:
    """Return a stability as a learner reads it."""
    return format_count(round(days), "day") if days >= 1 else "less than a day"
