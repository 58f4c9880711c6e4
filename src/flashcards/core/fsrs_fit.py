"""Fit the weights of FSRS-6 to a user's own answers: the most probable ones, defaults as prior."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, exp, log, pi

from flashcards.core.fsrs import (
    DEFAULT_WEIGHTS,
    GRADES,
    LOWER_BOUNDS,
    MAX_STABILITY,
    MIN_STABILITY,
    UPPER_BOUNDS,
    Memory,
    Model,
)

MIN_TESTS = 400
"""With fewer, a fit tells more of chance than of the user."""
BATCH_TESTS, MIN_BATCHES = 512, 8
MIN_STEPS, MIN_EPOCHS, MAX_STEPS = 150, 6, 600
"""Of a long history, 600 batches say as much as six times all of it."""
GOLDEN_RATIO = 0.6180339887498949
"""Its multiples, without the whole part, are spread as evenly as can be."""
STEP = 0.08
"""The longest step of a weight, in standard deviations of its prior."""
SPREADS = tuple(max(0.05, 0.3 * weight) for weight in DEFAULT_WEIGHTS)
"""Standard deviations of the prior; that of the first four is 1, of their logarithm."""
Weights = tuple[float, ...]
History = Sequence[tuple[int, int]]
"""A card's answers in order, from its very first: the ordinal of the study day, and the rating."""
Answer = tuple[int, int, float]
"""Days since the answer before, the rating, and how much it counts as a test of the memory.

The first answer of each later study day is a test; while histories are prepared, it counts by its
place in time, from 1 on, and any other answer counts 0.
"""


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of a fit: weights, and how well they predict the last fifth of the tests."""

    tests: int
    weights: Weights | None = None
    """None where there are too few tests."""
    loss: float = 0.0
    """Log loss on the last fifth, of weights fitted on the first four."""
    loss_before: float = 0.0
    """Log loss on the last fifth, of the weights that held before."""

    @property
    def is_better(self) -> bool:
        """Whether the new weights predict better than those that held before."""
        return self.weights is not None and self.loss < self.loss_before


def fit(
    histories: Iterable[History], current: Weights = DEFAULT_WEIGHTS, given: Weights | None = None
) -> Fit:
    """Return the weights for these cards, and whether they are better than the current ones.

    Weights that are given are only compared.
    """
    cards, tests = _with_ranks(histories)
    if tests < MIN_TESTS:
        return Fit(tests, given)
    known = tests * 4 // 5
    weights = given or _descend(_weighted(cards, known), known)
    loss, before = (_log_loss(Model(w), cards, known) for w in (weights, current))
    return Fit(tests, given or _descend(_weighted(cards, tests), tests), loss, before)


def _with_ranks(histories: Iterable[History]) -> tuple[list[list[Answer]], int]:
    """Return the answers that tell something, tests numbered in time, and how many tests."""
    cards: list[list[Answer]] = []
    days: list[tuple[int, int, int]] = []
    for history in histories:
        answers: list[Answer] = []
        last = history[0][0] if history else 0
        for place, (day, rating) in enumerate(history):
            if day > last:
                days.append((day, len(cards), place))
            answers.append((max(0, day - last), rating, 0))
            last = day
        cards.append(answers)
    for rank, (_, card, place) in enumerate(sorted(days), 1):
        cards[card][place] = (*cards[card][place][:2], rank)
    return cards, len(days)


def _weighted(cards: list[list[Answer]], known: int) -> list[list[Answer]]:
    """Return each card's answers up to its last known test, recent tests counting up to 1."""
    found = []
    for answers in cards:
        end = max((i for i, answer in enumerate(answers, 1) if 0 < answer[2] <= known), default=0)
        if end:
            found.append(
                [
                    (days, rating, 0.25 + 0.75 * (rank / known) ** 3 if rank else 0.0)
                    for days, rating, rank in answers[:end]
                ]
            )
    return found


