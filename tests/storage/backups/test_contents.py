"""Backups of data folders as people have them: odd names, other programs' files, several stores."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import NOON, Clock, open_store, paths_in, put_deck, rate
from flashcards.errors import StoreError
from flashcards.storage.backups.backup_reader import read_backup
from flashcards.storage.backups.contents import from_member, to_member
from flashcards.storage.backups.exact_restore import restore_exactly
from flashcards.storage.backups.make_and_prune import (
    all_backups,
    backups_of,
    delete_old_backups,
    folder_of,
    list_backups,
    make_backup,
)
from flashcards.storage.backups.restore_missing import restore_missing
from flashcards.storage.store_paths import StorePaths
from programs import environment, run

NAMES = [
    b"a", b"b.yaml", b"caf\xe9.png", b"\xff\xfe", b"back\\slash", b"..\\up", b"a..b", b"-rf", b"--",
    b"dot.", b"space ", b" space", b"new\nline", b"tab\t", b"\x1b[31m", b"bell\x07", b"\x7f",
    "é".encode(), "e\u0301".encode(), "\u202eabc".encode(), b"A", b"n" * 255, "字".encode() * 85,
    "␛41".encode(), "␛".encode() + b"\xff", b"100%25", b"C:", b"con", b"*?", b"x (copy).jsonl",
    b"x.sync-conflict-20260101-120000-ABC.jsonl", b"~", b"a~", b"$(id)", b"journal", b"format.json",
]  # fmt: skip
HIDDEN = [b".git", b".thumbnails", b".a.yaml.7.tmp", b"..b", b"..."]
PARTS = st.sampled_from(NAMES) | st.sampled_from(HIDDEN) | st.binary(min_size=1, max_size=12).map(
    lambda name: name.replace(b"/", b"-").replace(b"\0", b"0")
).filter(lambda name: name not in (b".", b".."))  # fmt: skip
TREES = st.dictionaries(
    st.tuples(st.sampled_from([b"decks", b"journal", b"media"]), st.lists(PARTS, min_size=1, max_size=3)).map(
        lambda parts: (parts[0], *parts[1])
    ),
    st.sampled_from([b"", b"x", b"line\r\n", b"deck: A\n", bytes(range(256)) * 40]) | st.binary(max_size=40),
    max_size=8,
)


def plant(data: Path, tree: dict[tuple[bytes, ...], bytes]) -> None:
    """Write the files of a tree that can stand beside each other."""
    for parts, content in tree.items():
        path = data / os.fsdecode(b"/".join(parts))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            continue
        if not path.exists():
            path.write_bytes(content)


def content_of(data: Path) -> dict[bytes, bytes]:
    """Return the bytes of each file that is not hidden, by the bytes of its name."""
    found = {}
    for path in data.rglob("*"):
        parts = path.relative_to(data).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            found[os.fsencode(path.relative_to(data))] = path.read_bytes()
    return found


@settings(max_examples=20, deadline=None)
@given(tree=TREES, later=TREES)
def test_what_a_backup_holds_comes_back(
    tree: dict[tuple[bytes, ...], bytes], later: dict[tuple[bytes, ...], bytes]
) -> None:
    """Into an empty folder, and exactly into one with other files: the same files and bytes."""
    with tempfile.TemporaryDirectory() as folder:
        paths = paths_in(Path(folder))
        paths.data_dir.mkdir()
        paths.format_file.write_text('{"format": 1, "store": "one"}\n')
        plant(paths.data_dir, tree)
        before = content_of(paths.data_dir)
        backup = read_backup(make_backup(paths, NOON, "manual"))
        for number, restore in enumerate((restore_exactly, restore_missing)):
            there = StorePaths(Path(folder) / str(number), paths.config_dir, paths.state_dir, paths.cache_dir)
            if restore is restore_exactly:
                restore_exactly(there, backup)
            else:
                restore_missing(there, backup, NOON)
            assert content_of(there.data_dir) == before
        visible = {parts: data for parts, data in later.items() if not hidden(parts)}
        plant(paths.data_dir, visible)
        restore_exactly(paths, backup)
        assert content_of(paths.data_dir) == before


def hidden(parts: tuple[bytes, ...]) -> bool:
    return any(part.startswith(b".") for part in parts)


@given(st.lists(PARTS, min_size=1, max_size=4).map(b"/".join))
def test_every_name_is_spelled_in_its_own_way(name: bytes) -> None:
    """What is in the zip file is plain UTF-8 without backslashes, and tells the same bytes."""
    member = to_member(os.fsdecode(name))
    assert os.fsencode(from_member(member)) == name
    assert member.encode().isascii() or "␛" in member or member == name.decode()
    assert "\\" not in member
    assert not any(ord(letter) < 32 for letter in member)


def git(paths: StorePaths) -> None:
    subprocess.run(["git", "init", "-q", str(paths.decks_dir)], check=True)
    (paths.decks_dir / ".git" / "refs" / "heads").mkdir(parents=True, exist_ok=True)


def file(name: bytes) -> Callable[[StorePaths], None]:
    def put(paths: StorePaths) -> None:
        path = paths.data_dir / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content")

    return put


def links(paths: StorePaths) -> None:
    outside = paths.data_dir.parent / "outside"
    outside.mkdir()
    (outside / "a.yaml").write_text("cards: []\n")
    paths.media_dir.mkdir()
    (paths.decks_dir / "linked.yaml").symlink_to(outside / "a.yaml")
    (paths.media_dir / "folder").symlink_to(outside)
    (paths.media_dir / "none").symlink_to("nowhere")
    (paths.media_dir / "loop").symlink_to("loop")
    (paths.media_dir / "round").symlink_to(paths.data_dir)


def specials(paths: StorePaths) -> None:
    paths.media_dir.mkdir()
    os.mkfifo(paths.media_dir / "fifo")
    (paths.decks_dir / "empty" / "more").mkdir(parents=True)
    with closing(socket.socket(socket.AF_UNIX)) as it:
        it.bind(str(paths.media_dir / "s"))


ODD: dict[str, Callable[[StorePaths], None]] = {
    "git": git,
    "thumbnails": file(b"media/.thumbnails/a.png"),
    "backslash": file(b"media/a\\b.png"),
    "not UTF-8": file(b"media/caf\xe9.png"),
    "control": file(b"media/a\nb\x1b[2J.png"),
    "long": file(b"media/" + b"n" * 255),
    "deep": file(b"decks/" + b"/".join([b"d" * 200] * 12) + b"/a.yaml"),
    "dash": file(b"decks/-rf"),
    "links": links,
    "specials": specials,
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("exact", [True, False])
def test_the_program_restores_its_own_backup(tmp_path: Path, name: str, *, exact: bool) -> None:
    """`backup`, all of it lost, `restore`: the library is as it was."""
    data = tmp_path / "data"
    run(tmp_path, "study", text="\n4\nq\n")
    ODD[name](StorePaths(data, tmp_path, tmp_path, tmp_path))
    before = {n: b for n, b in content_of(data).items() if not n.startswith(b"media/round")}
    made = run(tmp_path, "backup")
    assert "verified" in made.stdout, made.stderr
    shutil.rmtree(data)
    done = run(tmp_path, "restore", *(["--exact", "--yes"] if exact else []))
    assert (done.returncode, done.stderr) == (0, "")
    after = content_of(data)
    assert {n: after.get(n) for n in before} == before


def test_an_exact_restore_leaves_what_no_backup_has(tmp_path: Path) -> None:
    """A .git in the library is no backup's business: it stays, whole, its empty folders too."""
    put_deck(tmp_path)
    paths = paths_in(tmp_path)
    backup = read_backup(make_backup(paths, NOON, "manual"))
    git(paths)
    put_deck(tmp_path, name="later/b.yaml")
    before = sorted((paths.decks_dir / ".git").rglob("*"))
    restore_exactly(paths, backup)
    assert sorted((paths.decks_dir / ".git").rglob("*")) == before
    assert not (paths.decks_dir / "later").exists()
    subprocess.run(["git", "-C", str(paths.decks_dir), "status"], check=True, capture_output=True)


