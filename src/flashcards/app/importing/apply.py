"""A plan becomes true: deck files, media and history together, or the library as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flashcards.app.importing.history_events import events_of
from flashcards.app.importing.plan import Plan
from flashcards.app.progress_bar import Waiting
from flashcards.core.cards import CardId
from flashcards.core.events import AboutCard, Review
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, LockTimeoutError
from flashcards.importers.base import Life
from flashcards.storage.files import LONG_LOCK_TRIES, locked, read_if_there, replace_file
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.notes import Histories
from flashcards.storage.store import Store


@dataclass(slots=True)
class History:
    """The events that a plan adds, counted as they are drawn."""

    store: Store
    format: str
    lives: Iterable[tuple[CardId, Life]]
    events: int = 0
    reviews: int = 0
    cards: int = 0
    """How many cards have a life elsewhere that was taken over, now or before."""

    def __iter__(self) -> Iterator[AboutCard]:
        known, now = Histories(self.store.index.connection), self.store.now()
        seen = set[str]()
        for card, life in self.lives:
            self.cards += bool(life.reviews or life.standing or life.events)
            for event in events_of(self.format, card, life, known.of(card), now):
                if event.id not in seen:
                    seen.add(event.id)
                    self.events += 1
                    self.reviews += isinstance(event, Review)
                    yield event


def count(store: Store, plan: Plan) -> History:
    """Return what history a plan would add."""
    history = History(store, plan.format, plan.lives.items())
    for _ in history:
        pass
    return history


def _let_go(lives: dict[CardId, Life]) -> Iterator[tuple[CardId, Life]]:
    """Yield lives out of those that wait: what was written need not be held any longer."""
    for card in tuple(lives):
        yield card, lives.pop(card)


@dataclass(slots=True)
class _Undoing:
    """What files were before they were written, and the hash of what was written."""

    lock: Path
    before: dict[Path, tuple[bytes | None, int]] = field(default_factory=dict)

    def write(self, path: Path, planned_on: int | None, data: bytes) -> None:
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
        self.before[path] = now, hash(data)
        replace_file(path, now, data)

    def undo(self) -> None:
        """Put back what is still as it was written here."""
        with ExitStack() as stack:
            with suppress(LockTimeoutError):
                stack.enter_context(locked(self.lock, LONG_LOCK_TRIES))
            for path, (before, written) in reversed(self.before.items()):
                with suppress(OSError, ChangedMeanwhileError):
                    now = read_if_there(path)
                    if now is None or hash(now) != written:
                        continue
                    if before is None:
                        path.unlink()
                    else:
                        replace_file(path, now, before)


def _refuse_twins(store: Store, plan: Plan) -> None:
    """Raise ChangedMeanwhileError where a deck that a new file is for has got another by now."""
    store.refresh()
    names = counts.deck_names(store.index.connection)
    for page in plan.changes:
        if page.alone and page.deck in names:
            raise ChangedMeanwhileError(f"{page.deck}: another process has just made this deck.")


def carry_out(store: Store, plan: Plan, waiting: Waiting) -> History:
    """Do what a plan says. Raises OSError or FlashcardsError, and then has changed nothing.

    ChangedMeanwhileError says that the library is not as it was when that was planned.
    """
    undoing = _Undoing(store.paths.deck_lock)
    try:
        waiting.stage(f"Writing {plan.source.name}")
        with locked(store.paths.deck_lock, LONG_LOCK_TRIES):
            _refuse_twins(store, plan)
            for name, data in plan.media.items():
                undoing.write(store.paths.media / name, None, data)
            for page in plan.changes:
                undoing.write(store.paths.data / page.name, page.planned_on, page.text.encode())
        store.refresh()
        waiting.stage("Writing its history", sum(len(life.reviews) for life in plan.lives.values()))
        history = History(store, plan.format, _let_go(plan.lives))
        store.take_in(waiting.each(history))
    except (OSError, FlashcardsError, KeyboardInterrupt):
        undoing.undo()
        raise
    else:
        return history
