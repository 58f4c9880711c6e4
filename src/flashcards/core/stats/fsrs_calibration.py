"""How well FSRS's predicted chance of recall agrees with answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log
from typing import NamedTuple

from flashcards.core.stats.proportion import Proportion

BINS = 20  # of equal width, over chances from 0 to 1
NEVER_SURE = 1e-6  # clamps chances: one wrong certainty would make the log loss infinite
RecallGroup = tuple[float, int, int]  # predicted chance, number of tests, number recalled


@dataclass(frozen=True, slots=True)
class RecallInput:
    """What FSRS predicted and knows, as counted by the index."""

    groups: Sequence[RecallGroup] = ()
    predicted_after: Mapping[int, tuple[float, int]] = field(default_factory=dict)
    """By previous rating: sum of chances, number of retention tests."""
    by_day: Mapping[date, RecallGroup] = field(default_factory=dict)
    """By study day: sum of chances, tests, recalled."""
    known: float = 0.0  # sum of today's chances over all cards that are not new
    cards: int = 0  # number of these cards
    known_over_time: Sequence[tuple[date, float]] = ()
    """`known` at the start of each of the last months, and today."""
    weights: tuple[float, ...] = ()


NO_RECALL = RecallInput()


class RecallBin(NamedTuple):
    """The tests with a predicted chance from `low` to below `high`."""

    low: float
    high: float
    predicted: float  # mean chance
    recalled: Proportion


class Calibration(NamedTuple):
    """Predicted against actual recall, over all tests of memory."""

    predicted: float | None = None  # mean chance; None without a test
    recalled: Proportion = Proportion()  # frozen, as a number is
    log_loss: float | None = None
    rmse_bins: float | None = None  # distance of predicted from actual, weighted by tests
    auc: float | None = None  # how often a recalled test had the higher chance; None if all or none were
    bins: tuple[RecallBin, ...] = ()  # those with a test


def compute_calibration(groups: Iterable[RecallGroup]) -> Calibration:
    """Return how well predictions agree with answers."""
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
    """Return the area under the ROC curve; ties count half."""
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
