"""A learner made up from a seed, whose memory is FSRS-6: what a schedule does to the days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from statistics import fmean

from flashcards.core import sm2
from flashcards.core.balance import balanced
from flashcards.core.fsrs import DEFAULT_WEIGHTS, LOWER_BOUNDS, UPPER_BOUNDS, Memory, Model

MODEL = Model()


@dataclass
class LearnedCard:
    """A card as the learner and both schedulers know it."""

    random: Random
    memory: Memory | None = None
    sm2: sm2.MemoryState = field(default_factory=sm2.MemoryState)
    answered: int = 0


Scheduler = Callable[[LearnedCard], int]


def by_sm2(card: LearnedCard) -> int:
    """Return the interval that SM-2 gives."""
    return card.sm2.interval


def by_fsrs(card: LearnedCard) -> int:
    """Return the interval after which the chance of recall is 90 %."""
    assert card.memory
    return MODEL.interval(card.memory[0], 0.9)


@dataclass
class Learner:
    """Studies everything that is due, day by day; the same seed gives the same luck."""

    schedule: Scheduler
    new_cards: Callable[[int], int]
    balance: bool = False
    seed: int = 0
    model: Model = MODEL
    repeat_below: int = 0
    cards: list[LearnedCard] = field(default_factory=list)
    due: list[list[int]] = field(default_factory=list)
    histories: list[list[tuple[int, int]]] = field(default_factory=list)
    reviews: list[int] = field(default_factory=list)
    """By day, new cards left out."""
    recalled: list[int] = field(default_factory=list)

    def study(self, days: int) -> Learner:
        """Study for so many days."""
        self.due = [[] for _ in range(days + 40_000)]
        self.go_on(days)
        return self

    def go_on(self, days: int) -> list[int]:
        """Study on, and return the reviews of each day."""
        begin = len(self.reviews)
        for day in range(begin, begin + days):
            for _ in range(self.new_cards(day)):
                self.due[day].append(len(self.cards))
                self.cards.append(LearnedCard(Random(f"{self.seed} {len(self.cards)}")))
                self.histories.append([])
            ratings = [self.answer(name, day) for name in self.due[day]]
            reviews = [rating for rating in ratings if rating]
            self.reviews.append(len(reviews))
            self.recalled.append(sum(rating >= 3 for rating in reviews))
        return self.reviews[begin:]

    def answer(self, name: int, day: int) -> int:
        """Answer a card and put it where it is due again; return the rating, 0 for a new card."""
        card = self.cards[name]
        was_new = card.memory is None
        rating = self.rating(card, day)
        self.remember(name, day, rating)
        card.sm2 = sm2.next_memory_state(card.sm2, rating)
        interval = self.schedule(card)
        if self.balance:
            interval = balanced(interval, lambda days: [len(self.due[day + d]) for d in days])
            card.sm2 = card.sm2._replace(interval=interval)
        self.due[day + interval].append(name)
        first = rating
        while rating < self.repeat_below:
            rating = card.random.choice((2, 4, 4, 5))
            self.remember(name, day, rating)
        return 0 if was_new else first

    def rating(self, card: LearnedCard, day: int) -> int:
        """Return the rating that the learner's memory, and luck, lead to."""
        luck, how_well = card.random.random(), card.random.random()
        if card.memory is None:
            return 1 if luck < 0.25 else 3 if luck < 0.35 else 5 if luck > 0.9 else 4
        if luck >= self.model.recall(card.memory[0], day - card.answered):
            return 1
        return 3 if how_well < 0.12 else 5 if how_well > 0.9 else 4

    def remember(self, name: int, day: int, rating: int) -> None:
        """Let the learner's memory take an answer."""
        card = self.cards[name]
        card.memory = self.model.review(card.memory, day - card.answered, rating)
        card.answered = day
        self.histories[name].append((day, rating))

    def known(self, day: int) -> float:
        """Return how many cards the learner knows on a day."""
        return sum(self.model.recall(c.memory[0], day - c.answered) for c in self.cards if c.memory)

    def unevenness(self, begin: int) -> float:
        """Return how far the days since `begin` lie from the 15 around them, as a share of them."""
        around = [
            (count, fmean(self.reviews[day - 7 : day + 8]))
            for day, count in enumerate(self.reviews)
            if begin <= day < len(self.reviews) - 7
        ]
        variance = fmean((count - mean) ** 2 for count, mean in around)
        return float(variance**0.5) / fmean(mean for _, mean in around)

    def retention(self, begin: int) -> float:
        """Return the share of reviews since `begin` that were recalled."""
        return sum(self.recalled[begin:]) / sum(self.reviews[begin:])


def steady(_: int) -> int:
    """Return the new cards of a day: always as many."""
    return 10


def irregular(day: int) -> int:
    """Return the new cards of a day: none on most days, many on some."""
    return (0, 0, 40, 0, 5, 25, 0)[Random(day).randrange(7)]


def someone(seed: int) -> Model:
    """Return the memory of a person who is not like the average."""
    random = Random(seed)
    weights = [
        min(max(weight * random.lognormvariate(0, 0.35), low), high)
        for weight, low, high in zip(DEFAULT_WEIGHTS, LOWER_BOUNDS, UPPER_BOUNDS, strict=True)
    ]
    return Model((*sorted(weights[:4]), *weights[4:]))
