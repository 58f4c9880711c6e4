"""`flashcards config`: show and change settings."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, NamedTuple

import typer

from flashcards.app.context import CommandContext
from flashcards.cli.completion.candidates import complete_decks, complete_setting_names
from flashcards.core.cards import ATTRIBUTES, DEFAULT_LENIENCY, Deck
from flashcards.core.find_decks import pick_name
from flashcards.core.key_bindings import ACTIONS_BY_NAME, KEY_ACTIONS
from flashcards.core.messages import suggest_name
from flashcards.errors import UsageError
from flashcards.storage.files import (
    LONG_LOCK_TRIES,
    FileChange,
    hold_lock,
    make_folder,
    read_regular_file,
    until_written,
)
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.settings.editor import (
    DECK_FILE_SETTINGS,
    header_line,
    set_in_deck_file,
    set_setting,
    setting_line,
)
from flashcards.storage.settings.settings import (
    DECK_TABLE,
    KEYS_TABLE,
    SETTING_DEFINITIONS,
    parse_toml,
    read_settings_text,
)
from flashcards.storage.store import Store
from flashcards.terminal.text.plain_table import TableFit, table_lines

EPILOG = (
    "Examples: config set new_per_day 10; config set order hardest --deck French; "
    "config set type true --deck French (stored in the deck file); config set keys.undo z; "
    "config unset order --deck French"
)
DEFAULT_SWITCH = "false"
SCHEDULING_SETTINGS = ("scheduler", "retention", "balance")


class ConfigAction(StrEnum):
    """What to do with a setting."""

    SHOW = "show"
    GET = "get"
    SET = "set"
    UNSET = "unset"


class EffectiveSetting(NamedTuple):
    """A setting as it is in force."""

    name: str
    deck_name: str
    value: object
    source: str  # default, or the file and line that sets it
    description: str = ""


def command(
    typer_context: typer.Context,
    action: Annotated[ConfigAction, typer.Argument(metavar="[ACTION]", help="Action.")] = ConfigAction.SHOW,
    name: Annotated[str, typer.Argument(metavar="[NAME]", autocompletion=complete_setting_names)] = "",
    value: Annotated[str, typer.Argument(metavar="[VALUE]")] = "",
    deck: Annotated[str, typer.Option(help="Only for this deck.", autocompletion=complete_decks)] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would cost.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show settings, or get, set or unset one."""
    context: CommandContext = typer_context.obj
    if action in (ConfigAction.SET, ConfigAction.UNSET):
        new_value = value if action is ConfigAction.SET else None
        if name in SCHEDULING_SETTINGS and value != "" and not deck:
            _print_costs(context, name, new_value, as_json=as_json and dry_run)
        elif dry_run:
            raise UsageError(f"--dry-run goes with {', '.join(SCHEDULING_SETTINGS)}.")
        if dry_run:
            return
        _change_setting(context, name, new_value, deck)
    with context.open_store() as store:
        goal = pick_name(store.query(counts.list_deck_names), deck) if deck else ""
        settings = list(_effective_settings(context, store, goal))
    if name:
        settings = [_find_setting(settings, name, goal)]
    if as_json:
        fields = [_setting_json(line) for line in settings]
        context.print_json(fields[0] if name else fields)
    elif action is ConfigAction.GET:
        context.print(_format_value(settings[0].value))
    elif name:
        context.print(
            f"{_full_name(settings[0])} = {_format_value(settings[0].value)}   ({settings[0].source})"
        )
    else:
        settings = [x for x in settings if not x.name.startswith(f"{KEYS_TABLE}.") or x.source != "default"]
        names = [line.name if goal else _full_name(line) for line in settings]
        rows = [
            (n, _format_value(x.value), x.source, x.description) for n, x in zip(names, settings, strict=True)
        ]
        fit = TableFit(context.list_width(), {3: 12}, droppable=(3,))
        for row in table_lines((goal or "setting", "value", "from", ""), rows, fit):
            context.print(row)
        context.print("Change one: flashcards config set NAME VALUE")
        context.print(f"Settings file: {context.paths.settings_file}")


def _setting_json(setting: EffectiveSetting) -> dict[str, object]:
    return {
        "name": setting.name,
        "deck": setting.deck_name or None,
        "value": setting.value,
        "from": setting.source,
    }


def _find_setting(settings: list[EffectiveSetting], name: str, deck_name: str) -> EffectiveSetting:
    for line in settings:
        if line.name == name and line.deck_name == deck_name:
            return line
    known = [line.name for line in settings if line.deck_name == deck_name]
    raise UsageError(f"Unknown setting {name!r}{_deck_suffix(deck_name)}. {suggest_name(name, known)}")


