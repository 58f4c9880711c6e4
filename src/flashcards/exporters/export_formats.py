"""The table of exporters."""

from importlib import import_module
from typing import cast

from flashcards.errors import UsageError
from flashcards.exporters.base import Exporter

EXPORT_FORMATS: dict[str, str] = {  # modules of this package, by format name
    "apkg": "anki.package",
    "yaml": "yaml",
    "csv": "csv",
    "json": "json",
    "markdown": "markdown",
}


def load_exporter(name: str) -> Exporter:
    """Return the exporter of a format. Raises UsageError if it is unknown."""
    wanted = name.strip().casefold()
    if wanted not in EXPORT_FORMATS:
        raise UsageError(f"Unknown format {name!r}. Known: {', '.join(EXPORT_FORMATS)}.")
    return cast("Exporter", import_module(f"{__package__}.{EXPORT_FORMATS[wanted]}"))


def format_from_name(file_name: str) -> str:
    """Return the format that a file name implies, or ""."""
    lower = file_name.casefold()
    return next((name for name in EXPORT_FORMATS if lower.endswith(load_exporter(name).EXTENSIONS)), "")
