"""Formats that decks go out in; each is one file, and one line of the table."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from flashcards.errors import UsageError
from flashcards.exporters.base import Exporter

FORMATS: dict[str, str] = {
    "apkg": "anki",
    "yaml": "yaml",
    "csv": "csv",
    "json": "json",
    "markdown": "markdown",
}
"""Modules of this package by the name that `--format` takes."""


def load(name: str) -> Exporter:
    """Return the exporter of a format. Raises UsageError for one that is not in the table."""
    wanted = name.strip().casefold()
    if wanted not in FORMATS:
        raise UsageError(f"There is no format {name!r}. Known: {', '.join(FORMATS)}.")
    return cast("Exporter", import_module(f"{__name__}.{FORMATS[wanted]}"))


def format_of(target: str) -> str:
    """Return the name of the format that a file's name asks for; "" when it asks for none."""
    lower = target.casefold()
    return next((name for name in FORMATS if lower.endswith(load(name).ENDINGS)), "")
