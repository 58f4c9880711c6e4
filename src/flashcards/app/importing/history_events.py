"""From what another program knows of a card to events: the same ones, however often it comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from operator import itemgetter

from flashcards.core.cards import CardId
from flashcards.core.events import AboutCard, EventId, Reset, Review, SetDue, Suspend, order
from flashcards.core.progress import Progress, progress
from flashcards.core.sm2 import FIRST_INTERVALS, LEAST_EASE, LONGEST_INTERVAL
from flashcards.importers.base import Life, PastReview, Standing

MOMENT = timedelta(seconds=1)
"""Two answers to one card within this are one answer, brought by two ways."""
SLACK = timedelta(days=1)
"""How far ahead of ours another clock may be."""
OLDEST_MS = 315_532_800_000
"""The year 1980."""
MOST, MOST_MS = 100_000, 86_400_000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(9000, 1, 1)


def event_id(*parts: object) -> EventId:
    """Return an id made of what an event is, as a UUID of version 8 (RFC 9562)."""
    text = "\x1f".join(map(str, parts))
    d = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return EventId(f"{d[:8]}-{d[8:12]}-8{d[13:16]}-8{d[17:20]}-{d[20:]}")


def events_of(
    program: str, card: CardId, life: Life, before: Sequence[AboutCard], now: datetime
) -> list[AboutCard]:
    """Return the events that a life adds to those a card has, stamped with their own time.

    So what was done here later stays later: it counts on top of what is brought in.
    """
    known = {event.id for event in before}
    answers = [(_ms(past.at), past) for past in life.reviews]
    latest = _ms(now + SLACK)
    given = [
        event
        for ms, past in answers
        if OLDEST_MS < ms < latest
        and (event := _review(program, card, ms, past)).id not in known
        and not (before and _given_here(event, before))
    ]
    found: list[AboutCard] = [*given, *(replace(event, card=card) for event in life.events)]
    standing = life.standing and _sound(life.standing)
    if standing or life.suspended or (life.forgotten and answers):
        when = _moment(answers, standing, now)
        then = progress(sorted((e for e in (*before, *given) if e.hlc <= when[1]), key=order))
        found += _standing(program, card, life, standing, when, then)
    return [event for event in found if event.id not in known] if known else found


def _review(program: str, card: CardId, ms: int, past: PastReview) -> Review:
    own, rating = event_id(program, past.key), min(max(past.rating, 1), 5)
    took = min(max(past.ms, 0), MOST_MS)
    was = None if past.interval is None else min(max(past.interval, 0), MOST)
    return Review(own, ms, past.at, card, rating, took, program, past.cram, was)


def _given_here(event: Review, before: Iterable[AboutCard]) -> bool:
    """Tell whether the card has the same answer by another way, as from an export of ours."""
    return any(isinstance(e, Review) and abs(e.at - event.at) < MOMENT for e in before)


def _standing(
    program: str,
    card: CardId,
    life: Life,
    standing: Standing | None,
    when: tuple[datetime, int],
    then: Progress,
) -> Iterator[AboutCard]:
    """Yield what sets a card's schedule and sleep, unless its answers alone led to the same."""
    at, hlc = when
    if standing and not _agrees(then, standing):
        shape = standing.interval, standing.ease, standing.repetitions, standing.lapses
        own = event_id(program, "standing", card, hlc, standing.due, *shape)
        yield SetDue(own, hlc + 1, at, card, standing.due, *shape)
    if life.forgotten and then.due is not None:
        yield Reset(event_id(program, "reset", card, hlc), hlc + 1, at, card, program)
    if life.suspended and not then.suspended:
        yield Suspend(event_id(program, "suspend", card, hlc), hlc + 2, at, card, program)


def _sound(standing: Standing) -> Standing:
    """Return a standing whose numbers are those that SM-2 can hold."""
    sound = (
        min(max(standing.due, FIRST_DAY), LAST_DAY),
        min(max(standing.interval, 1), LONGEST_INTERVAL),
        min(max(standing.ease, LEAST_EASE), MOST),
        min(max(standing.repetitions, 0), MOST),
        min(max(standing.lapses, 0), MOST),
    )
    return Standing(*sound)


def _agrees(then: Progress, standing: Standing) -> bool:
    """Tell whether a card stands as it does elsewhere, now and at its next answer."""
    memory, begun = then.memory, len(FIRST_INTERVALS)
    return (then.due, memory.interval, memory.ease, min(memory.repetitions, begun)) == (
        standing.due,
        standing.interval,
        standing.ease,
        min(standing.repetitions, begun),
    )


def _moment(
    answers: Sequence[tuple[int, PastReview]], standing: Standing | None, now: datetime
) -> tuple[datetime, int]:
    """Return when the other program last knew of the card, as far as can be told, and its hlc."""
    if answers:
        ms, past = max(answers, key=itemgetter(0))
        at = past.at
    elif standing:
        day = standing.due - timedelta(days=standing.interval)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        ms = _ms(at)
    else:
        return now, 1
    if OLDEST_MS < ms < _ms(now + SLACK):
        return at, ms
    return now, 1  # before all else: what was done here counts on top of it


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
