"""Add notes to a deck; detect near duplicates."""

import re
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from flashcards.app.command_context import CommandContext, bundled_decks, write_schema
from flashcards.app.prompts import confirm, is_interactive, prompt_choice
from flashcards.core.card_ids import deck_cards, note_id
from flashcards.core.cards import Card, Note
from flashcards.core.clean_text import clean_text, to_one_line
from flashcards.core.deck_names import find_deck
from flashcards.core.deck_yaml import render_deck
from flashcards.core.decks import Deck
from flashcards.core.note_ids import note_fingerprint
from flashcards.core.quote_cards import quote_front
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, UsageError
from flashcards.storage.decks.edit_deck_files import append_notes
from flashcards.storage.files import FileChange, read_if_there
from flashcards.storage.index.library_files import DECKS_FOLDER
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.choose_undo import last_deck_added_to
from flashcards.storage.index.queries.search import find_near_duplicates
from flashcards.storage.locks import change_under_lock
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import change_files

DEFAULT_DECK = "My cards"
MAX_SIMILAR_DECKS = 5
SCHEMA_COMMENT = "# yaml-language-server: $schema=deck.schema.json\n"
TEMPLATE = """\
# New cards for the deck {deck}. Save and leave the editor to add them; leave it unchanged to add none.
# You can also set id, tags, hint, note, reverse: true, type: true or choices;
# or write "cloze: …{{{{gap}}}}…" instead of front.
cards:
  - front: |
      {empty}
    back: |
      {empty}
"""


class AddedCards(NamedTuple):
    """The cards that were added to a deck."""

    deck_name: str
    path: str
    cards: tuple[Card, ...]
    is_new_deck: bool


def resolve_deck(context: CommandContext, store: Store, deck_query: str) -> str:
    """Return the deck for new cards, which may not exist yet."""
    # In this order: the named one, the default, the last used, the only one, a choice.
    names = store.query(counts.list_deck_names)
    deck_query = deck_query or store.settings.default_deck or store.query(last_deck_added_to)
    deck_query = to_one_line(deck_query)  # as a deck file's name is read
    if deck_query:
        known = find_deck(names, deck_query)
        near = [name for name in names if deck_query.casefold() in name.casefold()]
        if known is None and near and is_interactive(context):
            context.print(f"There is no deck {deck_query}. Similar: {', '.join(near[:MAX_SIMILAR_DECKS])}.")
            if not confirm(context, f"Create the deck {deck_query}?", default=True):
                raise UsageError("Nothing was changed. Type the whole name of a deck.")
        return known or deck_query
    samples = {f"{DECKS_FOLDER}/{path.name}" for path in bundled_decks()}
    own = {name for path, name, _ in store.query(queries_cards.list_deck_files) if path not in samples}
    if len(own) < 2:
        return next(iter(own), DEFAULT_DECK)
    if not is_interactive(context):
        raise UsageError(
            f"Which deck? Add --deck NAME, such as --deck {names[0]!r}; a new name creates a deck."
        )
    context.print("Which deck?")
    chosen = prompt_choice(context, "Number or name (a new name creates a deck):", names)
    if not chosen:
        raise UsageError("No deck was named. Nothing was added.")
    return resolve_deck(context, store, chosen)


def confirm_near_duplicate(context: CommandContext, store: Store, note: Note, *, force: bool) -> bool:
    """Tell whether to add a note in spite of similar cards.

    Raises FlashcardsError if nobody can be asked.
    """
    duplicates = store.query(lambda index: find_near_duplicates(index, note.front))
    if not duplicates or force:
        return True
    alike = "\n".join(
        f"  {entry.card.id} ({entry.card.deck}): {_summarize_card(entry.card)}" for entry in duplicates
    )
    similar = "A similar card exists" if len(duplicates) == 1 else "Similar cards exist"
    if not is_interactive(context):
        raise FlashcardsError(f"{similar}:\n{alike}\nNothing was added. Use --force to add it.")
    context.print(f"{similar}:\n{alike}")
    return confirm(context, "Add it anyway?")


def add_notes(store: Store, deck_name: str, notes: Sequence[Note]) -> AddedCards:
    """Append notes to a deck, creating it if need be. Raises DeckError."""
    store.wait_for_backup()
    notes = [note.map_texts(clean_text) for note in notes]
    path, notes, is_new = change_under_lock(store.paths.deck_lock, lambda: _write(store, deck_name, notes))
    store.refresh_index()
    states = [store.card_state(card.id) for card in deck_cards(Deck(deck_name, tuple(notes)))]
    return AddedCards(deck_name, path, tuple(state.card for state in states if state), is_new)


def _write(store: Store, deck: str, notes: Sequence[Note]) -> tuple[str, Sequence[Note], bool]:
    """Write notes to the library; return the file, the notes, and if it is new."""
    store.refresh_index()
    deck_files = store.query(queries_cards.list_deck_files)
    deck_path = next((path for path, name, _ in reversed(deck_files) if name == deck), None)
    if deck_path is None:
        path = unused_path(store.paths.decks_dir, deck)
        _commit(store, deck, notes, path, None, new_deck_file(Deck(deck, tuple(notes))))
        write_schema(store.paths)
        return path.relative_to(store.paths.data_dir).as_posix(), notes, True
    before = read_if_there(store.paths.data_dir / deck_path)
    if before is None:
        raise ChangedMeanwhileError(f"{deck_path}: it was deleted just now. Nothing was added.")
    taken = set[str]()
    notes = [unique_note(store, deck, note, taken) for note in notes]
    after = append_notes(before, deck_path, notes)
    _commit(store, deck, notes, store.paths.data_dir / deck_path, before, after)
    return deck_path, notes, False


def new_deck_file(deck: Deck) -> bytes:
    """Return a deck as a new file of the library."""
    return (SCHEMA_COMMENT + render_deck(deck)).encode()


def _commit(
    store: Store, deck: str, notes: Sequence[Note], path: Path, before: bytes | None, after: bytes
) -> None:
    about = f"{quote_front(notes[0].front)} to {deck}" if len(notes) == 1 else f"{len(notes)} notes to {deck}"
    change_files(store, "add", about, [FileChange(path, before, after)])


def unique_note(store: Store, deck_name: str, note: Note, taken: set[str]) -> Note:
    """Give a note an id of its own if its front is taken in its deck."""

    def is_taken(note: Note) -> bool:
        first = next(deck_cards(Deck(deck_name, (note,)))).id
        return note_id(deck_name, note) in taken or store.card_state(first) is not None

    own = note
    for number in count(2) if not note.id else ():
        if not is_taken(own):
            break
        own = note._replace(id=f"{note_fingerprint(deck_name, note.front)}-{number}")
    taken.add(note_id(deck_name, own))
    return own


def unused_path(folder: Path, deck_name: str) -> Path:
    """Return an unused path in the library, named after the deck."""
    stem = re.sub(r"[^\w.-]+", "-", deck_name).strip("-.").casefold() or "deck"
    path, number = folder / f"{stem}.yaml", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.yaml", number + 1
    return path


def _summarize_card(card: Card) -> str:
    front, back = (" ".join(side.split())[:50] for side in (card.front, card.back))
    return f"{front} - {back}"
