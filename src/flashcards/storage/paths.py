"""The folders and files of a store."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from flashcards.storage.base_dirs import INDEX_FILE_NAME, SETTINGS_FILE_NAME, find_base_dirs

PENDING = ".pending"
"""What the name of a step's folder ends in while the step is under way."""


class StorePaths(NamedTuple):
    """The four folders, and the files in them."""

    data_dir: Path
    config_dir: Path
    state_dir: Path
    cache_dir: Path

    @property
    def decks_dir(self) -> Path:
        """The library: deck files, for the user to edit."""
        return self.data_dir / "decks"

    @property
    def journal_dir(self) -> Path:
        """What was done, one file a device and month."""
        return self.data_dir / "journal"

    @property
    def media_dir(self) -> Path:
        """Pictures that came with imported decks."""
        return self.data_dir / "media"

    @property
    def format_file(self) -> Path:
        """The proof that a store was here."""
        return self.data_dir / "format.json"

    @property
    def lock_file(self) -> Path:
        """Held while anything is appended."""
        return self.data_dir / ".lock"

    @property
    def deck_lock(self) -> Path:
        """Held while a deck file is changed: from the reading of it to the replacing."""
        return self.data_dir / ".decks.lock"

    @property
    def settings_lock(self) -> Path:
        """Held while the settings file is changed."""
        return self.state_dir / ".config.lock"

    @property
    def ready_restore(self) -> Path:
        """A backup that was written out to take the place of everything, and is to be moved there."""
        return self.data_dir / ".restore-ready.tmp"

    @property
    def edits(self) -> Path:
        """Copies of deck files that are open in an editor."""
        return self.state_dir / "edits"

    @property
    def settings_file(self) -> Path:
        """The settings file; it may be missing."""
        return self.config_dir / SETTINGS_FILE_NAME

    @property
    def device_file(self) -> Path:
        """This machine's name in the journal."""
        return self.state_dir / "device.json"

    @property
    def known_stores_file(self) -> Path:
        """What this machine remembers of its stores."""
        return self.state_dir / "known.json"

    @property
    def backups_dir(self) -> Path:
        """Copies of the data folder."""
        return self.state_dir / "backups"

    @property
    def undo_dir(self) -> Path:
        """What files were before each step that undo can take back."""
        return self.state_dir / "undo"

    @property
    def has_pending_steps(self) -> bool:
        """Whether a step of any store is under way, or was when its process ended."""
        return any(self.undo_dir.glob(f"*/*{PENDING}"))

    @property
    def index_file(self) -> Path:
        """The cache of everything derived."""
        return self.cache_dir / INDEX_FILE_NAME


def find_store_paths(data_dir: str | None = None) -> StorePaths:
    """Return the folders to use; see `find_places`."""
    return StorePaths(*map(Path, find_base_dirs(data_dir)))
