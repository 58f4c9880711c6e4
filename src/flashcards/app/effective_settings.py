"""The settings in force, each with what sets it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flashcards.core.cards import ATTRIBUTES, DEFAULT_LENIENCY
from flashcards.core.decks import Deck
from flashcards.core.key_bindings import KEY_ACTIONS
from flashcards.storage.decks.deck_header import DECK_FILE_SETTINGS, header_line
from flashcards.storage.decks.reader import load_deck
from flashcards.storage.files import read_regular_file
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.settings.settings import (
    DECK_TABLE,
    KEYS_TABLE,
    SETTING_DEFINITIONS,
    DeckSettings,
    parse_toml,
    read_settings_text,
)
from flashcards.storage.settings.settings_editor import setting_line
from flashcards.storage.store import Store


class EffectiveSetting(NamedTuple):
    """A setting as it is in force."""

    name: str
    deck_name: str
    value: object
    source: str  # the file and line that sets it; "" if nothing does
    description: str = ""


def effective_settings(store: Store, deck_name: str) -> Iterator[EffectiveSetting]:
    """Yield the settings in force: global ones, then those of decks."""
    path = store.paths.settings_file
    text = read_settings_text(path)
    values = parse_toml(text, path)
    own: dict[str, Any] = values.get(DECK_TABLE, {})

    def setting(
        name: str, table: dict[str, Any], default: object, description: str, deck: str = ""
    ) -> EffectiveSetting:
        key = name.removeprefix(f"{KEYS_TABLE}.")
        source = path.name if key in table else ""
        if source and (line := setting_line(text, name, deck)):
            source += f":{line}"
        return EffectiveSetting(name, deck, table.get(key, default), source, description)

    if not deck_name:
        for name, known in SETTING_DEFINITIONS.items():
            yield setting(name, values, known.default, known.description)
        for action in KEY_ACTIONS:
            keys, usual = values.get(KEYS_TABLE, {}), list(action.default_keys)
            yield setting(f"{KEYS_TABLE}.{action.name}", keys, usual, action.help)
    for deck in [deck_name] if deck_name else store.query(counts.list_deck_names):
        for name, known in SETTING_DEFINITIONS.items():
            if name in own.get(deck, {}):
                yield setting(name, own[deck], None, known.description, deck)
            elif deck_name and name in DeckSettings._fields:
                common = setting(name, values, known.default, known.description)
                source = f"all decks, {common.source}" if name in values else common.source
                yield common._replace(deck_name=deck, source=source)
        yield from _deck_file_settings(store, deck, everything=bool(deck_name))


def _deck_file_settings(store: Store, deck_name: str, *, everything: bool) -> Iterator[EffectiveSetting]:
    """Yield the settings in a deck's own files, equal ones once."""
    seen = set[tuple[str, str]]()
    for name, known, _ in store.query(cards.list_deck_files):
        if known == deck_name:
            path = store.paths.data_dir / name
            text = read_regular_file(path).decode("utf-8", "replace")
            lines = {key: header_line(text, key) for key in DECK_FILE_SETTINGS}
            found = load_deck(path, name)[0] if everything or any(lines.values()) else None
            for key, line in lines.items() if found else ():
                value = _deck_file_value(found, key)
                if (line or everything) and (key, str(value)) not in seen:
                    seen.add((key, str(value)))
                    source = f"{name}:{line}" if line else ""
                    yield EffectiveSetting(key, deck_name, value, source, "how cards of this deck are asked")


def _deck_file_value(deck: Deck | None, key: str) -> object:
    value = getattr(deck, ATTRIBUTES.get(key, key))
    if key == "lenient" and value is None:
        value = DEFAULT_LENIENCY
    return list(value) if isinstance(value, tuple) else value


def deck_suffix(deck_name: str) -> str:
    """Return how a message names the deck; "" for all decks."""
    return f" for deck {deck_name!r}" if deck_name else ""


def format_value(value: object) -> str:
    """Return a value as the user writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
