"""`flashcards restore`: restore what is missing from a backup."""

from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext
from flashcards.app.prompts import confirm
from flashcards.core.format_count import format_count
from flashcards.errors import FlashcardsError
from flashcards.storage.backups.backup_reader import read_backup
from flashcards.storage.backups.contents import store_in
from flashcards.storage.backups.exact_restore import restore_exactly
from flashcards.storage.backups.make_and_prune import (
    BEFORE_RESTORE,
    BackupFile,
    all_backups,
    backups_of,
    folder_of,
    make_backup,
)
from flashcards.storage.backups.restore_missing import RestoreResult, restore_missing
from flashcards.storage.known_stores import store_of
from flashcards.storage.store_paths import StorePaths


def command(
    context: CommandContext,
    backup: Annotated[Path | None, typer.Argument(metavar="[FILE]")] = None,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact", help="Also remove what is newer than the backup (a backup of it is made first)."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    show_list: Annotated[bool, typer.Option("--list", help="List the backups.")] = False,
) -> None:
    """Restore what is missing from a backup, the newest by default."""
    if show_list:
        _print_backups(context)
        return
    path = backup or _newest(context.paths)
    context.print_new_folder(adds=True)
    with context.progress_bar(f"Reading {path.name}"):
        files = read_backup(path, folder_of(context.paths))
    if exact:
        question = f"Everything in {context.paths.data_dir} will be replaced by {path}. Continue?"
        if not yes and not confirm(context, question):
            context.print("Nothing was changed.")
            return
        with context.progress_bar("Backing up the current data"):
            kept = make_backup(context.paths, context.now(), BEFORE_RESTORE, tell=context.print_notice)
        context.print(f"The current data was backed up to {kept}")
        with context.progress_bar("Writing what the backup has"):
            restored = restore_exactly(context.paths, files)
    else:
        with context.progress_bar("Restoring what is missing"):
            restored = restore_missing(context.paths, files, context.now())
    _print_restored(context, path, restored)


def _newest(paths: StorePaths) -> Path:
    """Return the newest backup of this store. Raises FlashcardsError if several stores are possible."""
    backups = backups_of(paths)
    if not backups:
        raise FlashcardsError(
            f"There is no backup of this store in {folder_of(paths)}. "
            "Name a file; flashcards restore --list shows those of other stores, too."
        )
    if not store_of(paths) and len({store_in(backup.path) for backup in backups}) > 1:
        raise FlashcardsError(
            f"{paths.backups_dir} has backups of several stores, and nothing in {paths.data_dir} "
            "says which one was there. Name a file: flashcards restore --list"
        )
    return backups[0].path


def _print_backups(context: CommandContext) -> None:
    own = backups_of(context.paths)
    others = [backup for backup in all_backups(context.paths) if backup not in own]
    lines = [*map(_describe_backup, own)] or ["No backups yet. Make one: flashcards backup"]
    if others:
        lines += ["Of other stores:", *map(_describe_backup, others)]
    context.print_lines(lines)


def _describe_backup(backup: BackupFile) -> str:
    made, size = f"{backup.created_at:%Y-%m-%d %H:%M} UTC", backup.path.stat().st_size
    return f"{made}  {backup.reason:<14} {size:>12,}  {backup.path}"


def _print_restored(context: CommandContext, path: Path, restored: RestoreResult) -> None:
    context.print(f"From {path}:")
    events = f"{format_count(restored.event_count, 'event')} and " if restored.event_count else ""
    context.print(f"  Restored {events}{format_count(len(restored.restored_files), 'file')}.")
    for name in restored.differing_files:
        context.print(f"  {name} has changed since and was left unchanged.")
    for name in restored.lost_files:
        context.print(f"  {name} was not restored: its copy beside the backup is missing or damaged.")
