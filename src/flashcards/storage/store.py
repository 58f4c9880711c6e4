"""An open store: query the index, append to the journal."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from sqlite3 import Connection, DatabaseError
from typing import TYPE_CHECKING, Self, TypeVar

from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, CardLink, Event, EventId, Review, SeenText, UndoableEvent
from flashcards.core.format_count import format_count
from flashcards.core.progress import CardState, Progress, apply_event
from flashcards.core.quote_cards import quote_front
from flashcards.core.search_query import SearchContext
from flashcards.core.study_days import study_day
from flashcards.errors import ReadOnlyStoreError, StoreError
from flashcards.storage.backups.automatic_backups import MAX_EVENTS_WITHOUT_BACKUP, BackupBeforeWrite
from flashcards.storage.index.open_index import StoreIndex
from flashcards.storage.index.queries import cards, event_clock
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.index.rows import card_text_checksum
from flashcards.storage.journal.event_ids import as_step
from flashcards.storage.known_stores import KnownStore, save_known_store
from flashcards.storage.loss_check import history_lost_error
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store_creation import open_or_create_store, read_only_message
from flashcards.storage.store_paths import StorePaths

MAX_NAMED_CARDS = 3  # in the notice about edited cards

T = TypeVar("T")
if TYPE_CHECKING:
    from flashcards.storage.journal.journal_writer import JournalWriter


class Store:
    """An open store; `notices` are to be shown once, `notify` reports a wait, `now` gives the time."""

    def __init__(
        self,
        paths: StorePaths,
        settings: Settings,
        *,
        now: Callable[[], datetime],
        notify: Callable[[str], None] = lambda _: None,
        on_progress: Callable[[float], None] | None = None,
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.notices: list[str] = []
        self._initial_notify = self.notify = notify  # a screen may replace the second while it is shown
        self.now = now
        self._unindexed_progress: dict[CardId, Progress] = {}
        self._appended_text_checksums: dict[CardId, int] = {}
        self._skewed_hlc_by_card: dict[CardId, int] | None = None
        """Last hlc by card; None if no clock was wrong."""
        self._device_id = ""
        self.journal: JournalWriter | None = None
        self._backup_before_write = BackupBeforeWrite(paths, now)
        self.store_id, self._known_store, self._read_only_message = open_or_create_store(paths, now)
        notify_now = self._notify_on_current_screen
        self.index = StoreIndex(paths, settings, notify=notify_now, on_progress=on_progress)
        try:
            self.index.update_from_files()
            self._raise_if_history_lost()
            self._append_pending_links()
        except BaseException:
            self.index.connection.close()
            raise
        self.index.on_progress = None  # it is for the opening only

    def _notify_on_current_screen(self, message: str) -> None:
        self.notify(message)  # on whatever screen there is by now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def today(self) -> date:
        """The study day now."""
        return study_day(self.now(), self.settings.rollover)

    @property
    def search_context(self) -> SearchContext:
        """The context of searches: the study day and two settings."""
        return SearchContext(self.today, self.settings.repeat_below, self.settings.leech)

    @property
    def is_empty(self) -> bool:
        """Whether there was never a deck or event here."""
        known = self._known_store
        if known and (known.decks or known.events):
            return False
        queries = (cards.count_events, cards.list_deck_files, cards.list_problems)
        return not any(self.query(query) for query in queries)

    @property
    def read_only_message(self) -> str:
        """Why nothing can be saved here; "" if it can."""
        if not self._read_only_message and self.query(event_clock.has_newer_format_lines):
            self._read_only_message = read_only_message(self.paths)
        return self._read_only_message

    def require_writable(self) -> None:
        """Raise ReadOnlyStoreError if nothing can be saved."""
        if self.read_only_message:
            raise ReadOnlyStoreError(self.read_only_message)

    def refresh_index(self, batch: EventId | None = None) -> None:
        """Update the index from all files; `batch` is a step that edited cards."""
        self.index.update_from_files()
        self._unindexed_progress.clear()
        self._append_pending_links(batch)

    def query(self, run_query: Callable[[Connection], T]) -> T:
        """Run a query; if the index is damaged, rebuild it and try again."""
        try:
            return run_query(self.index.connection)
        except DatabaseError:
            self.index.rebuild()
            self.refresh_index()
            return run_query(self.index.connection)

    def card_state(self, card_id: CardId) -> CardState | None:
        """Return a card in some deck, with its current progress; else None."""
        state = self.query(lambda index: cards.card_state(index, card_id))
        if state is None or card_id not in self._unindexed_progress:
            return state
        return state._replace(progress=self._unindexed_progress[card_id])

    def successor(self, card: CardId) -> CardId | None:
        """Return the card that continues the history of one in no deck."""
        if linked := self.query(lambda index: cards.successor(index, card)):
            return linked
        renamed = self.index.renamed.get(card)
        return renamed if renamed and self.card_state(renamed) else None

    def append_events(self, drafts: Sequence[UndoableEvent]) -> list[Event]:
        """Append events; they are on disk when this returns. Raises StoreError.

        Several are one undo step, except links, which the user did not ask for.
        """
        if len(drafts) > MAX_EVENTS_WITHOUT_BACKUP:
            self.back_up_before_bulk_change()
        drafts = as_step(drafts)
        texts = [text for text in map(self._card_text_event, drafts) if text]
        journal = self._journal_for_writing()  # before the next line: it tells whether a clock was wrong
        appended = journal.append_events([*map(self._after_skewed_clock, drafts), *texts])
        for event in appended:
            if isinstance(event, CardEvent) and (state := self.card_state(event.card)):
                model = self.query(current_model)
                progress, _ = apply_event(state.progress, event, self.settings.rollover, model)
                self._unindexed_progress[event.card] = progress
        return appended

    def append_to_journal(self, drafts: Sequence[Event], suffix: str = "") -> list[Event]:
        """Append events unchanged, to the file with one of FILE_SUFFIXES. Raises StoreError."""
        return self._journal_for_writing().append_events(drafts, suffix)

    @property
    def device_id(self) -> str:
        """This machine's id in the journal."""
        self._journal_for_writing()
        return self._device_id

    def _after_skewed_clock(self, draft: UndoableEvent) -> UndoableEvent:
        """Return a draft ordered after its card's events, despite wrong clocks."""
        if self._skewed_hlc_by_card is None or draft.hlc or not isinstance(draft, CardEvent):
            return draft
        card_id = draft.card
        last_hlc = self._skewed_hlc_by_card.get(card_id) or self.query(
            lambda index: event_clock.last_hlc_of_card(index, card_id)
        )
        if last_hlc <= event_clock.max_plausible_hlc(self.now()):
            return draft
        self._skewed_hlc_by_card[draft.card] = last_hlc + 1
        return draft._replace(hlc=last_hlc + 1)

    def close(self) -> None:
        """Finish the backup, index what was appended, and save the known state."""
        try:
            self._backup_before_write.close(self._initial_notify)
        finally:
            if self.journal is not None:
                with suppress(StoreError):  # reported when it failed first
                    self.journal.undo_failed_appends()
            for notice in self._backup_before_write.failures:
                self._initial_notify(notice)
            self.index.update_from_files()
            self._save_known_store(ends=os.getpid())
            self.index.connection.close()

    def back_up_before_bulk_change(self) -> Path:
        """Make a backup before a bulk change. Raises StoreError."""
        self.require_writable()
        return self._backup_before_write.make_bulk_backup(self.notify)

    def start_backup(self) -> None:
        """Start today's backup if there is none: a write is likely."""
        if not self._read_only_message:
            self._backup_before_write.start_daily_backup()

    def wait_for_backup(self) -> None:
        """Wait for today's backup before a file is rewritten. Raises StoreError."""
        self.require_writable()
        self._backup_before_write.wait_for_daily_backup(self.notify)

    def _save_known_store(self, *, begins: int = 0, ends: int = 0) -> None:
        if not self.store_id:
            return
        previous, device_id = self._known_store, self._device_id
        events, decks = self.query(cards.count_events), len(self.query(cards.list_deck_files))
        writer = (previous.device, previous.n) if previous else ("", 0)
        if device_id:
            writer = device_id, self.query(lambda index: event_clock.device_sequence(index, device_id)[0])
        current = KnownStore(self.store_id, events, decks, *writer)
        save_known_store(self.paths.known_stores_file, self.paths.data_dir, current, begins=begins, ends=ends)

    def _raise_if_history_lost(self) -> None:
        known, events = self._known_store, self.query(cards.count_events)
        if known and events < known.events:
            raise history_lost_error(self.paths, known.events, f"{events:,}")

    def _journal_for_writing(self) -> "JournalWriter":
        """Return the journal, opened on first use after starting a backup."""
        self.start_backup()
        if self.journal is None:
            self.require_writable()
            self.journal = self.query(self._open_journal)
            self._save_known_store(begins=os.getpid())
        return self.journal

    def _open_journal(self, index: Connection) -> "JournalWriter":
        from flashcards.storage.open_journal import open_writer

        notify = self._initial_notify
        journal, self._device_id = open_writer(self.paths, self.index, now=self.now, notify=notify)
        if event_clock.max_hlc(index) > event_clock.max_plausible_hlc(self.now()):
            self._skewed_hlc_by_card = {}
        return journal

    def _card_text_event(self, draft: UndoableEvent) -> SeenText | None:
        """Return the event with the text of an answered or linked card; None if the journal has it."""
        if not isinstance(draft, Review | CardLink):
            return None
        state = self.card_state(draft.new if isinstance(draft, CardLink) else draft.card)
        if state is None:
            return None
        card = state.card
        checksum = card_text_checksum(card.deck, card.front, card.back)
        seen = self.query(lambda index: cards.journal_text_checksum(index, card.id))
        if checksum in (self._appended_text_checksums.get(card.id), seen):
            return None
        self._appended_text_checksums[card.id] = checksum
        return SeenText(EventId(""), 0, draft.at, card.id, card.deck, card.front, card.back)

    def _append_pending_links(self, batch: EventId | None = None) -> None:
        """Record in the journal which cards continue under a new id."""
        links = self.index.pending_links()
        if not links or self._read_only_message:
            return
        at = self.now()
        try:
            # Each link is stored with the current text, by which the next edit is recognised.
            self.append_events([CardLink(EventId(""), 0, at, old, new, batch=batch) for old, new in links])
        except StoreError as error:  # they stay pending in the index, and reading goes on
            self.notices.append(str(error))
            return
        self.index.clear_pending_links()
        self.index.update_from_files()
        edited = [new for old, new in links if old not in self.index.moves]  # the command reports those
        for card in edited[:MAX_NAMED_CARDS]:
            if state := self.card_state(card):
                front = quote_front(state.card.front)
                self.notices.append(f"{front} was reworded or moved; it keeps its history.")
        if len(edited) > MAX_NAMED_CARDS:
            more = format_count(len(edited) - MAX_NAMED_CARDS, "more card")
            self.notices.append(f"The same holds for {more}. (Undo: flashcards undo)")