def _log_loss(model: Model, cards: list[list[Answer]], known: int) -> float:
    """Return the mean log loss of the tests after the first `known`."""
    losses = []
    for answers in cards:
        memory = None
        for days, rating, rank in answers:
            if memory and rank > known:
                recall = model.recall(memory[0], days)
                losses.append(-log(recall if rating >= 3 else 1 - recall))
            memory = model.review(memory, days, rating)
    return sum(losses) / len(losses)


def _descend(cards: list[list[Answer]], tests: int) -> Weights:
    """Return the weights that Adam comes to, in batches of whole cards, the same every time."""
    batches = _batches(cards, min(BATCH_TESTS, tests / MIN_BATCHES))
    steps = min(max(MIN_STEPS, MIN_EPOCHS * len(batches)), MAX_STEPS)
    place, mean, square = [0.0] * 21, [0.0] * 21, [0.0] * 21
    for step in range(steps):
        weights = _weights(place)
        batch = batches[step % len(batches)]
        slope = _slope(weights, batch)
        rate = STEP * (1 + cos(pi * step / steps)) / 2
        for i in range(21):
            by_place = weights[i] if i < 4 else SPREADS[i]
            change = slope[i] * by_place + place[i] * len(batch) / len(cards)
            mean[i] += 0.1 * (change - mean[i])
            square[i] += 0.001 * (change * change - square[i])
            spread = (square[i] / (1 - 0.999 ** (step + 1))) ** 0.5 + 1e-8
            place[i] -= rate * mean[i] / (1 - 0.9 ** (step + 1)) / spread
        _keep_in_bounds(place)
    return tuple(round(weight, 4) for weight in _weights(place))


def _batches(cards: list[list[Answer]], size: float) -> list[list[list[Answer]]]:
    """Return the cards in batches of so many tests, each batch with cards from everywhere."""
    scattered = sorted(range(len(cards)), key=lambda place: place * GOLDEN_RATIO % 1)
    batches: list[list[list[Answer]]] = [[]]
    tests = 0
    for place in scattered:
        if tests >= size:
            batches.append([])
            tests = 0
        batches[-1].append(cards[place])
        tests += sum(1 for answer in cards[place] if answer[2])
    return batches


def _weights(place: Sequence[float]) -> Weights:
    """Return the weights at a place, which is counted in standard deviations of the prior."""
    return tuple(
        default * exp(place[i]) if i < 4 else default + place[i] * SPREADS[i]
        for i, default in enumerate(DEFAULT_WEIGHTS)
    )


def _keep_in_bounds(place: list[float]) -> None:
    """Move a place back to where all weights are valid, and easier first answers last longer."""
    least = 0.0
    for i, weight in enumerate(_weights(place)):
        kept = min(max(weight, LOWER_BOUNDS[i]), UPPER_BOUNDS[i])
        if i < 4:
            kept = least = max(kept, least)
            place[i] = log(kept / DEFAULT_WEIGHTS[i])
        else:
            place[i] = (kept - DEFAULT_WEIGHTS[i]) / SPREADS[i]


def _slope(weights: Weights, cards: Iterable[list[Answer]]) -> list[float]:
    """Return how the weighted log loss of these cards grows with each weight."""
    slope = [0.0] * 21
    backward = _Backward(weights, slope)
    for answers in cards:
        backward.add(answers)
    return slope


