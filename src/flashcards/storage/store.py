"""An open store: query the index, append to the journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from sqlite3 import Connection, DatabaseError
from typing import TYPE_CHECKING, Self, TypeVar

from flashcards.core.cards import CardId
from flashcards.core.days import study_day
from flashcards.core.events import CardEvent, CardLink, Event, EventId, Review, SeenText, UndoableEvent
from flashcards.core.messages import format_count, quote_front
from flashcards.core.progress import CardState, Progress, apply_event
from flashcards.core.search_query import SearchContext
from flashcards.errors import ReadOnlyStoreError, StoreError
from flashcards.storage.backups.before_write import BackupBeforeWrite
from flashcards.storage.index.index import StoreIndex
from flashcards.storage.index.queries import cards, event_clock
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.index.rows import card_text_checksum
from flashcards.storage.known_stores import KnownStore, save_known_store
from flashcards.storage.loss_check import history_lost_error
from flashcards.storage.paths import StorePaths
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store_creation import open_or_create_store, read_only_message

MAX_EVENTS_WITHOUT_BACKUP = 20
"""Events in one write from which it is a bulk change, and backed up before."""
MAX_NAMED_CARDS = 3
"""How many of the cards that were found again are named."""

T = TypeVar("T")
if TYPE_CHECKING:
    from flashcards.storage.journal.journal import DeviceJournal


class Store:
    """An open store. `notices` has what its person should be told once, `say` tells of a wait."""

    def __init__(  # noqa: PLR0913 (clock, randomness and screen are passed in)
        self,
        paths: StorePaths,
        settings: Settings,
        *,
        now: Callable[[], datetime],
        random_bytes: Callable[[int], bytes] = os.urandom,
        notify: Callable[[str], None] = lambda _: None,
        on_progress: Callable[[float], None] | None = None,
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.notices: list[str] = []
        self._initial_notify = self.notify = notify
        self._now = now
        self._random_bytes = random_bytes
        self._unindexed_progress: dict[CardId, Progress] = {}
        self._appended_text_checksums: dict[CardId, int] = {}
        self._skewed_hlc_by_card: dict[CardId, int] | None = None
        """By card, the hlc behind which its next event goes; None while no clock was wrong."""
        self._device_id = ""
        self.journal: DeviceJournal | None = None
        self._backup_before_write = BackupBeforeWrite(paths, now)
        self.store_id, self._known_store, self._read_only_message = open_or_create_store(
            paths, now, random_bytes
        )
        self.index = StoreIndex(
            paths, settings, notify=self._notify_on_current_screen, on_progress=on_progress
        )
        try:
            self.index.update_from_files()
            self._raise_if_history_lost()
            self._append_pending_links()
        except BaseException:
            self.index.connection.close()
            raise
        self.index.on_progress = None  # whoever watched it was waiting for the opening

    def _notify_on_current_screen(self, message: str) -> None:
        self.notify(message)  # on whatever screen there is by now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def current_time(self) -> datetime:
        """Return the time, with its offset."""
        return self._now()

    @property
    def today(self) -> date:
        """The study day now."""
        return study_day(self._now(), self.settings.rollover)

    @property
    def search_context(self) -> SearchContext:
        """What searches depend on: the study day and two settings."""
        return SearchContext(self.today, self.settings.repeat_below, self.settings.leech)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever here: no deck, sound or not, no event, as far as is known."""
        had = self._known_store and (self._known_store.decks or self._known_store.events)
        found = (cards.count_events, cards.list_deck_files, cards.list_problems)
        return not (had or any(map(self.query, found)))

    @property
    def read_only_message(self) -> str:
        """Why nothing can be saved here; "" where it can."""
        if not self._read_only_message and self.query(event_clock.has_newer_format_lines):
            self._read_only_message = read_only_message(self.paths)
        return self._read_only_message

    def require_writable(self) -> None:
        """Raise ReadOnlyStoreError where nothing can be saved."""
        if self.read_only_message:
            raise ReadOnlyStoreError(self.read_only_message)

    def refresh_index(self, batch: EventId | None = None) -> None:
        """Bring the index up to date with all files; `batch` is the step that made links needed."""
        self.index.update_from_files()
        self._unindexed_progress.clear()
        self._append_pending_links(batch)

    def query(self, run_query: Callable[[Connection], T]) -> T:
        """Run a query; where the index turns out to be torn, rebuild it and run the query again."""
        try:
            return run_query(self.index.connection)
        except DatabaseError:
            self.index.rebuild()
            self.refresh_index()
            return run_query(self.index.connection)

    def card_state(self, card_id: CardId) -> CardState | None:
        """Return a card that is in some deck, with its progress; None when it is in none."""
        state = self.query(lambda index: cards.card_state(index, card_id))
        if state is None or card_id not in self._unindexed_progress:
            return state
        return state._replace(progress=self._unindexed_progress[card_id])

    def successor(self, card: CardId) -> CardId | None:
        """Return the card that continues the history of a card in no deck; None without one."""
        linked = self.query(lambda index: cards.successor(index, card))
        renamed = self.index.renamed.get(card)
        return linked or (renamed if renamed and self.card_state(renamed) else None)

    def append_events(self, drafts: Sequence[UndoableEvent]) -> list[Event]:
        """Append events; they are on the disk when this returns them. Raises StoreError.

        Several of them are one step for undo, but for links, which nobody has asked for.
        """
        if len(drafts) > MAX_EVENTS_WITHOUT_BACKUP:
            self.back_up_before_bulk_change()
        from flashcards.storage.journal.journal import as_step

        drafts = as_step(drafts, self._random_bytes)
        extra = [seen for draft in drafts if (seen := self._card_text_event(draft))]
        appended = self._journal_for_writing().append_events([*map(self._after_skewed_clock, drafts), *extra])
        for event in appended:
            if isinstance(event, CardEvent) and (state := self.card_state(event.card)):
                now, _ = apply_event(state.progress, event, self.settings.rollover, self.query(current_model))
                self._unindexed_progress[event.card] = now
        return appended

    def append_to_journal(self, drafts: Sequence[Event], suffix: str = "") -> list[Event]:
        """Append events as they are; `suffix` is of the file's name. Raises StoreError."""
        return self._journal_for_writing().append_events(drafts, suffix)

    @property
    def device_id(self) -> str:
        """This machine's name in the journal."""
        self._journal_for_writing()
        return self._device_id

    def _after_skewed_clock(self, draft: UndoableEvent) -> UndoableEvent:
        """Return a draft that counts after all that its card has, however wrong a clock was."""
        if self._skewed_hlc_by_card is None or draft.hlc or not isinstance(draft, CardEvent):
            return draft
        card_id = draft.card
        last_hlc = self._skewed_hlc_by_card.get(card_id) or self.query(
            lambda index: event_clock.last_hlc_of_card(index, card_id)
        )
        if last_hlc <= event_clock.max_plausible_hlc(self._now()):
            return draft
        self._skewed_hlc_by_card[draft.card] = last_hlc + 1
        return replace(draft, hlc=last_hlc + 1)

    def close(self) -> None:
        """Finish the backup, index what was appended, and remember what this store has."""
        try:
            self._backup_before_write.close(self._initial_notify)
        finally:
            if self.journal is not None:
                with suppress(StoreError):  # as it was told before
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
        """Begin today's backup, if there is none yet: something is likely to be written."""
        if not self._read_only_message:
            self._backup_before_write.start_daily_backup()

    def wait_for_backup(self) -> None:
        """Wait for today's backup, or for its failure, before a file is rewritten. Raises StoreError."""
        self.require_writable()
        self._backup_before_write.wait_for_daily_backup(self.notify)

    def _event_count(self) -> int:
        return self.query(cards.count_events)

    def _save_known_store(self, *, begins: int = 0, ends: int = 0) -> None:
        """Note what this store has, so that it is noticed when it has less."""
        if not self.store_id:
            return
        previous, device_id = self._known_store, self._device_id
        current = KnownStore(self.store_id, self._event_count(), len(self.query(cards.list_deck_files)))
        if device_id:
            current.device, current.n = (
                device_id,
                self.query(lambda index: event_clock.device_sequence(index, device_id)[0]),
            )
        elif previous:
            current.device, current.n = previous.device, previous.n
        save_known_store(self.paths.known_stores_file, self.paths.data_dir, current, begins=begins, ends=ends)

    def _raise_if_history_lost(self) -> None:
        """Stop when events are gone that this machine has seen in this store."""
        known, found = self._known_store, self._event_count()
        if known and found < known.events:
            raise history_lost_error(self.paths, known.events, f"{found:,}")

    def _journal_for_writing(self) -> DeviceJournal:
        """Return the journal to write to, prepared on the first use; today's backup has begun by now."""
        self.start_backup()
        if self.journal is None:
            self.require_writable()
            self.journal = self.query(self._open_journal)
            self._save_known_store(begins=os.getpid())
        return self.journal

    def _open_journal(self, index: Connection) -> DeviceJournal:
        from flashcards.storage.device_writer import open_writer

        journal, self._device_id = open_writer(
            self.paths,
            self.index,
            now=self._now,
            random_bytes=self._random_bytes,
            notify=self._initial_notify,
        )
        if event_clock.has_future_events(index, event_clock.max_plausible_hlc(self._now())):
            self._skewed_hlc_by_card = {}
        return journal

    def _card_text_event(self, draft: UndoableEvent) -> SeenText | None:
        """Return the event that keeps a card's text, if the journal has not got it yet."""
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
        """Note in the journal which cards go on under a new id, and say so."""
        links = self.index.pending_links()
        if not links or self._read_only_message:
            return
        at = self._now()
        try:
            # With each goes the text of now, so that the next edit can be followed from there.
            self.append_events([CardLink(EventId(""), 0, at, old, new, batch=batch) for old, new in links])
        except StoreError as error:  # they wait in the index, and what only reads goes on
            self.notices.append(str(error))
            return
        self.index.clear_pending_links()
        self.index.update_from_files()
        links = [pair for pair in links if pair[0] not in self.index.moves]  # else the command tells
        for state in filter(None, (self.card_state(new) for _, new in links[:MAX_NAMED_CARDS])):
            self.notices.append(
                f"{quote_front(state.card.front)} was reworded or moved; it keeps its history."
            )
        if len(links) > MAX_NAMED_CARDS:
            more = format_count(len(links) - MAX_NAMED_CARDS, "more card")
            self.notices.append(f"The same holds for {more}. (Undo: flashcards undo)")
