"""A study port in memory for tests of sessions, and a clock that the test sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from factories import NOON
from flashcards.core.card_history import HistoryEntry, card_history
from flashcards.core.cards import Card, CardId
from flashcards.core.events import Review, UndoableEvent
from flashcards.core.progress import NEW_PROGRESS, CardState, Progress, apply_event
from flashcards.core.scheduling import SM2, Scheduler
from flashcards.core.study_days import study_day
from flashcards.core.today_summary import (
    FORECAST_DAYS,
    DoneToday,
    DueToday,
    StudyPace,
    TodaySummary,
    UpcomingWeek,
)
from flashcards.errors import StoreError
from flashcards.terminal.study.study_port import StoreChanges, UndoneAction


def today_with_forecast(due: int, new: int, minutes: int, streak: int) -> TodaySummary:
    """Return a day after which this many cards and minutes come."""
    pace = minutes * 60_000 / (due + new)
    upcoming = UpcomingWeek((due,) * FORECAST_DAYS, new)
    return TodaySummary(NOON.date(), DueToday({}), DoneToday(streak=streak), upcoming, StudyPace(pace, pace))


class MemoryStudyPort:
    """A desk that keeps everything in memory."""

    def __init__(self, *cards: Card) -> None:
        self.cards = {c.id: c for c in cards}
        self.renamed: dict[CardId, CardId] = {}
        self.kept: list[UndoableEvent] = []
        self.undone: list[UndoableEvent] = []
        self.full = False
        self.news = StoreChanges()
        self.at = NOON

    def _progress(self, name: CardId) -> Progress:
        progress = NEW_PROGRESS
        for event in self.kept:
            if event.card == name:  # type: ignore[union-attr]  # no links here
                progress, _ = apply_event(progress, event)  # type: ignore[arg-type]
        return progress

    def card_state(self, card_id: CardId) -> CardState | None:
        found = self.cards.get(card_id)
        return CardState(found, self._progress(card_id)) if found else None

    def successor(self, name: CardId) -> CardId | None:
        return self.renamed.get(name)

    def append_event(self, event: UndoableEvent) -> None:
        if self.full:
            raise StoreError("the disk is full")
        self.kept.append(event)

    def undo_last(self) -> UndoneAction | None:
        if not self.kept:
            return None
        self.undone.append(self.kept.pop())
        return self._action(self.undone[-1])

    def redo_last(self) -> UndoneAction | None:
        if not self.undone:
            return None
        self.kept.append(self.undone.pop())
        return self._action(self.kept[-1])

    def _action(self, event: UndoableEvent) -> UndoneAction:
        card: CardId = event.card  # type: ignore[union-attr]  # no links here
        rating = event.rating if isinstance(event, Review) else 0
        text = f'{rating or "event"} for "{self.cards[card].front}"'
        return UndoneAction(card, text, rating)

    def scheduler(self) -> Scheduler:
        return SM2

    def card_history(self, card_id: CardId) -> Sequence[HistoryEntry]:
        return card_history((event, False) for event in self.kept if event.card == card_id)  # type: ignore[union-attr]

    def count_answers(self, card_id: CardId) -> int:
        return sum(isinstance(event, Review) and event.card == card_id for event in self.kept)

    def wait_until_editable(self) -> None:
        pass

    def edit_card(self, found: Card) -> str:
        raise NotImplementedError(found)

    def poll_changes(self) -> StoreChanges:
        news, self.news = self.news, StoreChanges()
        return news

    def on_wait(self, show_line: Callable[[str], None]) -> None:
        self.show = show_line

    def finish_pending_work(self) -> None:
        raise NotImplementedError

    def search_cards(self, query: str) -> list[CardState]:
        return [CardState(c, self._progress(c.id)) for c in self.cards.values() if query in c.front]

    def find_image(self, source: str, deck_path: str) -> Path | None:
        raise NotImplementedError(source, deck_path)

    def open_image(self, path: Path) -> str:
        raise NotImplementedError(path)

    def plays_sounds(self) -> bool:
        return False

    def play_sound(self, source: str, deck_path: str) -> str:
        raise NotImplementedError(source, deck_path)

    def stop_sound(self) -> bool:
        return False

    def leech_threshold(self) -> int:
        return 8

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return study_day(self.now())

    def today_summary(self) -> TodaySummary:
        return today_with_forecast(1, 2, 3, 4)
