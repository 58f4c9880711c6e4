"""`flashcards sync`, as people use it: one command, at most one question, and what it tells."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from factories import DECK
from machines import bare, git
from programs import Terminal, run

STUDY = ("study", "--plain", "--limit", "2")
ANSWERS = "\n4\n\n4\n"
SSH = '#!/bin/sh\n[ "$1" = -o ] && shift 2\nshift\nexec sh -c "$*"\n'
"""An ssh to this machine: it runs what it is handed, as a real one would there."""


def homes(folder: Path) -> tuple[Path, Path, str]:
    """Return the homes of two machines, the first with a deck, and an empty repository."""
    for name in ("one", "other"):
        (folder / name).mkdir()
    deck = folder / "one" / "data" / "decks" / "french.yaml"
    deck.parent.mkdir(parents=True)
    deck.write_text(DECK)
    return folder / "one", folder / "other", str(bare(folder))


def told(home: Path, *words: str, text: str = "", **env: str) -> str:
    done = run(home, *words, text=text, days=0, **env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_machines_exchange_all_they_have(tmp_path: Path) -> None:
    """A new machine gets the library and no bundled deck; afterwards each gets what is new."""
    one, other, remote = homes(tmp_path)
    run(one, *STUDY, text=ANSWERS)
    assert told(one, "sync", remote) == "sent 2 answers and 4 cards\n"
    assert told(other, "sync", remote) == "got 2 answers and 4 cards\n"
    assert told(other, "decks", "--json") == told(one, "decks", "--json")
    run(other, *STUDY, text=ANSWERS)
    assert told(other, "sync") == "sent 2 answers\n"
    assert json.loads(told(one, "sync", "--json"))["got"] == {"answers": 2, "cards": 0}
    assert told(one, "sync") == told(other, "sync") == "up to date\n"
    assert told(one, "stats", "--json") == told(other, "stats", "--json")
    assert (other / "data" / ".gitignore").exists()


def test_a_file_whose_name_other_machines_may_not_allow_is_named(tmp_path: Path) -> None:
    """It stays here, and each sync says so."""
    one, other, remote = homes(tmp_path)
    (one / "data" / "decks" / os.fsdecode(b"caf\xe9.yaml")).write_text(DECK)
    (one / "data" / "decks" / "a\\b.yaml").write_text(DECK)
    lines = told(one, "sync", remote).splitlines()
    assert [line.partition(": ")[2][:10] for line in lines[:2]] == ["not synced"] * 2
    assert "a\\b.yaml" in lines[0]
    assert told(other, "sync", remote) == "got 4 cards\n"


def test_a_text_changed_on_both_sides_waits_for_a_choice(tmp_path: Path) -> None:
    """It is told with each sync until --resolve, where a line chooses for each text."""
    one, other, remote = homes(tmp_path)
    told(one, "sync", remote)
    told(other, "sync", remote)
    decks = [home / "data" / "decks" / "french.yaml" for home in (one, other)]
    for deck, text in zip(decks, ("doggy", "hound"), strict=True):  # the second wins within a second, too
        deck.write_text(DECK.replace("the dog", text).replace("the cat", text))
    told(one, "sync")
    wanted = "sent 2 cards; 2 texts changed on both sides: flashcards sync --resolve\n"
    assert told(other, "sync") == wanted
    assert "2 texts changed on both sides" in told(one, "sync")
    found = json.loads(told(one, "sync", "--resolve", "--json"))
    assert [(text["front"], text["field"]) for text in found] == [("le chien", "back"), ("le chat", "back")]
    shown = told(one, "sync", "--resolve", text="1\n\n")
    assert 'decks/french.yaml: "le chien"\n  1  back: ' in shown
    assert shown.endswith("1 settled, 1 left.\n")
    assert told(one, "sync", "--resolve", text="2\n").endswith("1 settled, 0 left.\n")
    text = decks[0].read_text()
    assert "# sync" not in text
    assert sorted(word for word in ("hound", "doggy") if word in text) == ["doggy", "hound"]


def test_the_first_sync_of_a_library_asks_once(tmp_path: Path) -> None:
    """No leaves no repository behind; yes is not asked again."""
    one, _, remote = homes(tmp_path)
    told(one, "decks")
    terminal = Terminal(one, ["sync", remote], columns=200)
    terminal.wait_for("is empty. Begin there with this library? [Y/n]")
    terminal.type("n\r")
    terminal.wait_for("Nothing was changed.")
    assert terminal.end() == 1
    assert not (one / "data" / ".git").exists()
    terminal = Terminal(one, ["sync", remote], columns=200)
    terminal.wait_for("[Y/n]")
    terminal.type("\r")
    terminal.wait_for("sent 4 cards")
    assert terminal.end() == 0
    terminal = Terminal(one, ["sync"], columns=200)
    terminal.wait_for("up to date")
    assert terminal.end() == 0


def test_two_libraries_become_one(tmp_path: Path) -> None:
    """Both began on their own: each ends up with the decks and answers of both."""
    one, other, remote = homes(tmp_path)
    deck = other / "data" / "decks" / "spanish.yaml"
    deck.parent.mkdir(parents=True)
    deck.write_text(DECK.replace("French", "Spanish").replace("id: ", "id: es-"))
    for home in (one, other):
        run(home, *STUDY, text=ANSWERS)
        told(home, "sync", remote)
    told(one, "sync")
    assert told(one, "stats", "--json") == told(other, "stats", "--json")
    assert json.loads(told(one, "stats", "--json"))["cards"]["total"] == 8


def test_an_empty_checkout_is_not_a_new_user(tmp_path: Path) -> None:
    """Cloned by hand while the remote's HEAD names another branch: told, and sync takes it in."""
    one, other, remote = homes(tmp_path)
    told(one, "sync", remote)
    git(Path(remote), "symbolic-ref", "HEAD", "refs/heads/other")
    git(other, "clone", "-q", remote, "data")
    done = run(other, "decks")
    assert done.returncode == 1
    assert "checkout here is empty" in done.stderr
    assert not (other / "data" / "format.json").exists()
    assert told(other, "sync") == "got 4 cards\n"


