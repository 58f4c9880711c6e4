"""Settings of config.toml, checked, with their defaults."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from flashcards.core.daily_limits import DailyLimits
from flashcards.core.fsrs import DEFAULT_RETENTION, MAX_RETENTION, MIN_RETENTION
from flashcards.core.key_bindings import resolve_bindings
from flashcards.core.name_suggestions import suggest_name
from flashcards.core.progress import DEFAULT_LEECH_LAPSES, DEFAULT_REPEAT_BELOW, SCHEDULERS
from flashcards.core.study_days import DEFAULT_ROLLOVER
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.files import read_if_there

THEMES = ("auto", "dark", "light", "mono")
IMAGE_MODES = ("auto", "kitty", "iterm2", "sixel", "off")
KEYS_TABLE = "keys"  # custom key bindings
DECK_TABLE = "deck"  # has a table for each deck with its own settings
STUDY_ORDERS = ("due", "overdue-first", "hardest", "random", "recall")
"""Oldest due day first; latest for its interval; lowest ease; random each day; least recall."""


class DeckSettings(NamedTuple):
    """Settings of one deck; None uses the setting for all decks."""

    new_per_day: int | None = None
    reviews_per_day: int | None = None
    order: str | None = None
    repeat_below: int | None = None


class Settings(NamedTuple):
    """The settings in force."""

    rollover: timedelta = DEFAULT_ROLLOVER  # after local midnight; written "04:00"
    limits: DailyLimits = DailyLimits()  # new_per_day and reviews_per_day
    order: str = STUDY_ORDERS[0]  # of due cards, one of STUDY_ORDERS
    repeat_below: int = DEFAULT_REPEAT_BELOW  # lower ratings repeat the card in the session; 4, 3 or 0
    scheduler: str = SCHEDULERS[0]  # one of SCHEDULERS
    retention: float = DEFAULT_RETENTION  # FSRS: chance of recall on the due day
    balance: bool | str = "auto"  # "auto" is on under FSRS only
    leech: int = DEFAULT_LEECH_LAPSES  # lapses that make a card a leech
    default_deck: str = ""  # for `add`; "" for the last one used
    theme: str = "auto"  # one of THEMES
    images: str = "auto"  # one of IMAGE_MODES
    sound: str = "off"  # "on" plays sounds automatically
    siblings_apart: bool = True  # ask only one card of a note a day
    key_bindings: Mapping[str, tuple[str, ...]] = MappingProxyType({})  # custom keys by action
    deck_settings: Mapping[str, DeckSettings] = MappingProxyType({})  # by deck name

    @property
    def balances_days(self) -> bool:
        """Whether cards are moved to days with fewer cards."""
        return self.scheduler == "fsrs" if self.balance == "auto" else bool(self.balance)

    def deck_repeat_below(self, deck_name: str) -> int:
        """Return the rating below which cards of a deck repeat."""
        own = self.deck_settings.get(deck_name, DeckSettings()).repeat_below
        return self.repeat_below if own is None else own

    def session_order(self, deck_names: tuple[str, ...]) -> str:
        """Return the order of a session on these decks; one deck may override it."""
        own = self.deck_settings.get(deck_names[0], DeckSettings()).order if len(deck_names) == 1 else None
        return own or self.order


class SettingDefinition(NamedTuple):
    """One setting of config.toml: its default, check and description."""

    default: object
    describe_fault: Callable[[object], str]  # returns what the value should be; "" if it is valid
    description: str


def _check(is_valid: Callable[[Any], object], expected: str) -> Callable[[object], str]:
    return lambda value: "" if is_valid(value) else expected


def _choice_check(*choices: object) -> Callable[[object], str]:
    expected = ", ".join(map(str, choices[:-1])) + f" or {choices[-1]}"
    return _check(lambda value: value in choices and not isinstance(value, bool), expected)


_check_time_of_day = _check(
    lambda value: isinstance(value, str) and re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value),
    'a time of day such as "04:00"',
)
_check_count = _check(
    lambda value: type(value) is int and 0 <= value <= 1_000_000, "a whole number from 0 to 1,000,000"
)
_check_text = _check(lambda value: isinstance(value, str), "text in quotes")
_check_boolean = _check(lambda value: isinstance(value, bool), "true or false")
_check_retention = _check(
    lambda value: type(value) in (int, float) and MIN_RETENTION <= value <= MAX_RETENTION,
    f"a share from {MIN_RETENTION:.2f} to {MAX_RETENTION:.2f}, such as 0.9",
)
_check_balance = _check(lambda value: isinstance(value, bool) or value == "auto", "auto, true or false")


SETTING_DEFINITIONS = {
    "new_per_day": SettingDefinition(20, _check_count, "new cards per study day"),
    "reviews_per_day": SettingDefinition(200, _check_count, "reviews per study day"),
    "order": SettingDefinition(STUDY_ORDERS[0], _choice_check(*STUDY_ORDERS), "order of due cards"),
    "repeat_below": SettingDefinition(
        DEFAULT_REPEAT_BELOW, _choice_check(4, 3, 0), "cards rated below this come back in the same session"
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
"""In the order of `flashcards config`."""


def read_settings_text(path: Path) -> str:
    """Return the settings file's text; "" if missing. Raises FlashcardsError."""
    try:
        return (read_if_there(path) or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise FlashcardsError(f"{path}: this is not UTF-8 text. Save it as UTF-8.") from error


def read_settings(path: Path) -> Settings:
    """Return the settings of a file, or the defaults. Raises FlashcardsError."""
    text = read_settings_text(path)
    return build_settings(parse_toml(text, path), path) if text else Settings()


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return the content of a settings file, unchecked. Raises FlashcardsError."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FlashcardsError(f"{path}: invalid TOML: {error}. Fix that line.") from error
    except (RecursionError, ValueError) as error:  # brackets, or digits, by the thousand
        is_deep = isinstance(error, RecursionError)
        lines = [len(re.findall(r"[\[{]" if is_deep else r"\d", line)) for line in text.splitlines()]
        line, what = lines.index(max(lines)) + 1, "nested too deeply" if is_deep else "a number is too long"
        raise FlashcardsError(f"{path}:{line}: {what}. Fix that line.") from error


def build_settings(content: dict[str, Any], path: Path) -> Settings:
    """Return the settings of a parsed file. Raises FlashcardsError."""
    tables = content.get(DECK_TABLE, {})
    if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
        raise FlashcardsError(f'{path}: put a deck\'s settings below [{DECK_TABLE}."NAME"].')
    decks = {name: DeckSettings(**_validated_values(t, path, name)) for name, t in tables.items()}
    own = {name: value for name, value in content.items() if name not in (DECK_TABLE, KEYS_TABLE)}
    values: dict[str, Any] = {name: setting.default for name, setting in SETTING_DEFINITIONS.items()}
    values |= _validated_values(own, path)
    hours, minutes = str(values.pop("rollover")).split(":")
    limits = DailyLimits(values.pop("new_per_day"), values.pop("reviews_per_day"))
    rollover = timedelta(hours=int(hours), minutes=int(minutes))
    return Settings(
        rollover=rollover,
        limits=limits,
        key_bindings=parse_key_bindings(content.get(KEYS_TABLE, {}), path),
        deck_settings=decks,
        **values,
    )


def _validated_values(values: dict[str, Any], path: Path, deck_name: str = "") -> dict[str, Any]:
    where = f'{path}: [{DECK_TABLE}."{deck_name}"] ' if deck_name else f"{path}: "
    known = DeckSettings._fields if deck_name else tuple(SETTING_DEFINITIONS)
    for name, value in values.items():
        if name not in known:
            raise FlashcardsError(f"{where}unknown setting {name!r}. {suggest_name(name, known)}")
        if fault := SETTING_DEFINITIONS[name].describe_fault(value):
            raise FlashcardsError(f"{where}{name} must be {fault}, not {value!r}. Fix that line.")
    return values


def parse_key_bindings(keys_table: object, path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the custom keys by action, each a key or a list. Raises FlashcardsError."""
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
