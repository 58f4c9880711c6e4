"""Checks of file types, permissions and file systems."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from flashcards.storage.backups.make_and_prune import folder_of
from flashcards.storage.doctor.snapshot import DoctorFinding, StoreSnapshot

NETWORK_FILE_SYSTEMS = (
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "fuse.rclone",
)  # fmt: skip
PLAIN_FILE_REMEDY = "Replace it with the real file."


def _check_file_types(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    """Find links, FIFOs and folders in place of files, and files in place of folders."""
    paths = snapshot.paths
    locks = (paths.lock_file, paths.deck_lock, paths.settings_lock)
    files = (paths.format_file, *locks, paths.device_file, paths.known_stores_file)
    backups = (*_list_by_suffix(paths.backups_dir, ".zip"), *_list_by_suffix(folder_of(paths), ".zip"))
    for path in (*files, *_list_by_suffix(paths.journal_dir, ".jsonl"), *backups):
        if path.is_symlink():
            yield DoctorFinding(str(path), "a symbolic link", "it cannot be written", PLAIN_FILE_REMEDY)
        elif path.exists() and not path.is_file():
            yield DoctorFinding(
                str(path), _describe_file_type(path), "its contents cannot be used", PLAIN_FILE_REMEDY
            )
    for path in (paths.data_dir, paths.decks_dir, paths.journal_dir, paths.state_dir, paths.cache_dir):
        if path.exists() and not path.is_dir():
            yield DoctorFinding(str(path), "not a folder", "its contents cannot be used", "Move it away.")


def _list_by_suffix(folder: Path, suffix: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(suffix))
    except OSError:
        return []


def _describe_file_type(path: Path) -> str:
    kinds = ((stat.S_ISFIFO, "a FIFO"), (stat.S_ISDIR, "a folder"), (stat.S_ISSOCK, "a socket"))
    mode = path.lstat().st_mode
    return next((name for is_so, name in kinds if is_so(mode)), "not a regular file")


def _check_permissions(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    paths = snapshot.paths
    for path in (paths.data_dir, *snapshot.journals):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            mode = "700" if path.is_dir() else "600"
            yield DoctorFinding(
                str(path), "readable by other users", "others can read your cards", f"chmod {mode} {path}",
                is_harmless=True,
            )  # fmt: skip
    for path in (paths.data_dir, paths.journal_dir, *snapshot.journals, paths.state_dir, folder_of(paths)):
        if path.exists() and not os.access(path, os.W_OK):
            remedy = f"chmod u+w {path}, or mount its file system for writing"
            yield DoctorFinding(str(path), "it cannot be written", "ratings cannot be saved", remedy)


def _check_network(snapshot: StoreSnapshot) -> Iterator[DoctorFinding]:
    type_ = file_system_type(snapshot.paths.data_dir)
    if type_ in NETWORK_FILE_SYSTEMS:
        what = f"on a network file system ({type_}), where locks may not hold"
        impact = "two machines writing at once may conflict"
        yield DoctorFinding(str(snapshot.paths.data_dir), what, impact, "Use a local folder.")


def file_system_type(path: Path, mounts_file: Path = Path("/proc/mounts")) -> str:
    """Return the file system type of a path; "" if unknown."""
    try:
        lines = mounts_file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    fields = [line.split() for line in lines]
    places = [(f[1], f[2]) for f in fields if path == Path(f[1]) or Path(f[1]) in path.parents]
    return max(places, key=lambda place: len(place[0]), default=("", ""))[1]


FILE_CHECKS = (_check_file_types, _check_permissions, _check_network)
