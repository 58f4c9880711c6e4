"""What the words after `flashcards import` mean: files, folders with all below, standard input."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flashcards.app.context import Context
from flashcards.errors import FlashcardsError
from flashcards.importers import recognise
from flashcards.importers.base import NOTHING, Asked, Importer, Source
from flashcards.importers.shared.source_text import PLAIN_ENDINGS
from flashcards.storage.files import read_regular

STDIN = "-"
LARGEST = 4 << 30
"""Bytes that one file may have."""
MOST_FILES = 100_000
"""Files that are looked at in one folder."""


@dataclass(frozen=True, slots=True)
class Found:
    """A source, its format, and the folder below the one named that it lies in, as a deck."""

    source: Source
    format: str
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Unfit:
    """A file that cannot be brought in, and why; `loud` where the person named it."""

    path: str
    why: str
    loud: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The formats there are, the one that was asked for ("" for none), and what else was said."""

    importers: Mapping[str, Importer]
    format: str = ""
    asked: Asked = NOTHING

    def takes(self, ending: str) -> bool:
        """Tell whether a file of a folder may be of the format that was asked for."""
        if not self.format:
            return True
        return ending in (self.importers[self.format].ENDINGS or PLAIN_ENDINGS)


def find(world: Context, words: list[str], wanted: Wanted) -> Iterator[Found | Unfit]:
    """Yield what each word means, one file after the other, in the order of their names."""
    for word in words:
        path = Path(word)
        if word == STDIN:
            yield _known(Source(STDIN, world.read_stdin(), wanted.asked), wanted)
        elif path.is_dir():
            yield from _in_folder(path, wanted)
        else:
            yield _read(path, word, wanted)


def _read(path: Path, word: str, wanted: Wanted) -> Found | Unfit:
    try:
        if path.stat().st_size > LARGEST:
            return Unfit(word, f"it is larger than {LARGEST >> 30} GiB. Split it.", loud=True)
        source = Source(word, read_regular(path), wanted.asked)
    except FileNotFoundError:
        return Unfit(word, "there is no such file. Mind the spelling.", loud=True)
    except OSError as error:
        return Unfit(word, f"{error.strerror}. Mend that, and try again.", loud=True)
    except FlashcardsError as error:
        return Unfit("", str(error), loud=True)
    return _known(source, wanted)


def _known(source: Source, wanted: Wanted) -> Found | Unfit:
    """Return a source with its format, which is the one asked for, or what its content says."""
    if wanted.format:
        return Found(source, wanted.format)
    try:
        name = recognise(source, wanted.importers)
    except FlashcardsError as error:
        return Unfit("", str(error), loud=True)
    if name is None:
        known = ", ".join(sorted(wanted.importers))
        why = f"no format that is known here. Say which it is: --format NAME ({known})."
        return Unfit(_named(source), why, loud=False)
    return Found(source, name)


def _named(source: Source) -> str:
    return "standard input" if source.name == STDIN else source.name


def _in_folder(folder: Path, wanted: Wanted) -> Iterator[Found | Unfit]:
    """Yield each file of a folder that is recognised; its sub-folders are decks."""
    for number, path in enumerate(_files(folder)):
        if number >= MOST_FILES:
            yield Unfit(str(folder), f"it has more than {MOST_FILES:,} files.", loud=True)
            return
        if not wanted.takes(path.suffix.casefold()):
            continue
        found = _read(path, str(path), wanted)
        if isinstance(found, Found):
            inner = path.relative_to(folder).parent.parts
            found = Found(found.source, found.format, "::".join(inner))
        yield found


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, hidden ones and links to folders apart."""
    for place, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():
                yield path
