"""Names of deck files that sync programs copied because of a conflict."""

import re
from pathlib import PurePosixPath

CONFLICT_SUFFIX = re.compile(
    r"(\.sync-conflict-[a-z\d-]+| \([^()]*conflicted copy[^()]*\)|_conflict-[\d-]+)+$", re.IGNORECASE
)
"""Suffixes of conflict copies by Syncthing, Dropbox and Nextcloud, also of copies of copies."""


def deck_name_of(path: str) -> str:
    """Return a deck's default name; a conflict copy has the original's."""
    stem = PurePosixPath(path).stem
    return CONFLICT_SUFFIX.sub("", stem) or stem
