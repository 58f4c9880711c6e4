"""What is counted: answers into tallies, cards into groups; every figure is made from these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from flashcards.core.progress import Entry
from flashcards.core.stats.proportion import Share


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over some answers (facts); what is recalled was rated 3, 4 or 5."""

    answers: int = 0
    ms: int = 0
    """Time taken, in milliseconds."""
    new: int = 0
    """Answers to new cards."""
    first: int = 0
    """First answers: those to new cards, and those that test memory."""
    recalled: int = 0
    """Of the first answers."""
    young: int = 0
    """Answers that test memory, at an interval below 21 days."""
    young_recalled: int = 0
    mature: int = 0
    """Answers that test memory, at an interval of 21 days or more."""
    mature_recalled: int = 0
    rated_1: int = 0
    rated_2: int = 0
    rated_3: int = 0
    rated_4: int = 0
    rated_5: int = 0
    after_3: int = 0
    """Answers that test memory, of cards whose last first answer was a 3."""
    after_3_recalled: int = 0
    after_4: int = 0
    after_4_recalled: int = 0
    after_5: int = 0
    after_5_recalled: int = 0

    @property
    def again(self) -> int:
        """Answers that are no first ones: repeats, early ones, cramming."""
        return self.answers - self.first

    @property
    def recall(self) -> Share:
        """First answers recalled, new cards included."""
        return Share(self.recalled, self.first)

    @property
    def young_retention(self) -> Share:
        """The true retention of young cards."""
        return Share(self.young_recalled, self.young)

    @property
    def mature_retention(self) -> Share:
        """The true retention of mature cards."""
        return Share(self.mature_recalled, self.mature)

    @property
    def retention(self) -> Share:
        """The true retention of young and mature cards together."""
        return self.young_retention + self.mature_retention

    @property
    def ratings(self) -> dict[int, int]:
        """Answers by rating, 1 to 5."""
        return dict(
            enumerate((self.rated_1, self.rated_2, self.rated_3, self.rated_4, self.rated_5), 1)
        )

    @property
    def calibration(self) -> dict[int, Share]:
        """By the rating 3, 4 or 5 of a first answer: how often the next one was recalled."""
        return {
            3: Share(self.after_3_recalled, self.after_3),
            4: Share(self.after_4_recalled, self.after_4),
            5: Share(self.after_5_recalled, self.after_5),
        }


MEASURES = tuple(measure.name for measure in fields(Tally))
NOTHING = Tally()


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    sums = dict.fromkeys(MEASURES, 0)
    for tally in tallies:
        for name in MEASURES:
            sums[name] += getattr(tally, name)
    return Tally(**sums)


@dataclass(frozen=True, slots=True)
class Cards:
    """How many cards there are, by state."""

    total: int = 0
    new: int = 0
    young: int = 0
    mature: int = 0
    suspended: int = 0
    due: int = 0
    """Due on the study day or before, and neither suspended nor buried."""

    def __add__(self, other: Cards) -> Cards:
        """Return both as one."""
        return Cards(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Cards)))


NO_CARDS, NO_SHARE = Cards(), Share()


@dataclass(frozen=True, slots=True)
class Group:
    """Cards of one deck with the same tags: how many they are, and how they were answered."""

    deck: str
    tags: tuple[str, ...] = ()
    cards: Cards = NO_CARDS
    reviews: int = 0
    ms: int = 0
    retention: Share = NO_SHARE


@dataclass(frozen=True, slots=True)
class Counted:
    """All that figures are made from, as counted on a study day; the index counts it."""

    days: Mapping[date, Tally] = field(default_factory=dict)
    """Answers by study day."""
    off: Sequence[tuple[date, date]] = ()
    """Days off that were planned: (first, the day after the last)."""
    hours: Mapping[int, Tally] = field(default_factory=dict)
    """Answers by hour of the local day, 0 to 23."""
    groups: Sequence[Group] = ()
    """In the library's order."""
    waiting: Mapping[date, int] = field(default_factory=dict)
    """Cards by the day from which they are asked again; suspended ones never are."""
    answered: int = 0
    """Cards that were ever answered, deleted ones too."""
    intervals: Mapping[int, int] = field(default_factory=dict)
    """Cards that are not new, by interval in days."""
    eases: Mapping[int, int] = field(default_factory=dict)
    """Cards that are not new, by ease in hundredths."""
    began: Mapping[date, int] = field(default_factory=dict)
    """Cards by the study day of their first answer."""
    added: Mapping[date, int] = field(default_factory=dict)
    """Cards by the study day on which the journal first had them."""
    hardest: Sequence[Entry] = ()
    """Cards that lapsed: most lapses first, then the lowest ease, then by id."""