@pytest.mark.parametrize(
    ("words", "env", "code", "wanted"),
    [
        ([], {}, 2, "There is no remote yet"),
        (["ext::sh -c id"], {}, 2, "not a remote that flashcards uses"),
        (["/nowhere/at.git"], {}, 1, "does not appear to be a git repository"),
        (["https://127.0.0.1:9/x.git"], {}, 1, "could not be reached"),
        (["me@host:x.git"], {"GIT_SSH_COMMAND": "echo 'Permission denied (publickey).' >&2; false"}, 1,
         "The key was refused"),
        (["/nowhere/at.git"], {"PATH": "/nowhere"}, 1, "sync needs git"),
    ],
    ids=["no remote", "a program", "no folder", "no network", "rejected key", "no git"],
)  # fmt: skip
def test_what_cannot_be_done_is_told_and_leaves_nothing(
    tmp_path: Path, words: list[str], env: dict[str, str], code: int, wanted: str
) -> None:
    """One message, no traceback, and no repository."""
    one, _, _ = homes(tmp_path)
    told(one, "decks")
    before = {
        path for path in (one / "data").rglob("*") if path.suffix != ".lock" and "lock" not in path.name
    }
    done = run(one, "sync", *words, text="", days=0, **env)
    assert done.returncode == code
    assert wanted in done.stderr
    assert "Traceback" not in done.stderr
    after = {path for path in (one / "data").rglob("*") if "lock" not in path.name}
    assert after == before


def test_a_remote_behind_ssh(tmp_path: Path) -> None:
    """Git's own ssh is used, with the settings that the user has for it."""
    one, other, remote = homes(tmp_path)
    script = tmp_path / "ssh"
    script.write_text(SSH)
    script.chmod(0o755)
    for home, wanted in ((one, "sent 4 cards\n"), (other, "got 4 cards\n")):
        assert told(home, "sync", f"me@host:{remote}", GIT_SSH=str(script)) == wanted


def test_doctor_tells_of_the_last_sync(tmp_path: Path) -> None:
    """When it was, and whether something waits."""
    one, _, remote = homes(tmp_path)
    told(one, "decks")
    assert "last synced" not in told(one, "doctor")
    told(one, "sync", remote)
    assert "; nothing waits" in told(one, "doctor")
    run(one, *STUDY, text=ANSWERS)
    assert "; 1 file waits to be sent" in told(one, "doctor")
