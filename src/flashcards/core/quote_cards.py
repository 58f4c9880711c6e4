"""Quote cards in messages, shortened to their first words."""

from collections.abc import Sequence

MAX_NAMED_CARDS = 3
MAX_QUOTED_LENGTH = 60


def quote_front(front: str, max_length: int = MAX_QUOTED_LENGTH) -> str:
    """Return a front in quotes on one line, shortened between words."""
    text = " ".join(front.split())
    if len(text) > max_length:
        head = text[:max_length]
        text = (head.rpartition(" ")[0] or head) + " …"
    return f'"{text}"'


def name_cards(fronts: Sequence[str]) -> str:
    """Return the first fronts and how many more there are."""
    max_length = MAX_QUOTED_LENGTH if len(fronts) == 1 else MAX_QUOTED_LENGTH // 2
    named = ", ".join(quote_front(front, max_length) for front in fronts[:MAX_NAMED_CARDS])
    more = len(fronts) - MAX_NAMED_CARDS
    return f"{named} and {more:,} more" if more > 0 else named
