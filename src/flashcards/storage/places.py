"""The four folders as plain text: all that the quick answer to `flashcards due` needs to know."""

from __future__ import annotations

import os

DATA_DIR = "FLASHCARDS_DATA_DIR"
APP = "flashcards"
SETTINGS = "config.toml"
INDEX = "index.sqlite"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def find_places(
    data_dir: str | None, environ: Mapping[str, str] = os.environ
) -> tuple[str, str, str, str]:
    """Return the data, configuration, state and cache folders.

    The data folder is `data_dir`, else what FLASHCARDS_DATA_DIR says, else the system's.
    """
    from platformdirs import PlatformDirs  # noqa: PLC0415 (kept out of the start of all else)

    system = PlatformDirs(APP, appauthor=False)
    chosen = data_dir or environ.get(DATA_DIR) or system.user_data_dir
    data = os.path.abspath(os.path.expanduser(chosen))  # noqa: PTH100, PTH111 (pathlib is slow)
    return data, system.user_config_dir, system.user_state_dir, system.user_cache_dir
