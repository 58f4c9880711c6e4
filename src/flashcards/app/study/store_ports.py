"""The study session's port, backed by the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from flashcards.app.scheduling import DueCounts, store_scheduler
from flashcards.app.sound_player import SoundPlayer
from flashcards.core.cards import Card, CardId
from flashcards.core.events import Review, UndoableEvent
from flashcards.core.progress import CardState
from flashcards.core.scheduling import Scheduler
from flashcards.errors import FlashcardsError, Problem
from flashcards.storage.external_changes import ExternalChanges
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.index.queries.today import load_today
from flashcards.storage.store import Store
from flashcards.terminal.study.ports import StoreChanges, TomorrowForecast, UndoneAction

if TYPE_CHECKING:
    from flashcards.core.card_history import HistoryEntry
    from flashcards.storage.undo.steps import TakenBack

MAX_FOUND = 100


class StorePort:
    """The study port that reads from the store and writes to it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._external_changes = ExternalChanges(store)
        self._due_counts = DueCounts(store)
        self._scheduler: Scheduler | None = None
        self._sound_player = SoundPlayer()

    def card_state(self, card_id: CardId) -> CardState | None:
        """Return a card and its progress; None when it is in no deck any more."""
        return self._store.card_state(card_id)

    def successor(self, card: CardId) -> CardId | None:
        """Return the id under which the history of a card in no deck continues."""
        return self._store.successor(card)

    def append_event(self, event: UndoableEvent) -> None:
        """Put an event on the disk. Raises StoreError when it is not there."""
        self._external_changes.append_events([event])
        if isinstance(event, Review) and (state := self.card_state(event.card)):
            due = state.progress.due
            self._due_counts.add(due.toordinal() if due else 0)
        else:
            self._due_counts.forget()

    def undo_last(self) -> UndoneAction | None:
        """Undo the last action; what was done in this session goes before a text edited in it."""
        from flashcards.storage.undo.steps import undo_last

        return self._report(undo_last(self._store, preferred=self._external_changes.own_steps))

    def redo_last(self) -> UndoneAction | None:
        """Redo what was undone last."""
        from flashcards.storage.undo.steps import redo_last

        return self._report(redo_last(self._store))

    def _report(self, taken: TakenBack | None) -> UndoneAction | None:
        from flashcards.app.describe_steps import describe_step

        self._forget_scheduler()
        if taken is None:
            return None
        event = taken.event
        return UndoneAction(
            next(iter(taken.cards), None),
            "; ".join((describe_step(self._store, taken), *taken.left)),
            is_rating=isinstance(event, Review),
            rating=event.rating if isinstance(event, Review) else 0,
            ms=event.ms if isinstance(event, Review) else 0,
        )

    def scheduler(self) -> Scheduler:
        """Return the scheduler in force."""
        if self._scheduler is None:
            self._scheduler = store_scheduler(self._store, self._due_counts)
        return self._scheduler

    def _forget_scheduler(self) -> None:
        self._scheduler = None
        self._due_counts.forget()

    def count_answers(self, card_id: CardId) -> int:
        """Return how often a card was answered on this study day."""
        self._external_changes.index_pending()
        return self._store.query(lambda index: cards.count_answers(index, card_id, self.today()))

    def card_history(self, card_id: CardId) -> Sequence[HistoryEntry]:
        """Return all that was done to a card."""
        from flashcards.core.card_history import card_history
        from flashcards.storage.index.queries.card_history import card_events

        self._store.refresh_index()
        done = self._store.query(lambda index: card_events(index, card_id))
        return card_history(done, self._store.settings.rollover, self._store.query(current_model))

    def wait_until_editable(self) -> None:
        """Wait until today's backup is there."""
        self._store.wait_for_backup()

    def edit_card(self, card: Card) -> str:
        """Open the card's deck file in the user's editor, at the card; return what to tell."""
        from flashcards.app.edit_cards import edit_deck

        fault = self._first_fault(card.path)
        try:
            message = edit_deck(self._store, card.path, (fault and fault.line) or card.line)
        except (OSError, FlashcardsError) as error:
            message = str(error)
        self._store.refresh_index()
        self._external_changes.note_problems()
        if (fault := self._first_fault(card.path)) and not message:
            return f"{fault.summary} (Edit it again to fix it; its cards stay as they were.)"
        return message

    def _first_fault(self, deck_path: str) -> Problem | None:
        problems = self._store.query(cards.list_problems)
        return next((problem for problem in problems if problem.path == deck_path), None)

    def now(self) -> datetime:
        """Return the time."""
        return self._store.current_time()

    def today(self) -> date:
        """Return the study day."""
        return self._store.today

    def poll_changes(self) -> StoreChanges:
        """Take in what others wrote since the last look."""
        answered, notices = self._external_changes.poll_changes()
        if answered or notices:
            self._forget_scheduler()
        return StoreChanges(answered, notices)

    def find_image(self, source: str, deck_path: str) -> Path | None:
        """Return the file of a picture that a deck file names."""
        from flashcards.storage.decks.media_lookup import find_image_file

        return find_image_file(self._store.paths.data_dir, source, deck_path)

    def open_image(self, path: Path) -> str:
        """Open a picture in the system's viewer."""
        from flashcards.app.external_programs import open_image

        return open_image(path)

    def plays_sounds(self) -> bool:
        """Tell whether the sounds of cards play by themselves."""
        return self._store.settings.sound == "on"

    def play_sound(self, source: str, deck_path: str) -> str:
        """Begin to play a sound that a deck file names; return what went wrong, or ""."""
        from flashcards.storage.decks.media_lookup import find_sound_file

        path = find_sound_file(self._store.paths.data_dir, source, deck_path)
        return (
            self._sound_player.play(path) if path else f"{source}: no sound file in media or beside the deck"
        )

    def stop_sound(self) -> bool:
        """Stop the sound that plays; tell whether one did."""
        return self._sound_player.stop()

    def on_wait(self, show_line: Callable[[str], None]) -> None:
        """Have it shown when a write waits for a backup."""
        self._store.notify = show_line

    def finish_pending_work(self) -> None:
        """Begin today's backup, and bring the index up to date with what was kept."""
        self._store.start_backup()
        self._external_changes.index_pending()

    def search_cards(self, query: str) -> list[CardState]:
        """Return the first cards that a search finds. Raises UsageError."""
        from flashcards.storage.index.queries.search import find_cards

        context = self._store.search_context
        return self._store.query(lambda index: list(islice(find_cards(index, query, context), MAX_FOUND)))

    def leech_threshold(self) -> int:
        """Return the lapses that make a card a leech."""
        return self._store.settings.leech

    def tomorrow_forecast(self) -> TomorrowForecast:
        """Return what tomorrow holds."""
        self._store.refresh_index()

        return tomorrow_forecast(self._store)


def tomorrow_forecast(store: Store) -> TomorrowForecast:
    """Return what tomorrow holds, how long it takes, and how long the streak is."""
    today = store.query(lambda index: load_today(index, store.today))
    return TomorrowForecast(
        due_cards=today.tomorrow_due,
        new_cards=today.upcoming.new_tomorrow,
        minutes=today.tomorrow_minutes,
        streak_days=today.done_today.streak,
    )
