"""Find the image or sound file that a card names."""

import os
import re
import stat
from pathlib import Path
from urllib.parse import unquote

from flashcards.core.sounds import FIRST_BYTES, ID3_HEADER_BYTES, ID3_TAG, id3_tag_length, is_sound_name

IMAGE_SUFFIXES = frozenset([".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".avif"])
MAX_IMAGE_BYTES = 16 * 1024 * 1024
MAX_ID3_TAGS = 4  # before the sound itself


def find_image_file(data_dir: Path, reference: str, deck_path: str) -> Path | None:
    """Return the image file that a deck names; None if it cannot be shown."""
    path = _find_media_file(data_dir, reference, deck_path)
    if path is None or path.suffix.lower() not in IMAGE_SUFFIXES or path.stat().st_size > MAX_IMAGE_BYTES:
        return None
    return path


def find_sound_file(data_dir: Path, reference: str, deck_path: str) -> Path | None:
    """Return the sound file that a deck names; None if it is not a sound."""
    path = _find_media_file(data_dir, reference, deck_path)
    return path if path and is_sound_name(path.name) and _holds_sound(path) else None


def _holds_sound(path: Path) -> bool:
    """Tell by its first bytes if a file is a sound, and not a playlist."""
    try:
        with path.open("rb") as file:
            for _ in range(MAX_ID3_TAGS):
                head = file.read(ID3_HEADER_BYTES)
                file.seek(id3_tag_length(head) - len(head), os.SEEK_CUR)
                if not head.startswith(ID3_TAG):
                    break
            return re.match(FIRST_BYTES, file.read(4096)) is not None
    except OSError:
        return False


def _find_media_file(data_dir: Path, reference: str, deck_path: str) -> Path | None:
    """Return the file that a deck names; None if missing or empty.

    Searched in the media folder, then beside the deck file. Links are resolved first: only a regular
    file inside one of the two folders counts.
    """
    name = unquote(reference)
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name) or not name.isprintable():
        return None
    path = _file_within(data_dir / "media", name.removeprefix("media/"))
    if path is None and deck_path:
        path = _file_within((data_dir / deck_path).parent, name)
    return path


def _file_within(folder: Path, name: str) -> Path | None:
    try:
        path = (folder / name).resolve(strict=True)
        status = path.stat()
        is_inside = path.is_relative_to(folder.resolve(strict=True))
    except (OSError, RuntimeError, ValueError):
        return None
    return path if is_inside and stat.S_ISREG(status.st_mode) and status.st_size else None
