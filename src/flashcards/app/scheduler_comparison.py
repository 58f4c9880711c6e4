"""What the next 30 days cost under each scheduler."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flashcards.app.store_scheduler import store_scheduler
from flashcards.core.review_simulation import simulate_reviews
from flashcards.storage.index.queries.session_cards import SessionCards
from flashcards.storage.index.queries.today_counts import load_usual_pace
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from flashcards.terminal.text.plain_table import table_lines

DAYS = 30
RETENTIONS = (0.80, 0.85, 0.90, 0.95)
UPDATE_NOTICE = "Update flashcards on your other machines first: older versions show SM-2's dates."


class ScheduleCost(NamedTuple):
    """Average reviews and minutes a day under a scheduler."""

    scheduler: str
    retention: float | None
    reviews: float
    minutes: float
    mark: str = ""  # now for the current choice, then for the new one


def compare_schedulers(store: Store, wanted: Settings) -> list[ScheduleCost]:
    """Return the cost of each choice, from the user's own cards and pace."""
    today = store.today.toordinal()
    cards = store.query(lambda index: SessionCards(index, today).card_schedules())
    pace, new_per_day = store.query(load_usual_pace), store.settings.limits.new
    now, then = _choice(store.settings), _choice(wanted)
    choices = {("sm2", None), *(("fsrs", value) for value in RETENTIONS), now, then}
    costs = []
    for name, retention in sorted(choices, key=lambda choice: choice[1] or 0) if cards else ():
        scheduler = store_scheduler(store)._replace(name=name, retention=retention or 0.9)
        reviews, new = simulate_reviews(cards, scheduler, today, DAYS, new_per_day)
        ms = reviews * pace.ms_per_due_card + new * pace.ms_per_new_card
        marks = [word for word, one in (("now", now), ("then", then)) if one == (name, retention)]
        costs.append(ScheduleCost(name, retention, reviews / DAYS, ms / 60_000 / DAYS, ", ".join(marks)))
    return costs


def _choice(settings: Settings) -> tuple[str, float | None]:
    return settings.scheduler, None if settings.scheduler == "sm2" else float(settings.retention)


def cost_lines(costs: Sequence[ScheduleCost]) -> Iterator[str]:
    """Yield the costs as a small table."""
    if not costs:
        return
    yield f"The next {DAYS} days, from your own cards, memory and pace:"
    rows = []
    for cost in costs:
        name = f"{cost.scheduler} {cost.retention:.2f}" if cost.retention else cost.scheduler
        rows.append((name, f"{cost.reviews:.0f}", f"{cost.minutes:.0f}", cost.mark))
    yield from table_lines(("scheduler", "reviews a day", "minutes a day", ""), rows)
    yield "No date changes now: a card gets its next date from the scheduler when you answer it."
