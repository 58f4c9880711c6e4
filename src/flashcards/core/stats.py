"""How it goes, in figures: each defined in one sentence, all computed here from plain facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flashcards.core.days import streaks
from flashcards.core.progress import MATURE, Entry, Kind, Stage
from flashcards.core.sm2 import RECALLED

FORECAST_DAYS = 30
HEATMAP_DAYS = 365
HARDEST = 10
MEANINGS = {
    "reviews": "answers given here that were not undone, repeats and early ones included",
    "minutes": "the time these answers took, at most one minute each",
    "recalled": "the share of today's first answers of a card that were 3, 4 or 5",
    "streak": "study days in a row with at least one answer, up to today or yesterday",
    "retention": "the share of graded answers to cards that were not new that were 3, 4 or 5; "
    "young below an interval of 21 days, mature from it on",
    "forecast": "cards that become due on a day if nothing is answered before; the first has all "
    "that are overdue",
    "hardest": "the cards with the most lapses, then the lowest ease",
}
"""What each figure is."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer, as far as figures go."""

    deck: str
    day: date
    rating: int
    ms: int
    kind: Kind
    fresh: bool
    """Whether the card was new."""
    interval: int
    """In days, before the answer."""


@dataclass(slots=True)
class Share:
    """Part of a whole."""

    part: int = 0
    whole: int = 0

    def count(self, *, hit: bool) -> None:
        """Count one more."""
        self.part += hit
        self.whole += 1

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(slots=True)
class DeckFigures:
    """The figures of one deck."""

    total: int = 0
    new: int = 0
    young: int = 0
    mature: int = 0
    suspended: int = 0
    due: int = 0
    retention: Share = field(default_factory=Share)


@dataclass(slots=True)
class Figures:
    """All that `stats` tells; see MEANINGS."""

    today: date
    all_cards: DeckFigures = field(default_factory=DeckFigures)
    decks: dict[str, DeckFigures] = field(default_factory=dict)
    reviews: int = 0
    reviews_today: int = 0
    ms_today: int = 0
    recalled_today: Share = field(default_factory=Share)
    young: Share = field(default_factory=Share)
    mature: Share = field(default_factory=Share)
    ratings: Counter[int] = field(default_factory=Counter)
    per_day: Counter[date] = field(default_factory=Counter)
    forecast: list[tuple[date, int]] = field(default_factory=list)
    hardest: list[Entry] = field(default_factory=list)

    @property
    def retention(self) -> Share:
        """Young and mature together."""
        return Share(self.young.part + self.mature.part, self.young.whole + self.mature.whole)

    @property
    def streak(self) -> tuple[int, int]:
        """(current, longest), in study days."""
        return streaks(self.per_day, self.today)

    @property
    def heatmap(self) -> list[tuple[date, int]]:
        """(day, answers) of the last year, each day once, today last."""
        first = self.today - timedelta(days=HEATMAP_DAYS - 1)
        days = (first + timedelta(days=i) for i in range(HEATMAP_DAYS))
        return [(day, self.per_day[day]) for day in days]


def figures(entries: Iterable[Entry], facts: Iterable[Fact], today: date) -> Figures:
    """Return all figures of the cards and answers given."""
    found = Figures(today)
    _count_cards(found, list(entries))
    for fact in facts:
        _count_answer(found, fact)
    return found


def _count_cards(found: Figures, entries: Sequence[Entry]) -> None:
    due: Counter[date] = Counter()
    for entry in entries:
        progress = entry.progress
        deck = found.decks.setdefault(entry.card.deck, DeckFigures())
        for figure in (found.all_cards, deck):
            _count_card(figure, entry, found.today)
        if progress.due and not progress.suspended:
            due[max(progress.due, found.today)] += 1
    days = (found.today + timedelta(days=i) for i in range(FORECAST_DAYS))
    found.forecast = [(day, due[day]) for day in days]
    lapsed = [entry for entry in entries if entry.progress.memory.lapses]
    lapsed.sort(key=lambda e: (-e.progress.memory.lapses, e.progress.memory.ease, e.card.id))
    found.hardest = lapsed[:HARDEST]


def _count_card(figure: DeckFigures, entry: Entry, today: date) -> None:
    progress = entry.progress
    figure.total += 1
    figure.suspended += progress.suspended
    stage = progress.stage(today)
    if stage is Stage.NEW:
        figure.new += 1
    elif progress.memory.interval >= MATURE:
        figure.mature += 1
    else:
        figure.young += 1
    if progress.due and progress.due <= today and not progress.asleep(today):
        figure.due += 1


def _count_answer(found: Figures, fact: Fact) -> None:
    recalled = fact.rating >= RECALLED
    found.reviews += 1
    found.ratings[fact.rating] += 1
    found.per_day[fact.day] += 1
    graded = fact.kind is Kind.GRADED
    if fact.day == found.today:
        found.reviews_today += 1
        found.ms_today += fact.ms
        if graded:
            found.recalled_today.count(hit=recalled)
    if graded and not fact.fresh:
        (found.mature if fact.interval >= MATURE else found.young).count(hit=recalled)
        if deck := found.decks.get(fact.deck):
            deck.retention.count(hit=recalled)
