"""Rename a deck and its subdecks: files, history and settings, as one step."""

from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import CardId
from flashcards.core.deck_names import is_deck_or_subdeck
from flashcards.errors import FlashcardsError
from flashcards.storage.decks.edit_deck_files import EditableDeck, set_in_deck_file
from flashcards.storage.files import FileChange
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.locks import change_under_lock
from flashcards.storage.settings.settings_editor import rename_deck_settings
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import change_files


def rename_deck(store: Store, name: str, new_name: str, *, dry_run: bool = False) -> dict[str, str]:
    """Rename a deck; return the new deck names by the old ones.

    Raises FlashcardsError if the name is taken.
    """
    if dry_run:
        return _rename(store, name, new_name, dry_run=True)
    store.wait_for_backup()
    return change_under_lock(store.paths.deck_lock, lambda: _rename(store, name, new_name, dry_run=False))


def _rename(store: Store, name: str, new_name: str, *, dry_run: bool) -> dict[str, str]:
    store.refresh_index()
    files = store.query(queries_cards.list_deck_files)
    names = {old: new_name + old[len(name) :] for _, old, _ in files if is_deck_or_subdeck(old, name)}
    others = {old.casefold(): old for _, old, _ in files if old not in names}
    if taken := next((others[new.casefold()] for new in names.values() if new.casefold() in others), ""):
        raise FlashcardsError(
            f"There is a deck {taken} already. Nothing was renamed. "
            f"To put the cards there: flashcards move 'deck:{name}' '{taken}'"
        )
    changes, moves = list[FileChange](), dict[CardId, CardId]()
    for path, old, _ in files:
        if old in names:
            change = set_in_deck_file(store.paths.data_dir / path, path, "deck", names[old])
            changes.append(change)
            texts = (change.before or b"", change.after or b"")
            cards = (deck_cards(EditableDeck.from_bytes(text, path).deck) for text in texts)
            moves |= {one.id: now.id for one, now in zip(*cards, strict=True) if one.id != now.id}
    changes += rename_deck_settings(store.paths.settings_file, names)
    if not dry_run:
        change_files(store, "rename", f"{name} to {new_name}", changes, moves=moves)
    return names
