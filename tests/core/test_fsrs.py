"""FSRS-6 against vectors of two independent programs, and against py-fsrs itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from math import isclose
from pathlib import Path
from typing import Any

import fsrs as py_fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.core.fsrs import (
    DEFAULT_WEIGHTS,
    GRADES,
    LOWER_BOUNDS,
    UPPER_BOUNDS,
    Memory,
    Model,
    valid_weights,
)

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "fsrs_vectors.json").read_text())
WEIGHTS = st.tuples(*map(st.floats, LOWER_BOUNDS, UPPER_BOUNDS)).filter(valid_weights)
FIRST_DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
HISTORIES = st.lists(
    st.tuples(st.one_of(st.integers(0, 9), st.integers(0, 400)), st.integers(1, 5)),
    min_size=1,
    max_size=25,
)


@pytest.mark.parametrize("history", VECTORS["histories"], ids=lambda h: h["name"])
def test_every_state_of_the_vectors(history: dict[str, Any]) -> None:
    """Stability, difficulty, recall and intervals are those of two other programs."""
    model, memory, last = Model(VECTORS["parameters"][history["parameters"]]), None, 0
    for state in history["states"]:
        days = state["day"] - last
        if memory is not None:
            recall = model.recall(memory[0], days)
            assert recall == pytest.approx(state["recall_before"], abs=1e-6)
        memory, last = model.review(memory, days, state["rating"]), state["day"]
        assert memory[0] == pytest.approx(state["stability"], rel=1e-6)
        assert memory[1] == pytest.approx(state["difficulty"], abs=1e-6)
        for retention, interval in state["interval"].items():
            assert model.interval(memory[0], float(retention)) == interval
    assert memory is not None
    for later, recall in history["recall_after"].items():
        assert model.recall(memory[0], int(later)) == pytest.approx(recall, abs=1e-6)


@settings(max_examples=1000, deadline=None)
@given(HISTORIES, st.one_of(st.just(DEFAULT_WEIGHTS), WEIGHTS), st.sampled_from([0.8, 0.9, 0.95]))
def test_every_history_as_in_py_fsrs(
    history: list[tuple[int, int]], weights: tuple[float, ...], retention: float
) -> None:
    """A thousand histories have the memories and the intervals that py-fsrs gives them."""
    oracle = py_fsrs.Scheduler(weights, retention, (), (), enable_fuzzing=False)
    model, memory, card, at = Model(weights), None, py_fsrs.Card(), FIRST_DAY
    for days, rating in history:
        at += timedelta(days=days)
        card, _ = oracle.review_card(card, py_fsrs.Rating(GRADES[rating]), at)
        memory = model.review(memory, days, rating)
        assert card.stability is not None
        if card.stability > 36_500:  # py-fsrs alone knows no end
            break
        assert isclose(memory[0], card.stability, rel_tol=1e-9)
        assert isclose(memory[1], card.difficulty or 0, rel_tol=1e-9)
        assert timedelta(days=model.interval(memory[0], retention)) == card.due - at
        recall = oracle.get_card_retrievability(card, at + timedelta(days=30))
        assert isclose(model.recall(memory[0], 30), recall, rel_tol=1e-9)


@given(HISTORIES, WEIGHTS)
def test_bounds_hold_for_every_history(history: list[tuple[int, int]], weights: tuple[float, ...]) -> None:
    """Stability stays in 0.001-36,500, difficulty in 1-10, an interval in 1-36,500."""
    model, memory = Model(weights), None
    for days, rating in history:
        memory = model.review(memory, days, rating)
        assert 0.001 <= memory[0] <= 36_500
        assert 1 <= memory[1] <= 10
        assert 1 <= model.interval(memory[0], 0.7) <= 36_500


def test_two_ratings_mean_again() -> None:
    """A 2 leads to the same memory as a 1, whenever it is given."""
    model = Model()
    memories: list[Memory | None] = [None, (10.0, 5.0)]
    for memory in memories:
        for days in (0, 1, 90):
            assert model.review(memory, days, 1) == model.review(memory, days, 2)


def test_an_answer_dated_before_the_last_one_counts_as_of_its_day() -> None:
    """A clock that was set back does not give a chance of recall above 1."""
    model = Model()
    assert model.recall(5.0, -3) == 1.0
    assert model.review((5.0, 5.0), -3, 4) == model.review((5.0, 5.0), 0, 4)


def test_a_memory_from_sm2() -> None:
    """Stability is the interval; the difficulty lets a timely 4 lengthen it by the ease."""
    model = Model()
    stability, difficulty = model.from_sm2(2.0, 10)
    assert stability == 10
    assert model.review((stability, difficulty), 10, 4)[0] == pytest.approx(20)


@pytest.mark.parametrize(("ease", "difficulty"), [(1.3, 10.0), (2.5, 6.91406), (9.0, 1.0)])
def test_difficulty_from_sm2_stays_within_bounds(ease: float, difficulty: float) -> None:
    """The lower the ease, the higher the difficulty, from 1 to 10."""
    assert Model().from_sm2(ease, 10)[1] == pytest.approx(difficulty, abs=1e-5)


@pytest.mark.parametrize(
    "weights",
    [
        DEFAULT_WEIGHTS[:20],
        (*DEFAULT_WEIGHTS, 0.5),
        (float("nan"), *DEFAULT_WEIGHTS[1:]),
        (float("inf"), *DEFAULT_WEIGHTS[1:]),
        (*DEFAULT_WEIGHTS[:20], 0.09),
        (*DEFAULT_WEIGHTS[:20], 0.81),
    ],
)
def test_other_weights_are_refused(weights: tuple[float, ...]) -> None:
    """Weights are 21 finite numbers within the bounds of FSRS-6."""
    assert valid_weights(DEFAULT_WEIGHTS)
    assert not valid_weights(weights)
