"""What the days to come hold while a backlog is worked off in shares, or after days off."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flashcards.core.events import Plan
from flashcards.core.sm2 import Memory, after

RECALLED = 4
"""The rating that a forecast takes for given."""
SPANS = (3, 5, 7, 10, 14, 21, 30, 45, 60)
"""Days over which a backlog is offered to be spread."""
BEARABLE = 40
"""Old cards a day that anyone can add to the day's own, whatever the pace so far."""
Schedule = tuple[int, Memory]
"""The ordinal day a card is due, and what is remembered of it."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one study day holds."""

    day: date
    due: int
    """Cards that become due on it, those that came back meanwhile among them."""
    old: int
    """Cards of the backlog."""


def share(cards: int, days: int) -> int:
    """Return how many of the cards a day takes, so that they are done in so many days."""
    return -(-cards // max(1, days))


def offers(cards: int, usual: int) -> tuple[list[tuple[int, int]], int]:
    """Return ways to spread a backlog as (cards a day, days), the quickest first, and the best.

    The best is the quickest that a day can bear; `usual` is how many cards a day has had so far.
    """
    spans = {share(cards, days): share(cards, share(cards, days)) for days in reversed(SPANS)}
    ways = [(per_day, days) for per_day, days in reversed(spans.items()) if per_day]
    most = max(BEARABLE, usual)
    best = next((i for i, (per_day, _) in enumerate(ways) if per_day <= most), len(ways) - 1)
    first = max(0, best - 1)
    return ways[first : best + 2], best - first


def loads(schedules: Iterable[Schedule], today: date, plan: Plan, days: int) -> list[Load]:
    """Return what each study day from today on holds under a plan, if all cards are recalled.

    Repeats within a day are not counted, nor are new cards.
    """
    coming: dict[int, list[Memory]] = defaultdict(list)
    old: deque[Memory] = deque()
    first, until = plan.first.toordinal(), plan.until.toordinal()
    start = today.toordinal()
    for due, memory in sorted(schedules, key=lambda found: found[0]):
        if due < until <= start:
            old.append(memory)
        else:
            coming[max(due, start)].append(memory)
    found = []
    for day in range(start, start + days):
        due_now = coming.pop(day, [])
        if first <= day < until:
            old.extend(due_now)
            due_now = []
        most = 0 if first <= day < until else plan.per_day or len(old)
        asked = [old.popleft() for _ in range(min(most, len(old)))]
        for memory in (*due_now, *asked):
            again = after(memory, RECALLED)
            coming[day + again.interval].append(again)
        found.append(Load(today + timedelta(days=day - start), len(due_now), len(asked)))
    return found
