"""Apply an import plan atomically."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flashcards.app.importing.history_events import history_events
from flashcards.app.importing.plan import ImportPlan
from flashcards.app.progress_bar import ProgressBar
from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, Review
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, LockTimeoutError
from flashcards.importers.base import ImportedHistory
from flashcards.storage.files import LONG_LOCK_TRIES, hold_lock, read_if_there, replace_file
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.notes import CardHistories
from flashcards.storage.store import Store


@dataclass(slots=True)
class PlannedEvents:
    """The events that a plan adds, counted as they are drawn."""

    store: Store
    format: str
    histories: Iterable[tuple[CardId, ImportedHistory]]
    events: int = 0
    reviews: int = 0
    cards_with_history: int = 0
    """How many cards have a life elsewhere that was taken over, now or before."""

    def __iter__(self) -> Iterator[CardEvent]:
        known, now = self.store.query(CardHistories), self.store.current_time()
        seen_ids = set[str]()
        for card, history in self.histories:
            self.cards_with_history += bool(history.reviews or history.schedule or history.events)
            for event in history_events(self.format, card, history, known.effective_events(card), now):
                if event.id not in seen_ids:
                    seen_ids.add(event.id)
                    self.events += 1
                    self.reviews += isinstance(event, Review)
                    yield event


def count_events(store: Store, plan: ImportPlan) -> PlannedEvents:
    """Return what history a plan would add."""
    history = PlannedEvents(store, plan.format, plan.histories.items())
    for _ in history:
        pass
    return history


def _drain_histories(histories: dict[CardId, ImportedHistory]) -> Iterator[tuple[CardId, ImportedHistory]]:
    """Yield lives out of those that wait: what was written need not be held any longer."""
    for card_id in tuple(histories):
        yield card_id, histories.pop(card_id)


@dataclass(slots=True)
class _Rollback:
    """What files were before they were written, and the hash of what was written."""

    lock: Path
    original_contents: dict[Path, tuple[bytes | None, int]] = field(default_factory=dict)

    def write_file_undoably(self, path: Path, planned_on: int | None, data: bytes) -> None:
        """Write a file that is as it was when that was planned, or already is as wanted.

        Raises ChangedMeanwhileError.
        """
        now = read_if_there(path)
        if now == data:
            return
        if (now if now is None else hash(now)) != planned_on:
            raise ChangedMeanwhileError(
                f"{path}: another program is changing it. Nothing of this came in; try again."
            )
        self.original_contents[path] = now, hash(data)
        replace_file(path, now, data)

    def restore_files(self) -> None:
        """Put back what is still as it was written here."""
        with ExitStack() as stack:
            with suppress(LockTimeoutError):
                stack.enter_context(hold_lock(self.lock, LONG_LOCK_TRIES))
            for path, (before, written) in reversed(self.original_contents.items()):
                with suppress(OSError, ChangedMeanwhileError):
                    now = read_if_there(path)
                    if now is None or hash(now) != written:
                        continue
                    if before is None:
                        path.unlink()
                    else:
                        replace_file(path, now, before)


def _refuse_twins(store: Store, plan: ImportPlan) -> None:
    """Raise ChangedMeanwhileError where a deck that a new file is for has got another by now."""
    store.refresh_index()
    names = store.query(counts.list_deck_names)
    for page in plan.changed_files:
        if page.alone and page.deck_name in names:
            raise ChangedMeanwhileError(f"{page.deck_name}: another process has just made this deck.")


def apply_plan(store: Store, plan: ImportPlan, progress_bar: ProgressBar) -> PlannedEvents:
    """Do what a plan says. Raises OSError or FlashcardsError, and then has changed nothing.

    ChangedMeanwhileError says that the library is not as it was when that was planned.
    """
    rollback = _Rollback(store.paths.deck_lock)
    try:
        progress_bar.start_stage(f"Writing {plan.source.name}")
        with hold_lock(store.paths.deck_lock, LONG_LOCK_TRIES):
            _refuse_twins(store, plan)
            for name, data in plan.media.items():
                rollback.write_file_undoably(store.paths.media_dir / name, None, data)
            for change in plan.changed_files:
                rollback.write_file_undoably(
                    store.paths.data_dir / change.path, change.planned_on, change.text.encode()
                )
        store.refresh_index()
        progress_bar.start_stage(
            "Writing its history", sum(len(life.reviews) for life in plan.histories.values())
        )
        history = PlannedEvents(store, plan.format, _drain_histories(plan.histories))
        store.append_imported(progress_bar.count_items(history))
    except (OSError, FlashcardsError, KeyboardInterrupt):
        rollback.restore_files()
        raise
    else:
        return history