def test_backups_of_before_with_hidden_files_come_back(tmp_path: Path) -> None:
    """Earlier versions put the insides of hidden folders in; all else of such a one is restored."""
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("decks/a.yaml", b"a")
        archive.writestr("decks/.git/config", b"x")
        archive.writestr("media/a\\b.png", b"b")
        archive.writestr("media/a%20b.png", b"c")
        archive.comment = b"flashcards: 4 files"
    restore_exactly(paths_in(tmp_path), read_backup(path))
    assert content_of(tmp_path / "data") == {
        b"decks/a.yaml": b"a", b"media/a\\b.png": b"b", b"media/a%20b.png": b"c",
    }  # fmt: skip


def test_two_names_for_one_file_are_refused(tmp_path: Path) -> None:
    """Which of the two would be written last is nobody's guess."""
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("media/a\\b", b"a")
        archive.writestr("media/a␛5Cb", b"b")
    with pytest.raises(StoreError, match="is not part of"):
        read_backup(path)


def test_large_media_that_are_packed_already_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is on how much a backup grows, so that what was verified can be restored."""
    monkeypatch.setattr("flashcards.storage.backups.contents.LARGEST", 1000)
    paths = paths_in(tmp_path)
    paths.media_dir.mkdir(parents=True)
    (paths.media_dir / "a.png").write_bytes(os.urandom(9000))
    assert len(read_backup(make_backup(paths, NOON, "manual"))["media/a.png"]) == 9000


def test_journals_come_back_as_files_or_as_what_is_missing(tmp_path: Path) -> None:
    """Bad and newer lines too, where nothing of a journal is left; and no entry counts twice."""
    put_deck(tmp_path)
    with open_store(tmp_path) as store:
        rate(store, "dog", [4, 5])
    paths = paths_in(tmp_path)
    (journal,) = paths.journal_dir.iterdir()
    whole = journal.read_bytes() + b'{"v":9,"of":"tomorrow"}\nnonsense\n'
    journal.write_bytes(whole)
    (paths.journal_dir / "copy.jsonl").write_bytes(whole)
    backup = read_backup(make_backup(paths, NOON, "manual"))
    shutil.rmtree(paths.journal_dir)
    assert restore_missing(paths, backup, NOON).event_count == 3
    assert journal.read_bytes() == (paths.journal_dir / "copy.jsonl").read_bytes() == whole
    assert restore_missing(paths, backup, NOON).event_count == 0
    (paths.journal_dir / "copy.jsonl").unlink()
    journal.write_bytes(b"".join(whole.splitlines(keepends=True)[:1]))
    assert restore_missing(paths, backup, NOON).event_count == 2
    journal.unlink()
    assert restore_missing(paths, backup, NOON).event_count == 1
    (restored,) = paths.journal_dir.iterdir()
    lines = restored.read_bytes().splitlines()
    assert len(lines) == 5
    assert {b'{"v":9,"of":"tomorrow"}', b"nonsense"} < set(lines)


def test_what_is_in_the_way_is_told_and_stays(tmp_path: Path) -> None:
    """A folder or FIFO in a file's place, a file in a folder's: left as it is, nothing hangs."""
    paths = paths_in(tmp_path)
    for name in ("a.yaml", "b.yaml", "c/d.yaml"):
        put_deck(tmp_path, name=name)
    backup = read_backup(make_backup(paths, NOON, "manual"))
    shutil.rmtree(paths.decks_dir)
    (paths.decks_dir / "a.yaml").mkdir(parents=True)
    os.mkfifo(paths.decks_dir / "b.yaml")
    (paths.decks_dir / "c").write_text("mine")
    assert restore_missing(paths, backup, NOON).differing_files == (
        "decks/a.yaml", "decks/b.yaml", "decks/c/d.yaml",
    )  # fmt: skip
    assert (paths.decks_dir / "c").read_text() == "mine"


def run_in(home: Path, name: str, *words: str, text: str = "") -> CompletedProcess[str]:
    """Run the program with one of several data folders."""
    return run(home, *words, text=text, FLASHCARDS_DATA_DIR=str(home / name))


def test_two_stores_on_one_machine_keep_their_backups_apart(tmp_path: Path) -> None:
    """Each gets its own of the day, and a restore brings only its own files back."""
    for name in ("one", "two"):
        run_in(tmp_path, name, "due")
        (tmp_path / name / "decks" / f"{name}.yaml").write_text("cards: []\n")
        run_in(tmp_path, name, "study", text="\n4\nq\n")
    folders = sorted((tmp_path / "state" / "flashcards" / "backups").iterdir())
    assert [len(list_backups(folder)) for folder in folders] == [1, 1]
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / name / "decks" / f"{name}.yaml").unlink()
        done = run_in(tmp_path, name, "restore")
        assert "Restored 1 file." in done.stdout, done.stderr
        assert (tmp_path / name / "decks" / f"{name}.yaml").exists()
        assert not (tmp_path / name / "decks" / f"{other}.yaml").exists()
        own, _, others = run_in(tmp_path, name, "restore", "--list").stdout.partition("Of other")
        assert own.count("UTC") == others.count("UTC") == 1


def test_the_backups_of_another_store_are_no_way_back(tmp_path: Path) -> None:
    """`restore` takes none of them unasked, and the doctor misses those of this one."""
    run_in(tmp_path, "one", "backup")
    run_in(tmp_path, "two", "study", text="\n4\nq\n")
    folder = tmp_path / "state" / "flashcards" / "backups"
    (daily,) = folder.glob("*/*-daily.zip")
    daily.unlink()
    done = run_in(tmp_path, "two", "restore")
    assert done.returncode == 1
    assert "no backup of this store" in done.stderr
    assert "no backup yet" in run_in(tmp_path, "two", "doctor").stdout


def test_nobody_guesses_whose_backup_is_meant(tmp_path: Path) -> None:
    """Of a folder that says nothing, the newest is taken only where all are of one store."""
    for name in ("one", "two"):
        run_in(tmp_path, name, "backup")
        shutil.rmtree(tmp_path / name)
        (tmp_path / "state" / "flashcards" / "known.json").unlink()
        done = run_in(tmp_path, "three", "restore")
        if name == "one":
            assert "Restored" in done.stdout, done.stderr
            shutil.rmtree(tmp_path / "three")
    assert done.returncode == 1
    assert "backups of several stores" in done.stderr


def flat(paths: StorePaths, day: int, store: str) -> Path:
    """Put a backup where earlier versions did, and return its path."""
    path = paths.backups_dir / f"{NOON - timedelta(days=day):%Y%m%dT%H%M%SZ}-daily.zip"
    paths.backups_dir.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("format.json", f'{{"format": 1, "store": "{store}"}}')
    return path


def test_backups_of_before_belong_to_their_store(tmp_path: Path) -> None:
    """They are found by it, and thinned out with its own; those of others are left alone."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    paths = paths_in(tmp_path)
    store = folder_of(paths).name
    own = [flat(paths, day, store) for day in range(1, 60, 2)]
    others = [flat(paths, day, "another") for day in range(2, 60, 2)]
    damaged = paths.backups_dir / "20250101T120000Z-daily.zip"
    damaged.write_bytes(b"damaged")
    os.mkfifo(paths.backups_dir / "20250102T120000Z-daily.zip")
    assert [backup.path for backup in backups_of(paths)] == own
    with open_store(tmp_path) as it:
        rate(it, "dog", [4])
    assert len(list_backups(folder_of(paths))) == 1
    left = [path for path in own if path.exists()]
    assert left[:6] == own[:6]
    assert 6 < len(left) < 20
    assert all(path.exists() for path in (*others, damaged))
    assert [backup.path for backup in backups_of(paths)][1:] == left
    paths.format_file.unlink()
    assert [backup.path for backup in backups_of(paths)][1:] == left
    paths.known_stores_file.unlink()
    assert backups_of(paths) == all_backups(paths)
    assert len(all_backups(paths)) == 1 + len(left) + len(others) + 2


