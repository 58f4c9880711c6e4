"""`flashcards backup`: everything in one file, now."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.storage.backups.backups import make_backup


def command(
    context: typer.Context,
    target: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
) -> None:
    """Write decks, journals and media into one zip file, and read it back."""
    world: Context = context.obj
    world.open(welcome=False).close()  # which stops where history is missing
    with world.waiting("Making a backup"):
        path = make_backup(world.paths, world.now(), "manual", target, tell=world.tell)
    world.print(f"{path}  ({path.stat().st_size:,} bytes, read back and found whole)")
