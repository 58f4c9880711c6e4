"""A proportion with its Wilson confidence interval."""

from __future__ import annotations

from dataclasses import dataclass

Z_SCORE_95 = 1.96
"""Standard errors that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """Part of a whole."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Proportion) -> Proportion:
        """Return both as one."""
        return Proportion(self.part + other.part, self.whole + other.whole)

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def confidence_interval(self) -> tuple[float, float] | None:
        """The 95 % interval (Wilson, 1927): where the true share lies, 19 times of 20."""
        if not self.whole:
            return None
        share, n = self.part / self.whole, self.whole
        center = (share + Z_SCORE_95 * Z_SCORE_95 / (2 * n)) / (1 + Z_SCORE_95 * Z_SCORE_95 / n)
        reach = (
            Z_SCORE_95
            / (1 + Z_SCORE_95 * Z_SCORE_95 / n)
            * (share * (1 - share) / n + Z_SCORE_95 * Z_SCORE_95 / (4 * n * n)) ** 0.5
        )
        return max(0.0, center - reach), min(1.0, center + reach)
