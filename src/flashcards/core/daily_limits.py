"""Today's remaining new and review limits."""


def remaining_today(
    new_limit: int, review_limit: int, due: int, new_done: int, reviews_done: int
) -> tuple[int, int, bool]:
    """Return (new cards allowed, reviews allowed, whether a backlog pauses new cards).

    A backlog is more cards due than the day may still hold.
    """
    reviews = max(0, review_limit - reviews_done)
    paused = due > reviews
    return 0 if paused else max(0, new_limit - new_done), reviews, paused
