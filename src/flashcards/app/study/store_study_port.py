"""The study session's port, backed by the store."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from flashcards.app.external_programs import open_image
from flashcards.app.sound_player import SoundPlayer
from flashcards.app.store_scheduler import DueCounts, store_scheduler
from flashcards.core.card_history import HistoryEntry, card_history
from flashcards.core.cards import Card, CardId
from flashcards.core.events import EventId, Review, UndoableEvent
from flashcards.core.progress import CardState
from flashcards.core.scheduling import Scheduler
from flashcards.core.today_summary import TodaySummary
from flashcards.errors import FlashcardsError, Problem
from flashcards.storage.external_changes import ExternalChanges
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.index.queries.today_counts import load_today
from flashcards.storage.store import Store
from flashcards.terminal.study.study_port import StoreChanges, UndoneAction

MAX_FOUND = 100


class StorePort:
    """The study port, backed by the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._external_changes = ExternalChanges(store)
        self._due_counts = DueCounts(store)
        self._scheduler: Scheduler | None = None
        self._sound_player = SoundPlayer()

    def card_state(self, card_id: CardId) -> CardState | None:
        """Return a card and its progress; None if it is in no deck."""
        return self._store.card_state(card_id)

    def successor(self, card: CardId) -> CardId | None:
        """Return the id that continues a removed card's history."""
        return self._store.successor(card)

    def append_event(self, event: UndoableEvent) -> None:
        """Append an event to the journal. Raises StoreError."""
        self._external_changes.append_events([event])
        if isinstance(event, Review) and (state := self.card_state(event.card)):
            due = state.progress.due
            self._due_counts.add(due.toordinal() if due else 0)
        else:
            self._due_counts.forget()

    def undo_last(self) -> UndoneAction | None:
        """Undo the last step, those of this session before edits of its texts."""
        return self._take_back(self._external_changes.session_steps)

    def redo_last(self) -> UndoneAction | None:
        """Redo the last undone step."""
        return self._take_back(is_redo=True)

    def _take_back(self, preferred: Sequence[EventId] = (), *, is_redo: bool = False) -> UndoneAction | None:
        from flashcards.app.describe_undo import describe_step
        from flashcards.storage.undo.command_steps import redo_last, undo_last

        taken = redo_last(self._store) if is_redo else undo_last(self._store, preferred=preferred)
        self._forget_scheduler()
        if taken is None:
            return None
        event = taken.event
        text = "; ".join((describe_step(self._store, taken), *taken.left))
        rating, ms = (event.rating, event.ms) if isinstance(event, Review) else (0, 0)
        return UndoneAction(next(iter(taken.cards), None), text, rating, ms)

    def scheduler(self) -> Scheduler:
        """Return the scheduler of this session."""
        if self._scheduler is None:
            self._scheduler = store_scheduler(self._store, self._due_counts)
        return self._scheduler

    def _forget_scheduler(self) -> None:
        self._scheduler = None
        self._due_counts.forget()

    def count_answers(self, card_id: CardId) -> int:
        """Return how often a card was answered today."""
        self._external_changes.index_pending()
        return self._store.query(lambda index: cards.count_answers(index, card_id, self.today()))

    def card_history(self, card_id: CardId) -> Sequence[HistoryEntry]:
        """Return a card's history, oldest first."""
        from flashcards.storage.index.queries.card_events import card_events

        self._store.refresh_index()
        done = self._store.query(lambda index: card_events(index, card_id))
        return card_history(done, self._store.settings.rollover, self._store.query(current_model))

    def wait_until_editable(self) -> None:
        """Wait until today's backup is complete."""
        self._store.wait_for_backup()

    def edit_card(self, card: Card) -> str:
        """Open the card's deck file in the editor; return a message."""
        from flashcards.app.edit_in_editor import edit_deck

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
        """Return the time with its UTC offset."""
        return self._store.now()

    def today(self) -> date:
        """Return the study day."""
        return self._store.today

    def poll_changes(self) -> StoreChanges:
        """Load what others wrote since the last poll."""
        answered, notices = self._external_changes.poll_changes()
        if answered or notices:
            self._forget_scheduler()
        return StoreChanges(answered, notices)

    def find_image(self, source: str, deck_path: str) -> Path | None:
        """Return the image file a deck names, if it exists."""
        from flashcards.storage.decks.media_lookup import find_image_file

        return find_image_file(self._store.paths.data_dir, source, deck_path)

    def open_image(self, path: Path) -> str:
        """Open an image in the system's viewer; return a message."""
        return open_image(path)

    def plays_sounds(self) -> bool:
        """Tell whether sounds play by themselves."""
        return self._store.settings.sound == "on"

    def play_sound(self, source: str, deck_path: str) -> str:
        """Start playing a sound; return an error message or ""."""
        from flashcards.storage.decks.media_lookup import find_sound_file

        path = find_sound_file(self._store.paths.data_dir, source, deck_path)
        if path is None:
            return f"{source}: no sound file in media or beside the deck"
        return self._sound_player.play(path)

    def stop_sound(self) -> bool:
        """Stop the playing sound; tell whether one was playing."""
        return self._sound_player.stop()

    def on_wait(self, show_line: Callable[[str], None]) -> None:
        """Register what shows a message before a write waits."""
        self._store.notify = show_line

    def finish_pending_work(self) -> None:
        """Start today's backup, and index this session's events."""
        self._store.start_backup()
        self._external_changes.index_pending()

    def search_cards(self, query: str) -> list[CardState]:
        """Return the first matching cards. Raises UsageError."""
        from flashcards.storage.index.queries.search import find_cards

        context = self._store.search_context
        return self._store.query(lambda index: list(islice(find_cards(index, query, context), MAX_FOUND)))

    def leech_threshold(self) -> int:
        """Return the lapses that make a card a leech."""
        return self._store.settings.leech

    def today_summary(self) -> TodaySummary:
        """Return what was done today, and what is due tomorrow."""
        self._store.refresh_index()
        return self._store.query(lambda index: load_today(index, self._store.today))
