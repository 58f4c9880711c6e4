"""The folders and files of a store."""

from pathlib import Path

from flashcards.storage.base_dirs import INDEX_FILE_NAME, SETTINGS_FILE_NAME, find_base_dirs

LIBRARY_FOLDERS = ("decks", "journal", "media", "anki", "imports")  # in the data folder, backed up and synced
PENDING = ".pending"  # suffix of the folder of a step in progress


class StorePaths:
    """The four folders of a store, and the files in them."""

    def __init__(self, data_dir: Path, config_dir: Path, state_dir: Path, cache_dir: Path) -> None:
        self.data_dir, self.config_dir = data_dir, config_dir
        self.state_dir, self.cache_dir = state_dir, cache_dir
        self.decks_dir = data_dir / "decks"  # the library, edited by the user
        self.journal_dir = data_dir / "journal"  # a file for each device and month
        self.media_dir = data_dir / "media"  # images and sounds of imported decks
        self.format_file = data_dir / "format.json"  # marks the folder as a store
        self.lock_file = data_dir / ".lock"  # held while events are appended
        self.deck_lock = data_dir / ".decks.lock"  # held from reading a deck to replacing it
        self.ready_restore = data_dir / ".restore-ready.tmp"  # an unpacked backup to install
        self.settings_file = config_dir / SETTINGS_FILE_NAME
        self.settings_lock = state_dir / ".config.lock"
        self.edits = state_dir / "edits"  # deck files that are open in an editor
        self.device_file = state_dir / "device.json"
        self.known_stores_file = state_dir / "known.json"
        self.backups_dir = state_dir / "backups"
        self.undo_dir = state_dir / "undo"  # files as they were before each step
        self.index_file = cache_dir / INDEX_FILE_NAME

    @property
    def has_pending_steps(self) -> bool:
        """Whether a step of any store is unfinished."""
        return any(self.undo_dir.glob(f"*/*{PENDING}"))


def find_store_paths(data_dir: str | None = None) -> StorePaths:
    """Return the paths of a store; see `find_base_dirs`."""
    return StorePaths(*map(Path, find_base_dirs(data_dir)))
