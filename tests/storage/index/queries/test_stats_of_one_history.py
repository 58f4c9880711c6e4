"""One small history with everything in it, and its figures worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from factories import Clock, open_store, paths_in, put_deck, review, undo
from flashcards.core.cards import CardId
from flashcards.core.events import Bury, Event, EventId, Reset, Review, SeenText, Suspend
from flashcards.core.stats.compute_statistics import Statistics, compute_statistics
from flashcards.core.stats.growth import DailyGrowth
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.review_totals import CardCounts
from flashcards.storage.index.queries.search import SearchCondition
from flashcards.storage.index.queries.stats import StatsFilter, load_stats_input
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.store import Store

TOKYO = timezone(timedelta(hours=9))
TODAY = date(2026, 1, 8)
"""A Thursday."""
DECK_ONE = "deck: One\ncards:\n- {id: a, front: a, back: A}\n- {id: b, front: b, back: B}\n"
DECK_TWO = "deck: Two\ntags: [y]\ncards:\n- {id: c, front: c, back: C}\n"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def said(card: str, rating: int, when: datetime, seconds: int = 10, **more: object) -> Review:
    given = review(card, rating, when)._replace(ms=seconds * 1000)
    return given._replace(**more)  # type: ignore[arg-type]  # the caller names real fields


def about(card: str, when: datetime) -> tuple[EventId, int, datetime, CardId]:
    return EventId(f"{card}-{when}"), int(when.timestamp() * 1000), when, CardId(card)


OTHERS_1 = said("c", 4, datetime(2025, 12, 1, 12, tzinfo=UTC), source="anki", interval=0)
OTHERS_2 = said("c", 5, at(1, 12), source="anki", interval=31)
HISTORY: list[Event] = [
    said("a", 4, at(5, 23, 30)),  # new, on Monday
    said("a", 5, at(6, 3, 30), 5),  # before the rollover: still Monday, so early
    said("a", 2, at(6, 4, 30), 20),  # Tuesday: due, a test after a 4, forgotten
    said("a", 4, at(6, 4, 31), 5),  # repeated
    said("b", 3, datetime(2026, 1, 6, 12, tzinfo=TOKYO)),  # new, on Tuesday, at noon in Tokyo
    said("b", 5, at(7, 9), id=EventId("slip")),
    undo("slip", int(at(7, 9, 1).timestamp() * 1000)),  # it never was
    said("b", 1, at(7, 9, 2)),  # Wednesday: due, a test after a 3, forgotten
    Reset(*about("a", at(7, 10))),
    said("a", 5, at(7, 11)),  # new once more
    said("b", 4, at(7, 11, 1), cram=True),  # practice
    said("gone", 5, at(7, 12)),  # a card that is no longer in any deck
    SeenText(*about("gone", at(7, 12)), "One", "gone", "GONE"),
    Suspend(*about("c", at(7, 12))),
    Bury(*about("b", at(7, 13)), date(2026, 1, 9)),
    OTHERS_1,  # learned elsewhere
    OTHERS_2,  # a test there, of a card that was to be remembered for 31 days
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("known")
    put_deck(folder, DECK_ONE, "one.yaml")
    put_deck(folder, DECK_TWO, "two.yaml")
    journal = Path(paths_in(folder).journal_dir) / "x-2026.jsonl"
    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.write_bytes(b"".join(encode_record(JournalRecord(e, "x", n)) for n, e in enumerate(HISTORY)))
    opened = open_store(folder, Clock(datetime(2026, 1, 8, 12, tzinfo=UTC)))
    yield opened
    opened.close()


@pytest.fixture
def found(store: Store) -> Statistics:
    return compute_statistics(load_stats_input(store.index.connection, store.today), store.today)


def test_answers(found: Statistics) -> None:
    """What was undone is not there; everything else is, on its study day."""
    days = {day: tally.answers for day, tally in found.daily_totals if tally.answers}
    assert days == {
        date(2025, 12, 1): 1, date(2026, 1, 1): 1,
        date(2026, 1, 5): 2, date(2026, 1, 6): 3, date(2026, 1, 7): 4,
    }  # fmt: skip
    assert found.all_time.answers == 11
    assert found.all_time.ms == 110_000
    assert found.all_time.new_answers == 5
    assert found.all_time.first_answer_recall == Proportion(6, 8)
    assert found.all_time.ratings == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4}
    assert (found.streak.current, found.streak.longest) == (4, 4)
    assert (found.today.answers, found.last_seven_days.answers, found.days_with_answers) == (
        0,
        9,
        3,
    )
    hours = {hour: tally.answers for hour, tally in found.hourly_totals.items() if tally.answers}
    assert hours == {3: 1, 4: 2, 9: 1, 11: 2, 12: 4, 23: 1}
    assert (found.answered_cards, found.all_time.answers) == (4, 11)


def test_memory(found: Statistics) -> None:
    """Tests are first answers of a day to due cards; imported ones go by their own interval."""
    assert found.all_time.young_retention == Proportion(0, 2)
    assert found.all_time.mature_retention == Proportion(1, 1)
    assert found.all_time.calibration == {3: Proportion(0, 1), 4: Proportion(1, 2), 5: Proportion()}
    assert [(monday, week.retention) for monday, week in found.weekly_totals] == [
        (date(2025, 12, 1), Proportion()),
        (date(2025, 12, 29), Proportion(1, 1)),
        (date(2026, 1, 5), Proportion(0, 2)),
    ]


def test_cards(found: Statistics) -> None:
    """Suspended ones never come due, buried ones when they wake; deleted ones are no cards."""
    assert found.card_counts == CardCounts(total=3, new=0, young=3, mature=0, suspended=1, due=1)
    assert [n for _, n in found.forecast[:3]] == [1, 1, 0]
    assert found.backlog == 0
    (hard,) = found.hardest_cards
    assert (hard.card.id, hard.progress.memory.lapses, hard.card.line) == ("b", 1, 4)
    assert found.daily_growth == [
        DailyGrowth(date(2025, 12, 1), 1, 1),
        DailyGrowth(date(2026, 1, 5), 1, 1),
        DailyGrowth(date(2026, 1, 6), 1, 1),
        DailyGrowth(date(2026, 1, 7), 1, 2),
    ]


def test_decks_and_tags(found: Statistics, store: Store) -> None:
    """A deleted card's answers stay with its deck; the parts add up to the whole."""
    rows = [(g.name, g.cards.total, g.reviews, g.retention) for g in found.deck_groups]
    assert rows == [("One", 2, 9, Proportion(0, 2)), ("Two", 1, 2, Proportion(1, 1))]
    assert [(g.name, g.reviews) for g in found.tag_groups] == [("y", 2)]
    one = compute_statistics(
        load_stats_input(store.index.connection, TODAY, StatsFilter(deck_names=("One",))), TODAY
    )
    assert (one.all_time.answers, one.all_time.retention) == (9, Proportion(0, 2))
    any_card = StatsFilter(search=SearchCondition())
    everything = compute_statistics(load_stats_input(store.index.connection, TODAY, any_card), TODAY)
    assert (everything.all_time, everything.card_counts) == (found.all_time, found.card_counts)
    since = StatsFilter(since_day=date(2026, 1, 7))
    late = compute_statistics(load_stats_input(store.index.connection, TODAY, since), TODAY)
    assert (late.all_time.answers, late.all_time.retention, late.card_counts) == (
        4,
        Proportion(0, 1),
        found.card_counts,
    )


