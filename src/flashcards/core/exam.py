"""Plan studying for an exam date."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from flashcards.core.catch_up_plan import cards_per_day, simulate_plan
from flashcards.core.scheduling import SM2, ForecastCard, Scheduler

FINAL_PASS_DAYS = 3  # or more, if the daily limit of reviews requires it
NewOrScheduledCard = tuple[int | None, ForecastCard]  # (ordinal day it is due or None for new, card)


class ExamPlan(NamedTuple):
    """A plan to see every card again before an exam."""

    exam_day: date
    today: date
    card_count: int
    reviews_per_day: int

    @property
    def days_left(self) -> int:
        """Study days before the exam, today included; at least 1."""
        return max(1, (self.exam_day - self.today).days)

    @property
    def final_pass_days(self) -> int:
        """The length of the final pass in days."""
        return max(FINAL_PASS_DAYS, -(-self.card_count // max(1, self.reviews_per_day)))

    @property
    def final_pass_start(self) -> date:
        """The first study day of the final pass."""
        return self.exam_day - timedelta(days=self.final_pass_days)

    @property
    def is_final_pass(self) -> bool:
        """Whether the final pass has begun."""
        return self.today >= self.final_pass_start

    def new_cards_today(self, new: int, new_done: int) -> int:
        """Return today's share of the new cards, less those done already."""
        days = self.days_left if self.is_final_pass else (self.final_pass_start - self.today).days
        return max(0, -(-(new + new_done) // days) - new_done)

    def final_pass_cards_today(self, unseen: int, seen_today: int) -> int:
        """Return today's share of the unseen cards, less those seen already."""
        return max(0, -(-(unseen + seen_today) // self.days_left) - seen_today)

    def daily_loads(self, cards: Iterable[NewOrScheduledCard], scheduler: Scheduler = SM2) -> list[int]:
        """Return the cards of each study day from today, without repeats."""
        ordered = sorted(cards, key=lambda card: card[0] is None)
        new = [memory for due, memory in ordered if due is None]
        due = [(day, memory) for day, memory in ordered if day is not None]
        end = self.exam_day.toordinal() - (self.final_pass_days if not self.is_final_pass else 0)
        first = self.today.toordinal()
        before: list[int] = []
        if not self.is_final_pass:
            share = cards_per_day(len(new), end - first)
            introduced = ((first + i // max(1, share), card) for i, card in enumerate(new))
            loads = simulate_plan([*due, *introduced], self.today, None, end - first, scheduler)
            before = [load.due for load in loads]
        days = self.days_left - len(before)
        share = -(-self.card_count // min(self.final_pass_days, days)) if days else 0
        return [*before, *([share] * days)]
