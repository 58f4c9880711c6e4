"""Reading works where writing cannot, and makes nothing where nothing was asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from programs import command, environment, run

READING = (
    ["due"],
    ["today"],
    ["decks"],
    ["cards", "rag"],
    ["show", "why-transformers"],
    ["stats"],
    ["export", "--format", "json", "-o", "{home}/new/all.json"],
    ["export", "--format", "csv"],
    ["backup", "{home}/new/all.zip"],
)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let a folder be read only for a while, even to root; skip where that is not allowed."""
    mounting = ["mount", "--bind", str(folder), str(folder)]
    if os.getuid() or subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not possible here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def all_read(home: Path) -> None:
    """Run every command that only reads; each answers, and says nothing of faults."""
    for words in READING:
        shutil.rmtree(home / "new", ignore_errors=True)
        (home / "new").mkdir()
        done = run(home, *(word.format(home=home) for word in words))
        assert done.returncode == 0, (words, done.stderr)
        assert done.stdout or list((home / "new").iterdir()), words
        assert "flashcards:" not in done.stderr, (words, done.stderr)


@pytest.mark.parametrize("names", [("data",), ("state",), ("cache",), ("data", "state", "cache")])
@pytest.mark.parametrize("changed", [False, True])
def test_what_cannot_be_written_is_read(tmp_path: Path, names: tuple[str, ...], *, changed: bool) -> None:
    """A folder that is read only costs speed at most, with an index that is up to date or not."""
    run(tmp_path, "study", text="\n4\nq\n")
    if changed:
        run(tmp_path, "due")
        (tmp_path / "data" / "decks" / "more.yaml").write_text("cards:\n  - {front: rag time, back: b}\n")
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(read_only(tmp_path / name))
        all_read(tmp_path)
        if "data" in names:
            refused = run(tmp_path, "study", text="\n4\nq\n")
            assert refused.returncode == 1
            assert "cannot be written" in refused.stderr
            assert not refused.stdout


def test_a_newer_format_is_read(tmp_path: Path) -> None:
    """What a newer version made is shown as far as this one understands it, and left as it is."""
    run(tmp_path, "study", text="\n4\nq\n")
    path = tmp_path / "data" / "format.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))
    before = {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()}
    all_read(tmp_path)
    for words in (["study"], ["suspend", "why-transformers"], ["add", "a", "b"], ["undo"]):
        refused = run(tmp_path, *words, text="\n4\nq\n")
        assert refused.returncode == 1, words
        assert "newer version" in refused.stderr
    assert {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()} == before


def test_a_mistyped_folder_makes_no_library(tmp_path: Path) -> None:
    """Reading makes nothing; adding makes a folder beside others, and says so."""
    for words in (["due"], ["today"], ["decks"], ["doctor"], ["add", "a", "b"], ["study"]):
        done = run(tmp_path, *words, "--data-dir", str(tmp_path / "no" / "such"))
        assert done.returncode == 2, done.stdout
        assert "no such folder" in done.stderr
        assert not (tmp_path / "no").exists()
    assert run(tmp_path, "due", "--data-dir", str(tmp_path / "new")).returncode == 2
    assert not (tmp_path / "new").exists()
    done = run(tmp_path, "add", "a", "b", "--data-dir", str(tmp_path / "new"))
    assert done.returncode == 0
    assert f"{tmp_path / 'new'}: made for a new library." in done.stderr
    assert run(tmp_path, "cards", "--data-dir", str(tmp_path / "new")).returncode == 0


