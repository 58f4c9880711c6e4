"""`delete`, `move`: which cards are meant, what is printed, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from programs import run

DECKS = {
    "french": "deck: French\ncards:\n  - front: le chien\n    back: the dog\n"
    "  - front: le chat\n    back: the cat\n",
    "verbs": "deck: French::Verbs\ncards:\n  - front: aller\n    back: to go\n    reverse: true\n",
    "chinese": "deck: Chinese\ncards:\n  - front: mao\n    back: the cat\n    tags: [animal]\n",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with three decks."""
    (tmp_path / "data/decks").mkdir(parents=True)
    for name, text in DECKS.items():
        (tmp_path / f"data/decks/{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def decks(home: Path) -> dict[str, str]:
    """Return the deck files by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in (home / "data/decks").glob("*.yaml")}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("delete", "le", "chien"), 'Deleted "le chien". (Undo: flashcards undo)\n'),
        (("delete", "chien", "mao"), 'Deleted 2 cards ("le chien", "mao"). (Undo: flashcards undo)\n'),
        (("delete", "aller"), 'Deleted "aller" (2 cards of one note). (Undo: flashcards undo)\n'),
        (("delete", "tag:animal"), 'Deleted "mao". (Undo: flashcards undo)\n'),
        (("move", "chien", "verbs"), 'Moved "le chien" to French::Verbs. (Undo: flashcards undo)\n'),
        (("move", "le", "chien", "New"), 'Moved "le chien" to New. (Undo: flashcards undo)\n'),
        (("move", "chien", "Ch"), 'Moved "le chien" to Ch. (Undo: flashcards undo)\nCh is a new deck.\n'),
        (("tag", "+x", "-animal", "tag:animal"), 'Tagged "mao" +x -animal. (Undo: flashcards undo)\n'),
        (("tag", "--", "-animal", "is:new", "-deck:French"), 'Tagged "mao" -animal. (Undo'),
        (("tag", "+x", "tag:animal", "--json"), "{"),
        (("tag", "+animal", "mao"), "Nothing to tag: all cards are so already.\n"),
        (("rename", "chinese", "中文"), "Renamed Chinese to 中文. (Undo: flashcards undo)\n"),
        (("move", "deck=French", "french"), "Nothing to move: all cards are so already.\n"),
    ],
)
def test_the_result_is_one_line_and_one_undo(home: Path, words: tuple[str, ...], says: str) -> None:
    """Cards are named by their fronts; undo brings every file back as it was, redo does it again."""
    done = run(home, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(says)
    changed = decks(home)
    if "Nothing" in says:
        assert changed == DECKS
        return
    verbs = {"move": "moving", "delete": "deleting", "tag": "tagging", "rename": "renaming"}
    assert run(home, "undo").stdout.startswith(f"Undone: {verbs[words[0]]} ")
    assert decks(home) == DECKS
    assert run(home, "redo").returncode == 0
    assert decks(home) == changed != DECKS


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("delete", "le"), 1, "'le' matches several cards"),
        (("delete", "horse"), 1, "No card matches 'horse'"),
        (("delete", "tag:horse"), 1, "No card matches tag:horse"),
        (("delete", "chien", "horse"), 1, "No card matches 'horse'"),
        (("delete",), 2, "flashcards delete --help"),
        (("delete", "is:gone"), 2, "unknown state 'gone'"),
        (("move", "chien"), 2, "flashcards move --help"),
        (("tag", "+x"), 2, "Name tags and a search"),
        (("tag", "x", "tag:animal"), 2, "Name tags and a search"),
        (("tag", "+x", "tag:horse"), 1, "No card matches tag:horse"),
        (("set-due", "chien"), 2, "Name a card, then a day"),
        (("set-due", "chien", "Feb", "30"), 2, "2026-03-31, 24 Dec, fri, tomorrow or +14"),
        (("set-due", "chien", "1 Jan 3000"), 2, "is too far ahead"),
        (("rename", "Chinese", "French"), 1, "There is a deck French already"),
        (("rename", "horse", "x"), 2, "No deck matches 'horse'"),
    ],
)
def test_what_is_not_clear_changes_nothing(home: Path, words: tuple[str, ...], code: int, says: str) -> None:
    """Words that mean no card or several, and wrong usage: no deck is touched."""
    done = run(home, *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert decks(home) == DECKS


def test_a_dry_run_lists_the_cards(home: Path) -> None:
    """Each card that would change is listed, and nothing is done; JSON says the same."""
    done = run(home, "delete", "deck:French", "--dry-run")
    would = (
        'Would delete 4 cards of 3 notes ("le chien", "le chat", "aller"). Nothing was changed (--dry-run).'
    )
    assert would in done.stdout.splitlines()
    assert "to go" in done.stdout
    found = json.loads(run(home, "delete", "deck:French", "--dry-run", "--json").stdout)
    assert (len(found["cards"]), found["notes"], found["done"]) == (4, 3, False)
    assert decks(home) == DECKS


@pytest.mark.parametrize(
    "words", [("chien", "+14"), ("le", "chien", "24", "dec"), ("deck=French", "tomorrow")]
)
def test_a_due_day_is_told_and_undone(home: Path, words: tuple[str, ...]) -> None:
    """The day may be one word or two; the cards are due on it until that is undone."""
    assert run(home, "set-due", *words).stdout.startswith("Due on ")
    due = [card["due"] for card in json.loads(run(home, "cards", "--json", "deck=French").stdout)]
    assert due[0]
    assert (
        run(home, "undo").stdout
        == f"""Undone: the due date of {'"le chien", "le chat"' if due[1] else '"le chien"'}.\n"""
    )
    assert not json.loads(run(home, "cards", "--json", "chien").stdout)[0]["due"]


def test_a_deck_is_renamed_with_those_below(home: Path) -> None:
    """All names are told, with --dry-run before anything is done."""
    renamed = "French to Lang::French, French::Verbs to Lang::French::Verbs"
    done = run(home, "rename", "French", "Lang::French", "--dry-run")
    assert done.stdout == f"Would rename {renamed}. Nothing was changed (--dry-run).\n"
    assert decks(home) == DECKS
    assert (
        run(home, "rename", "French", "Lang::French").stdout
        == f"Renamed {renamed}. (Undo: flashcards undo)\n"
    )
    assert run(home, "undo").returncode == 0
    assert decks(home) == DECKS


def test_control_characters_stay_out_of_decks(home: Path) -> None:
    """Names of decks and tags that the command line gives are as sound as what is imported."""
    for words in (("move", "mao", "a\x1bb"), ("rename", "French", "c\x9bd"), ("tag", "+e\x07f", "le")):
        assert run(home, *words).returncode == 0
    assert "\\x" not in "".join(decks(home).values())
    assert run(home, "check").returncode == 0


def test_tags_are_never_options(home: Path) -> None:
    """Leading words with + or - are tags, even -h and -n; a term that a minus negates is a search."""
    assert run(home, "tag", "+h", "+n", "deck=French").returncode == 0
    assert run(home, "tag", "-h", "-n", "deck=French").stdout.startswith("Tagged 2 cards")
    assert decks(home) == DECKS


def test_states_change_by_searches_too(home: Path) -> None:
    """suspend, unsuspend and reset take cards or a search, and --dry-run; nothing found ends with 1."""
    shown = run(home, "suspend", "deck=French", "--dry-run").stdout
    assert 'Would suspend 2 cards ("le chien", "le chat"). Nothing was changed (--dry-run).' in shown
    assert run(home, "cards", "is:suspended").returncode == 1
    assert run(home, "cards", "is:suspended", "--json").stdout == "[]\n"
    assert run(home, "suspend", "le", "chien", "--json").returncode == 0
    assert run(home, "suspend", "is:suspended", "mao").returncode == 1
    done = run(home, "unsuspend", "is:suspended")
    assert done.stdout == 'Asked again: "le chien". (Undo: flashcards undo)\n'
    assert run(home, "undo").stdout == 'Undone: unsuspending "le chien".\n'
    assert run(home, "cards", "is:suspended").returncode == 0
