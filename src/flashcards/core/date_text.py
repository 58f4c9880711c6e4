"""Days as text: read as people type them, and written shortly."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
WEEKDAYS = "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAY_AND_MONTH = r"(?P<day>\d{1,2})[ .-]*(?P<month>[a-z]{3,9})[ .-]*(?P<year>\d{4})?"
MONTH_FIRST = r"([a-z]{3,9})[ .-]*(\d{1,2})\b,?"
DATE_FORMS = "2026-03-31, 24 Dec, fri, tomorrow or +14"


def parse_day(text: str, today: date, *, past: bool = False) -> date:
    """Return the day that a text in one of DATE_FORMS means.

    Without a year it is the next such day, or the last with `past`. Raises ValueError or OverflowError.
    """
    word, sign = text.strip().casefold(), -1 if past else 1
    if word in RELATIVE_DAYS:
        return today + timedelta(RELATIVE_DAYS[word])
    if re.fullmatch(r"[-+]\d{1,5}", word):
        return today + timedelta(int(word))
    if (weekday := _place(word, WEEKDAYS)) is not None:
        return today + sign * timedelta(sign * (weekday - today.weekday()) % 7)
    match = re.fullmatch(DAY_AND_MONTH, re.sub(MONTH_FIRST, r"\2 \1", word))
    month = _place(match["month"], MONTHS) if match else None
    if match is None or month is None:
        return date.fromisoformat(word)
    years = range(today.year, today.year + 9 * sign, sign)  # one of them has a 29 February
    for year in [int(match["year"])] if match["year"] else years:
        try:
            day = date(year, month + 1, int(match["day"]))
        except ValueError:
            continue
        if match["year"] or (day - today).days * sign >= 0:
            return day
    raise ValueError(text)


def _place(word: str, names: Sequence[str]) -> int | None:
    """Return the index of the name that `word` abbreviates."""
    return next((i for i, name in enumerate(names) if len(word) >= 3 and name.startswith(word)), None)


def format_day(day: date) -> str:
    """Return a day without its year: 5 Dec."""
    return f"{day.day} {day:%b}"
