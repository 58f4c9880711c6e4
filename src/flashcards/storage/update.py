"""One catching-up of the index: reads what changed in journals and decks, in one transaction."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, Error
from zlib import crc32

from flashcards.errors import StoreError
from flashcards.storage import turns
from flashcards.storage.asked import NEW_LIMIT, OF_DECK, REPEAT_BELOW, REVIEW_LIMIT
from flashcards.storage.bulk import is_bulk, put_aside
from flashcards.storage.durable import read_regular
from flashcards.storage.freshness import Found, changed
from flashcards.storage.paths import Paths
from flashcards.storage.settings import Settings
from flashcards.storage.siblings import SETTING as SIBLINGS_APART
from flashcards.storage.sources import (
    DECKS,
    FRESH_NS,
    JOURNAL,
    NOTHING,
    SETTINGS,
    Signature,
    sources,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.storage.journal import Read
    from flashcards.storage.written import Written

Hold = Callable[[], contextlib.AbstractContextManager[None]]
BLOCK = 64 << 10
"""Bytes before the end of a journal whose sum tells whether a long one was only added to."""
LONG = 4 << 20
"""Bytes up to which a journal that grew is compared as a whole."""


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the index knows it."""

    signature: Signature
    trusted: bool
    end: int = 0
    lines: int = 0
    sum: int = 0
    tail: int = 0
    """CRC-32 of the last BLOCK bytes before `end`."""


UNKNOWN = Known(NOTHING, trusted=False)


class StaleError(Exception):
    """The index does not fit what is on the disk, so it is made anew."""


