"""Find the sources of an import: files, folders, stdin."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flashcards.app.context import CommandContext
from flashcards.errors import FlashcardsError
from flashcards.importers import recognise_format
from flashcards.importers.base import NO_OPTIONS, Importer, ImportSource, TableOptions
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS
from flashcards.storage.files import read_regular_file

STDIN = "-"
MAX_FILE_BYTES = 4 << 30
"""Bytes that one file may have."""
MAX_FILES = 100_000
"""Files that are looked at in one folder."""


@dataclass(frozen=True, slots=True)
class RecognisedSource:
    """A source, its format, and the folder below the one named that it lies in, as a deck."""

    source: ImportSource
    format: str
    folder: str = ""


@dataclass(frozen=True, slots=True)
class RejectedSource:
    """A file that cannot be brought in, and why; `loud` where the user named it."""

    path: str
    reason: str
    is_named_by_user: bool


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """The formats there are, the one that was asked for ("" for none), and what else was said."""

    importers: Mapping[str, Importer]
    format: str = ""
    table_options: TableOptions = NO_OPTIONS

    def accepts_ending(self, ending: str) -> bool:
        """Tell whether a file of a folder may be of the format that was asked for."""
        if not self.format:
            return True
        return ending in (self.importers[self.format].EXTENSIONS or PLAIN_TEXT_EXTENSIONS)


def find_sources(
    context: CommandContext, names: list[str], options: SourceOptions
) -> Iterator[RecognisedSource | RejectedSource]:
    """Yield what each word means, one file after the other, in the order of their names."""
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield _recognise_source(ImportSource(STDIN, context.read_stdin(), options.table_options), options)
        elif path.is_dir():
            yield from _folder_sources(path, options)
        else:
            yield _read_source(path, name, options)


def _read_source(path: Path, name: str, options: SourceOptions) -> RecognisedSource | RejectedSource:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return RejectedSource(
                name, f"it is larger than {MAX_FILE_BYTES >> 30} GiB. Split it.", is_named_by_user=True
            )
        source = ImportSource(name, read_regular_file(path), options.table_options)
    except FileNotFoundError:
        return RejectedSource(name, "no such file. Check the spelling.", is_named_by_user=True)
    except OSError as error:
        return RejectedSource(name, f"{error.strerror}. Fix that and try again.", is_named_by_user=True)
    except FlashcardsError as error:
        return RejectedSource("", str(error), is_named_by_user=True)
    return _recognise_source(source, options)


def _recognise_source(source: ImportSource, options: SourceOptions) -> RecognisedSource | RejectedSource:
    """Return a source with its format, which is the one asked for, or what its content says."""
    if options.format:
        return RecognisedSource(source, options.format)
    try:
        name = recognise_format(source, options.importers)
    except FlashcardsError as error:
        return RejectedSource("", str(error), is_named_by_user=True)
    if name is None:
        known = ", ".join(sorted(options.importers))
        reason = f"unknown format. Name it with --format NAME ({known})."
        return RejectedSource(_source_label(source), reason, is_named_by_user=False)
    return RecognisedSource(source, name)


def _source_label(source: ImportSource) -> str:
    return "standard input" if source.name == STDIN else source.name


def _folder_sources(folder: Path, options: SourceOptions) -> Iterator[RecognisedSource | RejectedSource]:
    """Yield each file of a folder that is recognised; its sub-folders are decks."""
    for number, path in enumerate(_folder_files(folder)):
        if number >= MAX_FILES:
            yield RejectedSource(str(folder), f"it has more than {MAX_FILES:,} files.", is_named_by_user=True)
            return
        if not options.accepts_ending(path.suffix.casefold()):
            continue
        source = _read_source(path, str(path), options)
        if isinstance(source, RecognisedSource):
            inner = path.relative_to(folder).parent.parts
            source = RecognisedSource(source.source, source.format, "::".join(inner))
        yield source


def _folder_files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, hidden ones and links to folders apart."""
    for place, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():
                yield path
