"""`flashcards restore`: bring back what a backup has and the store has not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flashcards.cli.context import Context
from flashcards.errors import FlashcardsError
from flashcards.storage.safety.backups import Backup, backups, make_backup, read_backup
from flashcards.storage.safety.known import forget
from flashcards.storage.safety.restoring import Restored, restore_exactly, restore_union


def command(
    context: typer.Context,
    backup: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Undo what came later, too; keeps a backup of it first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    show: Annotated[bool, typer.Option("--list", help="List the backups.")] = False,
) -> None:
    """Bring back what a backup (the newest, if none is named) has and the store has not."""
    world: Context = context.obj
    found = backups(world.paths.backups)
    if show:
        _list(world, found)
        return
    path = backup or (found[0].path if found else None)
    if path is None:
        raise FlashcardsError(f"There is no backup in {world.paths.backups}. Name a file.")
    with world.waiting(f"Reading {path.name}"):
        files = read_backup(path)
    if not exact:
        with world.waiting("Bringing back what is missing"):
            restored = restore_union(world.paths, files, world.now())
        _tell(world, path, restored)
        return
    if not yes and not _agreed(world, path):
        world.print("Nothing was changed.")
        return
    with world.waiting("Making a backup of what is there"):
        kept = make_backup(world.paths, world.now(), "before-restore")
    world.print(f"What was there is kept in {kept}")
    restored = restore_exactly(world.paths, files)
    forget(world.paths)
    _tell(world, path, restored)


def _agreed(world: Context, path: Path) -> bool:
    world.print(f"Everything in {world.paths.data} becomes what it was in {path}. Go on? [y/N]")
    line = world.stdin.readline() if world.stdin is not None else ""
    return line.strip().casefold() in ("y", "yes")


def _list(world: Context, found: list[Backup]) -> None:
    for backup in found:
        size = backup.path.stat().st_size
        world.print(f"{backup.at:%Y-%m-%d %H:%M} UTC  {backup.why:<14} {size:>12,}  {backup.path}")
    if not found:
        world.print("There is no backup yet.")


def _tell(world: Context, path: Path, restored: Restored) -> None:
    world.print(f"From {path}:")
    world.print(
        f"  {restored.events} entries of history and {len(restored.files)} files came back."
    )
    for name in restored.differing:
        world.print(f"  {name} is another now and was left as it is.")
