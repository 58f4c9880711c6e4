"""Where a picture named in a deck lies; nothing outside of the library's own folders is one."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from urllib.parse import unquote

ENDINGS = frozenset([".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".avif"])
LARGEST = 16 * 1024 * 1024
"""Bytes that a picture may have."""


def find_picture(data: Path, source: str, home: str) -> Path | None:
    """Return the file that a deck means by `source`; None when there is none to be shown.

    It is looked for in the media folder, then beside the deck file `home`. Links are followed
    first: only a regular file that lies in one of the two folders counts.
    """
    name = unquote(source)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name) or not name.isprintable():
        return None
    folders = [data / "media", *([(data / home).parent] if home else [])]
    for folder, relative in zip(folders, (name.removeprefix("media/"), name), strict=False):
        if (path := _inside(folder, relative)) is not None:
            return path
    return None


def _inside(folder: Path, name: str) -> Path | None:
    try:
        path = (folder / name).resolve(strict=True)
        about = path.stat()
        sound = path.is_relative_to(folder.resolve(strict=True)) and stat.S_ISREG(about.st_mode)
    except (OSError, RuntimeError, ValueError):
        return None
    known = path.suffix.lower() in ENDINGS and 0 < about.st_size <= LARGEST
    return path if sound and known else None
