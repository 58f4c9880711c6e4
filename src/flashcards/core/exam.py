"""Plan studying for an exam date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flashcards.core.catch_up import ScheduledCard, cards_per_day, simulate_plan
from flashcards.core.scheduling import SM2, ForecastCard, Scheduler

FINAL_PASS_DAYS = 3
"""The last pass takes the last three days, or as many as the day's limit of reviews needs."""
NewOrScheduledCard = tuple[int | None, ForecastCard]
"""The ordinal day a card is due, None when it is new, and what is remembered of it."""


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """A day by which every card shall have been seen again."""

    exam_day: date
    today: date
    card_count: int
    reviews_per_day: int

    @property
    def days_left(self) -> int:
        """Study days before it, today included; on the day itself one."""
        return max(1, (self.exam_day - self.today).days)

    @property
    def final_pass_days(self) -> int:
        """How many days the last pass takes."""
        return max(FINAL_PASS_DAYS, -(-self.card_count // max(1, self.reviews_per_day)))

    @property
    def final_pass_start(self) -> date:
        """The first study day of the last pass; answers from it on count as seen again."""
        return self.exam_day - timedelta(days=self.final_pass_days)

    @property
    def is_final_pass(self) -> bool:
        """Whether the last pass has begun."""
        return self.today >= self.final_pass_start

    def new_cards_today(self, new: int, new_done: int) -> int:
        """Return how many of the new cards today takes, so that all are met before the last pass.

        `new_done` of them were met today already.
        """
        days = self.days_left if self.is_final_pass else (self.final_pass_start - self.today).days
        return max(0, -(-(new + new_done) // days) - new_done)

    def final_pass_cards_today(self, unseen: int, seen_today: int) -> int:
        """Return how many cards not yet seen in the last pass today takes.

        `seen_today` of them were seen today already.
        """
        return max(0, -(-(unseen + seen_today) // self.days_left) - seen_today)

    def daily_loads(self, cards: Iterable[NewOrScheduledCard], scheduler: Scheduler = SM2) -> list[int]:
        """Return how many cards each study day holds from today on, if all are recalled.

        Repeats within a day are not counted.
        """
        waiting = sorted(cards, key=lambda found: found[0] is None)
        new = [memory for due, memory in waiting if due is None]
        due = [(day, memory) for day, memory in waiting if day is not None]
        end = self.exam_day.toordinal() - (self.final_pass_days if not self.is_final_pass else 0)
        first = self.today.toordinal()
        before = [] if self.is_final_pass else self._loads_before_final_pass(first, end, due, new, scheduler)
        days = self.days_left - len(before)
        share = -(-self.card_count // min(self.final_pass_days, days)) if days else 0
        return [*before, *([share] * days)]

    def _loads_before_final_pass(
        self,
        first: int,
        end: int,
        due: Sequence[ScheduledCard],
        new: Sequence[ForecastCard],
        scheduler: Scheduler,
    ) -> list[int]:
        """Return the load of each ordinal day from `first` to before `end`."""
        share = cards_per_day(len(new), end - first)
        introduced = ((first + i // max(1, share), card) for i, card in enumerate(new))
        loads = simulate_plan([*due, *introduced], self.today, None, end - first, scheduler)
        return [load.due for load in loads]
