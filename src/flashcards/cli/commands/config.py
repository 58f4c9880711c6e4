"""`flashcards config`: settings, where each comes from, and how to change one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import typer

from flashcards.app.context import Context
from flashcards.cli.completion.candidates import decks, setting_names
from flashcards.core.cards import LENIENT, Deck
from flashcards.core.key_bindings import ACTIONS, BY_NAME
from flashcards.core.search import pick
from flashcards.errors import UsageError
from flashcards.storage.decks.reader import load
from flashcards.storage.decks.yaml_values import SWITCH
from flashcards.storage.files import read_regular, until_written
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.settings.editor import (
    IN_DECKS,
    change,
    declare,
    head_line,
    line_of,
    text_of,
)
from flashcards.storage.settings.settings import DECK, KEYS, KNOWN, hint, tables_of
from flashcards.storage.store import Store
from flashcards.terminal.text.plain_table import Fit, table

EPILOG = (
    "Examples: config set new_per_day 10; config set order hardest --deck French; "
    "config set type true --deck French (written into the deck file); config set keys.undo z; "
    "config unset order --deck French"
)
USUAL_SWITCH = "false"


class Deed(StrEnum):
    """What to do with a setting."""

    SHOW = "show"
    GET = "get"
    SET = "set"
    UNSET = "unset"


@dataclass(frozen=True, slots=True)
class Line:
    """One setting as it is in force."""

    name: str
    deck: str
    value: object
    where: str
    """default, or the file and line that says it."""
    what: str = ""


def command(
    context: typer.Context,
    deed: Annotated[Deed, typer.Argument(help="What to do.")] = Deed.SHOW,
    name: Annotated[str, typer.Argument(metavar="[NAME]", autocompletion=setting_names)] = "",
    value: Annotated[str, typer.Argument(metavar="[VALUE]")] = "",
    deck: Annotated[str, typer.Option(help="For this deck only.", autocompletion=decks)] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show settings, or get, set or unset one. Options of a command count before all of them."""
    world: Context = context.obj
    if deed in (Deed.SET, Deed.UNSET):
        _change(world, name, value if deed is Deed.SET else None, deck)
    with world.open() as store:
        goal = pick(counts.deck_names(store.index.connection), deck) if deck else ""
        found = list(_lines(world, store, goal))
    if name:
        found = [_named(found, name, goal)]
    if as_json:
        fields = [_fields(line) for line in found]
        world.print_json(fields[0] if name else fields)
    elif deed is Deed.GET:
        world.print(_shown(found[0].value))
    elif name:
        world.print(f"{_full(found[0])} = {_shown(found[0].value)}   ({found[0].where})")
    else:
        found = [x for x in found if not x.name.startswith(f"{KEYS}.") or x.where != "default"]
        names = [line.name if goal else _full(line) for line in found]
        rows = [(n, _shown(x.value), x.where, x.what) for n, x in zip(names, found, strict=True)]
        fit = Fit(world.room(), {3: 12}, spare=(3,))
        for row in table((goal or "setting", "value", "from", ""), rows, fit):
            world.print(row)
        world.print("Change one: flashcards config set NAME VALUE")
        world.print(f"By hand: {world.paths.settings}")


def _fields(line: Line) -> dict[str, object]:
    return {
        "name": line.name,
        "deck": line.deck or None,
        "value": line.value,
        "from": line.where,
    }


def _named(found: list[Line], name: str, deck: str) -> Line:
    """Return the line of a setting. Raises UsageError, with what was near."""
    for line in found:
        if line.name == name and line.deck == deck:
            return line
    known = [line.name for line in found if line.deck == deck]
    raise UsageError(f"There is no setting {name!r}{_of(deck)}. {hint(name, known)}")


def _of(deck: str) -> str:
    return f" of a deck ({deck!r})" if deck else ""