def _deck_suffix(deck_name: str) -> str:
    return f" for deck {deck_name!r}" if deck_name else ""


def _effective_settings(context: CommandContext, store: Store, deck_name: str) -> Iterator[EffectiveSetting]:
    """Yield the settings in force: global ones, then those of decks."""
    path = context.paths.settings_file
    text = read_settings_text(path)
    values = parse_toml(text, path)
    own: dict[str, Any] = values.get(DECK_TABLE, {})

    def setting(
        name: str, table: dict[str, Any], default: object, description: str, deck: str = ""
    ) -> EffectiveSetting:
        key = name.removeprefix(f"{KEYS_TABLE}.")
        source = _setting_source(context, text, name, deck) if key in table else "default"
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
            elif deck_name and known.is_per_deck:
                common = setting(name, values, known.default, known.description)
                source = f"all decks, {common.source}" if name in values else common.source
                yield common._replace(deck_name=deck, source=source)
        yield from _deck_file_settings(store, deck, everything=bool(deck_name))


def _deck_file_settings(store: Store, deck_name: str, *, everything: bool) -> Iterator[EffectiveSetting]:
    """Yield the settings in a deck's own files, equal ones once."""
    from flashcards.storage.decks.reader import load_deck

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
                    source = f"{name}:{line}" if line else "default"
                    yield EffectiveSetting(key, deck_name, value, source, "how cards of this deck are asked")


def _deck_file_value(deck: Deck | None, key: str) -> object:
    value = getattr(deck, ATTRIBUTES.get(key, key))
    if key == "lenient" and value is None:
        value = DEFAULT_LENIENCY
    return list(value) if isinstance(value, tuple) else value


def _setting_source(context: CommandContext, text: str, name: str, deck_name: str = "") -> str:
    line = setting_line(text, name, deck_name)
    file = context.paths.settings_file.name
    return f"{file}:{line}" if line else file


def _change_setting(context: CommandContext, name: str, value: str | None, deck_query: str) -> None:
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
    if name not in SETTING_DEFINITIONS or (deck and not SETTING_DEFINITIONS[name].is_per_deck):
        known = [key for key, setting in SETTING_DEFINITIONS.items() if setting.is_per_deck or not deck]
        if name.startswith(f"{KEYS_TABLE}."):
            known = [f"{KEYS_TABLE}.{action}" for action in ACTIONS_BY_NAME]
        raise UsageError(f"Unknown setting {name!r}{_deck_suffix(deck)}. {suggest_name(name, known)}")
    _write(store, name, None if value is None else _parse_value(name, value), deck)


def _print_costs(context: CommandContext, name: str, value: str | None, *, as_json: bool) -> None:
    from flashcards.app.scheduler_comparison import UPDATE_NOTICE, compare_schedulers, cost_lines

    definition = SETTING_DEFINITIONS[name]
    new_value = definition.default if value is None else _parse_value(name, value)
    with context.open_store() as store:
        changes: dict[str, Any] = {name: new_value}
        wanted = store.settings._replace(**changes)
        costs = compare_schedulers(store, wanted)
        changes_dates = wanted.scheduler == "fsrs" or wanted.balances_days
        is_new = changes_dates and not store.settings.balances_days
    if as_json:
        context.print_json([asdict(cost) for cost in costs])
        return
    if is_new and store.settings.scheduler == "sm2":
        context.print(UPDATE_NOTICE)
    for line in cost_lines(costs) if name != "balance" else ():
        context.print(line)


def _write(store: Store, name: str, value: object, deck: str = "") -> None:
    paths, about = store.paths, _change_label(name, value, deck)
    make_folder(paths.settings_lock.parent)
    with hold_lock(paths.settings_lock, LONG_LOCK_TRIES):  # other stores share the file
        _commit(store, about, lambda: set_setting(paths.settings_file, name, value, deck))


def _commit(store: Store, about: str, *changes: Callable[[], FileChange]) -> None:
    from flashcards.storage.undo.steps import change_files

    def write() -> None:
        change_files(store, "config", about, [change() for change in changes])

    until_written(store.paths.deck_lock, write)


def _change_label(name: str, value: object, deck: str) -> str:
    done = f"unset {name}" if value is None else f"set {name} {_format_value(value)}"
    return f"{done} --deck {deck}" if deck else done


def _set_in_deck_file(store: Store, name: str, value: str | None, deck_name: str) -> None:
    from flashcards.storage.decks.yaml_values import BOOLEAN_WORDS

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


def _full_name(setting: EffectiveSetting) -> str:
    return f"{setting.deck_name}: {setting.name}" if setting.deck_name else setting.name


def _format_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
