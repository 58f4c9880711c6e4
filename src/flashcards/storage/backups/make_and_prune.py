"""Make, verify and list backups; delete the old ones."""

import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import IO, NamedTuple

from flashcards.errors import StoreError
from flashcards.storage.backups.backup_reader import Backup
from flashcards.storage.backups.contents import BLOCK, DAMAGED, FILES, entries, store_in, to_member
from flashcards.storage.backups.media_store import MediaStore, prune_media
from flashcards.storage.files import PRIVATE_FILE_MODE, draft_of, make_folder, open_regular_file, sync_folder
from flashcards.storage.known_stores import store_of
from flashcards.storage.store_paths import StorePaths

MAX_DAILY_BACKUPS, MAX_WEEKLY_BACKUPS, MAX_MONTHLY_BACKUPS = 7, 8, 24
MAX_BULK_BACKUPS = 10
BACKUP_NAME_REGEX = re.compile(r"(?P<at>\d{8}T\d{6}Z)-(?P<why>daily|bulk|manual|before-restore)\.zip")
TIMESTAMP_FORMAT = "%Y%m%dT%H%M%SZ"
BEFORE_RESTORE = "before-restore"
NEVER_DELETED_REASONS = ("manual", BEFORE_RESTORE)  # made on purpose
COMPRESSION_LEVEL = 1  # zlib's quickest: journals still shrink to a quarter
COMPRESSED_SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".mp3", ".ogg", ".m4a", ".mp4")
"""Media that are compressed already."""
STALE_DRAFT_AGE = timedelta(days=1)  # of drafts left by killed processes
DRAFT_NAME_REGEX = re.compile(rf"\.{BACKUP_NAME_REGEX.pattern}\.\d+\.tmp")
MIN_ZIP_TIME = datetime(1980, 1, 1, tzinfo=UTC)
MAX_ZIP_TIME = datetime(2107, 12, 31, tzinfo=UTC)
SAFE_FOLDER_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")  # store ids that are safe as folder names
MAX_NAMED_FILES = 3  # unreadable files that a message names


class BackupFile(NamedTuple):
    """A backup on disk."""

    path: Path
    created_at: datetime
    reason: str


def list_backups(backups_dir: Path) -> list[BackupFile]:
    """Return the backups in a folder, newest first."""
    return _list_matching(backups_dir, BACKUP_NAME_REGEX)


def _list_matching(folder: Path, name: re.Pattern[str]) -> list[BackupFile]:
    found = []
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in folder.iterdir():
            if match := name.fullmatch(path.name):
                at = datetime.strptime(match["at"], TIMESTAMP_FORMAT).replace(tzinfo=UTC)
                found.append(BackupFile(path, at, match["why"]))
    return _newest_first(found)


def _newest_first(found: Iterable[BackupFile]) -> list[BackupFile]:
    return sorted(found, key=lambda backup: backup.path.name, reverse=True)


