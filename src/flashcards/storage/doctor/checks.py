"""The doctor's questions: each reads, none writes; a fault comes with its price and remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path
from sqlite3 import Connection

from flashcards.core.card_ids import cards_of
from flashcards.core.cards import Deck
from flashcards.core.events import Event, Unknown
from flashcards.core.progress import NEVER_SEEN, histories, replay
from flashcards.storage.backups.backups import backups_of, folder_of
from flashcards.storage.decks.copies import duplicates_across
from flashcards.storage.decks.reader import load
from flashcards.storage.doctor import file_checks
from flashcards.storage.doctor.snapshot import Finding, Patient
from flashcards.storage.index.connection import connect
from flashcards.storage.index.freshness import changed, changes, fits, own_name
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.event_clock import AHEAD, ceiling
from flashcards.storage.index.sources import deck_files, sources
from flashcards.storage.journal.record import Record
from flashcards.storage.known_stores import recall

OLD_BACKUP = timedelta(days=7)
USUAL_NAME = re.compile(r"[0-9a-zA-Z]+-\d{4}(-imported)?\.jsonl|restored-\d{8}T\d{6}Z\.jsonl")


def examine(patient: Patient) -> Iterator[Finding]:
    """Yield all that is wrong, question by question."""
    for question in QUESTIONS:
        try:
            yield from question(patient)
        except OSError as error:
            remedy = "Mend its permissions, and look again"
            yield Finding(str(error.filename), f"unreadable: {error.strerror}", "?", remedy)


def _presence(patient: Patient) -> Iterator[Finding]:
    paths = patient.paths
    known = recall(paths.known, paths.data)
    found = len({record.event.id for record in patient.records()})
    if known and found < known.events:
        what = f"it had {known.events:,} entries of history, and now has {found:,}"
        yield Finding(str(paths.data), what, "the missing ones", "flashcards restore")
    if known and not found and not paths.data.exists():
        yield Finding(
            str(paths.data), "the data folder is gone", "all", "Mount it, or flashcards restore"
        )
    if not paths.format.exists():
        yield Finding(
            str(paths.format), "missing", "an empty folder would not be noticed", "flashcards today"
        )
    yield from patient.broken


def _bad_lines(patient: Patient) -> Iterator[Finding]:
    for read in patient.reads.values():
        for bad in read.bad:
            what = "cut short: " + bad.why if bad.torn else bad.why
            remedy = "flashcards restore brings it back if a backup has it; nothing else is touched"
            if bad.newer:
                remedy = "Upgrade flashcards on this machine."
            yield Finding(f"{bad.path}:{bad.line}", what, "one entry", remedy)


def _forks(patient: Patient) -> Iterator[Finding]:
    first: dict[tuple[str, int], Record] = {}
    twins: dict[str, tuple[Record, Record]] = {}
    for record in patient.records():
        other = first.setdefault((record.device, record.n), record)
        if other.event.id != record.event.id:
            twins.setdefault(record.device, (other, record))
    for device, (one, two) in twins.items():
        what = (
            f"two machines wrote as {device}; their numbers part here and at {patient.place(one)}"
        )
        remedy = "Nothing to do: the machine that writes next under that name gets a new one."
        yield Finding(
            patient.place(two), what, "nothing: both histories count", remedy, harmless=True
        )


def _gaps(patient: Patient) -> Iterator[Finding]:
    counted: dict[str, dict[int, Record]] = {}
    for record in patient.records():
        counted.setdefault(record.device, {})[record.n] = record
    for device, found in counted.items():
        if missing := max(found) - len(found):
            after = next(found[n] for n in sorted(found) if n > 1 and n - 1 not in found)
            what = f"{missing} of {max(found)} entries of device {device}, some before this one"
            what += ", are in no journal"
            remedy = "flashcards restore, or copy its file from where it is whole"
            yield Finding(patient.place(after), what, f"{missing} entries", remedy)


def _clocks(patient: Patient) -> Iterator[Finding]:
    late = [
        r
        for r in patient.records()
        if r.event.at > patient.now + AHEAD or r.event.hlc > ceiling(patient.now)
    ]
    for device, number in Counter(record.device for record in late).items():
        first = next(record for record in late if record.device == device)
        what = f"{number} entries of device {device} lie in the future: its clock was ahead"
        remedy = f"Set its clock; flashcards show {_card(first)} tells what it did"
        yield Finding(patient.place(first), what, "those cards may be due late", remedy)


def _card(record: Record) -> str:
    return getattr(record.event, "card", "CARD")


def _names_and_kinds(patient: Patient) -> Iterator[Finding]:
    for path in patient.reads:
        if not USUAL_NAME.fullmatch(path.name):
            what = "a conflict copy, or a file of another name; its entries count"
            yield Finding(str(path), what, "nothing", "It can stay.", harmless=True)
    unknown = Counter(r.event.kind for r in patient.records() if isinstance(r.event, Unknown))
    for kind, number in unknown.items():
        what = f"{number} entries of the unknown kind {kind!r}, of a newer version"
        yield Finding("journal", what, "they are kept and ignored", "Upgrade.", harmless=True)


def _decks(patient: Patient) -> Iterator[Finding]:
    decks: list[Deck] = []
    for path, name in deck_files(str(patient.paths.data)):
        deck, problems = load(Path(path), name)
        decks += [deck] if deck else []
        for p in problems:
            yield Finding(
                f"{p.path}:{p.line}:{p.column}", p.what, "the deck as it is now", p.remedy
            )
    for p in duplicates_across(decks):
        where = f"{p.path}:{p.line}" if p.line else p.path
        yield Finding(where, p.what, "one of the cards is not asked", p.remedy)
    here = {card.id for deck in decks for card in cards_of(deck)}
    learned = histories(_events(patient))
    if gone := sorted(learned.keys() - here):
        what = f"{len(gone)} cards with a history are in no deck, such as {gone[0]}"
        remedy = "Put them back with their id or text, and they go on; flashcards check lists them"
        yield Finding("decks", what, "nothing: their history is kept", remedy, harmless=True)


def _index(patient: Patient) -> Iterator[Finding]:
    """Compare the index with a full replay, when it claims to be up to date."""
    path = patient.paths.index
    if not path.exists() or _begun(own_name(str(path))):
        return  # the next command makes it, or ends what a killed one began
    remedy = f"rm {path} (it is only a cache)"
    try:
        counted = changes(str(path))
        with closing(connect(own_name(str(path)), "ro")) as index:
            if not fits(index, str(patient.paths.data), counted):
                what = "made by another version, for another folder, or changed by another program"
                remedy = "Nothing to do: the next command makes it anew"
                yield Finding(str(path), what, "nothing", remedy, harmless=True)
                return
            wrong = _differing(index, patient)
    except Exception as error:  # noqa: BLE001 (whatever is wrong with a cache, it can go)
        yield Finding(str(path), f"unreadable: {error}", "nothing", remedy, harmless=True)
        return
    if wrong:
        what = f"the index differs from the journals for {len(wrong)} cards, such as {wrong[0]}"
        yield Finding(str(path), what, "wrong dates until it is made anew", remedy)


def _begun(index: str) -> bool:
    return Path(f"{index}-journal").exists()


def _differing(index: Connection, patient: Patient) -> list[str]:
    """Return the cards that the index has otherwise than a replay, if it is up to date."""
    data = str(patient.paths.data)
    found = {n: (p, s) for n, p, s in sources(data, str(patient.paths.settings))}
    if changed(index, found, certainly=True):
        return []  # the next command brings it there
    truth = replay(_events(patient), patient.settings.rollover)
    told = {e.card.id: e.progress for e in (*cards.entries(index), *cards.orphans(index))}
    wrong = [card for card, progress in told.items() if progress != truth.get(card, NEVER_SEEN)]
    return [*wrong, *sorted(truth.keys() - told.keys())]


def _events(patient: Patient) -> Iterator[Event]:
    return (record.event for record in patient.records())


def _backups(patient: Patient) -> Iterator[Finding]:
    newest = next(iter(backups_of(patient.paths)), None)
    if newest is None and any(True for _ in patient.records()):
        yield Finding(
            str(folder_of(patient.paths)), "there is no backup yet", "all, if the disk dies",
            "flashcards backup", harmless=True,
        )  # fmt: skip
    elif newest and patient.now.astimezone(UTC) - newest.at > OLD_BACKUP:
        age = (patient.now.astimezone(UTC) - newest.at).days
        yield Finding(
            str(newest.path), f"the newest backup is {age} days old", "what came after",
            "flashcards backup", harmless=True,
        )  # fmt: skip


QUESTIONS: tuple[Callable[[Patient], Iterator[Finding]], ...] = (
    _presence,
    _bad_lines,
    _forks,
    _gaps,
    _clocks,
    _names_and_kinds,
    *file_checks.QUESTIONS,
    _decks,
    _index,
    _backups,
)
