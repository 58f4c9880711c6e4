"""A plan becomes true: deck files, media and history together, or the library as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flashcards.cli.importing.bringing import Plan
from flashcards.cli.importing.past import events_of
from flashcards.cli.waiting import Waiting
from flashcards.core.card import CardId
from flashcards.core.events import AboutCard, Review
from flashcards.errors import FlashcardsError
from flashcards.importers.base import Life
from flashcards.storage.durable import read_regular, write_file
from flashcards.storage.questions.whereabouts import Histories
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
    """What files were before they were written."""

    before: dict[Path, bytes | None] = field(default_factory=dict)

    def write(self, path: Path, data: bytes) -> None:
        self.before.setdefault(path, read_regular(path) if path.exists() else None)
        write_file(path, data)

    def undo(self) -> None:
        for path, data in reversed(self.before.items()):
            with suppress(OSError):
                if data is None:
                    path.unlink(missing_ok=True)
                else:
                    write_file(path, data)


def carry_out(store: Store, plan: Plan, waiting: Waiting) -> History:
    """Do what a plan says. Raises OSError or FlashcardsError, and then has changed nothing."""
    undoing = _Undoing()
    try:
        waiting.stage(f"Writing {plan.source.name}")
        for name, data in plan.media.items():
            undoing.write(store.paths.media / name, data)
        for page in plan.changes:
            undoing.write(store.paths.data / page.name, page.text.encode())
        store.refresh()
        waiting.stage("Writing its history", sum(len(life.reviews) for life in plan.lives.values()))
        history = History(store, plan.format, _let_go(plan.lives))
        store.take_in(waiting.each(history))
    except (OSError, FlashcardsError, KeyboardInterrupt):
        undoing.undo()
        raise
    else:
        return history
