"""The folders and files of a store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flashcards.storage.base_dirs import INDEX_FILE_NAME, SETTINGS_FILE_NAME, find_base_dirs


@dataclass
class StorePaths:
    """The four folders of a store, and the files in them."""

    data_dir: Path
    config_dir: Path
    state_dir: Path
    cache_dir: Path

    def __post_init__(self) -> None:
        self.decks_dir = self.data_dir / "decks"  # the library, edited by the user
        self.journal_dir = self.data_dir / "journal"  # a file for each device and month
        self.media_dir = self.data_dir / "media"  # images and sounds of imported decks
        self.format_file = self.data_dir / "format.json"  # marks the folder as a store
        self.lock_file = self.data_dir / ".lock"  # held while events are appended
        self.deck_lock = self.data_dir / ".decks.lock"  # held from reading a deck to replacing it
        self.ready_restore = self.data_dir / ".restore-ready.tmp"  # an unpacked backup to install
        self.settings_file = self.config_dir / SETTINGS_FILE_NAME
        self.settings_lock = self.state_dir / ".config.lock"
        self.edits = self.state_dir / "edits"  # deck files that are open in an editor
        self.device_file = self.state_dir / "device.json"
        self.known_stores_file = self.state_dir / "known.json"
        self.backups_dir = self.state_dir / "backups"
        self.undo_dir = self.state_dir / "undo"  # files as they were before each step
        self.index_file = self.cache_dir / INDEX_FILE_NAME


def find_store_paths(data_dir: str | None = None) -> StorePaths:
    """Return the paths of a store; see `find_base_dirs`."""
    return StorePaths(*map(Path, find_base_dirs(data_dir)))
