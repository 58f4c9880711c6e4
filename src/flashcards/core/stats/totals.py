"""Review totals, card counts, and the statistics' input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import NamedTuple

from flashcards.core.progress import CardState
from flashcards.core.stats.proportion import Proportion
from flashcards.core.stats.recall import NO_RECALL, RecallInput


@dataclass(frozen=True, slots=True)
class ReviewTotals:
    """Sums over some answers (facts); what is recalled was rated 3, 4 or 5."""

    answers: int = 0
    ms: int = 0
    """Time taken, in milliseconds."""
    new_answers: int = 0
    """Answers to new cards."""
    first_answers: int = 0
    """First answers: those to new cards, and those that test memory."""
    first_answers_recalled: int = 0
    """Of the first answers."""
    young_tests: int = 0
    """Answers that test memory, at an interval below 21 days."""
    young_recalled: int = 0
    mature_tests: int = 0
    """Answers that test memory, at an interval of 21 days or more."""
    mature_recalled: int = 0
    rated_1: int = 0
    rated_2: int = 0
    rated_3: int = 0
    rated_4: int = 0
    rated_5: int = 0
    tests_after_3: int = 0
    """Answers that test memory, of cards whose last first answer was a 3."""
    recalled_after_3: int = 0
    tests_after_4: int = 0
    recalled_after_4: int = 0
    tests_after_5: int = 0
    recalled_after_5: int = 0

    @property
    def first_answer_recall(self) -> Proportion:
        """First answers recalled, new cards included."""
        return Proportion(self.first_answers_recalled, self.first_answers)

    @property
    def young_retention(self) -> Proportion:
        """The true retention of young cards."""
        return Proportion(self.young_recalled, self.young_tests)

    @property
    def mature_retention(self) -> Proportion:
        """The true retention of mature cards."""
        return Proportion(self.mature_recalled, self.mature_tests)

    @property
    def retention(self) -> Proportion:
        """The true retention of young and mature cards together."""
        return self.young_retention + self.mature_retention

    @property
    def ratings(self) -> dict[int, int]:
        """Answers by rating, 1 to 5."""
        return dict(enumerate((self.rated_1, self.rated_2, self.rated_3, self.rated_4, self.rated_5), 1))

    @property
    def calibration(self) -> dict[int, Proportion]:
        """By the rating 3, 4 or 5 of a first answer: how often the next one was recalled."""
        return {
            3: Proportion(self.recalled_after_3, self.tests_after_3),
            4: Proportion(self.recalled_after_4, self.tests_after_4),
            5: Proportion(self.recalled_after_5, self.tests_after_5),
        }


TOTAL_FIELDS = tuple(measure.name for measure in fields(ReviewTotals))
NO_REVIEWS = ReviewTotals()


def sum_totals(totals: Iterable[ReviewTotals]) -> ReviewTotals:
    """Return the sum of tallies."""
    sums = dict.fromkeys(TOTAL_FIELDS, 0)
    for tally in totals:
        for name in TOTAL_FIELDS:
            sums[name] += getattr(tally, name)
    return ReviewTotals(**sums)


@dataclass(frozen=True, slots=True)
class CardCounts:
    """How many cards there are, by state."""

    total: int = 0
    new: int = 0
    young: int = 0
    mature: int = 0
    suspended: int = 0
    due: int = 0
    """Due on the study day or before, and neither suspended nor buried."""

    def __add__(self, other: CardCounts) -> CardCounts:
        """Return both as one."""
        return CardCounts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(CardCounts)))


NO_CARD_COUNTS, NO_PROPORTION = CardCounts(), Proportion()


class CardGroup(NamedTuple):
    """Cards of one deck with the same tags: how many they are, and how they were answered."""

    name: str
    tags: tuple[str, ...] = ()
    cards: CardCounts = NO_CARD_COUNTS
    reviews: int = 0
    ms: int = 0
    retention: Proportion = NO_PROPORTION


@dataclass(frozen=True, slots=True)
class StatsInput:
    """All that figures are made from, as counted on a study day; the index counts it."""

    totals_by_day: Mapping[date, ReviewTotals] = field(default_factory=dict)
    """Answers by study day."""
    pauses: Sequence[tuple[date, date]] = ()
    """Days off, and days on which nothing was due: (first, the day after the last)."""
    totals_by_hour: Mapping[int, ReviewTotals] = field(default_factory=dict)
    """Answers by hour of the local day, 0 to 23."""
    groups: Sequence[CardGroup] = ()
    """In the library's order."""
    cards_by_due_day: Mapping[date, int] = field(default_factory=dict)
    """Cards by the day from which they are asked again; suspended ones never are."""
    answered_cards: int = 0
    """Cards that were ever answered, deleted ones too."""
    cards_by_interval: Mapping[int, int] = field(default_factory=dict)
    """Cards that are not new, by interval in days."""
    cards_by_ease: Mapping[int, int] = field(default_factory=dict)
    """Cards that are not new, by ease in hundredths."""
    cards_by_first_answer: Mapping[date, int] = field(default_factory=dict)
    """Cards by the study day of their first answer."""
    cards_by_added_day: Mapping[date, int] = field(default_factory=dict)
    """Cards by the study day on which the journal first had them."""
    hardest_cards: Sequence[CardState] = ()
    """Cards that lapsed: most lapses first, then the lowest ease, then by id."""
    recall: RecallInput = NO_RECALL