def test_a_card_taken_out_keeps_its_answers_and_loses_its_tags(tmp_path: Path) -> None:
    """The journal knows its deck, not its tags: no tag counts it, before and after a rebuild."""
    put_deck(tmp_path, DECK_TWO.replace("back: C}", "back: C, tags: [z]}\n- {front: d, back: D}"))
    clock = Clock(at(8, 12))
    opened = open_store(tmp_path, clock)
    opened.append_events([Review(EventId(""), 0, clock(), CardId("c"), 4, 1000)])
    opened.refresh_index()
    put_deck(tmp_path, "deck: Two\ntags: [y]\ncards:\n- {front: d, back: D}\n# c is gone\n")
    opened.refresh_index()
    for _ in range(2):
        told = compute_statistics(
            load_stats_input(opened.index.connection, opened.today),
            opened.today,
        )
        assert [(g.name, g.reviews, g.cards.total) for g in told.deck_groups] == [("Two", 1, 1)]
        assert [(g.name, g.reviews) for g in told.tag_groups] == [("y", 0)]
        asked = load_stats_input(opened.index.connection, opened.today, StatsFilter(tag="z"))
        assert (asked.totals_by_day, asked.groups) == ({}, [])
        opened.close()
        paths_in(tmp_path).index_file.unlink()
        opened = open_store(tmp_path, clock)
    opened.close()


def test_a_card_is_added_when_the_history_first_has_it(tmp_path: Path) -> None:
    """By its first text, also when it was never answered and was reworded since."""
    put_deck(tmp_path, DECK_TWO)
    texts = [SeenText(*about("c", at(day, 12)), "Two", f"c{day}", "C") for day in (3, 5)]
    journal = Path(paths_in(tmp_path).journal_dir) / "x-2026.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_bytes(b"".join(encode_record(JournalRecord(e, "x", n)) for n, e in enumerate(texts)))
    opened = open_store(tmp_path, Clock(at(8, 12)))
    told = compute_statistics(
        load_stats_input(opened.index.connection, opened.today),
        opened.today,
    )
    assert told.daily_growth == [DailyGrowth(date(2026, 1, 3), 1, 0)]
    opened.close()
