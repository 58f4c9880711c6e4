"""The doctor's questions: each reads, none writes; a fault comes with its price and remedy."""

from __future__ import annotations

import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

from flashcards.core.card import CardId, Deck
from flashcards.core.events import Event, Unknown
from flashcards.core.progress import replay
from flashcards.errors import StoreError
from flashcards.storage import journal, reading
from flashcards.storage.backups import backups
from flashcards.storage.decks import duplicates_across, load
from flashcards.storage.freshness import changed, fits
from flashcards.storage.index import connect
from flashcards.storage.known import recall
from flashcards.storage.lines import Record
from flashcards.storage.paths import Paths
from flashcards.storage.settings import Settings
from flashcards.storage.sources import deck_files, sources

AHEAD = timedelta(days=1)
"""How far an event may lie in the future before a clock is called wrong."""
OLD_BACKUP = timedelta(days=7)
NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs")
USUAL_NAME = re.compile(r"[0-9a-zA-Z]+-\d{4}\.jsonl|restored-\d{8}T\d{6}Z\.jsonl")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be."""

    where: str
    what: str
    costs: str
    remedy: str
    harmless: bool = False
    """Whether it is only worth knowing."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A store under examination, and what was read of it once for all questions."""

    paths: Paths
    settings: Settings
    now: datetime
    reads: tuple[journal.Read, ...]
    broken: tuple[Finding, ...]
    """Journal files that could not be read at all."""

    def records(self) -> Iterator[Record]:
        """Yield every record of every journal."""
        for read in self.reads:
            yield from read.records


def admit(paths: Paths, settings: Settings, now: datetime) -> Patient:
    """Read all journals."""
    reads, broken = [], []
    for path in journal.files(paths.journal):
        try:
            reads.append(journal.read(path))
        except (OSError, StoreError) as error:
            remedy = "Move it away, or mend its permissions: chmod 600"
            broken.append(Finding(str(path), f"unreadable: {error}", "all in it", remedy))
    return Patient(paths, settings, now, tuple(reads), tuple(broken))


def examine(patient: Patient) -> Iterator[Finding]:
    """Yield all that is wrong, question by question."""
    for question in QUESTIONS:
        yield from question(patient)


def _presence(patient: Patient) -> Iterator[Finding]:
    paths = patient.paths
    known = recall(paths.known, paths.data)
    found = len({record.event.id for record in patient.records()})
    if known and found < known.events:
        what = f"it had {known.events:,} entries of history, and now has {found:,}"
        yield Finding(str(paths.data), what, "the missing ones", "flashcards restore")
    if not paths.format.exists():
        yield Finding(
            str(paths.format), "missing", "an empty folder would not be noticed", "flashcards today"
        )
    yield from patient.broken


def _bad_lines(patient: Patient) -> Iterator[Finding]:
    for read in patient.reads:
        for bad in read.bad:
            what = "cut short: " + bad.why if bad.torn else bad.why
            remedy = "flashcards restore brings it back if a backup has it; nothing else is touched"
            if bad.newer:
                remedy = "Upgrade flashcards on this machine."
            yield Finding(f"{bad.path}:{bad.line}", what, "one entry", remedy)


def _forks_and_gaps(patient: Patient) -> Iterator[Finding]:
    for (device, n), ids in sorted(journal.duplicates(patient.records()).items()):
        what = f"device {device} counted {n} {len(ids)} times: two machines wrote with one id"
        remedy = "Delete device.json in the state folder of one of them; it gets a new id."
        yield Finding(device, what, "nothing: both histories count", remedy, harmless=True)
    highest: Counter[str] = Counter()
    counted: dict[str, set[int]] = {}
    for record in patient.records():
        highest[record.device] = max(highest[record.device], record.n)
        counted.setdefault(record.device, set()).add(record.n)
    for device, most in highest.items():
        if missing := most - len(counted[device]):
            what = f"{missing} of {most} entries of device {device} are in no journal"
            yield Finding(
                device, what, f"{missing} entries", "flashcards restore, or copy its file"
            )


