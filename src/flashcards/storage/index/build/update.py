"""One catching-up of the index: reads what changed in journals and decks, in one transaction."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection, Error

from flashcards.storage.settings.settings import Settings
from flashcards.storage.index import sibling_order
from flashcards.storage.index.build.bulk_load import is_bulk, put_aside
from flashcards.storage.index.sources import UNKNOWN, Known, StaleError, unreadable
from flashcards.storage.index.freshness import Found, changed
from flashcards.storage.index.sources import (
    DECKS,
    FRESH_NS,
    JOURNAL,
    SETTINGS,
    Signature,
    sources,
)
from flashcards.storage.paths import Paths
from flashcards.storage.index.conditions import NEW_LIMIT, OF_DECK, REPEAT_BELOW, REVIEW_LIMIT
from flashcards.storage.index.sibling_rule import SETTING as SIBLINGS_APART

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.core.cards import CardId
    from flashcards.storage.journal.journal import Read
    from flashcards.storage.journal.own_appends import Written

READ = 0.43
"""How much of the work it is to read journals; the rest is to fold what they say."""
Progress = Callable[[float], None]
Hold = Callable[[], contextlib.AbstractContextManager[None]]


def nobody(_share: float) -> None:
    """Take no note of how far the work is."""


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
        self.renamed: dict[CardId, CardId] = {}
        """The new id of each card that was reworded meanwhile, learned or not."""

    def found(self) -> Found:
        """Return the files that the collection is made of. Raises StoreError."""
        data, settings = str(self._paths.data), str(self._paths.settings)
        try:
            found = {name: (path, sign) for name, path, sign in sources(data, settings)}
        except OSError as error:
            raise unreadable(error.filename, error) from error
        self._settings_sign = self._settings_sign or found[SETTINGS][1]
        return found

    def run(
        self,
        connection: Connection,
        hold: Hold = contextlib.nullcontext,
        progress: Progress = nobody,
    ) -> None:
        """Read what changed since the last time, in one transaction. Raises StaleError.

        While it writes, `hold` keeps the index in its place.
        """
        if changed(connection, self.found()):
            with hold():
                self._write(connection, progress)

    def _write(self, connection: Connection, progress: Progress) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been here first, and have seen more: so look again.
            found, known = self.found(), _known(connection)
            _refuse_gone_journals(found, known)
            bulk = _is_bulk(found, known)
            with put_aside(connection, bulk=bulk):
                self._take_journals(connection, found, known, progress, bulk=bulk)
                if any(name.startswith(DECKS) for name in changed(connection, found)):
                    self._take_decks(connection, found, known)
                sibling_order.settle(connection)
            self._note_settings(connection, found)
            count_change(connection)
            connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(Error):
                connection.execute("ROLLBACK")
            raise

    def _take_journals(
        self,
        connection: Connection,
        found: Found,
        known: dict[str, Known],
        progress: Progress,
        *,
        bulk: bool,
    ) -> None:
        new = [n for n, (_, sign) in found.items() if not _same(known.get(n), sign)]
        if known and not any(name.startswith(JOURNAL) for name in new):
            return
        # Most starts find nothing new, and do without what reads it.
        from flashcards.storage.index.build.journal_tail import Growth
        from flashcards.storage.index.build.journal_ingest import Ingest

        ingest = Ingest(connection, self._settings.rollover, bulk=bulk)
        sizes = (found[name][1][0] for name in new if name.startswith(JOURNAL))
        # A file whose size could not be told can be read all the same.
        done, total = 0, 1 + sum(max(0, size) for size in sizes)
        for name, (path, sign) in found.items():
            before = known.get(name, UNKNOWN)
            if name.startswith(JOURNAL) and not _same(before, sign):
                growth = Growth(Path(path), before, self.written.pop(Path(path), None))
                _forget_bad_lines(connection, name, anew=name not in known)
                for read in growth.parts():
                    _note_bad_lines(connection, name, read)
                    ingest.take(read.records)
                    progress(READ * (done + growth.end) / total)
                    read.records.clear()  # they are many, and the next part has as many again
                _note(connection, name, growth.known(sign))
                done += growth.end
        ingest.settle(lambda share: progress(READ + (1 - READ) * share))
        connection.execute(
            "INSERT INTO meta VALUES ('events', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
            (ingest.taken,),
        )

    def _take_decks(self, connection: Connection, found: Found, known: dict[str, Known]) -> None:
        from flashcards.storage.index.build.deck_ingest import Shelves, sum_of

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
            unread = [(name,) for name in shelves.unread]
            connection.executemany("DELETE FROM source WHERE name = ?", unread)
            links = shelves.links()
            connection.executemany("INSERT INTO pending_link VALUES (?, ?)", links)
            self.renamed |= shelves.renamed

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
        "SELECT name, size, mtime, ctime, inode, is_trusted, end_offset, line_count, "
        "checksum, tail_checksum FROM source"
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


def _forget_bad_lines(connection: Connection, name: str, *, anew: bool) -> None:
    connection.execute("DELETE FROM bad_line WHERE path = ? AND (is_truncated OR ?)", (name, anew))


def _note_bad_lines(connection: Connection, name: str, read: Read) -> None:
    connection.executemany(
        "INSERT INTO bad_line VALUES (?, ?, ?, ?, ?)",
        [(name, bad.line, bad.why, bad.newer, bad.torn) for bad in read.bad],
    )
