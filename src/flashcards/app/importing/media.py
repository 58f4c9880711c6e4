"""Copy imported media without overwriting files."""

import os
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote

from flashcards.importers.base import ImportedDeck, ImportedNote, ImportResult
from flashcards.importers.html.escaping import safe_media_name
from flashcards.storage.files import read_regular_file

FORBIDDEN_NAME = re.compile(r"[/\\\x00-\x1f\x7f]|^\.")
MAX_NAME_BYTES = 200
FILE_LINK = re.compile(  # a Markdown link to a file, with or without angle brackets
    r"""\]\((?![A-Za-z][A-Za-z0-9+.-]*:|\#)(?:<([^<>\n]+)>|([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)(?:\s+"[^"\n]*")?)\)"""
)
NEEDS_ANGLES = re.compile(r"[\s()]")
MEDIA_NAME = re.compile(
    r"(?i)\.(?:png|jpe?g|gif|webp|svg|avif|bmp|tiff?|ico|mp3|ogg|oga|opus|wav|m4a|flac|aac|mp4|webm|mov|mkv|ogv|pdf)$"
)
MISSING_REMARK = "Missing media files; copy them to your media folder: {}."


def missing_files(imported: Mapping[str, bytes], folder: Path) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files missing in the media folder, and the new names of some."""
    # Unsafe names are left out; a name in use by another file gets a checksum.
    files: dict[str, bytes] = {}
    new_names: dict[str, str] = {}
    for name, data in imported.items():
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
    """Return a deck whose file links are mapped by a function; "" keeps a link."""

    def renamed_link(found: re.Match[str]) -> str:
        new = new_link(found[1] or found[2])
        if not new:
            return found[0]
        return f"](<{new}>)" if found[1] or NEEDS_ANGLES.search(new) else f"]({new})"

    def renamed_links(imported: ImportedNote) -> ImportedNote:
        if "](" not in " ".join(imported.note.texts):
            return imported
        return imported._replace(note=imported.note.map_texts(partial(FILE_LINK.sub, renamed_link)))

    return replace(deck, notes=tuple(map(renamed_links, deck.notes)))


def rename_media(deck: ImportedDeck, new_names: Mapping[str, str]) -> ImportedDeck:
    """Return a deck that uses the new names of media files."""
    if not new_names:
        return deck
    names = {f"media/{old}": f"media/{new}" for old, new in new_names.items()}
    return replace_links(deck, lambda target: names.get(target, ""))


@lru_cache(maxsize=1)
def _paths_by_name(root: Path) -> Mapping[str, list[Path]]:
    """Return the files below a folder by name, hidden folders left out."""
    paths: dict[str, list[Path]] = {}
    for place, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            paths.setdefault(name, []).append(Path(place, name))
    return paths


@dataclass(slots=True)
class FilesBeside:
    """Finds files linked by notes near their source, and names them uniquely."""

    source: Path | None  # None for standard input, which has no folder
    root: Path | None  # bare names are found anywhere below it; None limits that to the source's folder
    media_dir: Path
    keeps_missing: bool = False  # whether links to missing files are left unchanged
    added: dict[str, bytes] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    _has_changes: bool = False
    _names: dict[Path, str] = field(default_factory=dict)

    def add_to(self, imported: ImportResult) -> ImportResult:
        """Add the linked files, and a remark on missing ones."""
        known = frozenset(imported.media)
        decks = tuple(
            replace_links(deck, lambda link: self._new_link(link, known)) for deck in imported.decks
        )
        some = ", ".join([*self.missing][:5]) + (", …" if len(self.missing) > 5 else "")
        remarks = (*imported.remarks, *([MISSING_REMARK.format(some)] if some else []))
        media = {**imported.media, **self.added} if self.added else imported.media
        return replace(imported, decks=decks, media=media, remarks=remarks, has_new_links=self._has_changes)

    def _new_link(self, link: str, known: Container[str]) -> str:
        """Return the new link to an imported file; "" keeps the link."""
        target = unquote(link.removeprefix("<").removesuffix(">"))
        name = target.removeprefix("media/")
        if name in known or not MEDIA_NAME.search(target):
            return ""
        path = self._find(name)
        plain = (self._names.get(path) or self._add_file(path)) if path else safe_media_name(name)
        if path is None:
            if not (self.media_dir / plain).is_file():
                self.missing[plain] = None
            if self.keeps_missing:
                return ""
        new = f"media/{plain}"
        self._has_changes |= new != target
        return "" if new == target else new

    def _find(self, target: str) -> Path | None:
        """Find a linked file near the source, or by name below the root."""
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

    def _add_file(self, path: Path) -> str:
        """Add a file under its name, with a checksum if the name is taken."""
        data, name = read_regular_file(path), safe_media_name(path.name)
        if self.added.get(name, data) != data:
            name = _name_with_sum(name, data)
        self.added[name] = data
        self._names[path] = name
        return name
