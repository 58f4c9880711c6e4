"""What the days to come hold: the simulation behind the table of costs, and the manual's figures."""

from __future__ import annotations

from pathlib import Path

import pytest

import flashcards
from flashcards.core.review_simulation import simulate_reviews
from flashcards.core.scheduling import ForecastCard, Scheduler
from flashcards.core.sm2 import MemoryState
from simulated_learners import MODEL, LearnedCard, Learner, by_fsrs, by_sm2, steady

TODAY = 740_000
CARDS = [
    (TODAY + day % 20, ForecastCard(MemoryState(250, 15, 3), (15.0, 5.0), TODAY + day % 20 - 15))
    for day in range(400)
]
NEW = [(None, ForecastCard(MemoryState()))] * 90
MANUAL = Path(flashcards.__file__).parent / "manual" / "scheduling.md"


def test_a_higher_retention_costs_more_reviews() -> None:
    """Under FSRS the reviews grow with the retention; new cards come as many a day as allowed."""
    found = [
        simulate_reviews([*CARDS, *NEW], Scheduler("fsrs", retention), TODAY, 30, 2)
        for retention in (0.8, 0.85, 0.9, 0.95)
    ]
    reviews = [count for count, _ in found]
    assert reviews == sorted(set(reviews))
    assert {new for _, new in found} == {60}


def test_what_is_overdue_comes_on_the_first_day() -> None:
    """A card that was due long ago is one review today, whatever the scheduler."""
    card = ForecastCard(MemoryState(250, 300, 9), (3000.0, 5.0), TODAY - 400)
    for name in ("sm2", "fsrs"):
        assert simulate_reviews([(TODAY - 100, card)] * 10, Scheduler(name), TODAY, 1, 5) == (10, 0)


def test_the_simulation_foretells_a_learner() -> None:
    """For somebody with just that memory, 30 days come out within a tenth of what they hold."""
    for name, schedule in (("sm2", by_sm2), ("fsrs", by_fsrs)):
        learner = Learner(schedule, steady).study(120)
        due = {card: day for day, cards in enumerate(learner.due) if day >= 120 for card in cards}
        cards = [(due[i], ForecastCard(c.sm2, c.memory, c.answered)) for i, c in enumerate(learner.cards)]
        foretold, _ = simulate_reviews(cards, Scheduler(name), 120, 30, 0)
        learner.new_cards = lambda _: 0
        reviews = sum(learner.go_on(30))
        assert foretold == pytest.approx(reviews, rel=0.1)


def row(label: str, learner: Learner) -> str:
    """Return the row of the manual's table for a learner's year."""
    reviews = sum(learner.reviews[-90:]) / 90
    known = learner.known(len(learner.reviews))
    return f"| {label} | {reviews:.0f} | {learner.retention(275) * 100:.0f} % | {known:,.0f} |"


@pytest.mark.full
def test_the_figures_of_the_manual_are_those_of_the_simulation() -> None:
    """A year with ten new cards a day under SM-2, and under FSRS at four retentions."""
    text = MANUAL.read_text(encoding="utf-8")
    assert row("SM-2", Learner(by_sm2, steady).study(365)) in text
    for retention in (0.8, 0.85, 0.9, 0.95):

        def by_retention(card: LearnedCard, retention: float = retention) -> int:
            assert card.memory
            return MODEL.interval(card.memory[0], retention)

        learner = Learner(by_retention, steady, balance=True).study(365)
        assert row(f"FSRS, {retention:.2f}", learner) in text
