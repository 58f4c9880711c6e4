"""What a person may set in config.toml; every setting has a default, and a typo is told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flashcards.core.agenda import Limits
from flashcards.core.days import ROLLOVER
from flashcards.core.progress import LEECH, REPEAT_BELOW
from flashcards.errors import FlashcardsError
from flashcards.storage.durable import read_regular


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    rollover: timedelta = ROLLOVER
    """After local midnight; written "04:00"."""
    limits: Limits = field(default_factory=Limits)
    """new_per_day and reviews_per_day."""
    repeat_below: int = REPEAT_BELOW
    """A card rated lower comes back in the same session; 4, 3 or 0."""
    leech: int = LEECH
    """Lapses after which a card is called a leech."""
    theme: str = "auto"
    """The colours of the study screen, one of THEMES."""

    siblings_apart: bool = True
    """Whether of the cards of one note only the first is asked on a day."""


KNOWN = (
    "rollover", "new_per_day", "reviews_per_day", "repeat_below", "leech", "theme",
    "siblings_apart",
)  # fmt: skip
THEMES = ("auto", "dark", "light", "mono")


def read_settings(path: Path) -> Settings:
    """Return the settings of a file; without one, the defaults. Raises FlashcardsError."""
    try:
        text = read_regular(path).decode("utf-8")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        raise FlashcardsError(f"{path}: this is not UTF-8 text. Save it as UTF-8.") from error
    import tomllib  # noqa: PLC0415 (most people have no settings file)

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FlashcardsError(f"{path}: this is no valid TOML: {error}. Mend that line.") from error
    return _settings(found, path)


def _settings(found: dict[str, Any], path: Path) -> Settings:
    for name in found:
        if name not in KNOWN:
            import difflib  # noqa: PLC0415 (for a typo only)

            near = difflib.get_close_matches(name, KNOWN, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(KNOWN)}."
            raise FlashcardsError(f"{path}: there is no setting {name!r}. {hint}")
    usual = Settings()
    return Settings(
        rollover=_rollover(found.get("rollover", "04:00"), path),
        limits=Limits(
            new=_count(found, "new_per_day", usual.limits.new, path),
            reviews=_count(found, "reviews_per_day", usual.limits.reviews, path),
        ),
        repeat_below=_repeat_below(found.get("repeat_below", usual.repeat_below), path),
        leech=_count(found, "leech", usual.leech, path),
        theme=_theme(found.get("theme", usual.theme), path),
        siblings_apart=_switch(found, "siblings_apart", path),
    )


def _rollover(value: object, path: Path) -> timedelta:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", str(value))
    if not match:
        raise FlashcardsError(
            f'{path}: rollover is a time of day such as "04:00", not {value!r}. Mend that line.'
        )
    return timedelta(hours=int(match[1]), minutes=int(match[2]))


def _count(found: dict[str, Any], name: str, usual: int, path: Path) -> int:
    value = found.get(name, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
        raise FlashcardsError(
            f"{path}: {name} is a whole number from 0 to 1,000,000, not {value!r}. Mend that line."
        )
    return value


def _switch(found: dict[str, Any], name: str, path: Path) -> bool:
    value = found.get(name, True)
    if not isinstance(value, bool):
        raise FlashcardsError(f"{path}: {name} is true or false, not {value!r}. Mend that line.")
    return value


def _repeat_below(value: object, path: Path) -> int:
    if value not in (0, 3, 4) or isinstance(value, bool) or not isinstance(value, int):
        raise FlashcardsError(f"{path}: repeat_below is 4, 3 or 0, not {value!r}. Mend that line.")
    return value


def _theme(value: object, path: Path) -> str:
    if value not in THEMES:
        names = ", ".join(THEMES)
        raise FlashcardsError(f"{path}: theme is one of {names}, not {value!r}. Mend that line.")
    return str(value)