def _clocks(patient: Patient) -> Iterator[Finding]:
    late = [r for r in patient.records() if r.event.at > patient.now + AHEAD]
    for device, number in Counter(record.device for record in late).items():
        what = f"{number} entries lie in the future: this device's clock was ahead"
        yield Finding(device, what, "cards may be due late", "Set its clock; flashcards undo")


def _names_and_kinds(patient: Patient) -> Iterator[Finding]:
    for path in journal.files(patient.paths.journal):
        if path.is_symlink():
            yield Finding(str(path), "a link", "appends refuse it", "Put the file itself here.")
        if not USUAL_NAME.fullmatch(path.name):
            what = "a conflict copy, or a file of another name; its entries count"
            yield Finding(str(path), what, "nothing", "It can stay.", harmless=True)
    unknown = Counter(r.event.kind for r in patient.records() if isinstance(r.event, Unknown))
    for kind, number in unknown.items():
        what = f"{number} entries of the unknown kind {kind!r}, of a newer version"
        yield Finding("journal", what, "they are kept and ignored", "Upgrade.", harmless=True)


def _permissions(patient: Patient) -> Iterator[Finding]:
    for path in (patient.paths.data, *journal.files(patient.paths.journal)):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            mode = "700" if path.is_dir() else "600"
            yield Finding(
                str(path), "others on this machine can read it", "privacy", f"chmod {mode} {path}",
                harmless=True,
            )  # fmt: skip
    kind = _file_system(patient.paths.data)
    if kind in NETWORK:
        what = f"on a network file system ({kind}), where locks may not hold"
        yield Finding(str(patient.paths.data), what, "two machines at once", "Use a local folder.")


def _file_system(path: Path) -> str:
    """Return the type of file system that a path is on; "" where the system does not tell."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    fields = [line.split() for line in mounts]
    places = [(f[1], f[2]) for f in fields if path == Path(f[1]) or Path(f[1]) in path.parents]
    return max(places, key=lambda place: len(place[0]), default=("", ""))[1]


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
        yield Finding(f"{p.path}:{p.line}", p.what, "one of the cards is not asked", p.remedy)


def _index(patient: Patient) -> Iterator[Finding]:
    """Compare the index with a full replay, when it claims to be up to date."""
    path = patient.paths.index
    remedy = f"rm {path} (it is only a cache)"
    try:
        with closing(connect(path)) as index:
            wrong = _differing(patient, index)
    except Exception as error:  # noqa: BLE001 (whatever is wrong with a cache, it can go)
        yield Finding(str(path), f"unreadable: {error}", "nothing", remedy, harmless=True)
        return
    if wrong:
        what = f"the index differs from the journals for {len(wrong)} cards, such as {wrong[0]}"
        yield Finding(str(path), what, "wrong dates until it is made anew", remedy)


def _differing(patient: Patient, index: Connection) -> list[CardId]:
    """Return the cards that the index has otherwise than a replay, if it claims to be true."""
    data = str(patient.paths.data)
    found = {n: (p, s) for n, p, s in sources(data, str(patient.paths.settings))}
    if not fits(index, data) or changed(index, found, certainly=True):
        return []  # the next command brings it up to date
    truth = replay(_events(patient), patient.settings.rollover)
    return [
        entry.card.id
        for entry in (*reading.entries(index), *reading.orphans(index))
        if entry.progress != truth.get(entry.card.id, entry.progress)
    ]


def _events(patient: Patient) -> Iterator[Event]:
    return (record.event for record in patient.records())


def _backups(patient: Patient) -> Iterator[Finding]:
    newest = next(iter(backups(patient.paths.backups)), None)
    if newest is None and any(True for _ in patient.records()):
        yield Finding(
            str(patient.paths.backups), "there is no backup yet", "all, if the disk dies",
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
    _forks_and_gaps,
    _clocks,
    _names_and_kinds,
    _permissions,
    _decks,
    _index,
    _backups,
)
