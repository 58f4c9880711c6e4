"""The power fails: what was not synced may vanish, and names too until their folder was synced.

The real writing code runs on a real folder while its calls are written down. From that list the
worst disk is worked out for a power cut after every call, and read with the real reading code.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from factories import Clock, review
from flashcards.core.events import EventId
from flashcards.storage import files as storage_files
from flashcards.storage.files import write_file_atomically
from flashcards.storage.journal import journal_reader, journal_writer
from flashcards.storage.journal.journal_writer import JournalWriter
from flashcards.storage.journal.record import decode_record

Call = tuple[str, str, Any]
"""What was called, on which path, with what."""


class Recorder:
    """Lets the calls through and writes them down."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.calls: list[Call] = []
        self._paths: dict[int, str] = {}
        self._real = {name: getattr(os, name) for name in ("open", "write", "close", "replace")}
        self._real |= {name: getattr(os, name) for name in ("fsync", "fdatasync", "mkdir")}
        for name in self._real:
            patch.setattr(os, name, getattr(self, name))

    def open(self, path: Any, flags: int, mode: int = 0o777, **more: Any) -> int:
        if flags & os.O_CREAT and not Path(path).exists():
            self.calls.append(("create", str(path), None))
        elif flags & os.O_TRUNC:
            self.calls.append(("truncate", str(path), None))
        fd: int = self._real["open"](path, flags, mode, **more)
        self._paths[fd] = str(path)
        return fd

    def write(self, fd: int, data: Any) -> int:
        size: int = self._real["write"](fd, data)
        self.calls.append(("write", self._paths[fd], bytes(data[:size])))
        return size

    def fsync(self, fd: int) -> None:
        self._real["fsync"](fd)
        path = self._paths[fd]
        self.calls.append(("names" if Path(path).is_dir() else "data", path, None))

    fdatasync = fsync

    def mkdir(self, path: Any, mode: int = 0o777) -> None:
        self._real["mkdir"](path, mode)
        self.calls.append(("create", str(path), "folder"))

    def replace(self, old: Any, new: Any) -> None:
        self._real["replace"](old, new)
        self.calls.append(("rename", str(old), str(new)))

    def close(self, fd: int) -> None:
        self._paths.pop(fd, None)
        self._real["close"](fd)


class Disk:
    """What is in memory, and what is certain to be on the platter."""

    def __init__(self) -> None:
        self.content: list[bytes] = []
        self.synced: list[bytes] = []
        self.live: dict[str, int] = {}
        self.named: dict[str, int] = {}

    def apply(self, call: Call) -> None:
        what, path, more = call
        match what:
            case "create":
                self.live[path] = len(self.content)
                self.content.append(b"")
                self.synced.append(b"")
            case "truncate":  # at worst it is on the platter at once
                self.content[self.live[path]] = self.synced[self.live[path]] = b""
            case "write":
                self.content[self.live[path]] += more
            case "data":
                self.synced[self.live[path]] = self.content[self.live[path]]
            case "rename":
                self.live[more] = self.live.pop(path)
            case "names":
                for table in (self.named, self.live):
                    for name in [n for n in table if os.path.dirname(n) == path]:  # noqa: PTH120
                        if name in self.live:
                            self.named[name] = self.live[name]
                        else:
                            self.named.pop(name, None)

    def after_the_cut(self, root: str) -> Iterator[dict[str, bytes]]:
        """Yield the files that are left at worst: nothing unsynced, half of it, or all."""
        for part in (0.0, 0.5, 1.0):
            found = {}
            for path, node in self.named.items():
                folders = [str(p) for p in Path(path).parents if str(p).startswith(root + "/")]
                if all(folder in self.named for folder in folders):
                    sure, loose = self.synced[node], self.content[node][len(self.synced[node]) :]
                    found[path] = sure + loose[: int(len(loose) * part)]
            yield found


