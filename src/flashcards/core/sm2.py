"""The SM-2 algorithm (P. A. Wozniak, 1990).

The ease factor is an integer in hundredths: with floats, ceil gives 469 instead of 465.
"""

from __future__ import annotations

from typing import NamedTuple

INITIAL_EASE = 250
MIN_EASE = 130
MAX_INTERVAL = 36_500
MIN_RECALLED_QUALITY = 3

FIRST_INTERVALS = (1, 6)  # days after the first and second recall in a row


class MemoryState(NamedTuple):  # as quick to make as a value can be: a replay makes a million
    """SM-2's state: ease in hundredths, interval in days, recalls in a row, lapses."""

    ease: int = INITIAL_EASE
    interval: int = 0
    repetitions: int = 0
    lapses: int = 0


def next_memory_state(memory: MemoryState, quality: int) -> MemoryState:
    """Return the state after an answer of quality 0 to 5.

    >>> next_memory_state(MemoryState(), 5)
    MemoryState(ease=260, interval=1, repetitions=1, lapses=0)
    """
    if not 0 <= quality <= 5:
        raise ValueError(f"quality is 0 to 5, not {quality}")
    if quality < MIN_RECALLED_QUALITY:
        return MemoryState(memory.ease, 1, 0, memory.lapses + 1)
    missed = 5 - quality
    ease = max(MIN_EASE, memory.ease + 10 - missed * (8 + missed * 2))
    repetitions = memory.repetitions + 1
    if repetitions <= len(FIRST_INTERVALS):
        interval = FIRST_INTERVALS[repetitions - 1]
    else:
        interval = -(-memory.interval * ease // 100)
    return MemoryState(ease, max(1, min(interval, MAX_INTERVAL)), repetitions, memory.lapses)