def folder_of(paths: StorePaths) -> Path:
    """Return the folder of this store's backups."""
    store = store_of(paths)
    if store and not SAFE_FOLDER_NAME.fullmatch(store):  # format.json may come from anywhere
        store = blake2b(store.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return paths.backups_dir / store


def backups_of(paths: StorePaths) -> list[BackupFile]:
    """Return this store's backups, newest first; all, if its id is unknown."""
    if not store_of(paths):
        return all_backups(paths)
    return _newest_first((*list_backups(folder_of(paths)), *earlier_backups(paths)))


def earlier_backups(paths: StorePaths) -> list[BackupFile]:
    """Return this store's backups in the folder formerly shared by all stores."""
    if not (store := store_of(paths)):
        return []
    return [backup for backup in list_backups(paths.backups_dir) if store_in(backup.path) == store]


def all_backups(paths: StorePaths) -> list[BackupFile]:
    """Return the backups of every store, newest first."""
    folders = [paths.backups_dir]
    with suppress(FileNotFoundError, NotADirectoryError):
        folders += [path for path in paths.backups_dir.iterdir() if path.is_dir()]
    return _newest_first(backup for folder in folders for backup in list_backups(folder))


class BackupCancelledError(Exception):
    """The backup in progress is no longer wanted."""


def make_backup(  # noqa: PLR0913 (what is made, where, and who hears of it)
    paths: StorePaths,
    at: datetime,
    reason: str,
    target: Path | None = None,
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
    tell: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write the data folder into one zip file; return its path once verified.

    `tell` receives a message about unreadable files, which are left out. Raises StoreError if it does
    not read back, BackupCancelledError once cancelled.
    """
    timestamp = at.astimezone(UTC).strftime(TIMESTAMP_FORMAT)
    path = target or folder_of(paths) / f"{timestamp}-{reason}.zip"
    make_folder(path.parent)
    draft = draft_of(path)
    earlier = () if target else (backup.path for backup in list_backups(path.parent))
    media = MediaStore(path.parent, earlier, int(at.timestamp() * 1e9))
    try:
        with media:
            sizes, missed = _write_archive(draft, paths, None if target else media, is_cancelled)
            if reason != BEFORE_RESTORE:
                _raise_if_history_unreadable(paths.data_dir, missed)
            _verify_archive(draft, sizes, is_cancelled)
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    if missed:
        tell(_missed_files_message(path, missed))
    return path


def _write_archive(
    draft: Path, paths: StorePaths, media: MediaStore | None, is_cancelled: Callable[[], bool]
) -> tuple[dict[str, int], dict[str, str]]:
    """Write the zip file; return (sizes by name, errors by unreadable name)."""
    sizes: dict[str, int] = {}
    missed: dict[str, str] = {}
    read = partial(_read_chunks, is_cancelled=is_cancelled)

    def report(error: OSError) -> None:
        missed[os.path.relpath(error.filename, paths.data_dir)] = error.strerror or str(error)

    fd = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, PRIVATE_FILE_MODE)
    with os.fdopen(fd, "w+b") as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name in entries(paths.data_dir, report, follow_links=True):
                if source := _open_source(paths.data_dir / name, report):
                    with source:
                        if media and name.startswith("media/"):
                            sizes[name] = media.keep(to_member(name), source, read)
                            continue
                        member = _zip_member(to_member(name), os.fstat(source.fileno()))
                        with archive.open(member, "w") as target:
                            sizes[name] = sum(map(target.write, read(source)))
            if media:
                media.write_manifest(archive)
            archive.comment = FILES.format(len(archive.infolist())).encode()
        file.flush()
        os.fsync(file.fileno())
    return sizes, missed


def _open_source(path: Path, report: Callable[[OSError], None]) -> IO[bytes] | None:
    """Open a file or a link's target; None for anything else, such as a FIFO."""
    try:
        return open_regular_file(path) if path.is_file() else None
    except FileNotFoundError:  # deleted meanwhile
        return None
    except OSError as error:
        report(error)
        return None


def _raise_if_history_unreadable(data: Path, missed: dict[str, str]) -> None:
    """Raise StoreError if something other than decks and media is unreadable."""
    for name, why in missed.items():
        if not name.startswith(("decks", "media", "anki", "imports")):
            raise StoreError(f"{data / name}: this cannot be read ({why}), and a backup needs it.")


def _missed_files_message(path: Path, missed: dict[str, str]) -> str:
    named = ", ".join(f"{name} ({why})" for name, why in list(missed.items())[:MAX_NAMED_FILES])
    more = f" and {len(missed) - MAX_NAMED_FILES} more" if len(missed) > MAX_NAMED_FILES else ""
    return f"{path}: not in this backup, because it cannot be read: {named}{more}."


def _read_chunks(source: IO[bytes], is_cancelled: Callable[[], bool]) -> Iterator[bytes]:
    while chunk := source.read(BLOCK):
        if is_cancelled():
            raise BackupCancelledError
        yield chunk


def _zip_member(name: str, found: os.stat_result) -> zipfile.ZipInfo:
    """Return a zip member with the file's time, clamped to the format's years."""
    seconds = min(max(found.st_mtime, MIN_ZIP_TIME.timestamp()), MAX_ZIP_TIME.timestamp())
    at = datetime.fromtimestamp(seconds, UTC)
    member = zipfile.ZipInfo(name, at.timetuple()[:6])
    if not name.endswith(COMPRESSED_SUFFIXES):
        member.compress_type = zipfile.ZIP_DEFLATED
        setattr(member, "_compresslevel", COMPRESSION_LEVEL)  # noqa: B010 (no public name before Python 3.13)
    member.external_attr = PRIVATE_FILE_MODE << 16
    member.file_size = found.st_size  # lets zipfile use ZIP64 if necessary
    return member


def _verify_archive(path: Path, sizes: dict[str, int], is_cancelled: Callable[[], bool]) -> None:
    """Read the backup as a restore does. Raises StoreError if it differs."""
    found: dict[str, int] = {}
    with suppress(*DAMAGED):
        backup = Backup(path, (path.parent,))
        backup.verify(is_cancelled)
        found = backup.sizes
    if is_cancelled():
        raise BackupCancelledError
    if found != sizes:
        raise StoreError(f"{path}: the new backup could not be verified. Try again.")


def delete_old_backups(backups_dir: Path, earlier: Iterable[BackupFile] = ()) -> list[Path]:
    """Delete backups beyond 7 daily, 8 weekly and 24 monthly ones; return their paths.

    `earlier` are this store's backups elsewhere. The last 10 before an import stay, because their names
    were shown for undoing it. Drafts of killed processes are deleted, too.
    """
    backups = _newest_first((*list_backups(backups_dir), *earlier))
    deletable = [backup for backup in backups if backup.reason not in NEVER_DELETED_REASONS]
    kept = {backup.path for backup in [b for b in deletable if b.reason == "bulk"][:MAX_BULK_BACKUPS]}
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (MAX_DAILY_BACKUPS, lambda at: at.date()),
        (MAX_WEEKLY_BACKUPS, lambda at: at.isocalendar()[:2]),
        (MAX_MONTHLY_BACKUPS, lambda at: (at.year, at.month)),
    )
    for most, period in rules:
        newest: dict[object, Path] = {}
        for backup in deletable:
            newest.setdefault(period(backup.created_at), backup.path)
        kept |= set(list(newest.values())[:most])
    deleted = [backup.path for backup in deletable if backup.path not in kept]
    deleted += [
        draft.path
        for draft in _list_matching(backups_dir, DRAFT_NAME_REGEX)
        if draft.created_at < deletable[0].created_at - STALE_DRAFT_AGE
    ]
    for path in deleted:
        path.unlink(missing_ok=True)
    if deleted:
        prune_media(backups_dir)
    return deleted
