"""restore --exact: as it was, or as it shall be, wherever it is cut short."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from factories import NOON, open_store, paths_in, put_deck, rate
from flashcards.errors import StoreError
from flashcards.storage.backups.backup_reader import read_backup
from flashcards.storage.backups.exact_restore import restore_exactly
from flashcards.storage.backups.make_and_prune import make_backup
from programs import command, environment, run

DIES = """
import os, sys
count, real = 0, {}
def dying(name):
    def call(*words, **named):
        global count
        count += 1
        if count == int(os.environ["DIE_AT"]):
            os._exit(9)
        return real[name](*words, **named)
    return call
for name in ("open", "rename", "replace", "unlink", "mkdir", "rmdir", "fsync"):
    real[name] = getattr(os, name)
    setattr(os, name, dying(name))
from pathlib import Path
sys.path[:0] = sys.argv[1:2]
from factories import paths_in
from flashcards.storage.backups.backup_reader import read_backup
from flashcards.storage.backups.exact_restore import restore_exactly
backup = read_backup(Path(sys.argv[3]))
count = 0
restore_exactly(paths_in(Path(sys.argv[2])), backup)
"""
"""A restore that ends at its DIE_AT-th call of the system, as if it was killed there."""


def content(folder: Path) -> dict[str, bytes]:
    """Return the decks, journals and media of a store."""
    data = paths_in(folder).data_dir
    found = (path for top in ("decks", "journal", "media") for path in (data / top).rglob("*"))
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in found if path.is_file()}


def two_states(folder: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """Return a backup of a store that went on since: what it holds, and what is there now."""
    put_deck(folder)
    put_deck(folder, name="sub/old.yaml", text="cards:\n  - {front: old, back: b}\n")
    with open_store(folder) as store:
        rate(store, "dog", [4, 5])
    was = content(folder)
    path = make_backup(paths_in(folder), NOON, "manual", folder / "all.zip")
    (paths_in(folder).decks_dir / "sub" / "old.yaml").unlink()
    put_deck(folder, name="new.yaml", text="cards:\n  - {front: new, back: b}\n")
    put_deck(folder, text="deck: French\ncards:\n  - {id: dog, front: f, back: b}\n")
    with open_store(folder) as store:
        rate(store, "dog", [2])
    return path, was, content(folder)


def test_a_kill_at_every_call_leaves_one_or_the_other(tmp_path: Path) -> None:
    """The next start finds the store as it was, or finishes: never half of each."""
    path, shall, now = two_states(tmp_path)
    outcomes, place, ended = set(), 0, 9
    tests = str(Path(__file__).parents[2])
    while ended == 9:
        place += 1
        words = [sys.executable, "-c", DIES, tests, str(tmp_path), str(path)]
        ended = subprocess.run(words, env={**os.environ, "DIE_AT": str(place)}, check=False).returncode
        open_store(tmp_path).close()
        found = content(tmp_path)
        assert found in (now, shall), place
        outcomes.add(found == shall)
        assert not list(paths_in(tmp_path).data_dir.glob(".restore-ready*"))
        if found == shall:
            for name, data in {**dict.fromkeys(shall, b""), **now}.items():
                target = paths_in(tmp_path).data_dir / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data) if name in now else target.unlink()
    assert outcomes == {True, False}
    assert place > 40


def test_a_full_disk_changes_nothing(tmp_path: Path) -> None:
    """Without room for all of it nothing goes, and the message says so."""
    run(tmp_path, "study", text="\n4\nq\n")
    (tmp_path / "data" / "media").mkdir()
    (tmp_path / "data" / "media" / "a.png").write_bytes(os.urandom(400_000))
    run(tmp_path, "backup", str(tmp_path / "all.zip"))
    run(tmp_path, "add", "a", "b")
    before = {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()}
    limit = "import resource, signal, sys, runpy; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)); "
    limit += "sys.argv[0] = 'flashcards'; runpy.run_module('flashcards', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", limit, "restore", "--exact", "--yes", str(tmp_path / "all.zip")],
        env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()} == before


def test_folders_in_a_zip_file_and_odd_ones(tmp_path: Path) -> None:
    """Folder entries of another program are passed over; what cannot be is refused before anything goes."""
    paths = paths_in(tmp_path)
    put_deck(tmp_path)
    with zipfile.ZipFile(tmp_path / "zipped.zip", "w") as archive:
        for name in ("decks/", "decks/sub/", "decks/sub/a.yaml"):
            archive.writestr(name, b"" if name.endswith("/") else b"cards: []\n")
    restore_exactly(paths, read_backup(tmp_path / "zipped.zip"))
    assert content(tmp_path) == {"decks/sub/a.yaml": b"cards: []\n"}
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as archive:
        archive.writestr("decks/a", b"")
        archive.writestr("decks/a/b.yaml", b"")
    with pytest.raises(StoreError, match="as a file and as a folder"):
        read_backup(tmp_path / "odd.zip")
    (paths.decks_dir / "b.yaml" / ".git").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "way.zip", "w") as archive:
        archive.writestr("decks/b.yaml", b"")
    with pytest.raises(StoreError, match="hidden files"):
        restore_exactly(paths, read_backup(tmp_path / "way.zip"))
    assert content(tmp_path) == {"decks/sub/a.yaml": b"cards: []\n"}


@pytest.mark.parametrize("words", [["restore"], ["restore", "--exact", "--yes"]])
def test_a_large_store_comes_back_in_little_memory(tmp_path: Path, words: list[str]) -> None:
    """300 MB of media, and as many zeros, are written piece by piece."""
    run(tmp_path, "due")
    media = tmp_path / "data" / "media"
    media.mkdir()
    with (media / "zeros.svg").open("wb") as file:
        file.truncate(300 << 20)
    run(tmp_path, "backup", str(tmp_path / "all.zip"))
    (media / "zeros.svg").unlink()
    idle = peak_of(tmp_path, ["decks"])
    assert peak_of(tmp_path, [*words, str(tmp_path / "all.zip")]) < idle + (60 << 20)
    assert (media / "zeros.svg").stat().st_size == 300 << 20


def peak_of(home: Path, words: list[str]) -> int:
    """Return the most memory that a command has, in bytes."""
    process = subprocess.Popen([*command(), *words], env=environment(home), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    assert status == 0
    return usage.ru_maxrss * 1024
