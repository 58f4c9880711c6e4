"""The table of importers, and recognition of formats."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from flashcards.errors import FlashcardsError, UsageError
from flashcards.importers.base import Importer, ImportSource
from flashcards.importers.unsupported_files import describe_notation

IMPORT_FORMATS: dict[str, str] = {  # modules of this package, by format name
    "anki": "anki.import_collection",
    "brainscape": "brainscape",
    "carddown": "carddown",
    "crowdanki": "crowdanki",
    "csv": "csv.tables",
    "cuecards": "cuecards",
    "decksmd": "decksmd",
    "hascard": "hascard",
    "headings": "headings",
    "json": "flashcards_json",
    "logseq": "logseq",
    "markdown": "hashcards",
    "mnemosyne": "mnemosyne.export_files",
    "obsidian": "obsidian.vault_notes",
    "org": "org.org_files",
    "quizlet": "quizlet",
    "supermemo": "supermemo",
    "supermemo-text": "supermemo_text",
}
SEPARATOR_FORMATS = ("csv", "quizlet")  # formats for which the user can name the separators


def load_importer(name: str) -> Importer:
    """Return the importer of a format in the table."""
    return cast("Importer", import_module(f"{__package__}.{IMPORT_FORMATS[name]}"))


def load_all_importers() -> dict[str, Importer]:
    """Return every importer by its format name."""
    return {name: load_importer(name) for name in IMPORT_FORMATS}


def resolve_format_name(name: str, importers: Mapping[str, Importer]) -> str:
    """Return a format's name in the table. Raises UsageError if it is unknown."""
    wanted = name.strip().casefold()
    if wanted in importers:
        return wanted
    raise UsageError(f"Unknown format {name!r}. Known: {', '.join(sorted(importers))}.")


def recognise_format(source: ImportSource, importers: Mapping[str, Importer]) -> str | None:
    """Return the format of a source, or None.

    Content decides, then the file name. Raises FlashcardsError if two formats fit, or for a known
    notation that cannot be imported.
    """
    if foreign := describe_notation(source):
        raise FlashcardsError(f"{source.name}: {foreign}")
    candidates = [name for name, importer in importers.items() if importer.recognises(source)]
    if source.options.separator or source.options.row_separator:
        candidates = [name for name in candidates if name in SEPARATOR_FORMATS] or candidates
    if len(candidates) > 1:
        named = [name for name in candidates if source.extension in importers[name].EXTENSIONS]
        candidates = named or candidates
    if len(candidates) > 1:
        both = " and ".join(f"{importers[name].TITLE} ({name})" for name in candidates)
        raise FlashcardsError(f"{source.name}: this could be {both}. Choose one: --format NAME.")
    return candidates[0] if candidates else None
