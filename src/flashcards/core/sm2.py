"""The SM-2 algorithm (P. A. Wozniak, 1990).

The ease factor is kept in integer hundredths: with floats, ceil gives 469 where 465 is right.
"""

from __future__ import annotations

from typing import NamedTuple

INITIAL_EASE = 250
MIN_EASE = 130
MAX_INTERVAL = 36_500
MIN_RECALLED_QUALITY = 3
"""The least quality that counts as recalled; below it the card was forgotten."""

FIRST_INTERVALS = (1, 6)
"""Days after the first and the second recall in a row."""


EASE_CHANGES = tuple(10 - (5 - quality) * (8 + (5 - quality) * 2) for quality in range(6))
"""In hundredths, by quality; below MIN_RECALLED_QUALITY the ease is kept."""


class MemoryState(NamedTuple):
    """What SM-2 knows of a card: ease in hundredths, interval in days, recalls in a row, lapses."""

    ease: int = INITIAL_EASE
    interval: int = 0
    repetitions: int = 0
    lapses: int = 0


def next_memory_state(memory: MemoryState, quality: int) -> MemoryState:
    """Return the memory after an answer of `quality` 0-5 on or after the due day.

    >>> after(Memory(), 5)
    Memory(ease=260, interval=1, repetitions=1, lapses=0)
    """
    return MemoryState(*next_numbers(*memory, quality))


def next_numbers(
    ease: int, interval: int, repetitions: int, lapses: int, quality: int
) -> tuple[int, int, int, int]:
    """Return the numbers of the memory after an answer; a replay asks for a million."""
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
