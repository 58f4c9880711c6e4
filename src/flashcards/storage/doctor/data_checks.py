"""Checks of journals, decks, index and backups."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory

from flashcards.core.decks import Deck
from flashcards.core.format_count import format_count
from flashcards.errors import Problem, StoreError
from flashcards.storage.backups.make_and_prune import backups_of, folder_of
from flashcards.storage.decks.duplicate_cards import duplicates_across, precedence
from flashcards.storage.decks.reader import load_deck
from flashcards.storage.doctor import file_system_checks
from flashcards.storage.doctor.snapshot import DoctorFinding, StoreSnapshot
from flashcards.storage.files import open_regular_file, read_regular_file
from flashcards.storage.index.check_index import inode_name, is_intact, read_change_counter, sqlite_uri
from flashcards.storage.index.library_files import SETTINGS_NAME, find_deck_files
from flashcards.storage.index.open_index import StoreIndex
from flashcards.storage.index.queries.event_clock import MAX_CLOCK_SKEW, max_plausible_hlc
from flashcards.storage.index.replace_index import connect_index
from flashcards.storage.journal.journal_reader import BadLine
from flashcards.storage.known_stores import parse_format
from flashcards.storage.store_creation import has_empty_checkout
from flashcards.storage.store_paths import StorePaths
from flashcards.storage.sync.synced_files import count_waiting_files, read_sync_state

PROGRESS_COLUMNS = "due, interval, ease, repetitions, lapses, answered, rating, suspended, buried, mark"
MAX_BACKUP_AGE = timedelta(days=7)
SELECT_AFTER_GAP = """SELECT key FROM record AS r WHERE device = ? AND sequence > 1 AND NOT EXISTS
    (SELECT 1 FROM record WHERE device = r.device AND sequence = r.sequence - 1) ORDER BY sequence"""
JOURNAL_NAME_REGEX = re.compile(
    r"[0-9a-zA-Z]+-\d{4}(-\d{2})?(-imported)?\.jsonl|restored-\d{8}T\d{6}Z\.jsonl"
)


def run_checks(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    """Yield all findings, check by check."""
    for check in CHECKS:
        try:
            yield from check(snapshot)
        except OSError as error:
            remedy = "Fix its permissions and run flashcards doctor again"
            yield DoctorFinding(str(error.filename), f"unreadable: {error.strerror}", "?", remedy)


def _check_presence(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    paths, known = snapshot.paths, snapshot.known
    folder, format_file = str(paths.data_dir), str(paths.format_file)
    (events,) = snapshot.records.execute("SELECT count(DISTINCT id) FROM record").fetchone()
    if known and events < known.events:
        what = f"history is missing: {format_count(known.events, 'event')} before, {events:,} now"
        impact = "the missing answers are lost unless restored"
        yield DoctorFinding(folder, what, impact, "flashcards restore")
    if known and not events and not paths.data_dir.exists():
        what, remedy = "the data folder does not exist", "Mount it, or run flashcards restore"
        yield DoctorFinding(folder, what, "no decks or history", remedy)
    try:
        parse_format(read_regular_file(paths.format_file))
    except FileNotFoundError:
        fix = "flashcards sync, for git has it" if has_empty_checkout(paths) else "Run flashcards today"
        yield DoctorFinding(format_file, "missing", "lost history would go unnoticed", fix)
    except (ValueError, StoreError) as error:
        fix = "Move the file away and run flashcards today: it is created again"
        yield DoctorFinding(format_file, f"damaged: {error}", "no command opens the library", fix)
    yield from snapshot.unreadable_files


def _check_bad_lines(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    for bad in snapshot.bad_lines:
        if _is_written_again(bad):
            continue
        what = "cut short: " + bad.reason if bad.is_truncated else bad.reason
        remedy = "Run flashcards restore: it recovers the line if a backup has it and changes nothing else"
        if bad.is_newer_format:
            remedy = "Upgrade flashcards on this machine."
        yield DoctorFinding(f"{bad.path}:{bad.line_number}", what, "one event is ignored", remedy)


def _is_written_again(bad: BadLine) -> bool:
    """Tell whether a truncated line was written in full later."""
    with open_regular_file(bad.path) as file:
        lines = islice(file, bad.line_number - 1, None)
        torn = next(lines, b"").strip()
        return any(line.startswith(torn) for line in lines)


def _check_shared_device_ids(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    # One row for each device: SQLite takes the other columns from the row of min().
    rows = snapshot.records.execute(
        "SELECT device, one.key, min(two.key) FROM record AS one JOIN record AS two USING (device, sequence) "
        "WHERE one.key < two.key AND one.id <> two.id GROUP BY device ORDER BY 3"
    )
    for device, one, two in rows.fetchall():
        place = snapshot.record_location(one)
        what = f"two machines used the device id {device}; their records diverge here and at {place}"
        remedy = "Nothing to do: the next machine to write gets a new device id."
        yield DoctorFinding(
            snapshot.record_location(two), what, "none: both histories are kept", remedy, is_harmless=True
        )


def _check_sequence_gaps(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    query = (
        "SELECT device, max(sequence), count(DISTINCT sequence) FROM record GROUP BY device ORDER BY min(key)"
    )
    for device, highest, count in snapshot.records.execute(query).fetchall():
        if missing := highest - count:
            (after,) = snapshot.records.execute(SELECT_AFTER_GAP, (device,)).fetchone()
            what = f"{missing} of {highest} events of device {device} are missing, some before this one"
            remedy = "Run flashcards restore, or copy the journal from a machine that has it"
            yield DoctorFinding(
                snapshot.record_location(after), what, f"{format_count(missing, 'event')} ignored", remedy
            )


def _check_clocks(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    limits = (snapshot.now + MAX_CLOCK_SKEW).timestamp(), max_plausible_hlc(snapshot.now)
    # If possible the first record about a card: SQLite takes the other columns from the row of min().
    rows = snapshot.records.execute(
        "SELECT device, count(*), key, card, min(iif(card IS NULL, 1 << 60, 0) + key) FROM record "
        "WHERE at > ? OR hlc > ? GROUP BY device ORDER BY 5",
        limits,
    )
    for device, number, key, card, _ in rows.fetchall():
        what = f"{format_count(number, 'event')} of device {device} in the future: its clock was ahead"
        remedy = f"Correct its clock; flashcards show {card or 'CARD'} lists the events"
        yield DoctorFinding(snapshot.record_location(key), what, "these cards may come too late", remedy)


def _check_names_and_kinds(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    for path in snapshot.journals:
        if not JOURNAL_NAME_REGEX.fullmatch(path.name):
            what = "a conflict copy or unusual file name; its events are used"
            yield DoctorFinding(str(path), what, "none", "Nothing to do.", is_harmless=True)
    unknown = "SELECT unknown_kind, count(*) FROM record WHERE unknown_kind NOT NULL GROUP BY 1"
    for kind, number in snapshot.records.execute(unknown).fetchall():
        what = f"{format_count(number, 'event')} of unknown kind {kind!r}, from a newer version"
        yield DoctorFinding("journal", what, "they are kept and ignored", "Upgrade.", is_harmless=True)

    (impossible,) = snapshot.records.execute("SELECT total(has_bad_interval) FROM record").fetchone()
    if impossible:
        what = f'{impossible:.0f} answers whose "next" is no interval from 1 to 36,500 days'
        impact = "their ratings count, SM-2's interval holds"
        yield DoctorFinding("journal", what, impact, "It can stay.", is_harmless=True)


def _check_decks(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    files, deck_problems = find_deck_files(str(snapshot.paths.data_dir)), list[Problem]()

    def load_decks() -> Iterator[Deck]:
        for path, name in sorted(files, key=lambda file: precedence(file[1])):
            deck, problems = load_deck(Path(path), name)
            deck_problems.extend(problems)
            if deck:
                yield deck

    shared = duplicates_across(load_decks())
    for p in deck_problems:
        yield DoctorFinding(p.place, p.message, "the last valid version of the deck is used", p.remedy)
    for p in shared:
        yield DoctorFinding(p.place, p.message, "one of the two cards is not asked", p.remedy)


def _check_derived(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    """Build a new index, to find orphaned cards and to compare it with the current one."""
    own = snapshot.paths
    path = own.index_file
    with TemporaryDirectory() as folder:
        paths = StorePaths(own.data_dir, own.config_dir, own.state_dir, cache_dir=Path(folder))
        try:
            rebuilt = StoreIndex(paths, snapshot.settings, notify=lambda _: None).connection
        except StoreError:  # reported by the other checks
            return
        with closing(rebuilt):
            yield from _check_gone_cards(rebuilt)
        if path.exists() and not Path(f"{inode_name(str(path))}-journal").exists():
            # Otherwise the next command builds it, or rolls back what a killed process began.
            yield from _check_index(snapshot, paths.index_file)


def _check_gone_cards(rebuilt: Connection) -> Iterator[DoctorFinding]:
    query = "SELECT count(*), min(id) FROM card WHERE NOT in_deck AND event_count > 0"
    count, first = rebuilt.execute(query).fetchone()
    if count:
        what = f"{format_count(count, 'card')} with a history not in any deck, such as {first}"
        remedy = "Add them back with the same id or text to continue; list them with flashcards check"
        yield DoctorFinding("decks", what, "none: their history is kept", remedy, is_harmless=True)


def _check_index(snapshot: StoreSnapshot, rebuilt: Path) -> Iterator[DoctorFinding]:
    path = snapshot.paths.index_file
    remedy = f"rm -r {path} (it is only a cache)"
    try:
        counted = read_change_counter(str(path))
        with closing(connect_index(inode_name(str(path)), "ro")) as index:
            if not is_intact(index, str(snapshot.paths.data_dir), counted):
                what = "made by another version, for another folder, or changed by another program"
                remedy = "Nothing to do: the next command rebuilds it"
                yield DoctorFinding(str(path), what, "none", remedy, is_harmless=True)
                return
            (fault,) = index.execute("PRAGMA integrity_check(1)").fetchone()
            wrong = [] if fault != "ok" else _differing_cards(index, rebuilt)
    except Exception as error:  # noqa: BLE001 (whatever is wrong with a cache, it can go)
        yield DoctorFinding(str(path), f"unreadable: {error}", "wrong lists until it is rebuilt", remedy)
        return
    if fault != "ok":
        what = f"the index is damaged ({fault.splitlines()[-1]})"
        yield DoctorFinding(str(path), what, "wrong lists until it is rebuilt", remedy)
    if wrong:
        count = format_count(len(wrong), "card")
        what = f"the index differs from the journals for {count}, such as {wrong[0]}"
        yield DoctorFinding(str(path), what, "wrong due dates until it is rebuilt", remedy)


def _differing_cards(index: Connection, rebuilt: Path) -> list[str]:
    index.execute("ATTACH ? AS rebuilt", (sqlite_uri(str(rebuilt), "ro"),))
    index.execute("BEGIN")
    behind = _differences(index, "source", "name, end_offset, checksum", f"name <> '{SETTINGS_NAME}'")
    if behind or index.execute("SELECT 1 FROM pending_link").fetchone():
        return []  # the next command updates it
    texts = _differences(index, "card", f"id, deck, front, back, {PROGRESS_COLUMNS}", "in_deck")
    return [*texts, *_differences(index, "card", f"id, {PROGRESS_COLUMNS}", "event_count AND NOT in_deck")]


def _differences(index: Connection, table: str, columns: str, where: str) -> list[str]:
    """Return the first column of the rows that only one of two indexes has."""
    one, other = (f"SELECT {columns} FROM {name}.{table} WHERE {where}" for name in ("main", "rebuilt"))
    rows = index.execute(f"SELECT * FROM ({one} EXCEPT {other}) UNION SELECT * FROM ({other} EXCEPT {one})")
    return sorted({str(row[0]) for row in rows})


def _check_backups(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    newest, remedy = next(iter(backups_of(snapshot.paths)), None), "flashcards backup"
    if newest is None and snapshot.records.execute("SELECT 1 FROM record").fetchone():
        folder, impact = str(folder_of(snapshot.paths)), "everything is lost if the disk fails"
        yield DoctorFinding(folder, "no backup yet", impact, remedy, is_harmless=True)
    elif newest and (age := snapshot.now.astimezone(UTC) - newest.created_at) > MAX_BACKUP_AGE:
        what = f"the newest backup is {format_count(age.days, 'day')} old"
        impact = "newer answers are not backed up"
        yield DoctorFinding(str(newest.path), what, impact, remedy, is_harmless=True)


def _check_sync(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    """Report the last sync, and whether something waits for the next."""
    repository = snapshot.paths.data_dir / ".git"
    state = read_sync_state(repository)
    if state.at:
        files = count_waiting_files(snapshot.paths.data_dir, state)
        waits = f"{files} file{'s wait' if files > 1 else ' waits'} to be sent" if files else "nothing waits"
        description = f"last synced {datetime.fromisoformat(state.at):%Y-%m-%d %H:%M}; {waits}"
        yield DoctorFinding(str(repository), description, "nothing", "flashcards sync", is_harmless=True)


CHECKS: tuple[Callable[[StoreSnapshot], Iterator[DoctorFinding]], ...] = (
    _check_presence,
    _check_bad_lines,
    _check_shared_device_ids,
    _check_sequence_gaps,
    _check_clocks,
    _check_names_and_kinds,
    *file_system_checks.FILE_CHECKS,
    _check_decks,
    _check_derived,
    _check_backups,
    _check_sync,
)
