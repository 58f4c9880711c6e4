"""Checks of journals, decks, index and backups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory

from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import Deck
from flashcards.core.events import Event, Review, UnknownEvent
from flashcards.core.messages import format_count
from flashcards.core.progress import card_histories
from flashcards.storage.backups.backups import backups_of, folder_of
from flashcards.storage.decks.copies import duplicates_across
from flashcards.storage.decks.reader import load_deck
from flashcards.storage.doctor import file_checks
from flashcards.storage.doctor.snapshot import DoctorFinding, StoreSnapshot
from flashcards.storage.files import read_regular_file
from flashcards.storage.index.connection import connect_index
from flashcards.storage.index.freshness import inode_name, is_intact, read_change_counter, sqlite_uri
from flashcards.storage.index.index import StoreIndex
from flashcards.storage.index.queries.event_clock import MAX_CLOCK_SKEW, max_plausible_hlc
from flashcards.storage.index.sources import SETTINGS_NAME, find_deck_files
from flashcards.storage.journal.journal import BadLine
from flashcards.storage.journal.record import JournalRecord
from flashcards.storage.sync.working_files import count_waiting_files, read_sync_state

PROGRESS_COLUMNS = "due, interval, ease, repetitions, lapses, answered, rating, suspended, buried, mark"
MAX_BACKUP_AGE = timedelta(days=7)
JOURNAL_NAME_REGEX = re.compile(
    r"[0-9a-zA-Z]+-\d{4}(-\d{2})?(-imported)?\.jsonl|restored-\d{8}T\d{6}Z\.jsonl"
)


def run_checks(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    """Yield all that is wrong, question by question."""
    for check in CHECKS:
        try:
            yield from check(snapshot)
        except OSError as error:
            remedy = "Fix its permissions and run flashcards doctor again"
            yield DoctorFinding(str(error.filename), f"unreadable: {error.strerror}", "?", remedy)


def _check_presence(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    paths, known = snapshot.paths, snapshot.known
    found = len({record.event.id for record in snapshot.all_records()})
    if known and found < known.events:
        what = f"history is missing: {format_count(known.events, 'event')} before, {found:,} now"
        yield DoctorFinding(
            str(paths.data_dir), what, "the missing answers are lost unless restored", "flashcards restore"
        )
    if known and not found and not paths.data_dir.exists():
        yield DoctorFinding(
            str(paths.data_dir),
            "the data folder does not exist",
            "no decks or history",
            "Mount it, or run flashcards restore",
        )
    if not paths.format_file.exists():
        yield DoctorFinding(
            str(paths.format_file), "missing", "lost history would go unnoticed", "Run flashcards today"
        )
    yield from snapshot.unreadable_files


def _check_bad_lines(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    for read in snapshot.parsed_journals.values():
        for bad in read.bad_lines:
            if _is_written_again(bad):
                continue
            what = "cut short: " + bad.reason if bad.is_truncated else bad.reason
            remedy = (
                "Run flashcards restore: it recovers the line if a backup has it and changes nothing else"
            )
            if bad.is_newer_format:
                remedy = "Upgrade flashcards on this machine."
            yield DoctorFinding(f"{bad.path}:{bad.line_number}", what, "one event is ignored", remedy)


def _is_written_again(bad: BadLine) -> bool:
    """Tell whether a line was only cut short: what it was to be is on one of those behind it."""
    lines = read_regular_file(bad.path).split(b"\n")
    torn = lines[bad.line_number - 1].strip()
    return any(line.startswith(torn) for line in lines[bad.line_number :])


def _check_shared_device_ids(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    first: dict[tuple[str, int], JournalRecord] = {}
    conflicts: dict[str, tuple[JournalRecord, JournalRecord]] = {}
    for record in snapshot.all_records():
        other = first.setdefault((record.device_id, record.sequence), record)
        if other.event.id != record.event.id:
            conflicts.setdefault(record.device_id, (other, record))
    for device, (one, two) in conflicts.items():
        place = snapshot.record_location(one)
        what = f"two machines used the device id {device}; their records diverge here and at {place}"
        remedy = "Nothing to do: the next machine to write gets a new device id."
        yield DoctorFinding(
            snapshot.record_location(two), what, "none: both histories are kept", remedy, is_harmless=True
        )


def _check_sequence_gaps(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    counted: dict[str, dict[int, JournalRecord]] = {}
    for record in snapshot.all_records():
        counted.setdefault(record.device_id, {})[record.sequence] = record
    for device, found in counted.items():
        if missing := max(found) - len(found):
            after = next(found[n] for n in sorted(found) if n > 1 and n - 1 not in found)
            what = f"{missing} of {max(found)} events of device {device} are missing, some before this one"
            remedy = "Run flashcards restore, or copy the journal from a machine that has it"
            yield DoctorFinding(
                snapshot.record_location(after), what, f"{format_count(missing, 'event')} ignored", remedy
            )


def _check_clocks(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    late = [
        r
        for r in snapshot.all_records()
        if r.event.at > snapshot.now + MAX_CLOCK_SKEW or r.event.hlc > max_plausible_hlc(snapshot.now)
    ]
    for device, number in Counter(record.device_id for record in late).items():
        own = [record for record in late if record.device_id == device]
        first = next((record for record in own if hasattr(record.event, "card")), own[0])
        what = f"{format_count(number, 'event')} of device {device} in the future: its clock was ahead"
        remedy = f"Correct its clock; flashcards show {_card_id(first)} lists the events"
        yield DoctorFinding(snapshot.record_location(first), what, "these cards may come too late", remedy)


def _card_id(record: JournalRecord) -> str:
    return getattr(record.event, "card", "CARD")


def _check_names_and_kinds(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    for path in snapshot.parsed_journals:
        if not JOURNAL_NAME_REGEX.fullmatch(path.name):
            what = "a conflict copy or unusual file name; its events are used"
            yield DoctorFinding(str(path), what, "none", "Nothing to do.", is_harmless=True)
    unknown = Counter(r.event.kind for r in snapshot.all_records() if isinstance(r.event, UnknownEvent))
    for kind, number in unknown.items():
        what = f"{format_count(number, 'event')} of unknown kind {kind!r}, from a newer version"
        yield DoctorFinding("journal", what, "they are kept and ignored", "Upgrade.", is_harmless=True)

    impossible = sum(isinstance(e, Review) and e.next_interval == 0 for e in _all_events(snapshot))
    if impossible:
        what = f'{impossible} answers whose "next" is no interval from 1 to 36,500 days'
        yield DoctorFinding(
            "journal", what, "their ratings count, SM-2's interval holds", "It can stay.", is_harmless=True
        )


def _check_decks(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    decks: list[Deck] = []
    for path, name in find_deck_files(str(snapshot.paths.data_dir)):
        deck, problems = load_deck(Path(path), name)
        decks += [deck] if deck else []
        for p in problems:
            yield DoctorFinding(
                f"{p.path}:{p.line}:{p.column}",
                p.message,
                "the last valid version of the deck is used",
                p.remedy,
            )
    for p in duplicates_across(decks):
        where = f"{p.path}:{p.line}" if p.line else p.path
        yield DoctorFinding(where, p.message, "one of the two cards is not asked", p.remedy)
    card_ids = {card.id for deck in decks for card in deck_cards(deck)}
    learned = card_histories(_all_events(snapshot))
    if gone := sorted(learned.keys() - card_ids):
        what = f"{format_count(len(gone), 'card')} with a history not in any deck, such as {gone[0]}"
        remedy = "Add them back with the same id or text to continue; list them with flashcards check"
        yield DoctorFinding("decks", what, "none: their history is kept", remedy, is_harmless=True)


def _check_index(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    """Compare the index with a new one, when it claims to be up to date."""
    path = snapshot.paths.index_file
    if not path.exists() or Path(f"{inode_name(str(path))}-journal").exists():
        return  # the next command makes it, or ends what a killed one began
    remedy = f"rm {path} (it is only a cache)"
    try:
        counted = read_change_counter(str(path))
        with closing(connect_index(inode_name(str(path)), "ro")) as index:
            if not is_intact(index, str(snapshot.paths.data_dir), counted):
                what = "made by another version, for another folder, or changed by another program"
                remedy = "Nothing to do: the next command rebuilds it"
                yield DoctorFinding(str(path), what, "none", remedy, is_harmless=True)
                return
            (fault,) = index.execute("PRAGMA integrity_check(1)").fetchone()
            wrong = [] if fault != "ok" else _differing_cards(index, snapshot)
    except Exception as error:  # noqa: BLE001 (whatever is wrong with a cache, it can go)
        yield DoctorFinding(str(path), f"unreadable: {error}", "wrong lists until it is rebuilt", remedy)
        return
    if fault != "ok":
        what = f"the index is damaged ({fault.splitlines()[-1]})"
        yield DoctorFinding(str(path), what, "wrong lists until it is rebuilt", remedy)
    if wrong:
        what = (
            f"the index differs from the journals for {format_count(len(wrong), 'card')}, such as {wrong[0]}"
        )
        yield DoctorFinding(str(path), what, "wrong due dates until it is rebuilt", remedy)


def _differing_cards(index: Connection, snapshot: StoreSnapshot) -> list[str]:
    """Return the cards that the index has otherwise than a new one, if both know the same files."""
    with TemporaryDirectory() as folder:
        paths = replace(snapshot.paths, cache_dir=Path(folder))
        StoreIndex(paths, snapshot.settings, notify=lambda _: None).connection.close()
        index.execute("ATTACH ? AS rebuilt", (sqlite_uri(str(paths.index_file), "ro"),))
        index.execute("BEGIN")
        behind = _differences(index, "source", "name, end_offset, checksum", f"name <> '{SETTINGS_NAME}'")
        if behind or index.execute("SELECT 1 FROM pending_link").fetchone():
            return []  # another process is writing, or the next command brings it there
        texts = _differences(index, "card", f"id, deck, front, back, {PROGRESS_COLUMNS}", "in_deck")
        return [
            *texts,
            *_differences(index, "card", f"id, {PROGRESS_COLUMNS}", "event_count AND NOT in_deck"),
        ]


def _differences(index: Connection, table: str, columns: str, where: str) -> list[str]:
    """Return the first column of the rows that only one of two indexes has."""
    one, other = (f"SELECT {columns} FROM {name}.{table} WHERE {where}" for name in ("main", "rebuilt"))
    found = index.execute(f"SELECT * FROM ({one} EXCEPT {other}) UNION SELECT * FROM ({other} EXCEPT {one})")
    return sorted({str(row[0]) for row in found})


def _all_events(snapshot: StoreSnapshot) -> Iterator[Event]:
    return (record.event for record in snapshot.all_records())


def _check_backups(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    newest = next(iter(backups_of(snapshot.paths)), None)
    if newest is None and any(True for _ in snapshot.all_records()):
        yield DoctorFinding(
            str(folder_of(snapshot.paths)), "no backup yet", "everything is lost if the disk fails",
            "flashcards backup", is_harmless=True,
        )  # fmt: skip
    elif newest and snapshot.now.astimezone(UTC) - newest.created_at > MAX_BACKUP_AGE:
        age = (snapshot.now.astimezone(UTC) - newest.created_at).days
        yield DoctorFinding(
            str(newest.path), f"the newest backup is {format_count(age, 'day')} old",
            "newer answers are not backed up",
            "flashcards backup", is_harmless=True,
        )  # fmt: skip


def _check_sync(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    """Tell when the last sync was, and whether something waits for the next."""
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
    *file_checks.FILE_CHECKS,
    _check_decks,
    _check_index,
    _check_backups,
    _check_sync,
)
