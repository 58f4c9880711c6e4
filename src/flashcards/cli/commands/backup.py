"""`flashcards backup`: write a backup now."""

from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext, require_unused_paths
from flashcards.storage.backups.make_and_prune import make_backup


def command(
    context: CommandContext,
    target: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace a file that is there.")] = False,
) -> None:
    """Write a verified backup of everything to one zip file."""
    if target and not force:
        require_unused_paths([target])
    context.open_store(welcome=False).close()  # stops if history is missing
    with context.progress_bar("Making a backup"):
        path = make_backup(context.paths, context.now(), "manual", target, tell=context.print_notice)
    context.print(f"{path}  ({path.stat().st_size:,} bytes, verified)")
