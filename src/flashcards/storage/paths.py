"""Where everything lives: the person's data, settings, this machine's state, and the cache."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flashcards.storage.base_dirs import INDEX, SETTINGS, find_places


@dataclass(frozen=True, slots=True)
class Paths:
    """The four folders, and the files in them."""

    data: Path
    config: Path
    state: Path
    cache: Path

    @property
    def decks(self) -> Path:
        """The library: deck files, for the person to edit."""
        return self.data / "decks"

    @property
    def journal(self) -> Path:
        """What was done, one file a device and year."""
        return self.data / "journal"

    @property
    def media(self) -> Path:
        """Pictures that came with imported decks."""
        return self.data / "media"

    @property
    def format(self) -> Path:
        """The proof that a store was here."""
        return self.data / "format.json"

    @property
    def lock(self) -> Path:
        """Held while anything is appended."""
        return self.data / ".lock"

    @property
    def deck_lock(self) -> Path:
        """Held while a deck file is changed: from the reading of it to the replacing."""
        return self.data / ".decks.lock"

    @property
    def settings_lock(self) -> Path:
        """Held while the settings file is changed."""
        return self.state / ".config.lock"

    @property
    def edits(self) -> Path:
        """Copies of deck files that are open in an editor."""
        return self.state / "edits"

    @property
    def settings(self) -> Path:
        """The settings file; it may be missing."""
        return self.config / SETTINGS

    @property
    def device(self) -> Path:
        """This machine's name in the journal."""
        return self.state / "device.json"

    @property
    def known(self) -> Path:
        """What this machine remembers of its stores."""
        return self.state / "known.json"

    @property
    def backups(self) -> Path:
        """Copies of the data folder."""
        return self.state / "backups"

    @property
    def index(self) -> Path:
        """The cache of everything derived."""
        return self.cache / INDEX


def find_paths(data_dir: str | None = None) -> Paths:
    """Return the folders to use; see `find_places`."""
    return Paths(*map(Path, find_places(data_dir)))