def _lines(world: Context, store: Store, only: str) -> Iterator[Line]:
    """Yield the settings in force: those for all, then those of decks that have their own."""
    path = world.paths.settings
    text = text_of(path)
    said = tables_of(text, path)
    own: dict[str, Any] = said.get(DECK, {})
    if not only:
        for name, setting in KNOWN.items():
            where = _at(world, text, name) if name in said else "default"
            yield Line(name, "", said.get(name, setting.usual), where, setting.what)
        own_keys = said.get(KEYS, {})
        for action in ACTIONS:
            name = f"{KEYS}.{action.name}"
            where = _at(world, text, name) if action.name in own_keys else "default"
            yield Line(name, "", own_keys.get(action.name, list(action.keys)), where, action.help)
    for deck in [only] if only else counts.deck_names(store.index.connection):
        for name, setting in KNOWN.items():
            if name in own.get(deck, {}):
                yield Line(name, deck, own[deck][name], _at(world, text, name, deck), setting.what)
            elif only and setting.per_deck:
                where = f"for all, {_at(world, text, name)}" if name in said else "default"
                yield Line(name, deck, said.get(name, setting.usual), where, setting.what)
        yield from _in_its_file(store, deck, everything=bool(only))


def _in_its_file(store: Store, deck: str, *, everything: bool) -> Iterator[Line]:
    """Yield what a deck's own file says for all of its cards."""
    for name, known, _ in cards.decks(store.index.connection):
        if known == deck:
            path = store.paths.data / name
            found, _ = load(path, name)
            text = read_regular(path).decode("utf-8", "replace")
            for key in IN_DECKS if found else ():
                line = head_line(text, key)
                value = _said(found, key)
                if line or everything:
                    where = f"{name}:{line}" if line else "default"
                    yield Line(key, deck, value, where, "how its cards are asked")


def _said(deck: Deck | None, key: str) -> object:
    names = {"reverse": "reverse", "type": "typed", "list": "listed", "lenient": "lenient"}
    value = getattr(deck, names[key])
    if key == "lenient" and value is None:
        value = LENIENT
    return list(value) if isinstance(value, tuple) else value


def _at(world: Context, text: str, name: str, deck: str = "") -> str:
    line = line_of(text, name, deck)
    file = world.paths.settings.name
    return f"{file}:{line}" if line else file


def _change(world: Context, name: str, value: str | None, wanted: str) -> None:
    """Set or unset one setting. Raises FlashcardsError when it cannot be; nothing is written."""
    if not name or value == "":
        raise UsageError("Write: flashcards config set NAME VALUE, or unset NAME.")
    # Closed before the settings change: an index is made under those that it was opened with.
    with world.open() as store:
        deck = pick(counts.deck_names(store.index.connection), wanted) if wanted else ""
        if name in IN_DECKS:
            _declare(store, name, value, deck)
            return
    if name.partition(".")[0] == KEYS and name.partition(".")[2] in BY_NAME and not deck:
        keys = None if value is None else value.split()
        _write(world, name, keys and (keys[0] if len(keys) == 1 else keys))
        return
    if name not in KNOWN or (deck and not KNOWN[name].per_deck):
        known = [key for key, setting in KNOWN.items() if setting.per_deck or not deck]
        if name.startswith(f"{KEYS}."):
            known = [f"{KEYS}.{action}" for action in BY_NAME]
        raise UsageError(f"There is no setting {name!r}{_of(deck)}. {hint(name, known)}")
    _write(world, name, None if value is None else _typed(name, value), deck)


def _write(world: Context, name: str, value: object, deck: str = "") -> None:
    paths = world.paths
    until_written(paths.settings_lock, lambda: change(paths.settings, name, value, deck))


def _declare(store: Store, name: str, value: str | None, deck: str) -> None:
    if not deck:
        raise UsageError(f"{name} is said for a deck: --deck NAME.")
    if name == "lenient":
        value = f"[{value or 'case, punctuation'}]"
    elif (value or USUAL_SWITCH).casefold() not in SWITCH:
        raise UsageError(f"{name} is true or false, not {value!r}.")
    store.before_writing()
    path = next(path for path, known, _ in cards.decks(store.index.connection) if known == deck)
    said = value or USUAL_SWITCH
    until_written(store.paths.deck_lock, lambda: declare(store.paths.data / path, path, name, said))


def _typed(name: str, value: str) -> object:
    """Return a word of the command line as the setting wants it. Raises UsageError."""
    words: dict[str, object] = {"true": True, "false": False}
    found: object = words.get(value.casefold(), value)
    if value.lstrip("-").isdecimal() and not isinstance(KNOWN[name].usual, str):
        found = int(value)
    if fault := KNOWN[name].check(found):
        raise UsageError(f"{name} is {fault}, not {value!r}.")
    return found


def _full(line: Line) -> str:
    return f"{line.deck}: {line.name}" if line.deck else line.name


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
