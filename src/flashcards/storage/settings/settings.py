"""What a person may set in config.toml; every setting has a default, and a typo is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flashcards.core.days import ROLLOVER
from flashcards.core.key_bindings import bindings
from flashcards.core.progress import LEECH, REPEAT_BELOW
from flashcards.core.study_order import ORDERS, Limits
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.files import read_regular

THEMES = ("auto", "dark", "light", "mono")
IMAGES = ("auto", "kitty", "iterm2", "sixel", "off")
KEYS = "keys"
"""The table of config.toml that says what keys do in a session."""
DECK = "deck"
"""The table of config.toml that holds a table for each deck with settings of its own."""


@dataclass(frozen=True, slots=True)
class DeckSettings:
    """What is set for one deck; None where it goes by what is set for all."""

    new_per_day: int | None = None
    reviews_per_day: int | None = None
    order: str | None = None
    repeat_below: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    rollover: timedelta = ROLLOVER
    """After local midnight; written "04:00"."""
    limits: Limits = field(default_factory=Limits)
    """new_per_day and reviews_per_day."""
    order: str = ORDERS[0]
    """In what order due cards are asked, one of ORDERS."""
    repeat_below: int = REPEAT_BELOW
    """A card rated lower comes back in the same session; 4, 3 or 0."""
    leech: int = LEECH
    """Lapses after which a card is called a leech."""
    theme: str = "auto"
    """The colours of the study screen, one of THEMES."""
    images: str = "auto"
    """How the study screen shows pictures, one of IMAGES."""
    siblings_apart: bool = True
    """Whether of the cards of one note only the first is asked on a day."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """A person's own keys, by the action's name."""
    decks: Mapping[str, DeckSettings] = field(default_factory=dict)
    """What is set for single decks, by name."""

    def repeats_below(self, deck: str) -> int:
        """Return the rating below which a card of a deck comes back in the same session."""
        own = self.decks.get(deck, DeckSettings()).repeat_below
        return self.repeat_below if own is None else own

    def order_of(self, decks: tuple[str, ...]) -> str:
        """Return the order in which a session on these decks asks: one deck may have its own."""
        own = self.decks.get(decks[0], DeckSettings()).order if len(decks) == 1 else None
        return own or self.order


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of config.toml: how it is checked, and what it is for."""

    usual: object
    check: Callable[[object], str]
    """Returns what the value should be; "" when it is fine."""
    what: str
    per_deck: bool = False


def _time_of_day(value: object) -> str:
    fine = re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value) if isinstance(value, str) else None
    return "" if fine else 'a time of day such as "04:00"'


def _count(value: object) -> str:
    fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000
    return "" if fine else "a whole number from 0 to 1,000,000"


def _switch(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _one_of(*known: object) -> Callable[[object], str]:
    """Return the check of a value that is one of a few."""
    named = ", ".join(map(str, known[:-1])) + f" or {known[-1]}"
    return lambda value: "" if value in known and not isinstance(value, bool) else f"{named}"


KNOWN = {
    "new_per_day": Setting(20, _count, "new cards a study day", per_deck=True),
    "reviews_per_day": Setting(200, _count, "reviews a study day", per_deck=True),
    "order": Setting(ORDERS[0], _one_of(*ORDERS), "in what order due cards come", per_deck=True),
    "repeat_below": Setting(
        REPEAT_BELOW, _one_of(4, 3, 0), "ratings below this come back at once", per_deck=True
    ),
    "leech": Setting(LEECH, _count, "lapses that make a card a leech"),
    "rollover": Setting("04:00", _time_of_day, "when a study day begins"),
    "siblings_apart": Setting(True, _switch, "whether one card of a note a day is enough"),
    "theme": Setting("auto", _one_of(*THEMES), "colours of the study screen"),
    "images": Setting("auto", _one_of(*IMAGES), "how the study screen shows pictures"),
}
"""Every setting, as `flashcards config` shows them."""


def read_settings(path: Path) -> Settings:
    """Return the settings of a file; without one, the defaults. Raises FlashcardsError."""
    try:
        text = read_regular(path).decode("utf-8")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        raise FlashcardsError(f"{path}: this is not UTF-8 text. Save it as UTF-8.") from error
    return settings_of(tables_of(text, path), path)


def tables_of(text: str, path: Path) -> dict[str, Any]:
    """Return what a settings file says, unchecked. Raises FlashcardsError."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FlashcardsError(f"{path}: this is no valid TOML: {error}. Mend that line.") from error


def settings_of(found: dict[str, Any], path: Path) -> Settings:
    """Return the settings that a file spells. Raises FlashcardsError at the first fault."""
    tables = found.get(DECK, {})
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        raise FlashcardsError(f'{path}: a deck\'s settings stand below [{DECK}."NAME"].')
    decks = {name: DeckSettings(**_checked(t, path, name)) for name, t in tables.items()}
    own = _checked({n: value for n, value in found.items() if n not in (DECK, KEYS)}, path)
    values: dict[str, Any] = {name: setting.usual for name, setting in KNOWN.items()} | own
    hours, minutes = str(values.pop("rollover")).split(":")
    limits = Limits(values.pop("new_per_day"), values.pop("reviews_per_day"))
    rollover = timedelta(hours=int(hours), minutes=int(minutes))
    return Settings(
        rollover=rollover, limits=limits, keys=_keys(found, path), decks=decks, **values
    )


def _keys(found: dict[str, Any], path: Path) -> Mapping[str, tuple[str, ...]]:
    if KEYS not in found:
        return {}

    return own_keys(found[KEYS], path)


def _checked(values: dict[str, Any], path: Path, deck: str = "") -> dict[str, Any]:
    """Return the values of one table, all known and fine. Raises FlashcardsError."""
    where = f'{path}: [{DECK}."{deck}"] ' if deck else f"{path}: "
    known = [name for name, setting in KNOWN.items() if setting.per_deck or not deck]
    for name, value in values.items():
        if name not in known:
            raise FlashcardsError(f"{where}there is no setting {name!r}. {hint(name, known)}")
        if fault := KNOWN[name].check(value):
            raise FlashcardsError(f"{where}{name} is {fault}, not {value!r}. Mend that line.")
    return values


def hint(name: str, known: list[str]) -> str:
    """Return what a person may have meant by the name of a setting."""
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."


def own_keys(found: object, path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return a person's own keys by action. Raises FlashcardsError: no such action, or a conflict.

    `undo = "z"` and `undo = ["z", "ctrl-u"]` both are fine.
    """
    if not isinstance(found, dict):
        raise FlashcardsError(f'{path}: keys stand below [keys], such as undo = "z".')
    keys = {name: _key_list(name, value, path) for name, value in found.items()}
    try:
        bindings(keys)
    except UsageError as error:
        raise FlashcardsError(f"{path}: [keys] {error}") from error
    return keys


def _key_list(name: str, value: object, path: Path) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(key, str) for key in listed):
        raise FlashcardsError(
            f"{path}: [keys] {name} is a key or a list of keys in quotes, not {value!r}. "
            "Mend that line."
        )
    return tuple(listed)
