"""Set and unset settings, of all decks or one, as one step."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from flashcards.app.command_context import CommandContext
from flashcards.app.effective_settings import deck_suffix, format_value
from flashcards.app.scheduler_comparison import UPDATE_NOTICE, compare_schedulers, cost_lines
from flashcards.core.deck_names import pick_name
from flashcards.core.key_bindings import ACTIONS_BY_NAME
from flashcards.core.name_suggestions import suggest_name
from flashcards.errors import UsageError
from flashcards.storage.decks.deck_header import DECK_FILE_SETTINGS
from flashcards.storage.decks.edit_deck_files import set_in_deck_file
from flashcards.storage.decks.yaml_values import BOOLEAN_WORDS
from flashcards.storage.files import FileChange, make_folder
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.locks import LONG_LOCK_ATTEMPTS, change_under_lock, hold_lock
from flashcards.storage.settings.settings import KEYS_TABLE, SETTING_DEFINITIONS, DeckSettings
from flashcards.storage.settings.settings_editor import set_setting
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import change_files

DEFAULT_SWITCH = "false"


def print_costs(context: CommandContext, name: str, value: str | None, *, as_json: bool) -> None:
    """Print what a setting of the scheduler would cost."""
    definition = SETTING_DEFINITIONS[name]
    new_value = definition.default if value is None else _parse_value(name, value)
    with context.open_store() as store:
        changes: dict[str, Any] = {name: new_value}
        wanted = store.settings._replace(**changes)
        costs = compare_schedulers(store, wanted)
        changes_dates = wanted.scheduler == "fsrs" or wanted.balances_days
        is_new = changes_dates and not store.settings.balances_days
    if as_json:
        context.print_json([cost._asdict() for cost in costs])
        return
    if is_new and store.settings.scheduler == "sm2":
        context.print(UPDATE_NOTICE)
    context.print_lines(cost_lines(costs) if name != "balance" else ())


def change_setting(context: CommandContext, name: str, value: str | None, deck_query: str) -> None:
    """Set or unset a setting. Raises FlashcardsError; then nothing is written."""
    if not name or value == "":
        raise UsageError("Use: flashcards config set NAME VALUE, or flashcards config unset NAME.")
    with context.open_store() as store:
        deck = pick_name(store.query(counts.list_deck_names), deck_query) if deck_query else ""
        if name in DECK_FILE_SETTINGS:
            _set_in_deck_file(store, name, value, deck)
        else:
            _set_in_settings_file(store, name, value, deck)


def _set_in_settings_file(store: Store, name: str, value: str | None, deck: str) -> None:
    if name.partition(".")[0] == KEYS_TABLE and name.partition(".")[2] in ACTIONS_BY_NAME and not deck:
        keys = None if value is None else value.split()
        _write(store, name, keys and (keys[0] if len(keys) == 1 else keys))
        return
    if name not in (known := DeckSettings._fields if deck else tuple(SETTING_DEFINITIONS)):
        if name.startswith(f"{KEYS_TABLE}."):
            known = tuple(f"{KEYS_TABLE}.{action}" for action in ACTIONS_BY_NAME)
        raise UsageError(f"Unknown setting {name!r}{deck_suffix(deck)}. {suggest_name(name, known)}")
    _write(store, name, None if value is None else _parse_value(name, value), deck)


def _write(store: Store, name: str, value: object, deck: str = "") -> None:
    paths, about = store.paths, _change_label(name, value, deck)
    make_folder(paths.settings_lock.parent)
    with hold_lock(paths.settings_lock, LONG_LOCK_ATTEMPTS):  # other stores share the file
        _commit(store, about, lambda: set_setting(paths.settings_file, name, value, deck))


def _commit(store: Store, about: str, *changes: Callable[[], FileChange]) -> None:
    def write() -> None:
        change_files(store, "config", about, [change() for change in changes])

    change_under_lock(store.paths.deck_lock, write)


def _change_label(name: str, value: object, deck: str) -> str:
    done = f"unset {name}" if value is None else f"set {name} {format_value(value)}"
    return f"{done} --deck {deck}" if deck else done


def _set_in_deck_file(store: Store, name: str, value: str | None, deck_name: str) -> None:
    if not deck_name:
        raise UsageError(f"{name} is set per deck: add --deck NAME.")
    if name == "lenient":
        value = f"[{value or 'case, punctuation'}]"
    elif (value or DEFAULT_SWITCH).casefold() not in BOOLEAN_WORDS:
        raise UsageError(f"{name} must be true or false, not {value!r}.")
    store.wait_for_backup()
    files = [path for path, known, _ in store.query(cards.list_deck_files) if known == deck_name]
    text, data_dir = value or DEFAULT_SWITCH, store.paths.data_dir
    changes = (partial(set_in_deck_file, data_dir / path, path, name, text) for path in files)
    _commit(store, _change_label(name, value, deck_name), *changes)


def _parse_value(name: str, value: str) -> object:
    """Convert a word to the setting's type. Raises UsageError."""
    words: dict[str, object] = {"true": True, "false": False}
    parsed: object = words.get(value.casefold(), value)
    if value.lstrip("-").isdecimal() and not isinstance(SETTING_DEFINITIONS[name].default, str):
        parsed = int(value)
    elif isinstance(SETTING_DEFINITIONS[name].default, float):
        with suppress(ValueError):
            parsed = float(value)
    if fault := SETTING_DEFINITIONS[name].describe_fault(parsed):
        raise UsageError(f"{name} must be {fault}, not {value!r}.")
    return parsed