@pytest.mark.parametrize("store", ["../../x", "", "a/b", ".hidden", "x" * 300, "\ud800"])
def test_no_store_s_name_leads_elsewhere(tmp_path: Path, store: str) -> None:
    """Whatever format.json says, its backups lie below the folder of backups."""
    put_deck(tmp_path)
    paths = paths_in(tmp_path)
    paths.format_file.write_text(json.dumps({"format": 1, "store": store}))
    path = make_backup(paths, NOON, "manual")
    assert path.resolve().is_relative_to(paths.backups_dir.resolve())
    assert [backup.path for backup in backups_of(paths)] == [path]


def test_what_cannot_be_read_is_told_by_name_and_the_rest_is_kept(tmp_path: Path) -> None:
    """One picture without permissions costs no backup; history without them does."""
    run(tmp_path, "study", text="\n4\nq\n")
    media = tmp_path / "data" / "media"
    (media / "closed").mkdir(parents=True)
    (media / "closed" / "b.png").write_bytes(b"b")
    (media / "a.png").write_bytes(b"a")
    (media / "c.png").write_bytes(b"c")
    (media / "closed").chmod(0)
    (media / "a.png").chmod(0)
    words = [sys.executable, "-m", "flashcards", "backup"]
    done = subprocess.run(
        [*unprivileged(), *words], env=environment(tmp_path), capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    (media / "closed").chmod(0o700)
    assert done.returncode == 0, done.stderr
    assert "media/a.png (Permission denied), media/closed (Permission denied)" in done.stderr
    assert "media/c.png" in read_backup(Path(done.stdout.partition("  (")[0]))


def unprivileged() -> list[str]:
    """Return words before a command that let permissions count for root, too."""
    if os.getuid():
        return []
    drop = shutil.which("setpriv")
    if drop is None:
        pytest.skip("nothing here can give up root's rights")
    rights = "-dac_override,-dac_read_search"
    return [drop, f"--bounding-set={rights}", f"--inh-caps={rights}"]


def test_other_programs_unpack_a_backup(tmp_path: Path) -> None:
    """The zip opens with an ordinary unzip, odd names and all."""
    unzip = shutil.which("unzip") or shutil.which("bsdtar")
    if unzip is None:
        pytest.skip("no other program for zip files is here")
    put_deck(tmp_path)
    paths = paths_in(tmp_path)
    for name in NAMES:
        file(b"media/odd/" + name)(paths)
    path = make_backup(paths, NOON, "manual")
    words = ["-t"] if unzip.endswith("unzip") else ["-tf"]
    subprocess.run([unzip, *words, str(path)], check=True, capture_output=True)


def test_a_name_that_is_not_utf_8_costs_no_backup(tmp_path: Path) -> None:
    """It goes in and comes out with the same bytes in its name; the daily backup goes on."""
    put_deck(tmp_path)
    paths = paths_in(tmp_path)
    file(b"media/caf\xe9.png")(paths)
    told: list[str] = []
    with open_store(tmp_path, Clock()) as it:
        it._initial_notify = told.append
        rate(it, "dog", [4])
    assert told == []
    (made,) = backups_of(paths)
    assert "media/caf\udce9.png" in read_backup(made.path)
    assert delete_old_backups(folder_of(paths)) == []