class _Backward:
    """Derivatives by hand, from a card's last test back to its first answer (reverse mode)."""

    def __init__(self, weights: Weights, slope: list[float]) -> None:
        self.w, self.slope = weights, slope
        self.model = Model(weights)
        self.factor_slope = (self.model.factor + 1) * log(0.9) / weights[20] ** 2
        self.easiest = weights[4] - exp(weights[5] * 3) + 1
        self.harder = [weights[6] * (grade - 3) / 9 for grade in GRADES]
        self.longest_lapse = exp(-weights[17] * weights[18])

    def add(self, answers: list[Answer]) -> None:
        """Add a card's part to the slope; `to_…` is what the loss of later tests changes with."""
        review, memory = self.model.review, None
        memories: list[Memory] = []
        for days, rating, _ in answers[:-1]:
            memory = review(memory, days, rating)
            memories.append(memory)
        factor, decay = self.model.factor, self.w[20]
        after, to_stability, to_difficulty = None, 0.0, 0.0
        for (days, rating, weight), before in zip(answers[:0:-1], memories[::-1], strict=True):
            reach = 1 + factor * days / before[0]
            recall, to_recall = reach**-decay, 0.0
            if after is not None:
                kept = self._difficulty(before[1], after[1], rating, to_difficulty)
                if not MIN_STABILITY < after[0] < MAX_STABILITY:
                    to_stability = 0.0
                step = self._same_day if not days else self._recalled if rating > 2 else self._lapse
                to_stability, to_difficulty, to_recall = step(before, after[0], rating, recall, to_stability)
                to_difficulty += kept
            if weight:
                to_recall += weight / (1 - recall) if rating < 3 else -weight / recall
            if to_recall:
                share = to_recall * recall / reach * days / before[0]
                to_stability += share * decay * factor / before[0]
                self.slope[20] -= to_recall * recall * log(reach) + share * decay * self.factor_slope
            after = before
        self._first(memories[0][1], answers[0][1], to_stability, to_difficulty)

    def _first(self, after: float, rating: int, to_stability: float, to_difficulty: float) -> None:
        grade, slope = GRADES[rating], self.slope
        slope[grade - 1] += to_stability
        if 1 < after < 10:
            slope[4] += to_difficulty
            slope[5] -= to_difficulty * (grade - 1) * exp(self.w[5] * (grade - 1))

    def _difficulty(self, before: float, after: float, rating: int, to_after: float) -> float:
        if not 1 < after < 10:
            return 0.0
        w, slope, harder = self.w, self.slope, self.harder[rating]
        kept = (1 - w[7]) * to_after
        slope[4] += w[7] * to_after
        slope[5] -= w[7] * to_after * 3 * exp(3 * w[5])
        slope[6] -= kept * (10 - before) * (GRADES[rating] - 3) / 9
        slope[7] += to_after * (self.easiest - before + (10 - before) * harder)
        return kept * (1 + harder)

    def _same_day(
        self, before: Memory, after: float, rating: int, _: float, to_after: float
    ) -> tuple[float, float, float]:
        w, slope, stability = self.w, self.slope, before[0]
        if after == stability and rating > 2:  # held at no increase
            return to_after, 0.0, 0.0
        slope[17] += to_after * after * (GRADES[rating] - 3 + w[18])
        slope[18] += to_after * after * w[17]
        slope[19] -= to_after * after * log(stability)
        return to_after * after / stability * (1 - w[19]), 0.0, 0.0

    def _recalled(
        self, before: Memory, after: float, rating: int, recall: float, to_after: float
    ) -> tuple[float, float, float]:
        (stability, difficulty), w, slope = before, self.w, self.slope
        grown = exp((1 - recall) * w[10])
        gain = to_after * (after - stability)
        by_grown = gain * grown / (grown - 1)
        slope[8] += gain
        slope[9] -= gain * log(stability)
        slope[10] += by_grown * (1 - recall)
        if rating == 5:
            slope[16] += gain / w[16]
        elif rating == 3 and w[15]:
            slope[15] += gain / w[15]
        to_stability = to_after + gain * (1 - w[9]) / stability
        return to_stability, -gain / (11 - difficulty), -by_grown * w[10]

    def _lapse(
        self, before: Memory, after: float, _: int, recall: float, to_after: float
    ) -> tuple[float, float, float]:
        (stability, difficulty), w, slope = before, self.w, self.slope
        loss = to_after * after
        if after >= stability * self.longest_lapse:
            slope[17] -= loss * w[18]
            slope[18] -= loss * w[17]
            return to_after * self.longest_lapse, 0.0, 0.0
        power = (stability + 1) ** w[13]
        by_power = loss * power / (power - 1)
        slope[11] += loss / w[11]
        slope[12] -= loss * log(difficulty)
        slope[13] += by_power * log(stability + 1)
        slope[14] += loss * (1 - recall)
        return by_power * w[13] / (stability + 1), -loss * w[12] / difficulty, -loss * w[14]
