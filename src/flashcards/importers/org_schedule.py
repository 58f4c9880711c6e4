"""The schedules that org-drill keeps in properties, and org-fc in a table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from flashcards.importers.base import Standing
from flashcards.importers.org_outline import Heading

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def drill_standing(heading: Heading) -> Standing | None:
    """Return where a card of org-drill stands; None when it was never asked."""
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
