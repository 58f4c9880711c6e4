"""What the doctor asks of the places that a store lies in: their kinds, rights and file systems."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from flashcards.storage.backups.backups import folder_of
from flashcards.storage.doctor.snapshot import Finding, Patient

NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "fuse.rclone")
PLAIN = "Put the file itself here, not something that stands for it."


def _kinds(patient: Patient) -> Iterator[Finding]:
    """Find links, FIFOs and folders where files belong, and files where folders do."""
    paths = patient.paths
    locks = (paths.lock, paths.deck_lock, paths.settings_lock)
    files = (paths.format, *locks, paths.device, paths.known, paths.index)
    backups = (*_listed(paths.backups, ".zip"), *_listed(folder_of(paths), ".zip"))
    for path in (*files, *_listed(paths.journal, ".jsonl"), *backups):
        if path.is_symlink():
            yield Finding(str(path), "a link", "appends refuse it", PLAIN)
        elif path.exists() and not path.is_file():
            yield Finding(str(path), _kind(path), "all that belongs in it", PLAIN)
    for path in (paths.data, paths.decks, paths.journal, paths.state, paths.cache):
        if path.exists() and not path.is_dir():
            yield Finding(str(path), "no folder", "all that belongs in it", "Move it away.")


def _listed(folder: Path, ending: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(ending))
    except OSError:
        return []


def _kind(path: Path) -> str:
    kinds = ((stat.S_ISFIFO, "a FIFO"), (stat.S_ISDIR, "a folder"), (stat.S_ISSOCK, "a socket"))
    mode = path.lstat().st_mode
    return next((name for is_so, name in kinds if is_so(mode)), "no regular file")


def _permissions(patient: Patient) -> Iterator[Finding]:
    paths = patient.paths
    for path in (paths.data, *patient.reads):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            mode = "700" if path.is_dir() else "600"
            yield Finding(
                str(path), "others on this machine can read it", "privacy", f"chmod {mode} {path}",
                harmless=True,
            )  # fmt: skip
    for path in (paths.data, paths.journal, *patient.reads, paths.state, folder_of(paths)):
        if path.exists() and not os.access(path, os.W_OK):
            remedy = f"chmod u+w {path}, or mount its file system for writing"
            yield Finding(str(path), "it cannot be written", "no rating can be kept", remedy)


def _network(patient: Patient) -> Iterator[Finding]:
    kind = file_system(patient.paths.data)
    if kind in NETWORK:
        what = f"on a network file system ({kind}), where locks may not hold"
        yield Finding(str(patient.paths.data), what, "two machines at once", "Use a local folder.")


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Return the type of file system that a path is on; "" where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    fields = [line.split() for line in lines]
    places = [(f[1], f[2]) for f in fields if path == Path(f[1]) or Path(f[1]) in path.parents]
    return max(places, key=lambda place: len(place[0]), default=("", ""))[1]


QUESTIONS: tuple[Callable[[Patient], Iterator[Finding]], ...] = (_kinds, _permissions, _network)
