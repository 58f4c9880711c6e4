"""FSRS-6 (J. Ye, 2025): memory stability and the chance of recall.

A memory is its stability (days until recall falls to 90 %) and its difficulty (1 to 10). Days are study
days: a second answer on one day is 0 days later.
"""

from collections.abc import Callable, Sequence
from math import exp, isfinite

DEFAULT_WEIGHTS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
LOWER_BOUNDS = (*[0.001] * 4, 1.0, *[0.001] * 3, 0.0, 0.0, *[0.001] * 4, 0.0, 0.0, 1.0, *[0.0] * 3,
                0.1)  # fmt: skip
UPPER_BOUNDS = (*[100.0] * 4, 10.0, 4.0, 4.0, 0.75, 4.5, 0.8, 3.5, 5.0, 0.25, 0.9, 4.0, 1.0, 6.0,
                2.0, 2.0, 0.8, 0.8)  # fmt: skip
MIN_STABILITY, MAX_STABILITY = 0.001, 36_500.0
MAX_INTERVAL = 36_500
MIN_RETENTION, MAX_RETENTION, DEFAULT_RETENTION = 0.7, 0.97, 0.9
GRADES = (0, 1, 1, 2, 3, 4)  # by rating: 1 and 2 are Again, 3 Hard, 4 Good, 5 Easy
Memory = tuple[float, float]  # a replay creates a million: nothing is quicker than a bare tuple
"""Stability in days, and difficulty."""
ReviewFunction = Callable[[Memory | None, int, int], Memory]
"""Takes a memory or None, the days since its last answer, and a rating."""


def valid_weights(weights: Sequence[float]) -> bool:
    """Tell whether these are 21 finite numbers within their bounds."""
    return len(weights) == len(DEFAULT_WEIGHTS) and all(
        isfinite(weight) and low <= weight <= high
        for weight, low, high in zip(weights, LOWER_BOUNDS, UPPER_BOUNDS, strict=True)
    )


class Model:
    """FSRS-6 with one set of weights."""

    def __init__(self, weights: Sequence[float] = DEFAULT_WEIGHTS) -> None:
        self.weights = tuple(weights)
        self.decay = -self.weights[20]
        self.factor = float(0.9 ** (1 / self.decay) - 1)
        self.review = _review_function(self.weights, self.decay, self.factor)

    def recall(self, stability: float, days: int) -> float:
        """Return the chance of recall after a number of days."""
        chance: float = (1 + self.factor * days / stability) ** self.decay if days > 0 else 1.0
        return chance

    def interval(self, stability: float, retention: float) -> int:
        """Return the days until recall falls to `retention`, at least 1."""
        days: float = stability / self.factor * (retention ** (1 / self.decay) - 1)
        return max(1, min(round(days), MAX_INTERVAL))

    def from_sm2(self, ease: float, interval: int) -> Memory:
        """Return the memory equivalent to SM-2's ease and interval."""
        w, stability = self.weights, min(max(float(interval), MIN_STABILITY), MAX_STABILITY)
        gain = exp(w[8]) * stability ** -w[9] * (exp(0.1 * w[10]) - 1)
        difficulty = 11 - (ease - 1) / gain
        return stability, min(max(difficulty, 1.0), 10.0)


def _review_function(w: tuple[float, ...], decay: float, factor: float) -> ReviewFunction:
    """Return the step from one memory to the next.

    A closure over constants takes half the time of a method: a replay makes a million steps.
    """
    start = [w[4] - exp(w[5] * (grade - 1)) + 1 for grade in GRADES]
    first = [(w[g - 1], min(max(s, 1.0), 10.0)) for g, s in zip(GRADES, start, strict=True)]
    easier = [w[6] * (grade - 3) / 9 for grade in GRADES]
    same_day = [exp(w[17] * (grade - 3 + w[18])) for grade in GRADES]
    gains = [exp(w[8]) * bonus for bonus in (0, 0, 0, w[15], 1, w[16])]
    easiest, kept, longest_lapse = w[7] * start[5], 1 - w[7], exp(-w[17] * w[18])
    low, high = MIN_STABILITY, MAX_STABILITY
    (w9, w10, w11, w12, w13, w14), w19 = w[9:15], w[19]

    def review(memory: Memory | None, days: int, rating: int) -> Memory:
        if memory is None:
            return first[rating]
        stability, difficulty = memory
        if days <= 0:
            increase = same_day[rating] * stability**-w19
            after = stability * increase if increase > 1 or rating < 3 else stability
        else:
            forgotten = 1 - (1 + factor * days / stability) ** decay
            if rating >= 3:
                gain = gains[rating] * (11 - difficulty) * stability**-w9
                after = stability * (1 + gain * (exp(forgotten * w10) - 1))
            else:
                after = w11 * difficulty**-w12 * ((stability + 1) ** w13 - 1)
                after = min(after * exp(forgotten * w14), stability * longest_lapse)
        difficulty = easiest + kept * (difficulty - (10 - difficulty) * easier[rating])
        return (
            low if after < low else min(after, high),
            1.0 if difficulty < 1 else 10.0 if difficulty > 10 else difficulty,
        )

    return review
