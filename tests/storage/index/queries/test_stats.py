"""What the index counts is what a slow and obvious count of replayed histories gives."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import NOON, Clock, open_store, paths_in, put_deck, review, undo
from flashcards.core.cards import CardId
from flashcards.core.events import Bury, CardEvent, Event, EventId, Reset, SetDue, Suspend
from flashcards.core.progress import CardState
from flashcards.core.replay import card_histories
from flashcards.core.stats.answer_rows import RECALL_UNITS, as_step, fold_events
from flashcards.core.stats.fsrs_calibration import RecallGroup
from flashcards.core.stats.review_totals import TOTAL_FIELDS, CardCounts, ReviewTotals
from flashcards.storage.index import daily_totals
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.search import SearchCondition
from flashcards.storage.index.queries.stats import StatsFilter, load_stats_input
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.store import Store

DECKS = {
    "one.yaml": "deck: One\ntags: [x]\ncards:\n"
    "- {id: a, front: a, back: A}\n- {id: b, front: b, back: B, tags: [y, z]}\n",
    "two.yaml": "deck: Two\ncards:\n- {id: c, front: c, back: C, tags: [y]}\n- {id: d, front: d, back: D}\n",
}
"""Four cards that are in decks; the history knows a fifth."""
TODAY = (NOON + timedelta(days=60)).date()


def at(day: int, hour: int) -> datetime:
    """Return a time some days after the first, to the minute."""
    return NOON.replace(hour=0) + timedelta(days=day, hours=hour, minutes=7)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """One thing done at some time in two months, to one of five cards."""
    when = at(draw(st.integers(0, 62)), draw(st.integers(0, 23)))
    card = draw(st.sampled_from("abcde"))
    base = review(card, draw(st.integers(1, 5)), when)
    common = EventId(""), base.hlc, when, CardId(card)
    what = draw(st.sampled_from(["review"] * 12 + ["reset", "suspend", "bury", "set-due"]))
    others: dict[str, Callable[[], CardEvent]] = {
        "reset": lambda: Reset(*common),
        "suspend": lambda: Suspend(*common),
        "bury": lambda: Bury(*common, when.date() + timedelta(days=draw(st.integers(1, 9)))),
        "set-due": lambda: SetDue(*common, when.date() + timedelta(days=3), 30, 210, 4, 1),
    }
    if what != "review":
        return others[what]()
    source = draw(st.sampled_from(["", "", "", "anki"]))
    was = draw(st.sampled_from([None, 0, 5, 40])) if source else None
    cram = draw(st.integers(0, 9)) == 0
    return base._replace(ms=draw(st.integers(0, 60_000)), source=source, cram=cram, interval=was)


HISTORIES = st.lists(events(), max_size=50)


def store_with(folder: Path, done: Sequence[Event], undone: int) -> tuple[Store, list[Event]]:
    """Return a store with four cards and a history, the first `undone` events of it undone."""
    for name, text in DECKS.items():
        put_deck(folder, text, name)
    named: list[Event] = [e._replace(id=EventId(f"e{i}")) for i, e in enumerate(done)]
    named += [undo(f"e{i}", 2**42 + i) for i in range(min(undone, len(done)))]
    lines = [encode_record(JournalRecord(event, "x", n)) for n, event in enumerate(named)]
    journal = paths_in(folder).journal_dir / "x-2026.jsonl"
    journal.parent.mkdir(parents=True, exist_ok=True)
    half = len(lines) // 2
    journal.write_bytes(b"".join(lines[:half]))
    clock = Clock(datetime.combine(TODAY, NOON.timetz()))
    open_store(folder, clock).close()  # so that the rest is taken in one by one
    journal.write_bytes(b"".join(lines))
    return open_store(folder, clock), named


class ReviewFact(NamedTuple):
    """One answer as statistics need it; days are ordinals, booleans 1 or 0."""

    day: int
    minute_of_day: int  # local, 0 to 1439
    rating: int
    ms: int
    kind: int  # 0 graded, 1 repeat, 2 early, 3 practice
    is_new: int  # whether the card was new
    interval_before: int  # in days
    ease_before: int  # in hundredths
    is_imported: int
    is_retention_test: int  # see `fold_events`
    previous_rating: int  # of the first answer on the last study day; 0 for none
    waiting_since: int | None  # day from which it could be asked; None for a new card
    recall: int | None  # FSRS's chance in RECALL_UNITS, for first answers on a later study day


def slow_tally(given: Sequence[ReviewFact]) -> ReviewTotals:
    """Count as the definitions say."""
    first = [f for f in given if f.is_new or f.is_retention_test]
    tests = [f for f in given if f.is_retention_test]
    young, mature = ([f for f in tests if (f.interval_before >= 21) is old] for old in (False, True))
    after = {r: [f for f in tests if f.previous_rating == r] for r in (3, 4, 5)}

    def recalled(some: Sequence[ReviewFact]) -> int:
        return len([f for f in some if f.rating >= 3])

    by_rating = Counter(f.rating for f in given)
    return ReviewTotals(
        answers=len(given),
        ms=sum(f.ms for f in given),
        new_answers=len([f for f in given if f.is_new]),
        first_answers=len(first),
        first_answers_recalled=recalled(first),
        young_tests=len(young),
        young_recalled=recalled(young),
        mature_tests=len(mature),
        mature_recalled=recalled(mature),
        **{f"rated_{r}": by_rating[r] for r in range(1, 6)},
        **{f"tests_after_{r}": len(some) for r, some in after.items()},
        **{f"recalled_after_{r}": recalled(some) for r, some in after.items()},
    )


def slow_cards(entries: Sequence[CardState]) -> CardCounts:
    """Count as the definitions say."""
    known = [e.progress for e in entries if e.progress.due]
    return CardCounts(
        total=len(entries),
        new=len(entries) - len(known),
        young=len([p for p in known if p.memory.interval < 21]),
        mature=len([p for p in known if p.memory.interval >= 21]),
        suspended=len([e for e in entries if e.progress.suspended]),
        due=len([p for p in known if p.due and p.due <= TODAY and not p.is_hidden(TODAY)]),
    )


def facts(events: Iterable[CardEvent]) -> list[ReviewFact]:
    """Return the answers of a card."""
    return [ReviewFact(*numbers) for numbers in fold_events(map(as_step, events))[1]]


def by_day(found: Sequence[ReviewFact]) -> dict[date, ReviewTotals]:
    days = {f.day for f in found}
    return {date.fromordinal(day): slow_tally([f for f in found if f.day == day]) for day in days}


def check(store: Store, history: Sequence[Event], asked: StatsFilter) -> None:
    """Compare every count with the slow one."""
    found = load_stats_input(store.index.connection, TODAY, asked)
    answers_by_card = {card: facts(events) for card, events in card_histories(history).items()}
    every = [
        *cards.card_states(store.index.connection),
        *cards.orphan_card_states(store.index.connection),
    ]
    chosen = [e for e in every if wanted(e, asked)]
    since = (asked.since_day or date.min).toordinal()
    given = {e.card.id: [f for f in answers_by_card.get(e.card.id, []) if f.day >= since] for e in chosen}
    answers = [fact for some in given.values() for fact in some]
    alive = [e for e in chosen if e.card.id != "e"]
    known = [e.progress for e in alive if e.progress.due]
    assert found.totals_by_day == by_day(answers)
    hours = {f.minute_of_day // 60 for f in answers}
    assert found.totals_by_hour == {
        h: slow_tally([f for f in answers if f.minute_of_day // 60 == h]) for h in hours
    }
    assert sum((g.cards for g in found.groups), CardCounts()) == slow_cards(alive)
    for name in ("One", "Two"):
        in_deck = [e for e in chosen if e.card.deck == name]
        groups = [g for g in found.groups if g.name == name]
        told = slow_tally([f for e in in_deck for f in given[e.card.id]])
        assert sum((g.cards for g in groups), CardCounts()) == slow_cards(in_deck)
        assert sum(g.reviews for g in groups) == told.answers
        assert sum(g.ms for g in groups) == told.ms
        assert sum(g.retention.whole for g in groups) == told.retention.whole
        assert sum(g.retention.part for g in groups) == told.retention.part
    assert found.answered_cards == len([some for some in given.values() if some])
    waits = [max(p.due, p.buried_until or p.due) for p in known if p.due and not p.suspended]
    assert found.cards_by_due_day == Counter(waits)
    assert found.cards_by_interval == Counter(p.memory.interval for p in known)
    assert found.cards_by_ease == Counter(p.memory.ease for p in known)
    began = {
        e.card.id: min(f.day for f in answers_by_card[e.card.id])
        for e in chosen
        if answers_by_card.get(e.card.id)
    }
    first_days = {card: date.fromordinal(day) for card, day in began.items()}
    assert found.cards_by_first_answer == Counter(day for card, day in first_days.items() if card != "e")
    assert found.cards_by_added_day == Counter(
        date.fromordinal(day) for day in began.values() if day >= since
    )
    lapsed = [e for e in alive if e.progress.memory.lapses]
    lapsed.sort(key=lambda e: (-e.progress.memory.lapses, e.progress.memory.ease, e.card.id))
    assert list(found.hardest_cards) == lapsed[:10]
    assert sorted(found.recall.groups) == slow_recall(answers)
    for rating in range(6):
        tested = [
            f for f in answers if f.recall is not None and rating == f.previous_rating * f.is_retention_test
        ]
        chances = sum(f.recall or 0 for f in tested) / RECALL_UNITS
        assert found.recall.predicted_after.get(rating, (0.0, 0)) == pytest.approx((chances, len(tested)))


def slow_recall(given: Sequence[ReviewFact]) -> list[RecallGroup]:
    """Count tests and recalls by predicted chance and previous rating."""
    tests = Counter[tuple[int, int]]()
    recalled = Counter[tuple[int, int]]()
    for fact in given:
        if fact.recall is not None:
            group = fact.recall, fact.previous_rating * fact.is_retention_test
            tests[group] += 1
            recalled[group] += fact.rating >= 3
    return sorted((group[0] / RECALL_UNITS, count, recalled[group]) for group, count in tests.items())


def wanted(entry: CardState, asked: StatsFilter) -> bool:
    tag = not asked.tag or (asked.tag in entry.card.tags)
    deck = not asked.deck_names or entry.card.deck in asked.deck_names
    return tag and deck and (asked.search is None or entry.card.id in "ae")


ASKED = (
    StatsFilter(),
    StatsFilter(deck_names=("Two",)),
    StatsFilter(tag="y"),
    StatsFilter(search=SearchCondition("id IN (:q0, :q1)", {"q0": "a", "q1": "e"})),
    StatsFilter(since_day=TODAY - timedelta(days=30)),
    StatsFilter(deck_names=("One",), since_day=TODAY - timedelta(days=9)),
)


@given(HISTORIES, st.integers(0, 3))
@settings(max_examples=15, deadline=None)
def test_the_index_counts_as_the_definitions_say(done: list[Event], undone: int) -> None:
    """Each count of the index is that of a plain reading of its definition."""
    compare(done, undone)


@pytest.mark.full
@given(HISTORIES, st.integers(0, 3))
@settings(max_examples=400, deadline=None)
def test_the_index_counts_any_history_as_the_definitions_say(done: list[Event], undone: int) -> None:
    """The same, for many more histories."""
    compare(done, undone)


def compare(done: list[Event], undone: int) -> None:
    """Compare what the index counts with the slow count, for all and for parts."""
    with tempfile.TemporaryDirectory() as folder:
        store, history = store_with(Path(folder), done, undone)
        for asked in ASKED:
            check(store, history, asked)
        store.close()


def test_every_measure_has_its_sql() -> None:
    """The columns of the tallies are the measures of a Tally, in its order."""
    assert tuple(daily_totals.MEASURE_TEMPLATES) == TOTAL_FIELDS


def test_what_a_test_of_memory_is() -> None:
    """The first answer to a card on a day, when it was due and not new: worked out by hand."""
    given = [
        (0, 18, 4, ""),  # new
        (0, 19, 5, ""),  # again on the same day
        (1, 9, 3, ""),  # due after 1 day: a test, after a 4
        (1, 10, 4, ""),  # repeat
        (3, 9, 1, ""),  # early: due on day 7
        (7, 9, 2, ""),  # a test, after a 3: forgotten
        (7, 9, 4, ""),  # repeat
        (8, 3, 5, ""),  # still day 7 before the rollover
        (8, 4, 5, ""),  # day 8: due, a test, after a 2
        (9, 9, 4, "anki"),  # imported: counts though not due here
        (40, 9, 4, "anki"),  # imported: 31 days later, so mature
        (300, 9, 1, "cram"),  # practice tests nothing
        (300, 10, 4, ""),  # and after it nothing does on that day
        (600, 9, 5, ""),  # due: a test, after the 4 of day 40
    ]
    events = [
        review("a", rating, at(day, hour), ident=f"{i}", hlc=i)._replace(
            source=source.replace("cram", ""),
            cram=source == "cram",
        )
        for i, (day, hour, rating, source) in enumerate(given)
    ]
    found = facts(events)
    assert [bool(f.is_new) for f in found] == [True] + [False] * 13
    tests = [(i, f.previous_rating, f.interval_before) for i, f in enumerate(found) if f.is_retention_test]
    assert tests == [(2, 4, 1), (5, 3, 6), (8, 2, 1), (9, 5, 1), (10, 4, 31), (13, 4, 37)]


def test_imported_answers_go_by_the_dates_of_their_program() -> None:
    """What it had asked to be remembered for a day or more was a test; learning it was not."""
    given = [
        (0, 0, 4),  # learned
        (0, 1, 4),  # learned on, later that day: days != its first
        (1, 1, 4),  # due after a day
        (2, 10, 1),  # due by Anki, early by our replay: a test all the same
        (2, 0, 4),  # learned again
        (30, 0, 4),  # practised
        (40, 25, 5),  # mature
    ]
    events = [
        review("a", rating, at(day, 9), ident=f"{i}", hlc=i)._replace(
            source="anki",
            interval=interval,
        )
        for i, (day, interval, rating) in enumerate(given)
    ]
    found = facts(events)
    assert [bool(f.is_new) for f in found] == [True] + [False] * 6
    assert [(i, f.interval_before) for i, f in enumerate(found) if f.is_retention_test] == [
        (2, 1),
        (3, 10),
        (6, 25),
    ]
    (cut,) = facts(events[6:])
    assert (cut.is_new, cut.is_retention_test) == (
        0,
        1,
    )  # a history whose beginning is missing
