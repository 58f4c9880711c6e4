"""Histograms of cards: intervals, ease factors, ages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

INTERVAL_BIN_EDGES = (1, 2, 7, 21, 60, 180, 365, 730)  # in days
EASE_BIN_EDGES = tuple(range(130, 320, 20))  # in hundredths
AGE_BIN_EDGES = (0, 7, 30, 90, 180, 365, 730, 1825)  # in days


class HistogramBin(NamedTuple):
    """Cards with a value from `low` to `high`, or above."""

    low: int
    high: int | None
    cards: int


def histogram_bins(values: Mapping[int, int], edges: Sequence[int]) -> list[HistogramBin]:
    """Return cards by bins; values below the first edge count there."""
    counts = [0] * len(edges)
    for value, cards in values.items():
        counts[max(0, sum(1 for edge in edges if edge <= value) - 1)] += cards
    highs = [*(edge - 1 for edge in edges[1:]), None]
    return [HistogramBin(*bar) for bar in zip(edges, highs, counts, strict=True)]


def card_ages(began: Mapping[date, int], today: date) -> dict[int, int]:
    """Return cards by days since their first answer, at least 0."""
    cards_by_age: defaultdict[int, int] = defaultdict(int)
    for day, cards in began.items():
        cards_by_age[max(0, (today - day).days)] += cards
    return dict(cards_by_age)
