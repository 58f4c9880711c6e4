"""`flashcards restore`: bring back what a backup has and the store has not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.errors import FlashcardsError
from flashcards.storage.backups.backups import (
    BEFORE_RESTORE,
    Backup,
    all_backups,
    backups_of,
    folder_of,
    make_backup,
    read_backup,
)
from flashcards.storage.backups.contents import store_in
from flashcards.storage.backups.restore import Restored, restore_exactly, restore_union
from flashcards.storage.known_stores import forget, store_of
from flashcards.storage.paths import Paths


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
    if show:
        _list(world)
        return
    path = backup or _newest(world.paths)
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
        kept = make_backup(world.paths, world.now(), BEFORE_RESTORE, tell=world.tell)
    world.print(f"What was there is kept in {kept}")
    restored = restore_exactly(world.paths, files)
    forget(world.paths)
    _tell(world, path, restored)


def _agreed(world: Context, path: Path) -> bool:
    world.print(f"Everything in {world.paths.data} becomes what it was in {path}. Go on? [y/N]")
    line = world.stdin.readline() if world.stdin is not None else ""
    return line.strip().casefold() in ("y", "yes")


def _newest(paths: Paths) -> Path:
    """Return the newest backup of this store. Raises FlashcardsError where that is a guess."""
    found = backups_of(paths)
    if not found:
        raise FlashcardsError(
            f"There is no backup of this store in {folder_of(paths)}. "
            "Name a file; flashcards restore --list shows those of other stores, too."
        )
    if not store_of(paths) and len({store_in(backup.path) for backup in found}) > 1:
        raise FlashcardsError(
            f"{paths.backups} has backups of several stores, and nothing in {paths.data} says "
            "which one was there. Name a file: flashcards restore --list"
        )
    return found[0].path


def _list(world: Context) -> None:
    own = backups_of(world.paths)
    others = [backup for backup in all_backups(world.paths) if backup not in own]
    _print(world, own)
    if not own:
        world.print("There is no backup yet.")
    if others:
        world.print("Of other stores:")
        _print(world, others)


def _print(world: Context, found: list[Backup]) -> None:
    for backup in found:
        size = backup.path.stat().st_size
        world.print(f"{backup.at:%Y-%m-%d %H:%M} UTC  {backup.why:<14} {size:>12,}  {backup.path}")


def _tell(world: Context, path: Path, restored: Restored) -> None:
    world.print(f"From {path}:")
    world.print(
        f"  {restored.events} entries of history and {len(restored.files)} files came back."
    )
    for name in restored.differing:
        world.print(f"  {name} is another now and was left as it is.")
