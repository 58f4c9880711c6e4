"""Convert Anki's schedule and review log."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any

from flashcards.core.study_days import SECONDS_PER_DAY
from flashcards.importers.anki.collection_tables import AnkiCollection, SqliteRow
from flashcards.importers.base import ImportedHistory, ImportedReview, ImportedSchedule

RATING_BY_EASE = (0, 1, 3, 4, 5)  # our ratings, by Anki's Again to Easy; index 0 is unused
OLD_LEARNING_RATING_BY_EASE = (0, 1, 4, 5, 5)
"""The same for learning cards of Anki's first scheduler, which had no Hard there."""
ANSWER_KINDS = (0, 1, 2, 3)
"""Log kinds of answers: learned, reviewed, relearned, crammed (without factor if no date changed)."""
TYPE_LEARNING, TYPE_REVIEW, TYPE_RELEARNING = 1, 2, 3
LOG_CRAM = 3
QUEUE_SUSPENDED = -1
FIRST_TIMESTAMP = 1_000_000_000
"""Due numbers from here on are seconds since 1970, lower ones days since the collection began."""
MAX_DAYS = 100_000  # larger numbers of days are damaged data
ASSUMED_REPETITIONS = 2
NUMBER_COLUMNS = ("ease", "time", "type", "lastIvl", "factor")
SELECT_LOG = (  # whatever type a row says its values have, these are numbers
    f"SELECT cid, id, {', '.join(f'CAST({name} AS INTEGER)' for name in NUMBER_COLUMNS)} "
    "FROM revlog ORDER BY cid, id"
)
MIN_FACTOR, DEFAULT_EASE = 1000, 250


class CardReviews(Collection[ImportedReview]):
    """The answers to one card, stored compactly until accessed."""

    __slots__ = ("_card", "_index_range", "_log")

    def __init__(self, log: ReviewLog, card: int, span: range) -> None:
        self._log, self._card, self._index_range = log, card, span

    def __len__(self) -> int:
        return len(self._index_range)

    def __iter__(self) -> Iterator[ImportedReview]:
        return map(self._log.review_at, repeat(self._card), self._index_range)

    def __contains__(self, review: object) -> bool:
        return any(review == own for own in self)


@dataclass(slots=True)
class ReviewLog:
    """All answers of a collection."""

    timezone: tzinfo
    timestamps: array[int] = field(default_factory=lambda: array("q"))
    ratings: array[int] = field(default_factory=lambda: array("b"))
    durations_ms: array[int] = field(default_factory=lambda: array("q"))
    intervals: array[int] = field(default_factory=lambda: array("l"))
    cram_flags: array[int] = field(default_factory=lambda: array("b"))
    ranges_by_card: dict[int, range] = field(default_factory=dict)

    def review_at(self, card: int, index: int) -> ImportedReview:
        """Return one answer to a card."""
        ms = self.timestamps[index]
        at = datetime.fromtimestamp(ms / 1000, self.timezone)
        rating, took, cram = (self.ratings[index], self.durations_ms[index], bool(self.cram_flags[index]))
        return ImportedReview(f"{card}-{ms}", at, rating, took, self.intervals[index], cram)

    def reviews_of_card(self, card: int) -> Collection[ImportedReview]:
        """Return the answers to a card, oldest first."""
        span = self.ranges_by_card.get(card)
        return CardReviews(self, card, span) if span else ()


def read_review_log(collection: AnkiCollection, zone: tzinfo) -> ReviewLog:
    """Return the answers of a collection."""
    log = ReviewLog(zone)
    old = collection.settings.get("schedVer", 1) == 1 and "rollover" not in collection.settings
    latest = 4_102_444_800_000  # the year 2100, in ms
    for card, rows in groupby(collection.connection.execute(SELECT_LOG), itemgetter(0)):
        first = len(log.timestamps)
        for _, at, ease, duration, kind, last, factor in rows:
            if kind not in ANSWER_KINDS or ease not in (1, 2, 3, 4) or not 0 < at < latest:
                continue
            ratings = OLD_LEARNING_RATING_BY_EASE if old and kind != TYPE_REVIEW - 1 else RATING_BY_EASE
            log.timestamps.append(at)
            log.ratings.append(ratings[ease])
            log.durations_ms.append(duration if 0 <= duration < 1 << 40 else 0)
            log.cram_flags.append(kind == LOG_CRAM and not factor)
            log.intervals.append(0 if log.cram_flags[-1] else _interval_before(kind, last))
        if span := range(first, len(log.timestamps)):
            log.ranges_by_card[card] = span
    return log


def _interval_before(kind: int, last: int) -> int:
    """Return the last interval in days; the log has seconds as negative numbers."""
    days = last if last >= 0 else -last // SECONDS_PER_DAY
    return min(max(days, int(kind == TYPE_REVIEW - 1)), MAX_DAYS)


@dataclass(frozen=True, slots=True)
class CollectionCalendar:
    """The calendar of a collection."""

    timezone: tzinfo
    first_day: date
    days_by_number: dict[int, date] = field(default_factory=dict)
    """A cache, for many cards are due on few days."""

    @classmethod
    def from_collection(cls, collection: AnkiCollection) -> CollectionCalendar:
        """Return the calendar of a collection."""
        zone = collection_timezone(collection.settings)
        created = min(max(collection.created_seconds, 0), 4_102_444_800)
        return cls(zone, datetime.fromtimestamp(created, zone).date())

    def day_of_due_number(self, due: int) -> date:
        """Return the day of a due number, in days or seconds."""
        if (day := self.days_by_number.get(due)) is None:
            day = self.days_by_number[due] = self._compute_day(due)
        return day

    def _compute_day(self, due: int) -> date:
        if due >= FIRST_TIMESTAMP:
            return datetime.fromtimestamp(min(due, 4_102_444_800), self.timezone).date()
        return self.first_day + timedelta(days=min(max(due, -MAX_DAYS), MAX_DAYS))


def collection_timezone(settings: Mapping[str, Any]) -> tzinfo:
    """Return the collection's time zone, or else ours."""
    west = settings.get("creationOffset", settings.get("localOffset"))
    if isinstance(west, int) and abs(west) < 24 * 60:
        return timezone(timedelta(minutes=-west)) if west else UTC
    return datetime.fromtimestamp(0).astimezone().tzinfo or UTC


def card_history(card: SqliteRow, calendar: CollectionCalendar, log: ReviewLog) -> ImportedHistory:
    """Return the history of a row of SELECT_CARDS."""
    _, _, _, _, number, kind, queue, due, odue, interval, factor, lapses, _, _ = card
    reviews = log.reviews_of_card(number)
    schedule = None
    if kind in (TYPE_LEARNING, TYPE_REVIEW, TYPE_RELEARNING):
        schedule = ImportedSchedule(
            due=calendar.day_of_due_number(odue or due),
            interval=interval if interval > 0 else 1,
            ease=factor // 10 if factor >= MIN_FACTOR else DEFAULT_EASE,
            repetitions=ASSUMED_REPETITIONS if kind == TYPE_REVIEW else 0,
            lapses=max(0, lapses),
        )
    return ImportedHistory(reviews, schedule, suspended=queue == QUEUE_SUSPENDED, starts_as_new=not schedule)
