"""`flashcards stats --html FILE`: the figures as a page, put where the person said."""

from __future__ import annotations

from pathlib import Path

from flashcards import __version__
from flashcards.cli.context import Context
from flashcards.core.stats.figures import Figures
from flashcards.errors import FlashcardsError
from flashcards.exporters.page import GENERATOR, Made, page
from flashcards.storage.durable import read_regular, write_file

HEAD = 2048
"""Bytes at the beginning of a page in which it says who made it."""


def write_page(world: Context, found: Figures, target: str, of: str, *, force: bool) -> None:
    """Write the page to a file, or to standard output for "-"."""
    where = None if target == "-" else Path(target)
    if where is not None:
        _refuse(where, force=force)
    text = page(found, Made(world.now(), __version__, of))
    if where is None:
        world.write_text(text)
        return
    write_file(where, text.encode("utf-8", "replace"))
    world.print(
        f"{where}: your figures as one page. Any browser opens it; it asks nothing of the net."
    )


def _refuse(where: Path, *, force: bool) -> None:
    """Stop before a file is replaced that is no page of ours, and where no file can be."""
    if where.is_dir():
        raise FlashcardsError(
            f"{where}: this is a folder. Name a file in it: {where / 'stats.html'}"
        )
    if not where.parent.is_dir():
        raise FlashcardsError(f"{where.parent}: there is no such folder. Make it, or name another.")
    if force or not where.exists():
        return
    if GENERATOR.encode() not in read_regular(where)[:HEAD]:
        raise FlashcardsError(
            f"{where}: there is a file already that this program did not make. Nothing was "
            "written; name another, or replace it with --force."
        )
