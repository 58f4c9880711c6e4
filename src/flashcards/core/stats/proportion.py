"""A proportion with its Wilson confidence interval."""

from __future__ import annotations

from dataclasses import dataclass

Z_SCORE_95 = 1.96


@dataclass(frozen=True, slots=True)
class Proportion:
    """Part of a whole."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Proportion) -> Proportion:
        return Proportion(self.part + other.part, self.whole + other.whole)

    @property
    def value(self) -> float | None:
        """From 0 to 1; None if the whole is 0."""
        return self.part / self.whole if self.whole else None

    @property
    def confidence_interval(self) -> tuple[float, float] | None:
        """The 95 % interval after Wilson (1927); None if the whole is 0."""
        if not self.whole:
            return None
        share, n, square = self.part / self.whole, self.whole, Z_SCORE_95 * Z_SCORE_95
        center = (share + square / (2 * n)) / (1 + square / n)
        reach = Z_SCORE_95 / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)) ** 0.5
        return max(0.0, center - reach), min(1.0, center + reach)