def cuts(calls: list[Call], root: Path) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Yield (number of calls done, files left) for every cut of the power."""
    disk = Disk()
    for done, call in enumerate(calls, 1):
        disk.apply(call)
        for files in disk.after_the_cut(str(root)):
            yield done, files


def lost_ratings(root: Path, patch: pytest.MonkeyPatch) -> int:
    """Keep four ratings; return how often a cut would cost an acknowledged one."""
    recorder = Recorder(patch)
    writer = JournalWriter(root / "journal", root / ".lock", "dev", now=Clock())
    acknowledged: list[tuple[int, str]] = []
    for name in "abcd":
        draft = review(name, 4)._replace(id=EventId(""), hlc=0)
        with suppress(OSError):
            acknowledged += [(len(recorder.calls), event.id) for event in writer.append_events([draft])]
    patch.undo()
    lost = 0
    for done, files in cuts(recorder.calls, root):
        found = {
            record.event.id
            for path, data in files.items()
            if path.endswith(".jsonl")
            for record in journal_reader.parse_chunk(data, Path(path), 0, 0, decode_record).records
        }
        lost += any(event not in found for when, event in acknowledged if when <= done)
    return lost


def bad_files(root: Path, patch: pytest.MonkeyPatch) -> int:
    """Write a file twice; return how often a cut leaves neither the old nor the new one."""
    recorder = Recorder(patch)
    path = root / "folder" / "file"
    ends = []
    for text in (b"first", b"second"):
        write_file_atomically(path, text)
        ends.append(len(recorder.calls))
    patch.undo()
    bad = 0
    for done, files in cuts(recorder.calls, root):
        allowed = {b"first", b"second", None} if done < ends[0] else {b"first", b"second"}
        if done >= ends[1]:
            allowed = {b"second"}
        bad += files.get(str(path)) not in allowed
    return bad


def test_no_cut_costs_an_acknowledged_rating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the power fails, every rating that was acknowledged is read back."""
    assert lost_ratings(tmp_path, monkeypatch) == 0


def test_no_cut_leaves_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is replaced is the old one or the new one, and the new one once told so."""
    assert bad_files(tmp_path, monkeypatch) == 0


def nothing(*_: object) -> None:
    """Do nothing."""


def early(fd: int, data: bytes) -> None:
    """Sync first, write then."""
    os.fsync(fd)
    os.write(fd, data)


def only_names(self: Recorder, fd: int) -> None:
    """Sync folders, and files never."""
    if Path(self._paths[fd]).is_dir():
        self.calls.append(("names", self._paths[fd], None))


def shortened(fd: int, data: bytes) -> None:
    """Believe that one write takes everything, and half is enough."""
    os.write(fd, data[: len(data) // 2])


def unsynced_folder(folder: Path) -> None:
    """Make a folder without a thought for its name."""
    folder.mkdir(parents=True, exist_ok=True)


def in_place(path: Path, data: bytes) -> None:
    """Write a file anew where it stands."""
    storage_files.make_folder(path.parent)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(fd, data)
    os.fsync(fd)
    os.close(fd)
    storage_files.sync_folder(path.parent)


JOURNAL_MUTANTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "the data is not synced": (Recorder, "fdatasync", nothing),
    "the name is not synced": (journal_writer, "sync_folder", nothing),
    "half of it is written": (journal_writer, "write_all_bytes", shortened),
    "nothing is written": (journal_writer, "write_all_bytes", nothing),
    "the journal's folder is not synced": (journal_writer, "make_folder", unsynced_folder),
}
FILE_MUTANTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "the draft is not synced": (Recorder, "fsync", only_names),
    "the new name is not synced": (storage_files, "sync_folder", nothing),
    "half of the draft is written": (storage_files, "write_all_bytes", shortened),
    "the file is written in place": (storage_files, "write_file_atomically", in_place),
}


def test_the_model_catches_a_sync_that_comes_too_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Syncing before writing costs a rating somewhere, and the model says so."""
    with pytest.MonkeyPatch.context() as mutation:
        mutation.setattr(Recorder, "fdatasync", nothing)
        mutation.setattr(journal_writer, "write_all_bytes", early)
        assert lost_ratings(tmp_path, monkeypatch) > 0


@pytest.mark.parametrize("name", JOURNAL_MUTANTS)
def test_the_model_catches_a_careless_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Each step that is left out costs a rating somewhere, and the model says so."""
    with pytest.MonkeyPatch.context() as mutation:
        mutation.setattr(*JOURNAL_MUTANTS[name][:2], JOURNAL_MUTANTS[name][2])
        assert lost_ratings(tmp_path, monkeypatch) > 0


@pytest.mark.parametrize("name", FILE_MUTANTS)
def test_the_model_catches_a_careless_replacement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Each step that is left out leaves neither the old nor the new file, and the model says so."""
    with pytest.MonkeyPatch.context() as mutation:
        place, attribute, wrong = FILE_MUTANTS[name]
        mutation.setattr(place, attribute, wrong)
        if attribute == "write_file_atomically":
            mutation.setitem(globals(), "write_file_atomically", wrong)
        assert bad_files(tmp_path, monkeypatch) > 0
