"""Today at a glance agrees with a slow, obvious look at every card and answer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from factories import Clock, open_store, rate
from flashcards.core.cards import CardId
from flashcards.core.events import Bury, EventId, Suspend
from flashcards.core.today_summary import StudyPace, TimeSpent, estimate_pace
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries.today_counts import load_study_days, load_today


def test_it_agrees_with_all_that_is_known(tmp_path: Path) -> None:
    """Over weeks of random study, every number is what the cards themselves say."""
    rng, clock = Random(5), Clock()
    folder = tmp_path / "data" / "decks"
    folder.mkdir(parents=True)
    cards = "".join(f"- id: c{n}\n  front: q{n}\n  back: a\n" for n in range(40))
    (folder / "d.yaml").write_text(f"deck: D\ncards:\n{cards}")
    store = open_store(tmp_path, clock)
    start = store.today
    for day in range(0, 60, 2):
        clock.to(start + timedelta(days=day))
        for n in rng.sample(range(35), 5):
            rate(store, f"c{n}", [rng.choice([1, 3, 4, 5])])
        buried = Bury(
            EventId(""),
            0,
            store.now(),
            CardId("c1"),
            store.today + timedelta(days=3),
        )
        store.append_events([buried, Suspend(EventId(""), 0, store.now(), CardId("c2"))])
        store.refresh_index()
        index, today = store.index.connection, store.today
        found = load_today(index, today)
        known = [e.progress for e in queries_cards.card_states(index) if not e.progress.suspended]
        due = [max(p.due, p.buried_until or p.due) for p in known if p.due]
        for n, expected in enumerate(found.upcoming.due_by_day, 1):
            assert expected == due.count(today + timedelta(days=n))
        assert found.due_today.due == sum(d <= today for d in due)
        assert found.upcoming.next_due == min((d for d in due if d > today), default=None)
        assert found.done_today.answers == 5
        assert load_study_days(index) == [start.toordinal() + n for n in range(0, day + 1, 2)]
        assert (found.done_today.streak, found.done_today.longest_streak) == (1, 1)
    store.close()


def test_a_backlog_goes_into_tomorrow(tmp_path: Path) -> None:
    """What today's limit leaves over is due tomorrow, and pauses tomorrow's new cards too."""
    folder = tmp_path / "data" / "decks"
    folder.mkdir(parents=True)
    cards = "".join(f"- id: c{n}\n  front: q{n}\n  back: a\n" for n in range(300))
    (folder / "d.yaml").write_text(f"deck: D\ncards:\n{cards}")
    clock = Clock()
    store = open_store(tmp_path, clock)
    for n in range(250):
        rate(store, f"c{n}", [4])
    clock.to(store.today + timedelta(days=9))
    store.refresh_index()
    found = load_today(store.index.connection, store.today)
    store.close()
    assert (found.due_today.due, found.due_today.reviews_today, found.due_today.new) == (
        250,
        200,
        0,
    )
    assert found.due_today.new_cards_paused
    assert (found.tomorrow_due, found.upcoming.new_tomorrow) == (50, 20)


@pytest.mark.parametrize(
    ("new", "due", "answers", "found"),
    [
        (TimeSpent(0, 0), TimeSpent(0, 0), 0, StudyPace()),
        (TimeSpent(20, 600_000), TimeSpent(50, 500_000), 110, StudyPace(30_000, 10_000, 1e4)),
        (TimeSpent(1, 90_000), TimeSpent(29, 210_000), 30, StudyPace(10_000, 210_000 / 29, 1e4)),
    ],
    ids=["no answer yet", "enough of both", "one new card says little"],
)
def test_the_pace_is_that_of_a_card(new: TimeSpent, due: TimeSpent, answers: int, found: StudyPace) -> None:
    """New and due cards have their own time each, repeats included, once there are enough."""
    assert estimate_pace(new, due, answers) == found


def test_minutes_are_never_none_for_something() -> None:
    """One quick card is a minute; nothing is none."""
    assert StudyPace(1000, 1000, 1000).estimate_minutes(0, 0, 1) == 1
    assert StudyPace().estimate_minutes(0, 0, 0) == 0
    assert StudyPace(20_000, 10_000, 5_000).estimate_minutes(20, 60, 12) == 18
