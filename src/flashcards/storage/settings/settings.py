"""Settings of config.toml, checked, with their defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from flashcards.core.days import DEFAULT_ROLLOVER
from flashcards.core.fsrs import DEFAULT_RETENTION, MAX_RETENTION, MIN_RETENTION
from flashcards.core.key_bindings import resolve_bindings
from flashcards.core.messages import suggest_name
from flashcards.core.progress import DEFAULT_LEECH_LAPSES, DEFAULT_REPEAT_BELOW, SCHEDULERS
from flashcards.core.study_order import STUDY_ORDERS, DailyLimits
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.files import read_regular_file

THEMES = ("auto", "dark", "light", "mono")
IMAGE_MODES = ("auto", "kitty", "iterm2", "sixel", "off")
KEYS_TABLE = "keys"
"""The table of config.toml that says what keys do in a session."""
DECK_TABLE = "deck"
"""The table of config.toml that holds a table for each deck with settings of its own."""


class DeckSettings(NamedTuple):
    """What is set for one deck; None where it goes by what is set for all."""

    new_per_day: int | None = None
    reviews_per_day: int | None = None
    order: str | None = None
    repeat_below: int | None = None


class Settings(NamedTuple):
    """The settings in force."""

    rollover: timedelta = DEFAULT_ROLLOVER
    """After local midnight; written "04:00"."""
    limits: DailyLimits = DailyLimits()
    """new_per_day and reviews_per_day."""
    order: str = STUDY_ORDERS[0]
    """In what order due cards are asked, one of ORDERS."""
    repeat_below: int = DEFAULT_REPEAT_BELOW
    """A card rated lower comes back in the same session; 4, 3 or 0."""
    scheduler: str = SCHEDULERS[0]
    """What chooses the next date of a card, one of SCHEDULERS."""
    retention: float = DEFAULT_RETENTION
    """The chance of recall on a card's date, under FSRS."""
    balance: bool | str = "auto"
    """Whether cards go to days with fewer cards; "auto" is under FSRS alone."""
    leech: int = DEFAULT_LEECH_LAPSES
    """Lapses after which a card is called a leech."""
    default_deck: str = ""
    """The deck that `add` uses if none is named; "" for the one used last."""
    theme: str = "auto"
    """The colours of the study screen, one of THEMES."""
    images: str = "auto"
    """How the study screen shows pictures, one of IMAGES."""
    sound: str = "off"
    """Whether the sounds of cards play by themselves: "off" or "on"."""
    siblings_apart: bool = True
    """Whether of the cards of one note only the first is asked on a day."""
    key_bindings: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """A user's own keys, by the action's name."""
    deck_settings: Mapping[str, DeckSettings] = MappingProxyType({})
    """What is set for single decks, by name."""

    @property
    def balances_days(self) -> bool:
        """Whether cards go to days with fewer cards."""
        return self.scheduler == "fsrs" if self.balance == "auto" else bool(self.balance)

    def deck_repeat_below(self, deck_name: str) -> int:
        """Return the rating below which a card of a deck comes back in the same session."""
        own = self.deck_settings.get(deck_name, DeckSettings()).repeat_below
        return self.repeat_below if own is None else own

    def session_order(self, deck_names: tuple[str, ...]) -> str:
        """Return the order in which a session on these decks asks: one deck may have its own."""
        own = self.deck_settings.get(deck_names[0], DeckSettings()).order if len(deck_names) == 1 else None
        return own or self.order


class SettingDefinition(NamedTuple):
    """One line of config.toml: how it is checked, and what it is for."""

    default: object
    describe_fault: Callable[[object], str]
    """Returns what the value should be; "" when it is fine."""
    description: str
    is_per_deck: bool = False


def _check_time_of_day(value: object) -> str:
    is_valid = re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value) if isinstance(value, str) else None
    return "" if is_valid else 'a time of day such as "04:00"'


def _check_count(value: object) -> str:
    is_valid = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000
    return "" if is_valid else "a whole number from 0 to 1,000,000"


def _check_text(value: object) -> str:
    return "" if isinstance(value, str) else "text in quotes"