class Update:
    """Brings an index up to date with the files that it was made from."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._paths = paths
        self._settings = settings
        self._settings_sign: Signature | None = None
        self._clock_ns = clock_ns
        self.written: dict[Path, Written] = {}
        """What our own pen has appended since: it need not be parsed to be known."""

    def found(self) -> Found:
        """Return the files that the collection is made of. Raises StoreError."""
        data, settings = str(self._paths.data), str(self._paths.settings)
        try:
            found = {name: (path, sign) for name, path, sign in sources(data, settings)}
        except OSError as error:
            raise _unreadable(error.filename, error) from error
        self._settings_sign = self._settings_sign or found[SETTINGS][1]
        return found

    def run(self, connection: Connection, hold: Hold = contextlib.nullcontext) -> None:
        """Read what changed since the last time, in one transaction. Raises StaleError.

        While it writes, `hold` keeps the index in its place.
        """
        if changed(connection, self.found()):
            with hold():
                self._write(connection)

    def _write(self, connection: Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been here first, and have seen more: so look again.
            found, known = self.found(), _known(connection)
            _refuse_gone_journals(found, known)
            bulk = _is_bulk(found, known)
            with put_aside(connection, bulk=bulk):
                self._take_journals(connection, found, known, bulk=bulk)
                if any(name.startswith(DECKS) for name in changed(connection, found)):
                    self._take_decks(connection, found, known)
                turns.settle(connection)
            self._note_settings(connection, found)
            count_change(connection)
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(Error):
                connection.execute("ROLLBACK")
            raise

    def _take_journals(
        self, connection: Connection, found: Found, known: dict[str, Known], *, bulk: bool
    ) -> None:
        new = [n for n, (_, sign) in found.items() if not _same(known.get(n), sign)]
        if known and not any(name.startswith(JOURNAL) for name in new):
            return
        from flashcards.storage.ingest import Ingest  # noqa: PLC0415 (most starts find nothing new)

        ingest = Ingest(connection, self._settings.rollover, bulk=bulk)
        for name, (path, sign) in found.items():
            before = known.get(name, UNKNOWN)
            if name.startswith(JOURNAL) and not _same(before, sign):
                read, after = read_on(Path(path), before, self.written.pop(Path(path), None))
                _note_bad_lines(connection, name, read, anew=name not in known)
                # Appends make a file longer, so its signature tells of every change: trusted.
                _note(connection, name, Known(sign, True, *after))
                ingest.take(read.records)
                read.records.clear()  # they are many, and the next file has as many again
        ingest.settle()
        connection.execute(
            "INSERT INTO meta VALUES ('events', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (ingest.taken,),
        )

    def _take_decks(self, connection: Connection, found: Found, known: dict[str, Known]) -> None:
        from flashcards.storage.shelves import Shelves, sum_of  # noqa: PLC0415 (with it comes YAML)

        changed: dict[str, Path] = {}
        now = self._clock_ns()
        for name, (path, sign) in found.items():
            before = known.get(name, UNKNOWN)
            if name.startswith(DECKS) and not _same(before, sign):
                total = sum_of(Path(path))
                if name not in known or total != before.sum:
                    changed[name] = Path(path)
                settled = now - max(sign[1], sign[2]) > FRESH_NS
                _note(connection, name, Known(sign, settled, sum=total))
        for name in known.keys() - found.keys():
            changed[name] = self._paths.data / name
            connection.execute("DELETE FROM source WHERE name = ?", (name,))
        if changed:
            shelves = Shelves(connection)
            shelves.take(changed)
            connection.executemany("INSERT INTO pending VALUES (?, ?)", shelves.links())

    def _note_settings(self, connection: Connection, found: Found) -> None:
        settings = self._settings
        values = {
            "data": str(self._paths.data),
            "rollover": int(settings.rollover.total_seconds()),
            NEW_LIMIT: settings.limits.new,
            REVIEW_LIMIT: settings.limits.reviews,
            REPEAT_BELOW: settings.repeat_below,
            SIBLINGS_APART: int(settings.siblings_apart),
            **_of_decks(settings),
        }
        connection.execute("DELETE FROM meta WHERE instr(name, ?)", (OF_DECK,))
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
        # Settings that changed since are not those that this was made under: to be read again.
        sign = found[SETTINGS][1]
        _note(connection, SETTINGS, Known(sign, sign == self._settings_sign))


def _of_decks(settings: Settings) -> dict[str, int]:
    """Return what is set for single decks, by names that `counts` knows."""
    found: dict[str, int] = {}
    for name, own in settings.decks.items():
        limits = {
            NEW_LIMIT: own.new_per_day,
            REVIEW_LIMIT: own.reviews_per_day,
            REPEAT_BELOW: own.repeat_below,
        }
        found |= {f"{key}{OF_DECK}{name}": v for key, v in limits.items() if v is not None}
    return found


def count_change(connection: Connection) -> None:
    """Note that the file will have been changed once more when this transaction is committed."""
    connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")


def _known(connection: Connection) -> dict[str, Known]:
    rows = connection.execute(
        "SELECT name, size, mtime, ctime, inode, trusted, end, lines, sum, tail FROM source"
    )
    return {row[0]: Known(row[1:5], bool(row[5]), *row[6:]) for row in rows}


def _refuse_gone_journals(found: Found, known: dict[str, Known]) -> None:
    for name in known:
        if name.startswith(JOURNAL) and name not in found:
            raise StaleError(name)


def _same(known: Known | None, sign: Signature) -> bool:
    return known is not None and known.trusted and known.signature == sign


def _is_bulk(found: Found, known: dict[str, Known]) -> bool:
    """Tell whether much of what the files hold came since they were read."""
    sizes = ((sign[0], known.get(name, UNKNOWN).signature[0]) for name, (_, sign) in found.items())
    new = sum(max(0, now - before) for now, before in sizes)
    return is_bulk(new, sum(file.signature[0] for file in known.values()))


def _note(connection: Connection, name: str, file: Known) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (name, *file.signature, file.trusted, file.end, file.lines, file.sum, file.tail),
    )


def _note_bad_lines(connection: Connection, name: str, read: Read, *, anew: bool) -> None:
    connection.execute("DELETE FROM bad_line WHERE path = ? AND (torn OR ?)", (name, anew))
    connection.executemany(
        "INSERT INTO bad_line VALUES (?, ?, ?, ?, ?)",
        [(name, bad.line, bad.why, bad.newer, bad.torn) for bad in read.bad],
    )


def read_on(
    path: Path, before: Known, own: Written | None = None
) -> tuple[Read, tuple[int, int, int, int]]:
    """Return what a journal says behind the bytes that are known, and (end, lines, sum, tail).

    Raises StaleError when the known bytes are no longer as they were: nothing appends like that.
    Of a long journal that grew only the last of them are compared: whatever moves bytes about
    shows there, and `doctor` compares the rest. Raises StoreError when it cannot be read.
    """
    try:
        grown = path.stat().st_size > before.end > LONG
        start = before.end - BLOCK if grown else 0
        data = read_regular(path, start)
    except OSError as error:
        raise _unreadable(path, error) from error
    old = data[: before.end - start]
    if len(old) < before.end - start or crc32(old) != (before.tail if grown else before.sum):
        raise StaleError(str(path))
    new = data[len(old) :]
    from flashcards.storage.journal import Read, parse  # noqa: PLC0415 (as above)

    if own and own.is_all_of(new, before.end):
        end, lines = before.end + own.size, before.lines + len(own.records)
        read = Read(own.records, [], end, lines)
    else:
        read = parse(new, path, before.end, before.lines)
    known = data[: read.end - start]
    total = crc32(memoryview(known)[len(old) :], before.sum)
    return read, (read.end, read.lines, total, crc32(known[-BLOCK:]))


def _unreadable(path: object, error: OSError) -> StoreError:
    return StoreError(
        f"{path}: this part of your store cannot be read ({error.strerror}). Nothing was written. "
        "Mend its permissions, or move it away and run flashcards restore; flashcards doctor "
        "tells more."
    )
