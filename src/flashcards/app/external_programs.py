"""Open an image in the system's viewer."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path


def open_image(path: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Open a picture in another program, and do not wait for it; return what to tell."""
    viewer = _find_viewer(environment)
    if viewer is None:
        return f"no image viewer found; the image is {path}"
    import subprocess

    no, words = subprocess.DEVNULL, [viewer, str(path)]
    try:
        # The path was found in the library, is absolute, and is one word: no option, no address.
        subprocess.Popen(  # noqa: S603
            words, stdin=no, stdout=no, stderr=no, start_new_session=True
        )
    except OSError as error:
        return f"{viewer}: {error.strerror}; the image is {path}"
    return f"opened {path.name}"


def _find_viewer(environment: Mapping[str, str]) -> str | None:
    """Return the program that opens files as a double click would; None without a desktop."""
    if sys.platform == "darwin":
        return shutil.which("open", path=environment.get("PATH"))
    if not any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")):
        return None
    names = ("wslview", "xdg-open")
    return next(filter(None, (shutil.which(n, path=environment.get("PATH")) for n in names)), None)
