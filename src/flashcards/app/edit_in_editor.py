"""Edit a deck file in the user's editor: a copy, merged back afterwards."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from tempfile import mkdtemp

from flashcards.errors import FlashcardsError
from flashcards.storage.decks.merge_deck_files import merge_edit
from flashcards.storage.files import (
    FileChange,
    make_folder,
    read_if_there,
    read_regular_file,
    write_file_atomically,
)
from flashcards.storage.locks import change_under_lock
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import change_files

PLUS_LINE = (  # editors that take the line as +LINE
    "vi", "vim", "nvim", "nano", "emacs", "emacsclient", "kak", "micro", "pico", "joe", "mg", "ne",
)  # fmt: skip
COLON_LINE: dict[str, list[str]] = {
    "code": ["--wait", "--goto"], "codium": ["--wait", "--goto"], "subl": ["--wait"], "zed": ["--wait"],
    "hx": [],
}  # fmt: skip
"""Editors that take FILE:LINE, with the options that make them wait until it is closed."""


def edit_deck(store: Store, name: str, line: int) -> str:
    """Edit a deck file; return the editor's error message, or "".

    Changes made meanwhile by others are merged. Raises OSError or FlashcardsError if that fails: then
    the copy is kept, and the message names it.
    """
    paths = store.paths
    path = paths.data_dir / name
    before = read_regular_file(path)
    make_folder(paths.edits)
    folder = Path(mkdtemp(dir=paths.edits))
    for schema in path.parent.glob("*.schema.json"):  # named in the deck's first line
        (folder / schema.name).symlink_to(schema)
    copy = folder / path.name
    write_file_atomically(copy, before)
    message = open_editor(copy, line)
    after = read_if_there(copy)
    if after is not None and after != before:
        try:
            change_under_lock(paths.deck_lock, lambda: _take_over(store, name, before, after))
        except (OSError, FlashcardsError) as error:
            raise FlashcardsError(
                f"{error}\nThe deck was left as it is. What you wrote is kept in {copy}: "
                f"open the deck again, and take over from there what you want."
            ) from error
    shutil.rmtree(folder, ignore_errors=True)
    return message


def _take_over(store: Store, name: str, before: bytes, after: bytes) -> None:
    path = store.paths.data_dir / name
    now = read_if_there(path)
    if now is None:
        raise FlashcardsError(f"{name}: it was deleted while your editor was open.")
    change_files(store, "edit", name, [FileChange(path, now, merge_edit(name, before, now, after))])


def open_editor(path: Path, line: int) -> str:
    """Run $VISUAL or $EDITOR on a file; return an error message or ""."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        words = shlex.split(command)
        name = Path(words[0]).name
        place = [f"+{line}"] if name in PLUS_LINE and line else []
        if name in COLON_LINE:
            place = COLON_LINE[name]
            path = Path(f"{path}:{line}")
        # The command is the user's own setting, the path is ours: no card text is in it.
        code = subprocess.run([*words, *place, str(path)], check=False).returncode  # noqa: S603
    except (OSError, ValueError, IndexError) as error:
        return f"{command}: {error}. Set EDITOR to the command of your editor."
    return f"{command}: the editor exited with code {code}." if code else ""
