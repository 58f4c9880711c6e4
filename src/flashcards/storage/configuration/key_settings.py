"""The table [keys] of config.toml: an action's name, and the key or keys that do it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flashcards.core.keys import bindings
from flashcards.errors import FlashcardsError, UsageError


def own_keys(found: object, path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return a person's own keys by action. Raises FlashcardsError: no such action, or a conflict.

    `undo = "z"` and `undo = ["z", "ctrl-u"]` both are fine.
    """
    if not isinstance(found, dict):
        raise FlashcardsError(f'{path}: keys stand below [keys], such as undo = "z".')
    keys = {name: _keys(name, value, path) for name, value in found.items()}
    try:
        bindings(keys)
    except UsageError as error:
        raise FlashcardsError(f"{path}: [keys] {error}") from error
    return keys


def _keys(name: str, value: object, path: Path) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(key, str) for key in listed):
        raise FlashcardsError(
            f"{path}: [keys] {name} is a key or a list of keys in quotes, not {value!r}. "
            "Mend that line."
        )
    return tuple(listed)
