"""Format counts, durations, days, percentages and bars."""

from collections.abc import Sequence
from datetime import date, timedelta

from flashcards.core.format_count import format_count

SPARKLINE_LEVELS = "▁▂▃▄▅▆▇█"


def relative_day(day: date, today: date) -> str:
    """Format a day relative to today: tomorrow, in 6 days, 3 days ago."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def format_days(days: int) -> str:
    """Format a number of days: 6 days, 3 weeks, 2.4 years."""
    if days < 21:
        return format_count(days, "day")
    if days < 60:
        return f"{days / 7:.0f} weeks"
    if days < 700:
        return f"{days / 30.44:.0f} months"
    return f"{days / 365.25:.1f} years"


def sparkline(values: Sequence[int]) -> str:
    """Return one bar per value; only zeros get the lowest bar."""
    most, top = max(values, default=0) or 1, len(SPARKLINE_LEVELS) - 1
    return "".join(SPARKLINE_LEVELS[max(value > 0, round(value / most * top))] for value in values)


def text_bar(value: int, max_value: int, columns: int) -> str:
    """Return a bar of at most `columns`, at least one if not zero."""
    if not value or not max_value:
        return ""
    return "█" * max(1, round(value / max_value * columns))


def format_duration(ms: int) -> str:
    """Format milliseconds: 40 s, 9 min 40 s, 2 h 5 min."""
    seconds = round(ms / 1000)
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def format_age(age: timedelta) -> str:
    """Format how long ago: 5 min ago, 3 h ago, 2 days ago."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min ago" if minutes else "just now"
    return f"{minutes // 60} h ago" if minutes < 2880 else f"{minutes // 1440} days ago"


def format_answered(cards: int, repeats: int, ms: int) -> str:
    """Format answers: 12 cards and 3 repeats in 4 min."""
    parts = [format_count(cards, "card")] if cards or not repeats else []
    parts += [format_count(repeats, "repeat")] if repeats else []
    return f"{' and '.join(parts)} in {format_duration(ms)}"


def format_percent(part: int, whole: int) -> str:
    """Format a share as 85 %, or a dash if `whole` is zero."""
    return f"{100 * part / whole:.0f} %" if whole else "–"


def format_stability(days: float) -> str:
    """Format a stability in days."""
    return format_count(round(days), "day") if days >= 1 else "less than a day"
