"""Sync the library with other machines, and settle conflicting texts."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from flashcards.app.command_context import CommandContext
from flashcards.app.prompts import confirm, is_interactive
from flashcards.core.deck_merge.conflict_comments import PREFIX, ConflictText, conflict_texts
from flashcards.errors import DeckError, FlashcardsError, UsageError
from flashcards.storage.decks.merge_deck_files import parse, settle_text
from flashcards.storage.files import make_folder, read_regular_file, replace_file, write_file_atomically
from flashcards.storage.index.library_files import find_deck_files
from flashcards.storage.locks import LONG_LOCK_ATTEMPTS, change_under_lock, hold_lock
from flashcards.storage.store_creation import SUPPORT_FILES
from flashcards.storage.sync.git import Git, Remote, parse_remote
from flashcards.storage.sync.repository import Repository
from flashcards.storage.sync.sync_run import SyncResult, SyncRun

REMOTE_URL = "remote.origin.url"
NO_REMOTE = (
    "There is no remote yet. Name one the first time: flashcards sync ADDRESS, where ADDRESS is "
    "an empty git repository (https://…, HOST:PATH, or a folder), or the one of another machine."
)


def sync_library(context: CommandContext, named: str) -> SyncResult:
    """Exchange everything with the named remote, or the known one."""
    make_folder(context.paths.data_dir)
    with hold_lock(context.paths.data_dir / ".sync.lock", LONG_LOCK_ATTEMPTS):
        data = context.paths.data_dir
        repository = Repository(Git(data, data / ".git"))
        known = repository.git.line("config", "--local", REMOTE_URL) if _is_begun(data) else ""
        if not named and not known:
            raise UsageError(NO_REMOTE)
        remote = parse_remote(named or known, Path.cwd() if named else data)
        if context.paths.format_file.exists():
            with context.open_store(welcome=False) as store:
                store.wait_for_backup()
        made = not known and _begin(context, repository, remote)
        result = _exchange(context, repository, remote, undo=made)
        if remote.url != known:
            repository.git.run("config", REMOTE_URL, remote.url)
    for name, content in SUPPORT_FILES.items():
        if not (data / name).exists():
            write_file_atomically(data / name, content)
    context.open_store(welcome=False).close()
    return result


def _is_begun(data: Path) -> bool:
    return (data / ".git" / "HEAD").exists()


def _begin(context: CommandContext, repository: Repository, remote: Remote) -> bool:
    """Ask before the first sync; tell whether the repository was created."""
    heads = repository.heads(remote)
    has_library = context.paths.format_file.exists()
    question = f"{remote.url} is empty. Begin there with this library?"
    if heads.branches:
        question = f"Take in what {remote.url} holds, and add this library to it?"
    asks = has_library or not heads.branches
    if asks and is_interactive(context) and not confirm(context, question, default=True):
        raise FlashcardsError("Nothing was changed.")
    if not heads.branches and not has_library:
        context.open_store().close()
    made = not _is_begun(context.paths.data_dir)
    own = "" if made else repository.branch()
    if made or not repository.commit_of("HEAD"):
        repository.begin(heads.choose(own))
    if made:
        repository.git.run("config", REMOTE_URL, remote.url)
        tracking = "+refs/heads/*:refs/remotes/origin/*"
        repository.git.run("config", "remote.origin.fetch", tracking)
    return made


def _exchange(context: CommandContext, repository: Repository, remote: Remote, *, undo: bool) -> SyncResult:
    """Run a sync; remove a new repository if the first one fails."""
    try:
        with context.progress_bar("Syncing") as bar:
            sync_run = SyncRun(context.paths, repository, remote, now=context.now, stage=bar.start_stage)
            return sync_run.run()
    except FlashcardsError:
        if undo:
            shutil.rmtree(repository.git.folder, ignore_errors=True)
        raise


def unsettled(context: CommandContext) -> Iterator[tuple[str, int, ConflictText]]:
    """Yield (deck file, index in it, text) of each unsettled conflict."""
    for path, name in find_deck_files(str(context.paths.data_dir)):
        data = read_regular_file(Path(path))
        if PREFIX.encode() in data:
            try:
                found = conflict_texts(parse(data, name))
            except DeckError:
                continue  # reported by `check`
            yield from ((name, place, conflict) for place, conflict in enumerate(found))


def settle(context: CommandContext, choose: Callable[[str, ConflictText], bool | None]) -> tuple[int, int]:
    """Apply each choice, True for the other text; return how many were settled, and left."""
    chosen = [(name, at, conflict, choose(name, conflict)) for name, at, conflict in unsettled(context)]
    for name, place, conflict, take_other in reversed(chosen):  # so that earlier indexes stay valid
        if take_other is not None:
            path = context.paths.data_dir / name
            attempt = partial(_settle_one, path, name, place, conflict, take_other=take_other)
            change_under_lock(context.paths.deck_lock, attempt)
    left = sum(choice is None for *_, choice in chosen)
    return len(chosen) - left, left


def _settle_one(path: Path, name: str, place: int, conflict: ConflictText, *, take_other: bool) -> None:
    data = read_regular_file(path)
    found = conflict_texts(parse(data, name))
    if place >= len(found) or found[place].other != conflict.other:
        raise FlashcardsError(f"{name}: it has changed meanwhile. Begin again.")
    replace_file(path, data, settle_text(data, name, place, take_other=take_other))
