"""Predicted against recalled: each figure against its definition, worked out the slow way."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.stats.fsrs_calibration import Calibration, compute_calibration

TESTS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.31, 0.5, 0.85, 0.9, 0.949, 0.95, 1.0]), st.booleans()),
    min_size=1,
    max_size=60,
)


@given(TESTS)
def test_each_figure_is_what_its_definition_says(tests: list[tuple[float, bool]]) -> None:
    """Means, log loss and AUC equal sums over all tests, and over all pairs of them."""
    found = compute_calibration((chance, 1, recalled) for chance, recalled in tests)
    assert found.predicted == pytest.approx(sum(chance for chance, _ in tests) / len(tests))
    assert (found.recalled.part, found.recalled.whole) == (sum(r for _, r in tests), len(tests))
    sure = [(min(max(chance, 1e-6), 1 - 1e-6), recalled) for chance, recalled in tests]
    losses = [-log(chance if recalled else 1 - chance) for chance, recalled in sure]
    assert found.log_loss == pytest.approx(sum(losses) / len(tests))
    pairs = [(a, b) for a, recalled in tests if recalled for b, other in tests if not other]
    won = sum((a > b) + (a == b) / 2 for a, b in pairs)
    assert found.auc == (pytest.approx(won / len(pairs)) if pairs else None)


@given(TESTS)
def test_bins_hold_every_test_once(tests: list[tuple[float, bool]]) -> None:
    """Each test is in the one bin that its chance lies in; the deviation is over these bins."""
    found = compute_calibration((chance, 1, recalled) for chance, recalled in tests)
    off = 0.0
    for one in found.bins:
        held = [
            (chance, recalled)
            for chance, recalled in tests
            if one.low <= chance < one.high or chance == one.high == 1
        ]
        assert (one.recalled.part, one.recalled.whole) == (sum(r for _, r in held), len(held))
        assert one.predicted == pytest.approx(sum(chance for chance, _ in held) / len(held))
        off += (one.predicted - one.recalled.part / len(held)) ** 2 * len(held)
    assert sum(one.recalled.whole for one in found.bins) == len(tests)
    assert found.rmse_bins == pytest.approx((off / len(tests)) ** 0.5)


@given(TESTS)
def test_groups_count_as_their_tests(tests: list[tuple[float, bool]]) -> None:
    """Tests counted together by chance lead to the figures of the tests one by one."""
    groups: dict[float, list[bool]] = {}
    for chance, recalled in tests:
        groups.setdefault(chance, []).append(recalled)
    one_by_one = compute_calibration((chance, 1, recalled) for chance, recalled in tests)
    together = compute_calibration((chance, len(all_), sum(all_)) for chance, all_ in groups.items())
    assert together.auc == one_by_one.auc
    assert together.log_loss == pytest.approx(one_by_one.log_loss)
    assert [b.recalled for b in together.bins] == [b.recalled for b in one_by_one.bins]


def test_nothing_answered_gives_no_figure() -> None:
    """Without a test there is no percentage, not a zero."""
    assert compute_calibration([]) == compute_calibration([(0.9, 0, 0)]) == Calibration()
    assert Calibration().predicted is None
