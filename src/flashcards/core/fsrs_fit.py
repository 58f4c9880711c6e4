"""Fit FSRS-6 weights to a user's answers, with the defaults as prior."""

from collections.abc import Iterable, Sequence
from math import cos, exp, log, pi
from typing import NamedTuple

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

MIN_TESTS = 400  # with fewer, a fit reflects chance
BATCH_TESTS, MIN_BATCHES = 512, 8
MIN_STEPS, MIN_EPOCHS, MAX_STEPS = 150, 6, 600  # 600 batches of a long history say as much as six epochs
GOLDEN_RATIO = 0.6180339887498949  # fractional parts of its multiples are evenly spread
STEP = 0.08  # largest step, in standard deviations of the prior
SPREADS = tuple(max(0.05, 0.3 * weight) for weight in DEFAULT_WEIGHTS)
"""Standard deviations of the prior (the first four: 1, of the logarithm)."""
Weights = tuple[float, ...]
History = Sequence[tuple[int, int]]  # a card's (ordinal study day, rating), from its first answer
Answer = tuple[int, int, float]
"""(days since the last answer, rating, weight as a test of memory).

Tests are first answers on a later study day, other answers have weight 0. Before weighting, a test has
its rank in time, from 1."""


class Fit(NamedTuple):
    """Fitted weights, and how well they predict recent tests."""

    tests: int
    weights: Weights | None = None  # None with too few tests
    loss: float = 0.0  # log loss on the last fifth, of weights fitted on the rest
    loss_before: float = 0.0  # log loss on the last fifth, of the current weights

    @property
    def is_better(self) -> bool:
        """Whether the new weights predict better than the current ones."""
        return self.weights is not None and self.loss < self.loss_before


def fit(
    histories: Iterable[History], current: Weights = DEFAULT_WEIGHTS, given: Weights | None = None
) -> Fit:
    """Fit weights, unless given, and compare them with the current ones."""
    cards, tests = _with_ranks(histories)
    if tests < MIN_TESTS:
        return Fit(tests, given)
    known = tests * 4 // 5
    weights = given or _descend(_weighted(cards, known), known)
    loss, before = (_log_loss(Model(w), cards, known) for w in (weights, current))
    return Fit(tests, given or _descend(_weighted(cards, tests), tests), loss, before)


def _with_ranks(histories: Iterable[History]) -> tuple[list[list[Answer]], int]:
    """Return answers by card, tests ranked by time, and the number of tests."""
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
    """Return answers up to the last known test, recent ones weighing more."""

    def weight(rank: float) -> float:  # recent tests count up to four times as much as old ones
        return 0.25 + 0.75 * (rank / known) ** 3 if rank else 0.0

    weighted = []
    for answers in cards:
        end = max((i for i, answer in enumerate(answers, 1) if 0 < answer[2] <= known), default=0)
        if end:
            weighted.append([(days, rating, weight(rank)) for days, rating, rank in answers[:end]])
    return weighted


def _log_loss(model: Model, cards: list[list[Answer]], known: int) -> float:
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
    """Return the weights found by Adam over batches of whole cards."""
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
            # Adam with its usual decay rates, 0.9 and 0.999.
            mean[i] += 0.1 * (change - mean[i])
            square[i] += 0.001 * (change * change - square[i])
            spread = (square[i] / (1 - 0.999 ** (step + 1))) ** 0.5 + 1e-8
            place[i] -= rate * mean[i] / (1 - 0.9 ** (step + 1)) / spread
        _keep_in_bounds(place)
    return tuple(round(weight, 4) for weight in _weights(place))


def _batches(cards: list[list[Answer]], size: float) -> list[list[list[Answer]]]:
    """Return batches of about `size` tests, cards spread evenly over them."""
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
    """Return the weights at a place, in standard deviations of the prior."""
    return tuple(
        default * exp(place[i]) if i < 4 else default + place[i] * SPREADS[i]
        for i, default in enumerate(DEFAULT_WEIGHTS)
    )


def _keep_in_bounds(place: list[float]) -> None:
    """Clamp the weights; initial stabilities must not fall with easier grades."""
    least = 0.0
    for i, weight in enumerate(_weights(place)):
        kept = min(max(weight, LOWER_BOUNDS[i]), UPPER_BOUNDS[i])
        if i < 4:
            kept = least = max(kept, least)
            place[i] = log(kept / DEFAULT_WEIGHTS[i])
        else:
            place[i] = (kept - DEFAULT_WEIGHTS[i]) / SPREADS[i]


def _slope(weights: Weights, cards: Iterable[list[Answer]]) -> list[float]:
    backward = _Backward(weights)
    for answers in cards:
        backward.add(answers)
    return backward.slope


class _Backward:
    """Hand-written derivatives, from a card's last test to its first answer."""

    def __init__(self, weights: Weights) -> None:
        self.w, self.slope = weights, [0.0] * 21
        self.model = Model(weights)
        self.factor_slope = (self.model.factor + 1) * log(0.9) / weights[20] ** 2
        self.easiest = weights[4] - exp(weights[5] * 3) + 1
        self.harder = [weights[6] * (grade - 3) / 9 for grade in GRADES]
        self.longest_lapse = exp(-weights[17] * weights[18])

    def add(self, answers: list[Answer]) -> None:
        """Add one card's gradient; `to_x` is the loss's derivative by x."""
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
