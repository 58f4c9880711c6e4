"""The SM-2 algorithm (P. A. Wozniak, 1990).

The ease factor is an integer in hundredths: with floats, ceil gives 469 instead of 465.
"""

from typing import NamedTuple

INITIAL_EASE = 250
MIN_EASE = 130
MAX_INTERVAL = 36_500
MIN_RECALLED_QUALITY = 3

FIRST_INTERVALS = (1, 6)  # days after the first and second recall in a row


# In hundredths, by quality; below MIN_RECALLED_QUALITY the ease is kept.
EASE_CHANGES = tuple(10 - (5 - quality) * (8 + (5 - quality) * 2) for quality in range(6))


class MemoryState(NamedTuple):
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
    return MemoryState(*next_numbers(*memory, quality))


def next_numbers(
    ease: int, interval: int, repetitions: int, lapses: int, quality: int
) -> tuple[int, int, int, int]:
    """Return the numbers of the state after an answer: a replay calls it a million times."""
    if not 0 <= quality <= 5:
        raise ValueError(f"quality is 0 to 5, not {quality}")
    if quality < MIN_RECALLED_QUALITY:
        return ease, 1, 0, lapses + 1
    ease += EASE_CHANGES[quality]
    ease = max(ease, MIN_EASE)
    if repetitions < len(FIRST_INTERVALS):
        interval = FIRST_INTERVALS[repetitions]
    else:
        interval = min(-(-interval * ease // 100) or 1, MAX_INTERVAL)
    return ease, interval, repetitions + 1, lapses
