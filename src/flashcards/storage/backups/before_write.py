"""What is kept safe before a write: begun early where that is possible, waited for with a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread

from flashcards.errors import StoreError
from flashcards.storage.files import uninterrupted
from flashcards.storage.paths import Paths

PATIENCE = 0.5
"""Seconds that a write waits before anything is said of it."""
WAITS = "Making {a} backup before anything is written …"
DAILY, BULK = "today's", "a"


class Beforehand:
    """The backups of one open store: today's, and those before bulk changes."""

    def __init__(self, paths: Paths, now: Callable[[], datetime]) -> None:
        self.faults: list[str] = []
        """What a backup lacks, or why there is none, to be told once; studying goes on."""
        self._paths = paths
        self._now = now
        self._day: date | None = None
        """The day (in UTC, as in the names of backups) whose backup was begun."""
        self._work: Thread | None = None
        self._given_up = Event()

    def begin(self) -> None:
        """Begin today's backup if there is none yet, and do not wait for it."""
        at = self._now()
        if (day := at.astimezone(UTC).date()) != self._day:
            self._day = day
            self._work = self._started(lambda: self._daily(at))

    def wait(self, say: Callable[[str], None]) -> None:
        """Return once today's backup is there, or cannot be; `say` is told of a long wait."""
        self.begin()
        if self._work is not None:
            _join(self._work, DAILY, say)
            self._work = None

    def bulk(self, say: Callable[[str], None]) -> Path:
        """Make a backup of its own, and return it. Raises StoreError when it cannot be made."""
        at, made = self._now(), list[Path | Exception]()

        def make() -> None:
            try:
                made.append(self._make(at, "bulk"))
            except Exception as error:  # noqa: BLE001 (a thread's fault is its caller's)
                made.append(error)

        _join(self._started(make), BULK, say)
        if not isinstance(path := made[0], Path):
            raise StoreError(
                f"Nothing was written, for the backup before it could not be made: {path}. "
                f"Make room, or mend {self._paths.backups}, and try again."
            ) from path
        return path

    def close(self) -> None:
        """Give up a backup that no write waited for."""
        if self._work is not None:
            self._given_up.set()
            self._work.join()

    @staticmethod
    def _started(work: Callable[[], None]) -> Thread:
        thread = Thread(target=work)
        with uninterrupted():  # the thread begins like this: Ctrl-C is the main one's to hold
            thread.start()
        return thread

    def _daily(self, at: datetime) -> None:
        from flashcards.storage.backups.backups import (
            GivenUpError,
            backups,
            folder_of,
        )

        try:
            days = {backup.at.date() for backup in backups(folder_of(self._paths))}
            if at.astimezone(UTC).date() not in days:
                self._make(at, "daily")
        except GivenUpError:
            pass
        except Exception as error:  # noqa: BLE001 (whatever it is, it must not end the session)
            self.faults.append(f"Today's backup could not be made: {error}")

    def _make(self, at: datetime, why: str) -> Path:
        from flashcards.storage.backups.backups import (
            earlier_backups,
            make_backup,
            thin_out,
        )

        path = make_backup(
            self._paths, at, why, given_up=self._given_up.is_set, tell=self.faults.append
        )
        thin_out(path.parent, earlier_backups(self._paths))
        return path


def _join(work: Thread, whose: str, say: Callable[[str], None]) -> None:
    work.join(PATIENCE)
    if work.is_alive():
        say(WAITS.format(a=whose))
        work.join()
