"""Steps: all that one command does to files and cards, with undo and redo."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from flashcards.core.cards import CardId
from flashcards.core.events import Batch, Event, EventId, Undo
from flashcards.errors import FlashcardsError, LockTimeoutError
from flashcards.storage.files import FileChange
from flashcards.storage.index.queries.choose_undo import Steps, undone_events
from flashcards.storage.index.queries.event_clock import max_plausible_hlc
from flashcards.storage.journal.event_ids import new_event_id
from flashcards.storage.journal.journal_files import IMPORTED_SUFFIX
from flashcards.storage.locks import change_under_lock, hold_lock
from flashcards.storage.store import Store
from flashcards.storage.undo import former_texts

IMPORT_BATCH_SIZE = 20_000  # imported events in one write
NO_MOVES: Mapping[CardId, CardId] = {}
NEVER_DONE = EventId("never-done")  # batch of undos of an unfinished step
T = TypeVar("T")


class TakenBack(NamedTuple):
    """What an undo or redo acted on."""

    event: Event
    cards: tuple[CardId, ...]
    left: tuple[str, ...] = ()  # what could not be undone, and why
    media: int = 0  # media files that it brought, which stay


@dataclass(slots=True)
class OpenStep:
    """A step in progress: changed files, and events to write."""

    store: Store
    batch: EventId
    drafts: Sequence[Event] = ()  # written at the end
    has_events: bool = False  # whether some of its events are in the journal already
    changes: list[former_texts.SavedChange] = field(default_factory=list)
    pending: Path | None = None
    lock: ExitStack = field(default_factory=ExitStack)

    def change_files(self, changes: Sequence[FileChange]) -> None:
        """Change all files or none; the caller holds the deck lock. Raises StoreError."""
        if not changes:
            return
        self.store.require_writable()
        if self.pending is None:
            folder = former_texts.steps_folder(self.store.paths, self.store.store_id)
            self.pending = self.lock.enter_context(former_texts.open_pending(folder, self.batch))
        done = len(self.changes)
        try:
            self.changes = former_texts.save_changes(self.store.paths, self.pending, self.changes, changes)
            for change in changes:
                change.apply()
            del change, changes  # frees memory before the index takes its share
        except BaseException:
            self.put_files_back(done)
            raise
        self.store.refresh_index(self.batch)

    def put_files_back(self, first: int) -> None:
        """Put back the files changed from index `first` on."""
        if self.pending and len(self.changes) > first:
            former_texts.put_back(self.store.paths, self.pending, first)
            del self.changes[first:]
            former_texts.save_changes(self.store.paths, self.pending, self.changes, ())

    def write_events(self, command: str, about: str) -> None:
        """Write the events, which completes the step."""
        names = [one.name for one in self.changes if not one.is_media]
        shown = dict.fromkeys(name.encode("utf-8", "replace").decode() for name in names)
        head = Batch(self.batch, 0, self.store.now(), command, about, tuple(shown))
        members = [draft._replace(batch=self.batch) for draft in self.drafts]
        self.store.append_to_journal([head, *members])


@contextmanager
def open_step(store: Store, command: str, about: str) -> Iterator[OpenStep]:
    """Open a step that counts when the block ends; if it fails, nothing counts."""
    step = OpenStep(store, new_event_id(store.now()))
    with step.lock:
        try:
            yield step
            if step.changes or step.drafts or step.has_events:
                step.write_events(command, about)
        except BaseException:
            if step.pending or step.has_events:
                with suppress(OSError, FlashcardsError):  # then `recover` does it
                    _put_back(store, step.pending, step.batch)
            raise
        if step.pending:
            former_texts.finish(step.pending)
    if step.changes or step.drafts:
        store.refresh_index(step.batch)


def change_files(  # noqa: PLR0913 (what a step is, for undo and for the index)
    store: Store,
    command: str,
    about: str,
    changes: Sequence[FileChange],
    drafts: Sequence[Event] = (),
    *,
    moves: Mapping[CardId, CardId] = NO_MOVES,
) -> None:
    """Change all files or none, as one step with events; the caller holds the lock.

    `moves` are cards that get another id. Raises OSError or StoreError: then nothing is changed.
    """
    store.index.moves.update(moves)
    try:
        with open_step(store, command, about) as step:
            step.change_files(changes)
            step.drafts = drafts
    finally:
        store.index.moves.clear()
        store.index.unlinked.clear()


def append_imported(store: Store, events: Iterable[Event], batch: EventId | None = None) -> None:
    """Append imported events, which have their own ids and times. Raises StoreError."""
    remaining, undone = iter(events), store.query(undone_events)
    while part := list(islice(remaining, IMPORT_BATCH_SIZE)):
        # Events that were imported before and then undone count again.
        undos = [undo for event in part if event.id in undone for undo in undone[event.id]]
        again = [Undo(EventId(""), 0, store.now(), undo, batch=batch) for undo in undos]
        store.append_to_journal([*part, *again], IMPORTED_SUFFIX)


def recover(store: Store) -> list[str]:
    """Put back or finish steps of killed processes; return messages."""
    left: list[str] = []
    for pending in former_texts.pending_steps(former_texts.steps_folder(store.paths, store.store_id)):
        try:
            with hold_lock(store.paths.deck_lock, 1), hold_lock(pending / former_texts.LOCK, 1):
                store.refresh_index()
                if _ask(store, lambda steps, pending=pending: steps.event(EventId(pending.stem))):  # type: ignore[misc]
                    former_texts.finish(pending)
                else:
                    left += _put_back(store, pending, EventId(pending.stem))
        except (LockTimeoutError, FileNotFoundError):  # in progress, or just finished
            continue
        except (OSError, FlashcardsError) as error:  # reading goes on
            left.append(f"A change of files that was cut short could not be put back yet: {error}")
    return left


def _put_back(store: Store, pending: Path | None, batch: EventId) -> list[str]:
    left = former_texts.put_back(store.paths, pending) if pending else []
    store.refresh_index()
    at = store.now()
    if members := _ask(store, lambda steps: steps.members(batch)):
        store.append_to_journal([Undo(EventId(""), 0, at, own, batch=NEVER_DONE) for own in members])
    if pending:
        shutil.rmtree(pending, ignore_errors=True)
    store.refresh_index()
    return left


def undo_last(
    store: Store, card_id: CardId | None = None, preferred: Sequence[EventId] = ()
) -> TakenBack | None:
    """Undo the last step, of a session or card if given; None if there is none."""
    if card_id:
        return _take_back(store, "undo", lambda steps: steps.last_done_to(card_id))
    return _take_back(store, "undo", lambda steps: steps.last_of(preferred) or steps.last_done())


def redo_last(store: Store) -> TakenBack | None:
    """Redo the last undo; None if there is none, or a step followed it."""
    return _take_back(store, "redo", lambda steps: steps.last_undo())


def _take_back(store: Store, command: str, find: Callable[[Steps], Event | None]) -> TakenBack | None:
    store.refresh_index()
    event = _ask(store, find)
    if event is None:
        return None
    shown = _as_done(store, event)
    if isinstance(event, Batch):
        shown = shown._replace(media=former_texts.count_media(_kept_step(store, event)))
    if isinstance(event, Batch) and event.files:
        store.wait_for_backup()
        left = change_under_lock(store.paths.deck_lock, lambda: _take_files_back(store, command, event))
        return shown._replace(left=left)
    if isinstance(event, Batch):
        change_files(store, command, event.about, (), _undos(store, event))
    else:
        store.append_to_journal(_undos(store, event))
        store.refresh_index()
    return shown


def _kept_step(store: Store, event: Batch) -> Path:
    return former_texts.step_folder(former_texts.steps_folder(store.paths, store.store_id), event.id)


def _take_files_back(store: Store, command: str, event: Batch) -> tuple[str, ...]:
    """Reverse a step with files; return what stays as it is, and why."""
    results = list(former_texts.reversals(store.paths, _kept_step(store, event), event.files))
    changes = [one for one in results if isinstance(one, FileChange) and one.before != one.after]
    moves, without_events = _ask(store, lambda steps: steps.moves_back(event.id))
    store.index.unlinked.update(without_events)  # undoing their links is enough
    change_files(store, command, event.about, changes, _undos(store, event), moves=moves)
    return tuple(reason for reason in results if isinstance(reason, str))


def _undos(store: Store, event: Event) -> list[Undo]:
    members = _ask(store, lambda steps: steps.members(event.id)) if isinstance(event, Batch) else []
    at, last = store.now(), _ask(store, lambda steps: steps.last_hlc(event))
    hlc = last + 1 if last > max_plausible_hlc(at) else 0  # after a wrong clock's events
    return [Undo(EventId(""), hlc, at, own) for own in (event.id, *members)]


def _as_done(store: Store, event: Event) -> TakenBack:
    """Return what to show of a step; of an undo, what it had undone."""
    if isinstance(event, Undo):
        return _as_done(store, _ask(store, lambda steps: steps.event(event.undone_event)) or event)
    if isinstance(event, Batch):
        done = _ask(store, lambda steps: steps.undone_batch(event)) or event
        return TakenBack(done, () if done.files else tuple(_ask(store, lambda steps: steps.cards(done.id))))
    card = getattr(event, "new", None) or getattr(event, "card", None)
    return TakenBack(event, (card,) if card else ())


def _ask(store: Store, question: Callable[[Steps], T]) -> T:
    device, now = store.device_id, store.now()
    return store.query(lambda index: question(Steps(index, device, now)))
