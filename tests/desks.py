"""A desk for sessions in tests: everything in memory, and a clock that the test sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from factories import NOON
from flashcards.core.card_history import Moment, story
from flashcards.core.cards import Card, CardId
from flashcards.core.days import study_day
from flashcards.core.events import Review, Undoable
from flashcards.core.progress import NEVER_SEEN, Entry, Progress, apply
from flashcards.errors import StoreError
from flashcards.terminal.study.ports import NO_NEWS, News, Outlook, TakenBack


class Desk:
    """A desk that keeps everything in memory."""

    def __init__(self, *cards: Card) -> None:
        self.cards = {c.id: c for c in cards}
        self.renamed: dict[CardId, CardId] = {}
        self.kept: list[Undoable] = []
        self.full = False
        self.news = NO_NEWS
        self.at = NOON

    def _progress(self, name: CardId) -> Progress:
        progress = NEVER_SEEN
        for event in self.kept:
            if event.card == name:  # type: ignore[union-attr]  # no links here
                progress, _ = apply(progress, event)  # type: ignore[arg-type]
        return progress

    def entry(self, name: CardId) -> Entry | None:
        found = self.cards.get(name)
        return Entry(found, self._progress(name)) if found else None

    def successor(self, name: CardId) -> CardId | None:
        return self.renamed.get(name)

    def keep(self, draft: Undoable) -> None:
        if self.full:
            raise StoreError("the disk is full")
        self.kept.append(draft)

    def take_back(self) -> TakenBack | None:
        if not self.kept:
            return None
        event = self.kept.pop()
        rating = event.rating if isinstance(event, Review) else 0
        return TakenBack(event.card, "event", isinstance(event, Review), rating)  # type: ignore[union-attr]

    def moments(self, name: CardId) -> Sequence[Moment]:
        return story((event, False) for event in self.kept if event.card == name)  # type: ignore[union-attr]

    def ready_to_edit(self) -> None:
        pass

    def edit(self, found: Card) -> str:
        raise NotImplementedError(found)

    def catch_up(self) -> News:
        news, self.news = self.news, NO_NEWS
        return news

    def when_waiting(self, show: Callable[[str], None]) -> None:
        self.show = show

    def settle(self) -> None:
        raise NotImplementedError

    def find(self, words: str) -> list[Entry]:
        return [Entry(c, self._progress(c.id)) for c in self.cards.values() if words in c.front]

    def picture(self, source: str, home: str) -> Path | None:
        raise NotImplementedError(source, home)

    def open_picture(self, path: Path) -> str:
        raise NotImplementedError(path)

    def leech(self) -> int:
        return 8

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return study_day(self.now())

    def outlook(self) -> Outlook:
        return Outlook(1, 2, 3, 4)
