"""Clocks that are put on and back: the day of an answer is what the wall said, and stays that."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import pytest

from factories import review
from flashcards.core.cards import CardId
from flashcards.core.study_days import study_day
from flashcards.storage.journal.record import JournalRecord, decode_record, encode_record
from replay_oracle import replay_all_cards

PARTS = 8
NAMES = sorted(available_timezones())
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
STEPS = [-DAY, -SECOND, timedelta(0), SECOND, timedelta(hours=1), DAY]


def changes(zone: ZoneInfo, first: int, last: int) -> Iterator[datetime]:
    """Yield each second at which a zone's offset becomes another one, in years from first to last.

    Two changes within a day that cancel each other would not be found; no zone has had any.
    """
    at = datetime(first, 1, 1, tzinfo=UTC)
    end = datetime(last + 1, 1, 1, tzinfo=UTC)
    offset = at.astimezone(zone).utcoffset()
    while at < end:
        later = at + DAY
        if later.astimezone(zone).utcoffset() != offset:
            later = _change(zone, at, later)
            yield later
            offset = later.astimezone(zone).utcoffset()
        at = later


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second of a new offset that began between two times."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + timedelta(seconds=(after - before) // SECOND // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def around(change: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return times near a change: its seconds, and both sides of the rollovers next to it."""
    found = [change + step for step in STEPS]
    for day in (change - DAY, change, change + DAY):
        wall = day.astimezone(zone).replace(hour=4, minute=0, second=0)
        for fold in (0, 1):
            rollover = wall.replace(fold=fold).astimezone(UTC)
            found += [rollover - SECOND, rollover]
    return sorted(found)


def day_on_the_wall(wall: datetime) -> date:
    """Return the day that the wall clock has shown 04:00 of last."""
    return wall.date() if wall.hour >= 4 else date.fromordinal(wall.toordinal() - 1)


def check(at: datetime, zone: ZoneInfo) -> None:
    """An answer given then counts for the wall's day: here and anywhere, now and when read back."""
    local, wall = at.astimezone(), at.astimezone(zone)
    assert local == at
    assert local.replace(tzinfo=None) == wall.replace(tzinfo=None)
    day = day_on_the_wall(wall)
    assert study_day(local) == study_day(wall) == day
    event = review("a", 4, local)
    read = decode_record(encode_record(JournalRecord(event, "dev", 1))[:-1]).event
    assert read == event
    assert read.at.utcoffset() == wall.utcoffset()
    progress = replay_all_cards([read])[CardId("a")]
    assert progress.due == day + DAY


def check_zone(name: str, first: int, last: int) -> int:
    """Check a zone around each of its changes; return how many there were."""
    zone = ZoneInfo(name)
    count = 0
    for change in changes(zone, first, last):
        for at in around(change, zone):
            check(at, zone)
        count += 1
    return count


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], bool]]:
    """Return what takes this process to a zone; False where the system does not know it."""

    def go(name: str) -> bool:
        monkeypatch.setenv("TZ", name)
        time.tzset()
        return any((Path(folder) / name).exists() for folder in TZPATH)

    yield go
    monkeypatch.undo()
    time.tzset()


def test_some_zones_around_their_changes(move: Callable[[str], bool]) -> None:
    """In every twelfth zone, around each change of two years, an answer keeps its day."""
    assert sum(check_zone(name, 2025, 2026) for name in NAMES[::12] if move(name)) > 20


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
def test_all_zones_around_all_their_changes(
    move: Callable[[str], bool], record_property: Callable[[str, int], None], part: int
) -> None:
    """In every zone, around each change from 1970 to 2040, an answer keeps its day."""
    names = [name for name in NAMES[part::PARTS] if move(name)]
    record_property("zones", len(names))
    count = 0
    for name in names:
        move(name)
        count += check_zone(name, 1970, 2040)
    record_property("changes", count)
