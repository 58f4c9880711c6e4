"""Convert another program's history to events, deterministically."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter, le

from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, EventId, Reset, Review, SetDue, Suspend, event_order
from flashcards.core.progress import ProgressNumbers
from flashcards.core.replay import final_numbers
from flashcards.core.sm2 import FIRST_INTERVALS, MAX_INTERVAL, MIN_EASE
from flashcards.importers.base import ImportedHistory, ImportedReview, ImportedSchedule

SAME_ANSWER_WINDOW = timedelta(seconds=1)
"""Answers to a card this close are one answer that was imported in two ways."""
MAX_CLOCK_SKEW = timedelta(days=1)  # how far another clock may be ahead of ours
MIN_TIME_MS = 315_532_800_000  # the year 1980
MAX_COUNT, MAX_ANSWER_MS = 100_000, 86_400_000
NEW_DIGEST = blake2b(digest_size=16)
LEAST_SCHEDULE = ImportedSchedule(date(2000, 1, 1), 1, MIN_EASE, 0, 0)
MOST_SCHEDULE = ImportedSchedule(date(9000, 1, 1), MAX_INTERVAL, MAX_COUNT, MAX_COUNT, MAX_COUNT)


def imported_event_id(*parts: object) -> EventId:
    """Return an id derived from the event, as a UUID version 8 (RFC 9562)."""
    text = "\x1f".join(map(str, parts))
    digest = NEW_DIGEST.copy()  # a third of the time of making one
    digest.update(text.encode("utf-8", "surrogatepass"))
    d = digest.hexdigest()
    return EventId(f"{d[:8]}-{d[8:12]}-8{d[13:16]}-8{d[17:20]}-{d[20:]}")


def history_events(
    program: str,
    card: CardId,
    history: ImportedHistory,
    before: Sequence[CardEvent],
    now: datetime,
    batch: EventId | None = None,
) -> list[CardEvent]:
    """Return the events a history adds to a card, with their own times."""
    # What was done here later stays later, and counts on top of the import.
    known_ids = {event.id for event in before}
    answers = [(_to_ms(past.answered_at), past) for past in history.reviews]
    latest = _latest_ms(now)
    given = [
        event
        for ms, past in answers
        if MIN_TIME_MS < ms < latest
        and (event := _review_event(program, card, ms, past, batch)).id not in known_ids
        and not (before and _is_duplicate_answer(event, before))
    ]
    events: list[CardEvent] = [*given, *(event._replace(card=card, batch=batch) for event in history.events)]
    schedule = history.schedule and _within_bounds(history.schedule)
    if schedule or history.suspended or (history.starts_as_new and answers):
        _, hlc = known_at = _last_known_time(answers, schedule, now)
        then = final_numbers(sorted([e for e in (*before, *given) if e.hlc <= hlc], key=event_order))
        events += _schedule_events(program, card, history, schedule, known_at, then, batch)
    return [event for event in events if event.id not in known_ids] if known_ids else events


def _within_bounds(schedule: ImportedSchedule) -> ImportedSchedule:
    """Return a schedule with numbers that we can keep: damaged ones get the nearest."""
    if all(map(le, LEAST_SCHEDULE, schedule)) and all(map(le, schedule, MOST_SCHEDULE)):  # type: ignore[arg-type]  # as below
        return schedule
    return ImportedSchedule._make(map(max, LEAST_SCHEDULE, map(min, MOST_SCHEDULE, schedule)))  # type: ignore[arg-type]  # pairs of a kind


def _review_event(
    program: str, card: CardId, ms: int, past_review: ImportedReview, batch: EventId | None
) -> Review:
    own, rating = (imported_event_id(program, past_review.unique_key), min(max(past_review.rating, 1), 5))
    took = min(max(past_review.ms, 0), MAX_ANSWER_MS)
    was = None if past_review.interval_before is None else min(max(past_review.interval_before, 0), MAX_COUNT)
    cram = past_review.cram
    return Review(own, ms, past_review.answered_at, card, rating, took, program, cram, was, batch=batch)


def _is_duplicate_answer(event: Review, before: Iterable[CardEvent]) -> bool:
    """Tell whether the card has this answer already, as from an export of ours."""
    return any(isinstance(e, Review) and abs(e.at - event.at) < SAME_ANSWER_WINDOW for e in before)


def _schedule_events(
    program: str,
    card: CardId,
    history: ImportedHistory,
    schedule: ImportedSchedule | None,
    known_at: tuple[datetime, int],
    then: ProgressNumbers,
    batch: EventId | None,
) -> Iterator[CardEvent]:
    """Yield what sets the schedule, unless the answers alone lead to it."""
    at, hlc = known_at  # events follow it in this order: hlc + 1, then + 2
    due, _, _, _, _, _, _, is_suspended, *_ = then
    if schedule and not _matches_schedule(then, schedule):
        shape = schedule.interval, schedule.ease, schedule.repetitions, schedule.lapses
        own = imported_event_id(program, "standing", card, hlc, schedule.due, *shape)
        yield SetDue(own, hlc + 1, at, card, schedule.due, *shape, batch=batch)
    if history.starts_as_new and due is not None:
        own = imported_event_id(program, "reset", card, hlc)
        yield Reset(own, hlc + 1, at, card, program, batch=batch)
    if history.suspended and not is_suspended:
        own = imported_event_id(program, "suspend", card, hlc)
        yield Suspend(own, hlc + 2, at, card, program, batch=batch)


def _matches_schedule(then: ProgressNumbers, schedule: ImportedSchedule) -> bool:
    """Tell whether a card's schedule is the same, now and at its next answer."""
    (due, interval, ease, repetitions), begun = then[:4], len(FIRST_INTERVALS)
    return (due, interval, ease, min(repetitions, begun)) == (
        schedule.due.toordinal(),
        schedule.interval,
        schedule.ease,
        min(schedule.repetitions, begun),
    )


def _last_known_time(
    answers: Sequence[tuple[int, ImportedReview]], schedule: ImportedSchedule | None, now: datetime
) -> tuple[datetime, int]:
    """Return when the other program last knew the card, and its hlc."""
    if answers:
        ms, last_review = max(answers, key=itemgetter(0))
        at = last_review.answered_at
    elif schedule:
        day = schedule.due - timedelta(days=schedule.interval)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        ms = _to_ms(at)
    else:
        return now, 1
    if MIN_TIME_MS < ms < _latest_ms(now):
        return at, ms
    return now, 1  # hlc 1 sorts first, so that what was done here counts on top of it


@lru_cache(1)
def _latest_ms(now: datetime) -> int:
    """Return the time from which another program's clock is wrong."""
    return _to_ms(now + MAX_CLOCK_SKEW)


def _to_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
