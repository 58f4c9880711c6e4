"""Shades of a heat map: quartiles of the days with answers."""

from collections.abc import Sequence

SHADE_COUNT = 4


def shade_thresholds(counts: Sequence[int]) -> tuple[int, ...]:
    """Return the answers from which each shade begins; equal quartiles are one."""
    studied = sorted(count for count in counts if count)
    if not studied:
        return ()
    quartiles = [studied[len(studied) * i // SHADE_COUNT] for i in range(1, SHADE_COUNT)]
    return tuple(dict.fromkeys([1, *(count for count in quartiles if count > 1)]))


def shade_index(count: int, thresholds: Sequence[int]) -> int:
    """Return the shade of a day: 0 without answers, SHADE_COUNT at most."""
    reached = sum(count >= threshold for threshold in thresholds)
    return SHADE_COUNT - len(thresholds) + reached if reached else 0
