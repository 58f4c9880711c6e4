"""Read the schedules of org-drill and org-fc."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from flashcards.importers.base import ImportedReview, ImportedSchedule
from flashcards.importers.org.outline import OrgHeading
from flashcards.importers.shared.source_text import parse_date, parse_number

DATETIME_PATTERN = re.compile(r"(\d{4})-(\d{2})-(\d{2})[^\d\]>]*(\d{1,2}):(\d{2})")
LEARN_DATA_PATTERN = re.compile(r"\(\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)[^()]*\)")
MAX_QUALITY = 5


def last_drill_review(heading: OrgHeading) -> ImportedReview | None:
    """Return the last answer of an org-drill card, the only one it keeps."""
    quality = parse_number(heading.property_value("DRILL_LAST_QUALITY"))
    match = DATETIME_PATTERN.search(heading.property_value("DRILL_LAST_REVIEWED"))
    if quality is None or not 0 <= quality <= MAX_QUALITY or not match:
        return None
    try:
        at = datetime.fromisoformat("{}-{}-{}T{:0>2}:{}".format(*match.groups())).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    return ImportedReview(
        f"{heading.property_value('ID') or heading.title} {match[0]}", at, max(1, int(quality))
    )


def drill_schedule(heading: OrgHeading) -> ImportedSchedule | None:
    """Return the schedule of an org-drill card; None if it is new."""
    if old := LEARN_DATA_PATTERN.fullmatch(heading.property_value("LEARN_DATA")):
        return _old_drill_schedule(heading, old)
    interval = parse_number(heading.property_value("DRILL_LAST_INTERVAL"))
    last = parse_date(heading.property_value("DRILL_LAST_REVIEWED"))
    if interval is None or not parse_number(heading.property_value("DRILL_TOTAL_REPEATS") or "1"):
        return None
    due = parse_date(heading.scheduled) or (last and last + timedelta(days=max(1, round(interval))))
    if due is None:
        return None
    ease = parse_number(heading.property_value("DRILL_EASE")) or 2.5
    again = int(parse_number(heading.property_value("DRILL_REPEATS_SINCE_FAIL")) or 0)
    lapses = int(parse_number(heading.property_value("DRILL_FAILURE_COUNT")) or 0)
    return ImportedSchedule.rounded(due, interval, ease, max(0, again - 1), max(0, lapses))


def _old_drill_schedule(heading: OrgHeading, old: re.Match[str]) -> ImportedSchedule | None:
    """Return the schedule that older versions keep in one property."""
    interval, repeats, ease = (parse_number(value) for value in old.groups())
    due = parse_date(heading.scheduled)
    if not interval or interval <= 0 or not due:
        return None
    known = max(0, int(repeats or 0) - 1)
    return ImportedSchedule.rounded(due, interval, ease or 2.5, known)


def fc_schedules(table: Iterable[str]) -> Mapping[str, ImportedSchedule]:
    """Return the schedules of an org-fc card by position."""
    names: list[str] = []
    schedules: dict[str, ImportedSchedule] = {}
    for line in table:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not names:
            names = [cell.casefold() for cell in cells]
            continue
        row = dict(zip(names, cells, strict=False))
        due, interval = parse_date(row.get("due", "")), parse_number(row.get("interval", ""))
        if due is None or not interval or interval <= 0:
            continue
        ease = parse_number(row.get("ease", "")) or 2.5
        box = int(max(0, parse_number(row.get("box", "")) or 0))
        schedules[row.get("position", "")] = ImportedSchedule.rounded(due, interval, ease, box)
    return schedules
