"""Base folders for data, configuration, state and cache."""

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
"""The XDG folders below the home folder, unless the environment overrides them."""

NOWHERE = "/dev/null"  # a folder in which nothing can be created
UNKNOWN_USER = 65534  # owner of files in a container that does not know their user


def find_base_dirs(
    data_dir: str | None, environ: Mapping[str, str] = os.environ
) -> tuple[str, str, str, str]:
    """Return the data, configuration, state and cache folders.

    The data folder is `data_dir`, else FLASHCARDS_DATA_DIR, else the system's; "" without a home folder
    of this user.
    """
    chosen, config, state, cache = _system_base_dirs(environ)
    chosen = data_dir or environ.get(DATA_DIR_VARIABLE) or chosen
    data = chosen and os.path.abspath(os.path.expanduser(chosen))  # noqa: PTH100, PTH111 (pathlib is slow)
    return data, config, state, cache


def _system_base_dirs(environ: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Return the system's base folders.

    On an ordinary Linux they are computed here: with platformdirs, and the pathlib that it loads,
    `flashcards due` takes a third longer. A test compares the two.
    """
    home = environ.get("HOME", "")
    homeless = _is_homeless(home)
    if not homeless and (sys.platform != "linux" or not home.startswith("/") or "ANDROID_ROOT" in environ):
        from platformdirs import PlatformDirs

        system = PlatformDirs(APP_NAME, appauthor=False)
        data, config = system.user_data_dir, system.user_config_dir
        return data, config, system.user_state_dir, system.user_cache_dir
    base = home.rstrip("/")
    defaults = {name: NOWHERE if homeless else f"{base}/{usual}" for name, usual in XDG_DEFAULTS}
    data, config, state, cache = (
        _xdg_app_dir(environ.get(f"XDG_{name}_HOME", ""), default) for name, default in defaults.items()
    )
    return "" if homeless and not environ.get("XDG_DATA_HOME") else data, config, state, cache


def _is_homeless(home: str) -> bool:
    """Tell whether the home folder is missing or another user's, as after sudo."""
    if os.geteuid():
        return not home and os.path.expanduser("~") == "~"  # noqa: PTH111 (as above)
    try:
        return not home or os.stat(home).st_uid not in (0, UNKNOWN_USER)  # noqa: PTH116 (as above)
    except OSError:
        return False


def _xdg_app_dir(configured: str, default: str) -> str:
    return os.path.join(configured if configured.startswith("/") else default, APP_NAME)  # noqa: PTH118 (as above)
