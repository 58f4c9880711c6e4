"""Simulate future reviews, recalled at FSRS's chances."""

from collections import defaultdict
from collections.abc import Iterable

from flashcards.core.fsrs_fit import GOLDEN_RATIO
from flashcards.core.scheduling import ForecastCard, Scheduler

RECALLED, FORGOTTEN = 4, 1


def simulate_reviews(
    scheduled: Iterable[tuple[int | None, ForecastCard]],
    scheduler: Scheduler,
    today: int,
    days: int,
    new_per_day: int,
) -> tuple[int, int]:
    """Return (reviews, new cards) of some days, without limits or balancing."""
    due_by_day: defaultdict[int, list[ForecastCard]] = defaultdict(list)
    new_cards: list[ForecastCard] = []
    for due, card in scheduled:
        if due is None:
            new_cards.append(card)
        else:
            due_by_day[max(due, today)].append(card)
    reviews, introduced, luck = 0, 0, 0.0
    for day in range(today, today + days):
        answered = []
        for card in due_by_day.pop(day, []):
            # Evenly spread numbers instead of random ones: the same result each time.
            luck = (luck + GOLDEN_RATIO) % 1
            stability = card.fsrs_memory[0] if card.fsrs_memory else 1.0
            known = luck < scheduler.model.recall(stability, day - card.fsrs_day)
            rating = RECALLED if known else FORGOTTEN
            answered.append(scheduler.advance(card, day, rating, remember=True))
        reviews += len(answered)
        for card in new_cards[introduced : introduced + new_per_day]:
            answered.append(scheduler.advance(card, day, RECALLED, remember=True))
            introduced += 1
        for card in answered:
            due_by_day[day + card.memory.interval].append(card)
    return reviews, introduced
