"""The schedules that org-drill keeps in properties, and org-fc in a table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from flashcards.importers.base import PastReview, Standing
from flashcards.importers.org.outline import Heading

MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})[^\d\]>]*(\d{1,2}):(\d{2})")
LEARN_DATA = re.compile(r"\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)[^()]*\)")
BEST = 5
"""The highest quality; 0 to 2 forgot."""
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def drill_review(heading: Heading) -> PastReview | None:
    """Return the last answer of a card of org-drill, which is all that it keeps of them."""
    quality, said = _number(heading.said("DRILL_LAST_QUALITY")), heading.said("DRILL_LAST_REVIEWED")
    found = MOMENT.search(said)
    if quality is None or not 0 <= quality <= BEST or not found:
        return None
    try:
        at = datetime.fromisoformat("{}-{}-{}T{:0>2}:{}".format(*found.groups())).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    return PastReview(f"{heading.said('ID') or heading.title} {found[0]}", at, max(1, int(quality)))


def drill_standing(heading: Heading) -> Standing | None:
    """Return where a card of org-drill stands; None when it was never asked."""
    if old := LEARN_DATA.fullmatch(heading.said("LEARN_DATA")):
        return _learned(heading, old)
    interval = _number(heading.said("DRILL_LAST_INTERVAL"))
    last = _day(heading.said("DRILL_LAST_REVIEWED"))
    due = _day(heading.scheduled)
    if (
        interval is None
        or (due is None and last is None)
        or not _number(heading.said("DRILL_TOTAL_REPEATS") or "1")
    ):
        return None
    days = max(1, round(interval))
    if due is None and last is not None:
        due = last + timedelta(days=days)
    if due is None:
        return None
    ease = _number(heading.said("DRILL_EASE")) or 2.5
    again = int(_number(heading.said("DRILL_REPEATS_SINCE_FAIL")) or 0)
    lapses = int(_number(heading.said("DRILL_FAILURE_COUNT")) or 0)
    return Standing(due, days, max(130, round(ease * 100)), max(0, again - 1), max(0, lapses))


def _learned(heading: Heading, old: re.Match[str]) -> Standing | None:
    """Return where a card stands by the one property that older versions keep."""
    interval, repeats, ease = (_number(value) for value in old.groups())
    due = _day(heading.scheduled)
    if not interval or interval <= 0 or not due:
        return None
    known = max(0, int(repeats or 0) - 1)
    return Standing(due, max(1, round(interval)), max(130, round((ease or 2.5) * 100)), known)


def fc_standings(table: Iterable[str]) -> Mapping[str, Standing]:
    """Return where each position of a card of org-fc stands, by its name."""
    names: list[str] = []
    found: dict[str, Standing] = {}
    for line in table:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not names:
            names = [cell.casefold() for cell in cells]
            continue
        row = dict(zip(names, cells, strict=False))
        due, interval = _day(row.get("due", "")), _number(row.get("interval", ""))
        if due is None or not interval or interval <= 0:
            continue
        ease, box = _number(row.get("ease", "")) or 2.5, _number(row.get("box", "")) or 0
        standing = Standing(
            due, max(1, round(interval)), max(130, round(ease * 100)), int(max(0, box))
        )
        found[row.get("position", "")] = standing
    return found


def _day(text: str) -> date | None:
    found = DAY.search(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 100_000 else None
