"""Choose a day near an interval that holds few cards, without shortening or lengthening it."""

from __future__ import annotations

from collections.abc import Callable, Container

MIN_INTERVAL = 3
"""A shorter interval stays as it is: a day more or less would be too much of it."""
MAX_INTERVAL = 36_500
MARGIN = 3
"""Days on either side of the window that help to tell the trend from a full or an empty day."""
WIDENING = ((2.5, 7, 0.15), (7, 20, 0.10), (20, MAX_INTERVAL, 0.05))
"""From, to, and by how much each day of an interval in between widens the window."""


def window(interval: int) -> range:
    """Return the intervals that may stand for this one: Anki's range.

    >>> window(10)
    range(8, 13)
    """
    if interval < MIN_INTERVAL:
        return range(interval, interval + 1)
    reach = 1 + sum(by * max(0, min(interval, end) - start) for start, end, by in WIDENING)
    return range(max(2, round(interval - reach)), min(round(interval + reach), MAX_INTERVAL) + 1)


def balanced(
    interval: int, load: Callable[[range], list[int]], days_off: Container[int] = (), today: int = 0
) -> int:
    """Return the interval whose day lies lowest under the trend of the days around it.

    Not the day with the fewest cards: far days hold fewer, so that would lengthen every interval.
    `load` returns how many cards are due on each of some days, which are counted as `today` is; of days
    equally low the nearest is taken, then the earlier; a day off only when there is no other.
    """
    choices = [day for day in window(interval) if today + day not in days_off]
    if len(choices) < 2:
        return choices[0] if choices else interval
    around = range(max(1, window(interval)[0] - MARGIN), window(interval)[-1] + MARGIN + 1)
    loads = dict(zip(around, load(range(today + around.start, today + around.stop)), strict=True))
    points = [(day, cards) for day, cards in loads.items() if today + day not in days_off]
    # The line of least squares, times count * spread: integers know ties where floats do not.
    count, day_sum, card_sum = len(points), sum(d for d, _ in points), sum(c for _, c in points)
    spread = count * sum(day * day for day, _ in points) - day_sum * day_sum
    slope = count * sum(day * cards for day, cards in points) - day_sum * card_sum

    def height(day: int) -> tuple[int, int, int]:
        above = (loads[day] * count - card_sum) * spread - slope * (count * day - day_sum)
        return above, abs(day - interval), day

    return min(choices, key=height)
