"""Fold a card's events: its progress, and a row of the index for each answer."""

from collections.abc import Iterable
from datetime import timedelta

from flashcards.core.events import CardEvent, Review
from flashcards.core.fsrs import Model
from flashcards.core.progress import (
    DEFAULT_MODEL,
    EARLY,
    GRADED,
    NEW_NUMBERS,
    GivenSchedule,
    ProgressNumbers,
    advance,
    rate,
)
from flashcards.core.sm2 import MIN_RECALLED_QUALITY
from flashcards.core.study_days import DEFAULT_ROLLOVER, study_day

PRACTICE = EARLY + 1  # the kind of an answer that was practice
RECALL_UNITS = 10_000  # a chance of recall is stored in ten-thousandths
GivenAnswer = tuple[int, int, int, int, bool, int | None, int | None, bool]
"""Study day, minute of the local day, rating, ms, is imported, imported interval, next interval, is
practice."""
Step = GivenAnswer | GivenSchedule | CardEvent
"""Told apart by their lengths: the type checker refuses an event of a card with five or eight fields."""

FactNumbers = tuple[int, int, int, int, int, int, int, int, int, int, int, int | None, int | None]
"""One answer, as far as statistics need it; a replay makes a million.

Study day, minute of the local day, rating, ms, kind, whether the card was new, days of its interval and
hundredths of its ease before, whether it was imported, whether it tests retention, the rating of the
first answer on the last study day or 0, the day from which it could be asked, FSRS's chance of recall.
"""
AnswerTotals = tuple[int | None, int, int, int, int]
"""First study day, answers, their ms, retention tests, and those recalled."""


def as_step(event: CardEvent, rollover: timedelta = DEFAULT_ROLLOVER) -> Step:
    """Return what `fold_events` needs of an event."""
    if not isinstance(event, Review):
        return event
    day, minute = study_day(event.at, rollover).toordinal(), event.at.hour * 60 + event.at.minute
    how = bool(event.source), event.interval, event.next_interval, event.cram
    return day, minute, event.rating, event.ms, *how


def fold_events(
    steps: Iterable[Step], rollover: timedelta = DEFAULT_ROLLOVER, model: Model = DEFAULT_MODEL
) -> tuple[ProgressNumbers, list[FactNumbers], AnswerTotals]:
    """Return (progress, answers, totals) of a card's effective events, in order.

    A retention test is the first answer to a card on a study day, if the card was due and not new. An
    imported answer followed another program's schedule: it is a test if that program's interval was a
    day or more; if that is unknown, whenever the card was not new, with the days since the last answer
    as interval. Cramming is never a test.
    """
    state, facts, chance, review = NEW_NUMBERS, list[FactNumbers](), model.recall, model.review
    previous = latest = began = total_ms = tests = recalled = 0
    for step in steps:
        if len(step) != 8:
            state = advance(state, step, rollover, model)
            continue
        day, minute, rating, ms, imported, known_interval, next_interval, practice = step
        due, interval, ease, _, _, _, _, _, buried, _, memory, fsrs_day = state
        kind, recall = PRACTICE, None
        if not practice:
            if memory and fsrs_day and day > fsrs_day:
                recall = round(chance(memory[0], day - fsrs_day) * RECALL_UNITS)
            state, kind = rate(state, rating, day, next_interval, review)
        was_due = kind == GRADED
        is_new = due is None and was_due
        if imported:
            pause = max(0, day - latest) if latest and due else 0
            was_due = not practice and (not is_new if known_interval is None else known_interval > 0)
            interval = pause if known_interval is None else known_interval
            is_new = is_new and not was_due
        tested = was_due and not is_new and day != latest
        facts.append((
            day, minute, rating, ms, kind, int(is_new), interval, ease, int(imported), int(tested), previous,
            due if due is None or due > buried else buried, recall,
        ))  # fmt: skip
        latest, total_ms = day, total_ms + ms
        began = day if not began or day < began else began
        if is_new or tested:
            previous = rating
            tests += tested
            recalled += tested and rating >= MIN_RECALLED_QUALITY
    return state, facts, (began or None, len(facts), total_ms, tests, recalled)
