"""Open an image in the system's viewer."""

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path


def open_image(path: Path) -> str:
    """Open an image in another program without waiting; return a message."""
    viewer = _find_viewer()
    if viewer is None:
        return f"no image viewer found; the image is {path}"
    import subprocess

    no, words = subprocess.DEVNULL, [viewer, str(path)]
    try:
        # The path is an absolute one of the library and one word: no option, no URL.
        subprocess.Popen(words, stdin=no, stdout=no, stderr=no, start_new_session=True)  # noqa: S603
    except OSError as error:
        return f"{viewer}: {error.strerror}; the image is {path}"
    return f"opened {path.name}"


def _find_viewer() -> str | None:
    if sys.platform == "darwin":
        return find_program(["open"], os.environ)
    has_desktop = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))
    return find_program(["wslview", "xdg-open"], os.environ) if has_desktop else None


def find_program(names: Iterable[str], environment: Mapping[str, str]) -> str | None:
    """Return the first of these programs found in an absolute PATH folder."""
    folders = [Path(name) for name in environment.get("PATH", os.defpath).split(os.pathsep)]
    paths = (folder / name for name in names for folder in folders if folder.is_absolute())
    return next((str(path) for path in paths if path.is_file() and os.access(path, os.X_OK)), None)
