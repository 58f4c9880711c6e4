"""Cards, events and stores for tests, each with what the test cares about and plain values else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flashcards.core.cards import Card, CardId
from flashcards.core.events import CardLink, Event, EventId, Review, Undo
from flashcards.storage.journal import journal_reader
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.journal.record import JournalRecord
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from flashcards.storage.store_paths import StorePaths
from flashcards.storage.undo import command_steps

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DECK = """deck: French
tags: [language]
cards:
  - id: dog
    front: le chien
    back: the dog
  - id: cat
    front: le chat
    back: the cat
  - front: the bird
    back: l'oiseau
  - front: the horse
    back: le cheval
"""


def review(card: str, rating: int, at: datetime = NOON, *, ident: str = "", hlc: int | None = None) -> Review:
    """Return a review that is its own event."""
    ms = int(at.timestamp() * 1000) if hlc is None else hlc
    return Review(EventId(ident or f"{card}-{ms}-{rating}"), ms, at, CardId(card), rating, 1000)


def undo(of: str, hlc: int, ident: str = "") -> Undo:
    """Return the undoing of an event."""
    return Undo(EventId(ident or f"undo-{of}-{hlc}"), hlc, NOON, EventId(of))


def link(old: str, new: str, hlc: int, ident: str = "") -> CardLink:
    """Return the link of two cards."""
    return CardLink(EventId(ident or f"{old}>{new}"), hlc, NOON, CardId(old), CardId(new))


def card(front: str = "Why?", back: str = "Because.", name: str = "why", **more: object) -> Card:
    """Return a card."""
    fields = {"id": CardId(name), "deck": "Deck", "front": front, "back": back, **more}
    return Card(**fields)  # type: ignore[arg-type]  # the caller names real fields


class Clock:
    """A clock that a test sets; each look at it takes a second."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def to(self, day: date) -> None:
        """Go to noon of a day."""
        self.at = datetime(day.year, day.month, day.day, 12, tzinfo=self.at.tzinfo)


def paths_in(folder: Path) -> StorePaths:
    """Return the four folders below one."""
    return StorePaths(folder / "data", folder / "config", folder / "state", folder / "cache")


def open_store(folder: Path, clock: Clock | None = None, settings: Settings | None = None) -> Store:
    """Open a store below a folder."""
    return Store(paths_in(folder), settings or Settings(), now=clock or Clock())


def records(folder: Path, ending: str = "2026-01.jsonl") -> list[JournalRecord]:
    """Return what one journal file of a library says."""
    (path,) = (p for p in list_journal_files(paths_in(folder).journal_dir) if p.name.endswith(ending))
    return journal_reader.read_journal_file(path).records


def put_deck(folder: Path, text: str = DECK, name: str = "french.yaml") -> Path:
    """Write a deck into the library below a folder, and return its path."""
    path = paths_in(folder).decks_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def rate(store: Store, name: str, ratings: Sequence[int]) -> None:
    """Answer one card of a store again and again."""
    for rating in ratings:
        store.append_events([Review(EventId(""), 0, store.now(), CardId(name), rating, 1000)])


def undo_last(store: Store, name: CardId | None = None) -> Event | None:
    """Undo the last thing done (to a card); return what it was."""
    taken = command_steps.undo_last(store, name)
    return taken.event if taken else None