def git(folder: Path, *words: str) -> None:
    """Run git in a folder."""
    identity = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def test_a_clone_that_checked_nothing_out_is_not_a_new_user(tmp_path: Path) -> None:
    """It stops and tells where the library may be; a folder that git has just begun is a new one."""
    (tmp_path / "one").mkdir()
    git(tmp_path / "one", "init", "-b", "other")
    run(tmp_path, "due", FLASHCARDS_DATA_DIR=str(tmp_path / "one"))
    assert (tmp_path / "one" / "decks").exists()
    git(tmp_path / "one", "add", "-A")
    git(tmp_path / "one", "commit", "-m", "all")
    git(tmp_path / "one", "symbolic-ref", "HEAD", "refs/heads/main")
    git(tmp_path, "clone", "one", "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == [".git"]
    done = run(tmp_path, "today")
    assert done.returncode == 1
    assert "Welcome" not in done.stderr
    assert "flashcards sync takes in what a remote has" in done.stderr
    assert [path.name for path in (tmp_path / "data").iterdir()] == [".git"]
    git(tmp_path / "data", "checkout", "other")
    assert run(tmp_path, "due").returncode == 0


@pytest.mark.skipif(os.getuid() != 0, reason="only root is in another's home")
def test_nothing_is_made_in_the_home_of_another(tmp_path: Path) -> None:
    """As root in a user's home, or without HOME: a named folder is read, and nothing is made."""
    run(tmp_path, "study", text="\n4\nq\n")
    home = tmp_path / "alice"
    home.mkdir()
    os.chown(home, 1234, 1234)
    env = environment(tmp_path)
    for name in ("CONFIG", "STATE", "CACHE"):
        del env[f"XDG_{name}_HOME"]
    for given in (env | {"HOME": str(home)}, {name: env[name] for name in env if name != "HOME"}):
        for words, folder in ((["due"], True), (["decks"], True), (["today"], False)):
            there = given if folder else {n: v for n, v in given.items() if n != "FLASHCARDS_DATA_DIR"}
            done = subprocess.run(
                [*command(), *words], env=there, capture_output=True, text=True, check=False
            )
            assert done.returncode == (0 if folder else 2), done.stderr
            assert "Traceback" not in done.stderr
            assert folder or "HOME" in done.stderr
        assert not list(home.iterdir())


def test_a_deck_with_errors_is_no_empty_library(tmp_path: Path) -> None:
    """Without an index nothing is known of its cards, and the file is named all the same."""
    deck = tmp_path / "data" / "decks" / "mine.yaml"
    deck.parent.mkdir(parents=True)
    deck.write_text("cards:\n  - {front: a, back: [}\n")
    for words in (["study"], ["today"], ["decks"], ["export"]):
        shutil.rmtree(tmp_path / "cache", ignore_errors=True)
        done = run(tmp_path, *words)
        assert "None of your decks can be read" in done.stdout + done.stderr, words
        assert "mport" not in done.stdout


def test_a_linked_folder_of_decks_is_read_and_backed_up(tmp_path: Path) -> None:
    """A link to a folder is one of the library's; one to the folder above it is no circle."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "linked.yaml").write_text("deck: Linked\ncards:\n  - {front: a, back: b}\n")
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "there").symlink_to(tmp_path / "shared")
    (decks / "circle").symlink_to(decks)
    assert "Linked" in run(tmp_path, "decks").stdout
    run(tmp_path, "backup", str(tmp_path / "all.zip"))
    (tmp_path / "shared" / "linked.yaml").write_text("deck: Linked\ncards: []\n")
    done = run(tmp_path, "restore", "--exact", "--yes", str(tmp_path / "all.zip"))
    assert done.returncode == 0, done.stderr
    assert (decks / "there" / "linked.yaml").read_text().count("front: a") == 1
    assert (tmp_path / "shared" / "linked.yaml").read_text() == "deck: Linked\ncards: []\n"


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("data/format.json", '{"format": 1e400, "store": "x"}', "format.json"),
        ("config/flashcards/config.toml", "theme = 'dark'\nkeys = " + "[" * 100_000, "config.toml:2"),
    ],
)
def test_odd_files_are_named(tmp_path: Path, name: str, text: str, place: str) -> None:
    """A number beyond all numbers, brackets beyond all depth: an error with its place."""
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    done = run(tmp_path, "decks")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert place in done.stderr


PAGE = 4096


def test_a_torn_index_is_rebuilt_whichever_command_meets_it(tmp_path: Path) -> None:
    """0xff over every 7th page, wherever that begins: the answer is that of a sound index."""
    run(tmp_path, "study", text="\n4\nq\n")
    commands = [["due"], ["decks"], ["cards", "rag", "--json"], ["show", "why-transformers", "--json"]]
    commands += [["stats", "--json"], ["export", "--format", "csv"], ["picture", "why-transformers"]]
    sound = {tuple(words): run(tmp_path, *words).stdout for words in commands}
    index = tmp_path / "cache" / "flashcards" / "index.sqlite"
    for turn, words in enumerate(commands):
        for first in (3 + turn % 4, 5 + turn % 4):
            with index.open("r+b") as file:
                for page in range(first, index.stat().st_size // PAGE, 7):
                    file.seek(page * PAGE)
                    file.write(b"\xff" * PAGE)
            assert "PROBLEM" in run(tmp_path, "doctor").stdout
            done = run(tmp_path, *words)
            assert done.stdout == sound[tuple(words)], done.stderr
            assert not done.stderr or words[0] == "export", done.stderr
            index.unlink()
            run(tmp_path, "decks")


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    """A backup or a picture takes no file's place without --force; no SVG goes into a .png."""
    run(tmp_path, "due")
    mine = tmp_path / "mine"
    for words in (["backup", str(mine)], ["picture", "why-transformers", "-o", str(mine)]):
        mine.write_text("mine")
        done = run(tmp_path, *words)
        assert done.returncode == 1
        assert "--force" in done.stderr
        assert mine.read_text() == "mine"
        assert run(tmp_path, *words, "-f").returncode == 0
        assert mine.read_bytes() != b"mine"
    done = run(tmp_path, "picture", "why-transformers", "-o", str(tmp_path / "x.png"))
    assert done.returncode == 2
    assert f"-o {tmp_path / 'x.svg'}" in done.stderr
    assert not (tmp_path / "x.png").exists()
