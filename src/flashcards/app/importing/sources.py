"""Find the sources of an import: files, folders, stdin."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flashcards.app.command_context import CommandContext
from flashcards.errors import FlashcardsError
from flashcards.importers.anki.package import COLLECTION_NAMES
from flashcards.importers.base import NO_OPTIONS, Importer, ImportSource, TableOptions
from flashcards.importers.import_formats import recognise_format
from flashcards.importers.obsidian_settings import SETTINGS_FILE, USUAL_SIGNS, read_signs
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS, display_name
from flashcards.importers.unsupported_files import describe_file
from flashcards.storage.files import read_regular_file

STDIN = "-"
VAULT_MARKS = (".obsidian", "logseq")  # folders that mark a vault of Obsidian or Logseq
MAX_FILE_BYTES = 4 << 30
MAX_FILES = 100_000  # files examined in one folder


@dataclass(frozen=True, slots=True)
class RecognisedSource:
    """A source, its format, and its subfolder as a deck."""

    source: ImportSource
    format: str
    folder: str = ""
    path: Path | None = None
    root: Path | None = None  # the named folder or the vault, below which links may use bare file names


@dataclass(frozen=True, slots=True)
class RejectedSource:
    """A file that cannot be imported, and why."""

    path: str
    reason: str
    is_named_by_user: bool = True


@dataclass(frozen=True, slots=True)
class FolderReader:
    """Reads files below a folder; links that lead outside are ignored."""

    folder: Path

    def __call__(self, name: str) -> bytes:
        """Return a file's content, or b"" if there is none."""
        path, folder = (self.folder / name).resolve(), self.folder.resolve()
        return read_regular_file(path) if path.is_relative_to(folder) and path.is_file() else b""


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """The importers, the requested format or "", and table options."""

    importers: Mapping[str, Importer]
    format: str = ""
    table_options: TableOptions = NO_OPTIONS

    def accepts_ending(self, ending: str) -> bool:
        """Tell whether a file may be of the requested format."""
        if not self.format:
            return True
        return ending in (self.importers[self.format].EXTENSIONS or PLAIN_TEXT_EXTENSIONS)


def find_sources(
    context: CommandContext, names: Sequence[str], options: SourceOptions
) -> Iterator[RecognisedSource | RejectedSource]:
    """Yield the sources of each word, files in order of their names."""
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield _recognise_source(ImportSource(STDIN, context.read_stdin(), options.table_options), options)
        elif path.is_dir():
            yield from _folder_sources(path, options)
        else:
            yield _read_source(path, name, options)


def _read_source(
    path: Path, name: str, options: SourceOptions, *, in_folder: bool = False
) -> RecognisedSource | RejectedSource:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return RejectedSource(
                name, f"it is larger than {MAX_FILE_BYTES >> 30} GiB. Split it.", is_named_by_user=True
            )
        data = read_regular_file(path)
        vaults = (p for p in path.absolute().parents if any((p / mark).is_dir() for mark in VAULT_MARKS))
        vault = next(vaults, None)
        is_note = vault and path.suffix == ".md"
        signs = read_signs(FolderReader(vault)(SETTINGS_FILE)) if vault and is_note else USUAL_SIGNS
        source = ImportSource(name, data, options.table_options, FolderReader(path.parent), signs)
    except FileNotFoundError:
        return RejectedSource(name, "no such file. Check the spelling.")
    except OSError as error:
        return RejectedSource(name, f"{error.strerror}. Fix that and try again.")
    except FlashcardsError as error:
        return RejectedSource("", str(error))
    found = _recognise_source(source, options, in_folder=in_folder)
    if isinstance(found, RecognisedSource):
        return replace(found, path=path, root=vault)
    return found


def _recognise_source(
    source: ImportSource, options: SourceOptions, *, in_folder: bool = False
) -> RecognisedSource | RejectedSource:
    """Return a source with the requested format, or that of its content."""
    if reason := describe_file(source):
        return RejectedSource(display_name(source), reason, is_named_by_user=not in_folder)
    if options.format:
        return RecognisedSource(source, options.format)
    try:
        name = recognise_format(source, options.importers)
    except FlashcardsError as error:
        return RejectedSource("", str(error))
    if name is None:
        if reason := describe_file(source, is_unknown=True):
            return RejectedSource(display_name(source), reason, is_named_by_user=not in_folder)
        known = ", ".join(sorted(options.importers))
        reason = f"unknown format. Name it with --format NAME ({known})."
        return RejectedSource(display_name(source), reason, is_named_by_user=False)
    return RecognisedSource(source, name)


def _folder_sources(folder: Path, options: SourceOptions) -> Iterator[RecognisedSource | RejectedSource]:
    for number, path in enumerate(_folder_files(folder)):
        if number >= MAX_FILES:
            yield RejectedSource(str(folder), f"it has more than {MAX_FILES:,} files.")
            return
        if not options.accepts_ending(path.suffix.casefold()):
            continue
        source = _read_source(path, str(path), options, in_folder=True)
        if isinstance(source, RecognisedSource):
            inner = path.relative_to(folder).parent.parts
            source = replace(source, folder="::".join(inner), root=source.root or folder)
        yield source


def _folder_files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, without hidden ones and folder links."""
    for place, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        if collection := next((name for name in COLLECTION_NAMES if name in files), ""):
            names.clear()  # a profile or an unpacked package: the rest belongs to it
        for name in [collection] if collection else sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():
                yield path
