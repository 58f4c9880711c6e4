"""Machines that share a library over a bare repository, each with real folders and a real git."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from factories import paths_in
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.storage.journal.journal_reader import read_journal_file
from flashcards.storage.journal.journal_writer import JournalWriter
from flashcards.storage.sync.git import Git, parse_remote
from flashcards.storage.sync.repository import Repository
from flashcards.storage.sync.sync_run import SyncResult, SyncRun


def git(folder: Path, *words: str, data: str = "") -> str:
    """Run git in a folder as a user would; return what it printed."""
    environ = {name: said for name, said in os.environ.items() if not name.startswith("GIT_")}
    person = ("-c", "user.name=A Person", "-c", "user.email=person@example.org")
    command = ["git", "-C", str(folder), *person, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environ, input=data).stdout


def bare(folder: Path) -> Path:
    """Make an empty repository that machines can share."""
    git(folder, "init", "-q", "--bare", "remote.git")
    return folder / "remote.git"


class Machine:
    """One machine: its data folder, and a way to answer, edit and sync."""

    def __init__(self, folder: Path, remote: Path | str) -> None:
        self.paths = paths_in(folder)
        self.remote = str(remote)
        self.name = folder.name
        self.paths.data_dir.mkdir(parents=True, exist_ok=True)
        self.git = Git(self.paths.data_dir, self.paths.data_dir / ".git")
        self._journal = JournalWriter(
            self.paths.journal_dir, self.paths.lock_file, folder.name,
            now=lambda: datetime.now(UTC),
        )  # fmt: skip

    def answer(self, times: int = 1) -> None:
        """Write answers to this machine's journal."""
        now = datetime.now(UTC)
        self._journal.append_events([Review(EventId(""), 0, now, CardId("dog"), 4, 900)] * times)

    def sync(self) -> SyncResult:
        """Sync, beginning where nothing was begun."""
        repository = Repository(self.git)
        if not self.git.folder.exists():
            repository.begin("main")
        remote = parse_remote(self.remote, Path("/"))
        return SyncRun(self.paths, repository, remote, now=lambda: datetime.now(UTC)).run()

    def put(self, files: dict[str, bytes]) -> None:
        """Have just these deck files, and what else is named."""
        for path in self.decks().keys() - files.keys():
            (self.paths.data_dir / path).unlink()
        for path, data in files.items():
            target = self.paths.data_dir / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_bytes() != data:
                target.write_bytes(data)

    def decks(self) -> dict[str, bytes]:
        """Return the deck files by their paths."""
        found = self.paths.decks_dir.rglob("*.yaml") if self.paths.decks_dir.exists() else ()
        return {str(path.relative_to(self.paths.data_dir)): path.read_bytes() for path in found}

    def events(self) -> set[str]:
        """Return the id of every event in the journals, none of them damaged."""
        found = set[str]()
        for path in self.paths.journal_dir.glob("*.jsonl"):
            journal = read_journal_file(path)
            assert not journal.bad_lines
            found |= {record.event.id for record in journal.records}
        return found

    def files(self) -> dict[str, bytes]:
        """Return every file of the data folder but git's own, the hidden ones and the store's name."""
        found = {
            str(path.relative_to(self.paths.data_dir)): path.read_bytes()
            for path in self.paths.data_dir.rglob("*")
            if path.is_file() and path.name != "format.json"
        }
        return {name: data for name, data in found.items() if not re.search(r"(^|/)\.", name)}


def sync_all(machines: list[Machine]) -> None:
    """Sync each machine, and each once more, so that all have what all sent."""
    for machine in [*machines, *machines[:-1]]:
        machine.sync()
