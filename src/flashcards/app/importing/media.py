"""Copy imported media without overwriting files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote

from flashcards.importers.base import ImportedDeck, ImportResult
from flashcards.importers.html.escaping import safe_media_name
from flashcards.storage.files import read_regular_file

FORBIDDEN_NAME = re.compile(r"[/\\\x00-\x1f\x7f]|^\.")
MAX_NAME_BYTES = 200
FILE_LINK = re.compile(
    r"""\]\((?![A-Za-z][A-Za-z0-9+.-]*:|\#)(?:<([^<>\n]+)>|([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)(?:\s+"[^"\n]*")?)\)"""
)
"""A file that Markdown names, with or without angles."""
NEEDS_ANGLES = re.compile(r"[\s()]")
MEDIA_NAME = re.compile(
    r"(?i)\.(?:png|jpe?g|gif|webp|svg|avif|bmp|tiff?|ico|mp3|ogg|oga|opus|wav|m4a|flac|aac|mp4|webm|mov|mkv|ogv|pdf)$"
)
MISSING_REMARK = "Missing media files; copy them to your media folder: {}."


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
            new_names[name] = _name_with_sum(name, data)
            path = folder / new_names[name]
        if not path.exists():
            files[path.name] = data
    return files, new_names


def _name_with_sum(name: str, data: bytes) -> str:
    stem, dot, ending = name.rpartition(".")
    digest = blake2b(data, digest_size=4).hexdigest()
    return f"{stem}-{digest}.{ending}" if dot else f"{name}-{digest}"


def _has_content(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and read_regular_file(path) == data


def replace_links(deck: ImportedDeck, new_link: Callable[[str], str]) -> ImportedDeck:
    """Return a deck whose notes name files as a function says, which gets and gives what stands in ( )."""

    def renamed_link(found: re.Match[str]) -> str:
        new = new_link(found[1] or found[2])
        if not new:
            return found[0]
        return f"](<{new}>)" if found[1] or NEEDS_ANGLES.search(new) else f"]({new})"

    def renamed_links(text: str) -> str:
        return FILE_LINK.sub(renamed_link, text) if "](" in text else text

    return replace(deck, notes=tuple(replace(n, note=n.note.map_texts(renamed_links)) for n in deck.notes))


def rename_media(deck: ImportedDeck, new_names: Mapping[str, str]) -> ImportedDeck:
    """Return a deck whose notes call media files by their new names."""
    if not new_names:
        return deck
    names = {f"media/{old}": f"media/{new}" for old, new in new_names.items()}
    return replace_links(deck, lambda target: names.get(target, ""))


@lru_cache(maxsize=1)
def _paths_by_name(root: Path) -> Mapping[str, list[Path]]:
    """Return the files below a folder by their bare names, hidden folders apart."""
    found: dict[str, list[Path]] = {}
    for place, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            found.setdefault(name, []).append(Path(place, name))
    return found


@dataclass(slots=True)
class FilesBeside:
    """Finds the files that notes name below the folder of their source, and gives each one plain name."""

    source: Path | None
    """None for standard input, which has no folder."""
    root: Path | None
    """Below it a bare name is found anywhere; None: only below the folder of the source."""
    media_dir: Path
    keeps_missing: bool = False
    """Whether a link to a file that is nowhere stays as it is written."""
    brought: dict[str, bytes] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    _has_changes: bool = False
    _names: dict[Path, str] = field(default_factory=dict)

    def add_to(self, imported: ImportResult) -> ImportResult:
        """Return what was imported with the files that its notes name, and what is missing."""
        known = frozenset(imported.media)
        decks = tuple(
            replace_links(deck, lambda link: self._new_link(link, known)) for deck in imported.decks
        )
        some = ", ".join([*self.missing][:5]) + (", …" if len(self.missing) > 5 else "")
        remarks = (*imported.remarks, *([MISSING_REMARK.format(some)] if some else []))
        media = {**imported.media, **self.brought} if self.brought else imported.media
        return replace(imported, decks=decks, media=media, remarks=remarks, has_new_links=self._has_changes)

    def _new_link(self, link: str, known: Container[str]) -> str:
        """Return the link to a file that came along; "" where the link stays."""
        target = unquote(link.removeprefix("<").removesuffix(">"))
        name = target.removeprefix("media/")
        if name in known or not MEDIA_NAME.search(target):
            return ""
        path = self._find(name)
        plain = (self._names.get(path) or self._bring(path)) if path else safe_media_name(name)
        if path is None:
            if not (self.media_dir / plain).is_file():
                self.missing[plain] = None
            if self.keeps_missing:
                return ""
        new = f"media/{plain}"
        self._has_changes |= new != target
        return "" if new == target else new

    def _find(self, target: str) -> Path | None:
        """Return the file that a link means: from the source, from its root, or one of that name below it."""
        if self.source is None:
            return None
        here, name = self.source.parent, target.removeprefix("@/").lstrip("/")
        root = self.root or here
        folders = ("media", "collection.media", f"{self.source.name}_media", "../media")
        paths = [here / name, root / name, *(here / folder / name for folder in folders)]
        if self.root and "/" not in name:
            paths += _paths_by_name(self.root).get(name, ())
        inside = root.resolve()
        found = (path.resolve() for path in paths)
        return next((path for path in found if path.is_relative_to(inside) and path.is_file()), None)

    def _bring(self, path: Path) -> str:
        """Take a file under its own name; where another file has that, with a sum of its content."""
        data, name = read_regular_file(path), safe_media_name(path.name)
        if self.brought.get(name, data) != data:
            name = _name_with_sum(name, data)
        self.brought[name] = data
        self._names[path] = name
        return name
