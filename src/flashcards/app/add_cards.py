"""New cards into the library: which deck, whether they are there already, and the writing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flashcards.app.context import Context, put_schema
from flashcards.app.prompts import agree, choose, someone_is_there
from flashcards.core.card_ids import cards_of, fingerprint, note_id
from flashcards.core.cards import Card, Deck, Note
from flashcards.core.deck_yaml import render
from flashcards.core.search import pick
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, UsageError
from flashcards.storage.decks.editor import append
from flashcards.storage.files import read_if_there, replace_file, until_written
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.search import near_entries
from flashcards.storage.store import Store

FIRST_DECK = "My cards"
SCHEMA = "# yaml-language-server: $schema=deck.schema.json\n"


@dataclass(frozen=True, slots=True)
class Added:
    """What came into a deck."""

    deck: str
    path: str
    cards: tuple[Card, ...]
    made: bool
    """Whether the deck is new."""


def deck_for(world: Context, store: Store, wanted: str) -> str:
    """Return the deck that new cards go to: named, the only one, or chosen; it may be a new one."""
    names = counts.deck_names(store.index.connection)
    wanted = " ".join(wanted.split())  # as a deck file's name is read
    if wanted:
        try:
            return pick(names, wanted)
        except UsageError:
            if any(wanted.casefold() in name.casefold() for name in names):
                raise  # it could be several
            return wanted
    if len(names) < 2:
        return names[0] if names else FIRST_DECK
    if not someone_is_there(world):
        raise UsageError(f"Which deck? Write --deck {names[0]!r}, or another, or a new name.")
    world.print("Into which deck?")
    chosen = choose(world, "A number, or a name (a new one makes a new deck):", names)
    if not chosen:
        raise UsageError("No deck was named. Nothing was added.")
    return deck_for(world, store, chosen)


def welcome_is(world: Context, store: Store, note: Note, *, force: bool) -> bool:
    """Tell whether a note is to be added although cards nearly like it may be there.

    Raises FlashcardsError when nobody is there to be asked.
    """
    found = near_entries(store.index.connection, note.front)
    if not found or force:
        return True
    alike = "\n".join(
        f"  {entry.card.id} ({entry.card.deck}): {_short(entry.card)}" for entry in found
    )
    if not someone_is_there(world):
        raise FlashcardsError(
            f"Much like this there is already:\n{alike}\nNothing was added; --force adds it."
        )
    world.print(f"Much like this there is already:\n{alike}")
    return agree(world, "Add it all the same?")


def add(store: Store, deck: str, notes: Sequence[Note]) -> Added:
    """Write notes to the end of a deck, which is made if it is not there. Raises DeckError."""
    store.before_writing()
    home, notes, made = until_written(store.paths.deck_lock, lambda: _write(store, deck, notes))
    store.refresh()
    names = [card.id for card in cards_of(Deck(deck, tuple(notes)))]
    entries = [entry for name in names if (entry := store.entry(name))]
    return Added(deck, home, tuple(entry.card for entry in entries), made)


def _write(store: Store, deck: str, notes: Sequence[Note]) -> tuple[str, Sequence[Note], bool]:
    """Write notes to the library as it is now; return the file, the notes in it, if it is new."""
    store.refresh()
    index = store.index.connection
    home = next((path for path, name, _ in queries_cards.decks(index) if name == deck), None)
    if home is None:
        path = _free_path(store.paths.decks, deck)
        replace_file(path, None, (SCHEMA + render(Deck(deck, tuple(notes)))).encode())
        put_schema(store.paths)
        return path.relative_to(store.paths.data).as_posix(), notes, True
    before = read_if_there(store.paths.data / home)
    if before is None:
        raise ChangedMeanwhileError(f"{home}: it was deleted just now. Nothing was added.")
    notes = [_named(store, deck, note) for note in notes]
    after = append(before.decode("utf-8-sig"), home, notes)
    replace_file(store.paths.data / home, before, after.encode())
    return home, notes, False


def _named(store: Store, deck: str, note: Note) -> Note:
    """Give a note an id of its own when its front is that of another card of its deck."""
    own, number = note_id(deck, note), 2
    while not note.id and store.entry(next(cards_of(Deck(deck, (note,)))).id):
        own = f"{fingerprint(deck, note.front)}-{number}"
        if store.entry(next(cards_of(Deck(deck, (replace(note, id=own),)))).id) is None:
            return replace(note, id=own)
        number += 1
    return note


def _free_path(folder: Path, deck: str) -> Path:
    """Return a path in the library that no file has yet, named after the deck."""
    stem = re.sub(r"[^\w.-]+", "-", deck).strip("-.").casefold() or "deck"
    path, number = folder / f"{stem}.yaml", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.yaml", number + 1
    return path


def _short(card: Card) -> str:
    front, back = (" ".join(side.split())[:50] for side in (card.front, card.back))
    return f"{front} - {back}"
