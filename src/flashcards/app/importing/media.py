"""Copy imported media without overwriting files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from flashcards.core.cards import Note
from flashcards.importers.base import ImportedDeck
from flashcards.storage.files import read_regular_file

FORBIDDEN_NAME = re.compile(r"[/\\\x00-\x1f\x7f]|^\.")
MAX_NAME_BYTES = 200


def missing_files(brought: Mapping[str, bytes], folder: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files that a media folder has not got, and the new names that some must take.

    A name that is no plain one is left out; one that stands for another file gets a sum added.
    """
    files: dict[str, bytes] = {}
    new_names: dict[str, str] = {}
    for name, data in brought.items():
        if FORBIDDEN_NAME.search(name) or len(name.encode()) > MAX_NAME_BYTES:
            continue
        path = folder / name
        if path.exists() and not _has_content(path, data):
            stem, dot, ending = name.rpartition(".")
            digest = blake2b(data, digest_size=4).hexdigest()
            new_names[name] = f"{stem}-{digest}.{ending}" if dot else f"{name}-{digest}"
            path = folder / new_names[name]
        if not path.exists():
            files[path.name] = data
    return files, new_names


def _has_content(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and read_regular_file(path) == data


def rename_media(deck: ImportedDeck, new_names: Mapping[str, str]) -> ImportedDeck:
    """Return a deck whose notes call media files by their new names."""
    if not new_names:
        return deck
    names = "|".join(map(re.escape, sorted(new_names, key=len, reverse=True)))
    places = (r"(?<=\]\(media/)", r"(?=\))"), (r"(?<=\]\(<media/)", r"(?=>\))"), (r"(?<=\[sound:)", r"(?=\])")
    pattern = re.compile("|".join(f"{before}(?:{names}){after}" for before, after in places))

    def renamed_note(note: Note) -> Note:
        front, back, hint, remark = (
            pattern.sub(lambda found: new_names[found[0]], text) for text in note.texts
        )
        return replace(note, front=front, back=back, hint=hint, remark=remark)

    return replace(deck, notes=tuple(replace(n, note=renamed_note(n.note)) for n in deck.notes))
