"""Back up before the first write of the day, and before bulk changes, in a thread."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread

from flashcards.errors import StoreError
from flashcards.storage.files import defer_interrupts
from flashcards.storage.store_paths import StorePaths

MAX_EVENTS_WITHOUT_BACKUP = 20  # in one write; more are a bulk change
NOTICE_DELAY = 0.5  # seconds that a write waits before a notice
LEAVING_NOTICE_DELAY = 1.0  # seconds that closing waits before a notice
DAILY_MESSAGE = "Backing up before the first change of the day …"
BULK_MESSAGE = "Backing up before this change …"
LEAVING_MESSAGE = "Finishing today's backup …"


class BackupBeforeWrite:
    """The backups of one open store: daily, and before bulk changes."""

    def __init__(self, paths: StorePaths, now: Callable[[], datetime]) -> None:
        self.failures: list[str] = []  # messages about missing or incomplete backups, shown once
        self._paths = paths
        self._now = now
        self._started_day: date | None = None  # in UTC, as in the names of backups
        self._daily_thread: Thread | None = None
        self._cancelled = Event()

    def start_daily_backup(self) -> None:
        """Start today's backup if there is none, without waiting."""
        at = self._now()
        if (day := at.astimezone(UTC).date()) != self._started_day:
            self._started_day = day
            self._daily_thread = self._start_thread(lambda: self._make_daily_backup(at))

    def wait_for_daily_backup(self, notify: Callable[[str], None]) -> None:
        """Wait for today's backup or its failure; `notify` reports a long wait."""
        self.start_daily_backup()
        if self._daily_thread is not None:
            _wait_for_thread(self._daily_thread, DAILY_MESSAGE, notify)
            self._daily_thread = None

    def make_bulk_backup(self, notify: Callable[[str], None]) -> Path:
        """Make a separate backup and return it. Raises StoreError."""
        at, outcome = self._now(), list[Path | Exception | None]()

        def make() -> None:
            try:
                outcome.append(self._make_and_delete_old(at, "bulk"))
            except Exception as error:  # noqa: BLE001 (a thread's fault is its caller's)
                outcome.append(error)

        _wait_for_thread(self._start_thread(make), BULK_MESSAGE, notify)
        if not isinstance(path := outcome[0], Path):
            raise StoreError(
                f"Nothing was saved: the backup before it failed: {path}. "
                f"Free disk space, or fix {self._paths.backups_dir}, and try again."
            ) from path
        return path

    def close(self, notify: Callable[[str], None]) -> None:
        """Finish a started backup; Ctrl-C cancels it."""
        if self._daily_thread is not None:
            try:
                _wait_for_thread(self._daily_thread, LEAVING_MESSAGE, notify, LEAVING_NOTICE_DELAY)
            except KeyboardInterrupt:
                self._cancelled.set()
                self._daily_thread.join()
                raise

    @staticmethod
    def _start_thread(task: Callable[[], None]) -> Thread:
        thread = Thread(target=task)
        with defer_interrupts():  # the thread inherits it: only the main thread handles Ctrl-C
            thread.start()
        return thread

    def _make_daily_backup(self, at: datetime) -> None:
        try:
            self._make_and_delete_old(at, "daily")
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not end the session)
            if not self._cancelled.is_set():
                self.failures.append(f"Today's backup could not be made: {error}")

    def _make_and_delete_old(self, at: datetime, reason: str) -> Path | None:
        """Make a backup, unless it is daily and there is one of that day."""
        from flashcards.storage.backups import make_and_prune as backups

        days = {backup.created_at.date() for backup in backups.list_backups(backups.folder_of(self._paths))}
        if reason == "daily" and at.astimezone(UTC).date() in days:
            return None
        path = backups.make_backup(
            self._paths, at, reason, is_cancelled=self._cancelled.is_set, tell=self.failures.append
        )
        backups.delete_old_backups(path.parent, backups.earlier_backups(self._paths))
        return path


def _wait_for_thread(
    thread: Thread, message: str, notify: Callable[[str], None], delay: float = NOTICE_DELAY
) -> None:
    thread.join(delay)
    if thread.is_alive():
        notify(message)
        thread.join()
