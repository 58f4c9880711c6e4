"""The fit of FSRS-6: right slopes, the same weights every time, and better predictions."""

from __future__ import annotations

from collections.abc import Callable
from math import log
from random import Random

import pytest

from flashcards.core.fsrs import DEFAULT_WEIGHTS, GRADES, Model, valid_weights
from flashcards.core.fsrs_fit import (
    Answer,
    Weights,
    _descend,
    _log_loss,
    _slope,
    _weighted,
    _with_ranks,
    fit,
)
from simulated_learners import LearnedCard, Learner, by_fsrs, by_sm2, someone, steady

Histories = list[list[tuple[int, int]]]


def person(seed: int, days: int = 100, repeat_below: int = 4) -> Learner:
    """Return somebody who studied for so many days."""
    learner = Learner(by_sm2, steady, seed=seed, model=someone(seed), repeat_below=repeat_below)
    return learner.study(days)


def cards(seed: int, count: int = 40) -> list[list[Answer]]:
    """Return cards with every kind of answer, each test with a weight of its own."""
    random, found = Random(seed), []
    for _ in range(count):
        days = [0, *(random.choice((0, 0, 1, 3, 10, 90, 2000)) for _ in range(8))]
        answers = [(d, random.choice((1, 2, 3, 4, 4, 5)), random.random()) for d in days]
        found.append([(d, rating, weight if d else 0.0) for d, rating, weight in answers])
        while not found[-1][-1][2]:
            found[-1].append((1, 4, 1.0))
    return found


def loss(weights: Weights, given: list[list[Answer]]) -> float:
    """Return the weighted log loss, answer by answer."""
    model, total = Model(weights), 0.0
    for answers in given:
        memory = None
        for days, rating, weight in answers:
            if memory and weight:
                recall = model.recall(memory[0], days)
                total -= weight * log(recall if rating >= 3 else 1 - recall)
            memory = model.review(memory, days, rating)
    return total


@pytest.mark.parametrize("seed", range(5))
def test_slopes_by_hand_are_those_of_small_steps(seed: int) -> None:
    """Every derivative equals what a small step of that weight does to the loss."""
    given = cards(seed)
    random = Random(seed)
    weights = tuple(weight * random.uniform(0.8, 1.2) + 0.01 for weight in DEFAULT_WEIGHTS)
    slope = _slope(weights, given)
    for i, weight in enumerate(weights):
        step = 1e-6 * max(0.1, weight)
        more, less = list(weights), list(weights)
        more[i], less[i] = weight + step, weight - step
        seen = (loss(tuple(more), given) - loss(tuple(less), given)) / (2 * step)
        assert slope[i] == pytest.approx(seen, rel=1e-4, abs=1e-4), f"w{i}"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fitted_weights_predict_nearly_as_well_as_the_true_ones(seed: int) -> None:
    """The last fifth is predicted better than by the defaults, and within .01 of the truth."""
    learner = person(seed)
    found = fit(learner.histories)
    truth = fit(learner.histories, learner.model.weights)
    assert found.is_better
    assert found.weights
    assert valid_weights(found.weights)
    assert list(found.weights[:4]) == sorted(found.weights[:4])
    assert found.loss < truth.loss_before + 0.01


def fitted_by_anki(given: list[list[Answer]], known: int) -> Weights:
    """Return what fsrs-rs, which Anki carries, fits to the first tests."""
    scheduler = pytest.importorskip("anki.scheduler_pb2", reason="pip install anki")
    backend = pytest.importorskip("anki._backend").RustBackend(langs=["en"], server=False)
    found = []
    for answers in given:
        reviews = [scheduler.FsrsReview(rating=GRADES[rating], delta_t=d) for d, rating, _ in answers]
        ranks = [int(rank) for _, _, rank in answers]
        found += [(rank, reviews[: i + 1]) for i, rank in enumerate(ranks) if 0 < rank <= known]
    items = [scheduler.FsrsItem(reviews=reviews) for _, reviews in sorted(found, key=lambda item: item[0])]
    return tuple(backend.compute_fsrs_params_from_items(items=items).params)


@pytest.mark.parametrize("seed", [2, *(pytest.param(n, marks=pytest.mark.full) for n in (1, *range(3, 17)))])
@pytest.mark.parametrize("schedule", [by_sm2, by_fsrs])
def test_the_last_fifth_is_predicted_as_well_as_by_fsrs_rs(
    seed: int, schedule: Callable[[LearnedCard], int]
) -> None:
    """Within .005 of what the optimiser of Anki makes of the same answers."""
    days, repeat_below = (60, 120, 200)[seed % 3], 4 if seed % 3 else 0
    learner = Learner(schedule, steady, seed=seed, model=someone(seed), repeat_below=repeat_below)
    given, tests = _with_ranks(learner.study(days).histories)
    known = tests * 4 // 5
    ours = _descend(_weighted(given, known), known)
    losses = [_log_loss(Model(w), given, known) for w in (ours, fitted_by_anki(given, known))]
    assert losses[0] < losses[1] + 0.005


def test_the_same_answers_give_the_same_weights() -> None:
    """A second fit of the same cards gives the same numbers, to the last digit."""
    histories = person(1, 100).histories
    assert fit(histories) == fit([list(history) for history in histories])


def test_what_holds_already_is_kept_when_it_predicts_better() -> None:
    """Weights that were fitted to all answers are not replaced by a second fit of the same."""
    histories = person(2, 60).histories
    weights = fit(histories).weights
    assert weights
    assert not fit(histories, weights).is_better


def test_too_few_tests_are_not_fitted() -> None:
    """Below 400 tests there are no weights, and nothing is better."""
    histories: Histories = [[(0, 4), (2, 4), (2, 3)]] * 399
    assert fit(histories).tests == 399
    assert fit(histories).weights is None
    assert not fit(histories).is_better
    assert fit([*histories, [(0, 4), (1, 1)]]).weights


def test_only_the_first_answer_of_a_later_day_is_a_test() -> None:
    """The first answer of all, repeats, and answers dated before the last one are no tests."""
    assert fit([[(5, 4), (5, 3), (6, 1), (6, 4), (4, 4), (5, 5)]]).tests == 2
    assert fit([[], [(1, 4)]]).tests == 0


def test_extreme_answers_stay_within_bounds() -> None:
    """Somebody who forgets everything, or nothing, gets valid weights."""
    for rating in (1, 5):
        found = fit([[(0, rating), *((day, rating) for day in (1, 3, 9, 40))]] * 150)
        assert found.weights
        assert valid_weights(found.weights)
        assert found.weights != DEFAULT_WEIGHTS
