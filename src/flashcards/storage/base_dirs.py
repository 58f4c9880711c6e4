"""Base folders for data, configuration, state and cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

DATA_DIR_VARIABLE = "FLASHCARDS_DATA_DIR"
APP_NAME = "flashcards"
SETTINGS_FILE_NAME = "config.toml"
INDEX_FILE_NAME = "index.sqlite"

XDG_DEFAULTS = (
    ("DATA", ".local/share"), ("CONFIG", ".config"), ("STATE", ".local/state"), ("CACHE", ".cache"),
)  # fmt: skip
"""The XDG folders below the home folder where the environment names no others."""

NOWHERE = "/dev/null"
"""A folder in which nothing can be made."""
UNKNOWN_USER = 65534
"""Who files are of in a container that does not know their owner."""


def find_base_dirs(
    data_dir: str | None, environ: Mapping[str, str] = os.environ
) -> tuple[str, str, str, str]:
    """Return the data, configuration, state and cache folders.

    The data folder is `data_dir`, else what FLASHCARDS_DATA_DIR says, else the system's; "" where
    there is no home folder of this user.
    """
    chosen, config, state, cache = _system_base_dirs(environ)
    chosen = data_dir or environ.get(DATA_DIR_VARIABLE) or chosen
    data = chosen and os.path.abspath(os.path.expanduser(chosen))  # noqa: PTH100, PTH111 (pathlib is slow)
    return data, config, state, cache


def _system_base_dirs(environ: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Return where the system keeps data, configuration, state and caches.

    What platformdirs says is plain on an ordinary Linux, where loading it would take a tenth of the
    time of `flashcards due`; a test compares the two.
    """
    home = environ.get("HOME", "")
    if _is_homeless(home):
        data, config, state, cache = (
            _xdg_app_dir(environ.get(f"XDG_{name}_HOME", ""), NOWHERE) for name, _ in XDG_DEFAULTS
        )
        return data if environ.get("XDG_DATA_HOME") else "", config, state, cache
    if sys.platform != "linux" or not home.startswith("/") or "ANDROID_ROOT" in environ:
        from platformdirs import PlatformDirs

        system = PlatformDirs(APP_NAME, appauthor=False)
        return (
            system.user_data_dir, system.user_config_dir,
            system.user_state_dir,
            system.user_cache_dir,
        )  # fmt: skip
    data, config, state, cache = (
        _xdg_app_dir(environ.get(f"XDG_{name}_HOME", ""), f"{home.rstrip('/')}/{usual}")
        for name, usual in XDG_DEFAULTS
    )
    return data, config, state, cache


def _is_homeless(home: str) -> bool:
    """Tell whether files at home would lie in another's, as after sudo, or in no home at all."""
    if os.geteuid():
        return not home and os.path.expanduser("~") == "~"  # noqa: PTH111 (as above)
    try:
        return not home or os.stat(home).st_uid not in (0, UNKNOWN_USER)  # noqa: PTH116 (as above)
    except OSError:
        return False


def _xdg_app_dir(configured: str, default: str) -> str:
    return os.path.join(configured if configured.startswith("/") else default, APP_NAME)  # noqa: PTH118 (as above)
