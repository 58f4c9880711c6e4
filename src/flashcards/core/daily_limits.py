"""Daily limits, what remains of them today, and how decks share new cards."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class DailyLimits(NamedTuple):
    """The daily limits of new cards and reviews."""

    new: int = 20
    reviews: int = 200


def remaining_today(
    new_limit: int, review_limit: int, due: int, new_done: int, reviews_done: int
) -> tuple[int, int, bool]:
    """Return (new cards, reviews, whether new cards pause, as too many are due)."""
    reviews = max(0, review_limit - reviews_done)
    paused = due > reviews
    return 0 if paused else max(0, new_limit - new_done), reviews, paused


def share_new_cards(
    limit: int, waiting: Mapping[str, int], done: Mapping[str, int], first_turn: int = 0
) -> Sequence[str]:
    """Return the deck of each new card still to ask today, in order.

    The decks take turns, starting at index `first_turn` modulo their number; new cards already done
    today have had their turn.

    >>> share_new_cards(4, {"a": 9, "b": 1, "c": 9}, {"c": 1})
    ['a', 'b', 'a', 'c']
    """
    turns = [
        (done.get(deck, 0) + n, (place - first_turn) % len(waiting), deck)
        for place, (deck, count) in enumerate(waiting.items())
        for n in range(min(count, limit))
    ]
    return [deck for *_, deck in sorted(turns)[: max(0, limit)]]