def _check_boolean(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _check_retention(value: object) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and MIN_RETENTION <= value <= MAX_RETENTION:  # type: ignore[operator]  # a number
        return ""
    return f"a share from {MIN_RETENTION:.2f} to {MAX_RETENTION:.2f}, such as 0.9"


def _check_balance(value: object) -> str:
    return "" if isinstance(value, bool) or value == "auto" else "auto, true or false"


def _choice_check(*choices: object) -> Callable[[object], str]:
    """Return the check of a value that is one of a few."""
    named = ", ".join(map(str, choices[:-1])) + f" or {choices[-1]}"
    return lambda value: "" if value in choices and not isinstance(value, bool) else f"{named}"


SETTING_DEFINITIONS = {
    "new_per_day": SettingDefinition(20, _check_count, "new cards per study day", is_per_deck=True),
    "reviews_per_day": SettingDefinition(200, _check_count, "reviews per study day", is_per_deck=True),
    "order": SettingDefinition(
        STUDY_ORDERS[0], _choice_check(*STUDY_ORDERS), "order of due cards", is_per_deck=True
    ),
    "repeat_below": SettingDefinition(
        DEFAULT_REPEAT_BELOW,
        _choice_check(4, 3, 0),
        "cards rated below this come back in the same session",
        is_per_deck=True,
    ),
    "scheduler": SettingDefinition(
        SCHEDULERS[0], _choice_check(*SCHEDULERS), "what chooses the next date of a card"
    ),
    "retention": SettingDefinition(
        DEFAULT_RETENTION, _check_retention, "fsrs: the chance of recall that a date is chosen for"
    ),
    "balance": SettingDefinition(
        "auto", _check_balance, "whether cards go to days with fewer cards; auto: with fsrs"
    ),
    "leech": SettingDefinition(DEFAULT_LEECH_LAPSES, _check_count, "lapses that make a card a leech"),
    "rollover": SettingDefinition("04:00", _check_time_of_day, "when a study day begins"),
    "siblings_apart": SettingDefinition(True, _check_boolean, "ask at most one card per note and day"),
    "default_deck": SettingDefinition("", _check_text, "deck that add uses; without one, the last used"),
    "theme": SettingDefinition("auto", _choice_check(*THEMES), "colours of the study screen"),
    "images": SettingDefinition("auto", _choice_check(*IMAGE_MODES), "how the study screen shows pictures"),
    "sound": SettingDefinition("off", _choice_check("off", "on"), "whether sounds play by themselves"),
}
"""Every setting, as `flashcards config` shows them."""


def read_settings_text(path: Path) -> str:
    """Return the settings file's text; "" when there is none. Raises FlashcardsError."""
    try:
        return read_regular_file(path).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        raise FlashcardsError(f"{path}: this is not UTF-8 text. Save it as UTF-8.") from error


def read_settings(path: Path) -> Settings:
    """Return the settings of a file; without one, the defaults. Raises FlashcardsError."""
    text = read_settings_text(path)
    return build_settings(parse_toml(text, path), path) if text else Settings()


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return what a settings file says, unchecked. Raises FlashcardsError."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FlashcardsError(f"{path}: invalid TOML: {error}. Fix that line.") from error
    except RecursionError as error:
        lines = [len(re.findall(r"[\[{]", line)) for line in text.splitlines()]
        line = lines.index(max(lines)) + 1
        raise FlashcardsError(f"{path}:{line}: nested too deeply. Fix that line.") from error


def build_settings(found: dict[str, Any], path: Path) -> Settings:
    """Return the settings that a file spells. Raises FlashcardsError at the first fault."""
    tables = found.get(DECK_TABLE, {})
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        raise FlashcardsError(f'{path}: put a deck\'s settings below [{DECK_TABLE}."NAME"].')
    decks = {name: DeckSettings(**_validated_values(t, path, name)) for name, t in tables.items()}
    own = _validated_values(
        {n: value for n, value in found.items() if n not in (DECK_TABLE, KEYS_TABLE)}, path
    )
    values: dict[str, Any] = {name: setting.default for name, setting in SETTING_DEFINITIONS.items()} | own
    hours, minutes = str(values.pop("rollover")).split(":")
    limits = DailyLimits(values.pop("new_per_day"), values.pop("reviews_per_day"))
    rollover = timedelta(hours=int(hours), minutes=int(minutes))
    return Settings(
        rollover=rollover,
        limits=limits,
        key_bindings=parse_key_bindings(found.get(KEYS_TABLE, {}), path),
        deck_settings=decks,
        **values,
    )


def _validated_values(values: dict[str, Any], path: Path, deck_name: str = "") -> dict[str, Any]:
    """Return the values of one table, all known and fine. Raises FlashcardsError."""
    where = f'{path}: [{DECK_TABLE}."{deck_name}"] ' if deck_name else f"{path}: "
    known = [name for name, setting in SETTING_DEFINITIONS.items() if setting.is_per_deck or not deck_name]
    for name, value in values.items():
        if name not in known:
            raise FlashcardsError(f"{where}unknown setting {name!r}. {suggest_name(name, known)}")
        if fault := SETTING_DEFINITIONS[name].describe_fault(value):
            raise FlashcardsError(f"{where}{name} must be {fault}, not {value!r}. Fix that line.")
    return values


def parse_key_bindings(keys_table: object, path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the user's own keys by action. Raises FlashcardsError: no such action, or a conflict.

    `undo = "z"` and `undo = ["z", "ctrl-u"]` both are fine.
    """
    if not isinstance(keys_table, dict):
        raise FlashcardsError(f'{path}: put keys below [keys], such as undo = "z".')
    keys = {name: _parse_key_list(name, value, path) for name, value in keys_table.items()}
    try:
        resolve_bindings(keys)
    except UsageError as error:
        raise FlashcardsError(f"{path}: [keys] {error}") from error
    return keys


def _parse_key_list(name: str, value: object, path: Path) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(key, str) for key in listed):
        raise FlashcardsError(
            f"{path}: [keys] {name} must be a key or a list of keys in quotes, not {value!r}. Fix that line."
        )
    return tuple(listed)
