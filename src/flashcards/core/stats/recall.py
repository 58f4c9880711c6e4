"""How well the chance of recall that was predicted agrees with what was recalled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log
from typing import NamedTuple

from flashcards.core.stats.proportion import Proportion

BINS = 20
"""Chances from 0 to 1 are put into so many bins, equally wide."""
NEVER_SURE = 1e-6
"""What the log loss takes for 0 and, from 1, for 1: one wrong certainty would make it infinite."""
RecallGroup = tuple[float, int, int]
"""A predicted chance of recall, how many answers it was given for, and how many were recalled."""


@dataclass(frozen=True, slots=True)
class RecallInput:
    """What FSRS predicted and knows, as the index counts it."""

    groups: Sequence[RecallGroup] = ()
    """First answers on a later study day, by the chance that they were given."""
    predicted_after: Mapping[int, tuple[float, int]] = field(default_factory=dict)
    """By the rating the time before: the sum of the chances of retention tests, and their number."""
    by_day: Mapping[date, RecallGroup] = field(default_factory=dict)
    """By study day: the sum of the chances, tests, and how many were recalled."""
    known: float = 0.0
    """The sum of today's chances of recall over all cards that are not new."""
    cards: int = 0
    """These cards."""
    known_over_time: Sequence[tuple[date, float]] = ()
    """The sum of the chances as it was at the beginning of each of the last months, and is today."""
    weights: tuple[float, ...] = ()


NO_RECALL = RecallInput()


class RecallBin(NamedTuple):
    """The tests whose predicted chance of recall was from `low` to under `high`."""

    low: float
    high: float
    predicted: float
    """The mean chance."""
    recalled: Proportion


class Calibration(NamedTuple):
    """Predicted against recalled, over all tests of memory."""

    predicted: float | None = None
    """The mean chance; None without a test."""
    recalled: Proportion = Proportion()
    log_loss: float | None = None
    rmse_bins: float | None = None
    """The typical distance of predicted from recalled in a bin, each test counting once."""
    auc: float | None = None
    """How often a recalled test had the higher chance of two; None where all or none were."""
    bins: tuple[RecallBin, ...] = ()
    """Those that have a test."""


def compute_calibration(groups: Iterable[RecallGroup]) -> Calibration:
    """Return how well predictions agree with answers, given in groups of one chance each."""
    ordered = sorted(group for group in groups if group[1])
    if not ordered:
        return Calibration()
    tests = sum(count for _, count, _ in ordered)
    bins = _bins(ordered)
    off = sum(b.recalled.whole * (b.predicted - (b.recalled.value or 0)) ** 2 for b in bins)
    return Calibration(
        sum(chance * count for chance, count, _ in ordered) / tests,
        Proportion(sum(recalled for _, _, recalled in ordered), tests),
        sum(map(_loss, ordered)) / tests,
        (off / tests) ** 0.5,
        _auc(ordered),
        bins,
    )


def _loss(group: RecallGroup) -> float:
    chance, tests, recalled = group
    chance = min(max(chance, NEVER_SURE), 1 - NEVER_SURE)
    return -recalled * log(chance) - (tests - recalled) * log(1 - chance)


def _bins(ordered: Iterable[RecallGroup]) -> tuple[RecallBin, ...]:
    sums: dict[int, tuple[float, int, int]] = {}
    for chance, tests, recalled in ordered:
        place = min(int(chance * BINS), BINS - 1)
        chances, whole, part = sums.get(place, (0.0, 0, 0))
        sums[place] = chances + chance * tests, whole + tests, part + recalled
    return tuple(
        RecallBin(place / BINS, (place + 1) / BINS, chances / whole, Proportion(part, whole))
        for place, (chances, whole, part) in sums.items()
    )


def _auc(ordered: Iterable[RecallGroup]) -> float | None:
    """Return the area under the ROC curve; tests of one chance are half right, half wrong."""
    pairs = forgotten_below = recalled_all = 0.0
    by_chance: dict[float, tuple[int, int]] = {}
    for chance, tests, recalled in ordered:
        known, missed = by_chance.get(chance, (0, 0))
        by_chance[chance] = known + recalled, missed + tests - recalled
    for recalled, forgotten in by_chance.values():
        pairs += recalled * (forgotten_below + forgotten / 2)
        forgotten_below += forgotten
        recalled_all += recalled
    return pairs / recalled_all / forgotten_below if recalled_all and forgotten_below else None
