"""Study days, the rollover, and streaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

ONE_DAY = timedelta(days=1)
SECONDS_PER_DAY = 86_400
RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
WEEKDAYS = "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAY_AND_MONTH = re.compile(r"(?P<day>\d{1,2})[ .-]*(?P<month>[a-z]{3,9})[ .-]*(?P<year>\d{4})?")
MONTH_FIRST = re.compile(r"([a-z]{3,9})[ .-]*(\d{1,2})\b,?")
DATE_FORMS = "2026-03-31, 24 Dec, fri, tomorrow or +14"
DEFAULT_ROLLOVER = timedelta(hours=4)  # after local midnight


def study_day(moment: datetime, rollover: timedelta = DEFAULT_ROLLOVER) -> date:
    """Return the study day of an aware time, by its own UTC offset."""
    return (moment - rollover).date()


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
    match = DAY_AND_MONTH.fullmatch(MONTH_FIRST.sub(r"\2 \1", word))
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


def streak_lengths(
    days: Iterable[date], today: date, pauses: Iterable[tuple[date, date]] = ()
) -> tuple[int, int]:
    """Return (current streak, longest streak) in study days.

    The current one ends today or yesterday. Pauses (first, until) neither break nor extend a streak.
    """
    studied = sorted(set(days))
    length: dict[date, int] = {}
    begin, end = (studied[0].toordinal(), today.toordinal() + 1) if studied else (0, 0)
    spans = ((max(begin, first.toordinal()), min(end, until.toordinal())) for first, until in pauses)
    paused = {day for first, until in spans for day in range(first, until)}

    def up_to(day: date) -> int:
        while day not in length and day.toordinal() in paused:
            day -= ONE_DAY
        return length.get(day, 0)

    for day in studied:
        length[day] = up_to(day - ONE_DAY) + 1
    current = up_to(today) or up_to(today - ONE_DAY)
    return current, max(length.values(), default=0)


def idle_spans(
    studied: Sequence[int], changes: Sequence[tuple[int, int]], first_waiting: int, today: int
) -> Iterator[tuple[int, int]]:
    """Yield (first, until) of days between study days without due cards.

    All days are ordinals. `changes` has, by day, the growth of the number of waiting cards among those
    answered since; from `first_waiting` on, a card waits that was not.
    """
    waiting = at = 0
    for day, following in pairwise([*studied, today + 1]):
        while at < len(changes) and changes[at][0] <= day:
            waiting += changes[at][1]
            at += 1
        next_due = changes[at][0] if at < len(changes) else following
        until = day if waiting else min(next_due, following, first_waiting)
        if until > day + 1:
            yield day + 1, until
