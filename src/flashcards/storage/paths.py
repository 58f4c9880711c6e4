"""Where everything lives: the person's data, settings, this machine's state, and the cache."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DATA_DIR = "FLASHCARDS_DATA_DIR"
APP = "flashcards"


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
    def settings(self) -> Path:
        """The settings file; it may be missing."""
        return self.config / "config.toml"

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
        return self.cache / "index.sqlite"


def find_paths(data_dir: str | None = None, environ: Mapping[str, str] = os.environ) -> Paths:
    """Return the folders to use; `data_dir`, then FLASHCARDS_DATA_DIR, override the system's."""
    from platformdirs import PlatformDirs  # noqa: PLC0415 (20 ms that `flashcards due` can save)

    system = PlatformDirs(APP, appauthor=False)
    chosen = data_dir or environ.get(DATA_DIR) or system.user_data_dir
    return Paths(
        data=Path(chosen).expanduser().absolute(),
        config=Path(system.user_config_dir),
        state=Path(system.user_state_dir),
        cache=Path(system.user_cache_dir),
    )


def find_places(data_dir: str | None) -> tuple[str, str, str]:
    """Return the data folder, the settings file and the index, as texts."""
    paths = find_paths(data_dir)
    return str(paths.data), str(paths.settings), str(paths.index)
