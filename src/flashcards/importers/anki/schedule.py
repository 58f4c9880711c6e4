"""From Anki's schedule and answers to the life of a card: only what it says, as far as we can."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, overload

from flashcards.importers.anki.collection import Collection, Row
from flashcards.importers.base import Life, PastReview, Standing

RATINGS = (0, 1, 3, 4, 5)
"""Ours, by Anki's Again, Hard, Good and Easy."""
OLD_LEARNING = (0, 1, 4, 5, 5)
"""The same for cards being learned under the first scheduler, which had no Hard there."""
ANSWERS = (0, 1, 2, 3)
"""Kinds of rows in the log that are answers: learned, reviewed, relearned, crammed (with no factor
where that changed no date)."""
LEARN, REVIEW, RELEARN = 1, 2, 3
CRAM = 3
A_DAY = 86_400
SUSPENDED = -1
A_TIME = 1_000_000_000
"""A due number from here on is seconds since 1970; below, days since the collection began."""
FARTHEST = 100_000
"""Days; further away is damage."""
REPETITIONS = 2
NUMBERS = ("ease", "time", "type", "lastIvl", "factor")
LOG = (  # whatever type a row says its values have, these are numbers
    f"SELECT cid, id, {', '.join(f'CAST({name} AS INTEGER)' for name in NUMBERS)} "
    "FROM revlog ORDER BY cid, id"
)
NO_EASE, USUAL_EASE = 1000, 250


class Answers(Sequence[PastReview]):
    """The answers to one card, kept as three numbers each until they are asked for."""

    def __init__(self, log: Log, card: int, span: range) -> None:
        self._log, self._card, self._span = log, card, span

    def __len__(self) -> int:
        return len(self._span)

    @overload
    def __getitem__(self, place: int) -> PastReview: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PastReview]: ...
    def __getitem__(self, place: int | slice) -> PastReview | Sequence[PastReview]:
        if isinstance(place, slice):
            return [self._log.answer(self._card, i) for i in self._span[place]]
        return self._log.answer(self._card, self._span[place])


@dataclass(slots=True)
class Log:
    """All answers of a collection."""

    zone: tzinfo
    at: array[int] = field(default_factory=lambda: array("q"))
    rating: array[int] = field(default_factory=lambda: array("b"))
    ms: array[int] = field(default_factory=lambda: array("q"))
    interval: array[int] = field(default_factory=lambda: array("l"))
    cram: array[int] = field(default_factory=lambda: array("b"))
    spans: dict[int, range] = field(default_factory=dict)

    def answer(self, card: int, place: int) -> PastReview:
        """Return one answer to a card."""
        ms = self.at[place]
        at = datetime.fromtimestamp(ms / 1000, self.zone)
        rating, took, cram = self.rating[place], self.ms[place], bool(self.cram[place])
        return PastReview(f"{card}-{ms}", at, rating, took, self.interval[place], cram)

    def of(self, card: int) -> Sequence[PastReview]:
        """Return the answers to a card, the first one first."""
        span = self.spans.get(card)
        return Answers(self, card, span) if span else ()


def read_log(collection: Collection, zone: tzinfo) -> Log:
    """Return the answers of a collection."""
    log = Log(zone)
    old = collection.settings.get("schedVer", 1) == 1 and "rollover" not in collection.settings
    latest = 4_102_444_800_000  # the year 2100, in ms
    first = 0
    before: int | None = None
    for card, at, ease, took, kind, last, factor in collection.rows(LOG):
        if kind not in ANSWERS or ease not in (1, 2, 3, 4) or not 0 < at < latest:
            continue
        if card != before:
            _close(log, before, first)
            first, before = len(log.at), card
        log.at.append(at)
        log.rating.append((OLD_LEARNING if old and kind != REVIEW - 1 else RATINGS)[ease])
        log.ms.append(took if 0 <= took < 1 << 40 else 0)
        log.cram.append(kind == CRAM and not factor)
        log.interval.append(0 if log.cram[-1] else _interval(kind, last))
    _close(log, before, first)
    return log


def _interval(kind: int, last: int) -> int:
    """Return the days that a card was to be remembered; the log has seconds below zero."""
    days = last if last >= 0 else -last // A_DAY
    return min(max(days, int(kind == REVIEW - 1)), FARTHEST)


def _close(log: Log, card: int | None, first: int) -> None:
    if card is not None:
        log.spans[card] = range(first, len(log.at))


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a collection."""

    zone: tzinfo
    first: date
    known: dict[int, date] = field(default_factory=dict)
    """Days by their numbers: many cards are due on few."""

    @classmethod
    def of(cls, collection: Collection) -> Calendar:
        """Return the calendar that a collection counts its days by."""
        zone = zone_of(collection.settings)
        created = min(max(collection.created, 0), 4_102_444_800)
        return cls(zone, datetime.fromtimestamp(created, zone).date())

    def day(self, due: int) -> date:
        """Return the day of a due number, be it days or seconds."""
        if (day := self.known.get(due)) is None:
            day = self.known[due] = self._day(due)
        return day

    def _day(self, due: int) -> date:
        if due >= A_TIME:
            return datetime.fromtimestamp(min(due, 4_102_444_800), self.zone).date()
        return self.first + timedelta(days=min(max(due, -FARTHEST), FARTHEST))


def zone_of(settings: Mapping[str, Any]) -> tzinfo:
    """Return where the collection was at home, as far as it says so; else where we are."""
    west = settings.get("creationOffset", settings.get("localOffset"))
    if isinstance(west, int) and abs(west) < 24 * 60:
        return timezone(timedelta(minutes=-west)) if west else UTC
    return datetime.fromtimestamp(0).astimezone().tzinfo or UTC


def life(card: Row, calendar: Calendar, log: Log) -> Life:
    """Return the life of a row of cards: (id, type, queue, due, odue, ivl, factor, lapses)."""
    number, kind, queue, due, odue, interval, factor, lapses = card
    reviews = log.of(number)
    standing = None
    if kind in (LEARN, REVIEW, RELEARN):
        standing = Standing(
            due=calendar.day(odue or due),
            interval=max(1, interval),
            ease=factor // 10 if factor >= NO_EASE else USUAL_EASE,
            repetitions=REPETITIONS if kind == REVIEW else 0,
            lapses=max(0, lapses),
        )
    return Life(reviews, standing, suspended=queue == SUSPENDED, forgotten=not standing)
