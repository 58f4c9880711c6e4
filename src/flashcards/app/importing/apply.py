"""Apply an import plan atomically."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from flashcards.app.importing.history_events import history_events
from flashcards.app.importing.plan import ImportPlan
from flashcards.app.progress_bar import ProgressBar
from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, EventId, Review
from flashcards.errors import ChangedMeanwhileError, FlashcardsError
from flashcards.importers.base import ImportedHistory
from flashcards.storage.files import FileChange, read_if_there
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.card_events import CardHistories
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import OpenStep, append_imported


@dataclass(slots=True)
class PlannedEvents:
    """The events a plan adds, counted while they are iterated."""

    store: Store
    format: str
    histories: Iterable[tuple[CardId, ImportedHistory]]
    batch: EventId | None = None  # the step they belong to
    events: int = 0
    reviews: int = 0
    cards_with_history: int = 0  # cards with imported history, new or known

    def __iter__(self) -> Iterator[CardEvent]:
        known, now = self.store.query(CardHistories), self.store.now()
        seen_ids = set[str]()
        for card, history in self.histories:
            self.cards_with_history += not history.is_lost and bool(
                history.schedule or history.reviews or history.events
            )
            before = known.effective_events(card)
            for event in history_events(self.format, card, history, before, now, self.batch):
                if event.id not in seen_ids:
                    seen_ids.add(event.id)
                    self.events += 1
                    self.reviews += isinstance(event, Review)
                    yield event


def count_events(store: Store, plan: ImportPlan) -> PlannedEvents:
    """Return how much history a plan would add."""
    history = PlannedEvents(store, plan.format, plan.histories.items())
    for _ in history:
        pass
    return history


def _file_change(path: Path, planned_on: int | None, data: bytes, *, is_media: bool = False) -> FileChange:
    """Return a file's change, if the file is as it was when planned.

    Raises ChangedMeanwhileError otherwise.
    """
    now = read_if_there(path)
    if now != data and (now if now is None else hash(now)) != planned_on:
        raise ChangedMeanwhileError(
            f"{path}: another program is changing it. Nothing of this came in; try again."
        )
    return FileChange(path, now, data, is_media)


def _require_decks_still_new(store: Store, plan: ImportPlan) -> None:
    """Raise ChangedMeanwhileError if a new deck has been created meanwhile."""
    store.refresh_index()
    names = store.query(counts.list_deck_names)
    for page in plan.changed_files:
        if page.alone and page.deck_name in names:
            raise ChangedMeanwhileError(f"{page.deck_name}: another process has just made this deck.")


def apply_plan(store: Store, plan: ImportPlan, step: OpenStep, progress_bar: ProgressBar) -> PlannedEvents:
    """Apply a plan as part of a step; the caller holds the deck lock.

    Raises OSError or FlashcardsError after restoring the plan's files; ChangedMeanwhileError if the
    library has changed since it was planned.
    """
    progress_bar.start_stage(f"Writing {plan.source.name}")
    done, history = len(step.changes), None
    try:
        _require_decks_still_new(store, plan)
        step.change_files(_file_changes(store, plan))
        progress_bar.start_stage(
            "Writing its history", sum(len(history.reviews) for history in plan.histories.values())
        )
        drained = ((card, plan.histories.pop(card)) for card in tuple(plan.histories))  # frees memory early
        history = PlannedEvents(store, plan.format, drained, step.batch)
        append_imported(store, progress_bar.count_items(history), step.batch)
    except (OSError, FlashcardsError):
        step.put_files_back(done)
        raise
    finally:
        step.has_events |= history is not None and history.events > 0
    return history


def _file_changes(store: Store, plan: ImportPlan) -> list[FileChange]:
    media, data_dir = store.paths.media_dir, store.paths.data_dir
    changes = [_file_change(media / n, None, data, is_media=True) for n, data in plan.media.items()]
    for file in plan.changed_files:
        changes.append(_file_change(data_dir / file.path, file.planned_on, file.text.encode()))
        file.text = ""  # frees memory before the index takes its share
    changes += [
        _file_change(data_dir / name, None if before is None else hash(before), after)
        for name, before, after in plan.kept_files
    ]
    return [change for change in changes if change.before != change.after]
