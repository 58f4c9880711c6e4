"""SM-2 against the schedule worked out by hand, and its bounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core import sm2
from flashcards.core.sm2 import MemoryState, next_memory_state

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "sm2_vectors.json").read_text())
QUALITIES = st.lists(st.integers(0, 5), max_size=60)


def run(qualities: list[int]) -> list[MemoryState]:
    memories = [MemoryState()]
    for quality in qualities:
        memories.append(next_memory_state(memories[-1], quality))
    return memories[1:]


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda v: v["name"])
def test_every_sequence_worked_out_by_hand(vector: dict[str, Any]) -> None:
    """Each step has the EF, repetitions and interval of the table, up to the cap on intervals."""
    found = run(vector["ratings"])
    expected = [
        (step["n"], round(step["EF"] * 100), min(step["interval"], sm2.MAX_INTERVAL))
        for step in vector["expected"]
    ]
    assert [(m.repetitions, m.ease, m.interval) for m in found] == expected


@given(QUALITIES)
def test_bounds_hold_for_every_sequence(qualities: list[int]) -> None:
    """EF never falls under 1.30, and an interval is from 1 to 36,500 days."""
    for memory in run(qualities):
        assert memory.ease >= sm2.MIN_EASE
        assert 1 <= memory.interval <= sm2.MAX_INTERVAL


@given(QUALITIES)
def test_lapses_count_forgotten_answers(qualities: list[int]) -> None:
    """Each quality below 3 is one lapse, keeps EF, and starts the recalls anew."""
    before = MemoryState()
    for quality, memory in zip(qualities, run(qualities), strict=True):
        if quality < sm2.MIN_RECALLED_QUALITY:
            assert memory == MemoryState(before.ease, 1, 0, before.lapses + 1)
        else:
            assert memory.lapses == before.lapses
        before = memory


@given(QUALITIES, QUALITIES)
def test_what_follows_changes_nothing_before(first: list[int], more: list[int]) -> None:
    """The schedule of a prefix never depends on what follows."""
    assert run(first + more)[: len(first)] == run(first)


def test_exact_where_floats_are_not() -> None:
    """150 days at EF 3.10 are 465 days, not the 466 that floating point gives."""
    assert next_memory_state(MemoryState(300, 150, 5), 5).interval == 465


@pytest.mark.parametrize("quality", [-1, 6])
def test_other_qualities_are_refused(quality: int) -> None:
    """A quality outside of 0-5 is a fault of the caller."""
    with pytest.raises(ValueError, match="quality"):
        next_memory_state(MemoryState(), quality)
