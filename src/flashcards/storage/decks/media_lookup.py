"""Find the image file that a card names."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from urllib.parse import unquote

IMAGE_SUFFIXES = frozenset([".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".avif"])
MAX_IMAGE_BYTES = 16 * 1024 * 1024
"""Bytes that a picture may have."""


def find_image_file(data_dir: Path, reference: str, deck_path: str) -> Path | None:
    """Return the file that a deck means by `source`; None when there is none to be shown.

    It is looked for in the media folder, then beside the deck file `home`. Links are followed
    first: only a regular file that lies in one of the two folders counts.
    """
    name = unquote(reference)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name) or not name.isprintable():
        return None
    folders = [data_dir / "media", *([(data_dir / deck_path).parent] if deck_path else [])]
    for folder, relative in zip(folders, (name.removeprefix("media/"), name), strict=False):
        if (path := _image_within(folder, relative)) is not None:
            return path
    return None


def _image_within(folder: Path, name: str) -> Path | None:
    try:
        path = (folder / name).resolve(strict=True)
        status = path.stat()
        sound = path.is_relative_to(folder.resolve(strict=True)) and stat.S_ISREG(status.st_mode)
    except (OSError, RuntimeError, ValueError):
        return None
    known = path.suffix.lower() in IMAGE_SUFFIXES and 0 < status.st_size <= MAX_IMAGE_BYTES
    return path if sound and known else None
