"""The figures against a slow and obvious count."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from factories import card
from flashcards.core.progress import Entry, Kind, Progress
from flashcards.core.sm2 import Memory
from flashcards.core.stats import Fact, figures

TODAY = date(2026, 1, 5)
FACTS = st.lists(
    st.builds(
        Fact,
        deck=st.sampled_from(["A", "B"]),
        day=st.integers(-40, 0).map(lambda n: TODAY + timedelta(days=n)),
        rating=st.integers(1, 5),
        ms=st.integers(0, 60_000),
        kind=st.sampled_from(Kind),
        fresh=st.booleans(),
        interval=st.integers(0, 60),
    ),
    max_size=60,
)


@given(FACTS)
def test_answers_are_counted_as_they_are_defined(facts: list[Fact]) -> None:
    """Each figure is what a plain reading of its definition gives."""
    found = figures([], facts, TODAY)
    graded = [f for f in facts if f.kind is Kind.GRADED]
    known = [f for f in graded if not f.fresh]
    young = [f.rating >= 3 for f in known if f.interval < 21]
    mature = [f.rating >= 3 for f in known if f.interval >= 21]
    assert found.reviews == len(facts) == sum(found.ratings.values())
    assert (found.young.part, found.young.whole) == (sum(young), len(young))
    assert (found.mature.part, found.mature.whole) == (sum(mature), len(mature))
    assert found.retention.whole == len(known)
    today = [f for f in facts if f.day == TODAY]
    assert (found.reviews_today, found.ms_today) == (len(today), sum(f.ms for f in today))
    assert found.recalled_today.whole == len([f for f in today if f.kind is Kind.GRADED])
    assert sum(n for _, n in found.heatmap) == len(facts)


def test_cards_are_counted_by_state() -> None:
    """Each card is new, young or mature; overdue ones wait today."""
    entries = [
        Entry(card(), Progress()),
        Entry(card(), Progress(Memory(interval=20), due=TODAY - timedelta(days=9))),
        Entry(card(), Progress(Memory(interval=21, lapses=2), due=TODAY + timedelta(days=1))),
        Entry(card(), Progress(Memory(interval=90), due=TODAY, suspended=True)),
    ]
    found = figures(entries, [], TODAY)
    cards = found.all_cards
    assert (cards.total, cards.new, cards.young, cards.mature) == (4, 1, 1, 2)
    assert (cards.suspended, cards.due) == (1, 1)
    assert [n for _, n in found.forecast[:3]] == [1, 1, 0]
    assert [entry.progress.memory.lapses for entry in found.hardest] == [2]
