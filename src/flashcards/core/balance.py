"""Choose a day near an interval that holds few cards, without bias to either side."""

from collections.abc import Callable, Container

MIN_INTERVAL = 3  # for shorter intervals, a day more or less is too much
MAX_INTERVAL = 36_500
MARGIN = 3  # days on either side of the window that help to estimate the trend
WIDENING = ((2.5, 7, 0.15), (7, 20, 0.10), (20, MAX_INTERVAL, 0.05))
"""From, to, and how much each day in between widens the window."""


def window(interval: int) -> range:
    """Return the intervals to choose from, the same range as Anki's.

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
    """Return the interval whose day is lowest below the trend around it.

    `load` returns the number of cards due on each day of a range of days, counted as `today` is.
    Equally low days: the nearest, then the earlier. A day off is chosen only if there is no other.
    """
    candidates = [day for day in window(interval) if today + day not in days_off]
    if len(candidates) < 2:
        return candidates[0] if candidates else interval
    around = range(max(1, window(interval)[0] - MARGIN), window(interval)[-1] + MARGIN + 1)
    loads = dict(zip(around, load(range(today + around.start, today + around.stop)), strict=True))
    points = [(day, cards) for day, cards in loads.items() if today + day not in days_off]
    # The least-squares trend, scaled by count * spread: in integers, ties are exact.
    count, day_sum, card_sum = len(points), sum(d for d, _ in points), sum(c for _, c in points)
    spread = count * sum(day * day for day, _ in points) - day_sum * day_sum
    slope = count * sum(day * cards for day, cards in points) - day_sum * card_sum

    def height(day: int) -> tuple[int, int, int]:
        above = (loads[day] * count - card_sum) * spread - slope * (count * day - day_sum)
        return above, abs(day - interval), day

    return min(candidates, key=height)
