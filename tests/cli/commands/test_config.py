"""Settings are shown with where they come from, and changed one line at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factories import DECK
from programs import run

CONFIG = """\
# my settings
new_per_day = 7   # not too many

[deck.French]
order = "random"  # for fun
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a deck and a commented settings file."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    config(tmp_path).parent.mkdir(parents=True)
    config(tmp_path).write_text(CONFIG, encoding="utf-8")
    return tmp_path


def config(home: Path) -> Path:
    return home / "config" / "flashcards" / "config.toml"


def settings(home: Path, *words: str) -> dict[tuple[str, str | None], Any]:
    """Return value and origin of each setting that is shown, by name and deck."""
    found = json.loads(run(home, "config", *words, "--json").stdout)
    return {(line["name"], line["deck"]): (line["value"], line["from"]) for line in found}


def test_each_setting_says_where_it_comes_from(home: Path) -> None:
    """From the program, a line of config.toml, or a deck's own file."""
    found = settings(home)
    assert found["new_per_day", None] == (7, "config.toml:2")
    assert found["reviews_per_day", None] == (200, "default")
    assert found["order", "French"] == ("random", "config.toml:5")
    of_deck = settings(home, "--deck", "fren")
    assert of_deck["new_per_day", "French"] == (7, "all decks, config.toml:2")
    assert of_deck["type", "French"] == (False, "default")
    assert "new cards per study day" in run(home, "config").stdout
    assert run(home, "config", "get", "new_per_day").stdout == "7\n"


def test_setting_one_keeps_everything_else(home: Path) -> None:
    """Comments stay; the new value holds at once, for all or for a deck."""
    run(home, "config", "set", "new_per_day", "2")
    assert config(home).read_text() == CONFIG.replace("7   #", "2   #")
    assert json.loads(run(home, "due", "--json").stdout)["new"] == 2
    shown = run(home, "config", "set", "new_per_day", "1", "--deck", "French").stdout
    assert shown == "French: new_per_day = 1   (config.toml:6)\n"
    assert json.loads(run(home, "due", "--json").stdout)["new"] == 1
    run(home, "config", "unset", "new_per_day", "--deck", "French")
    assert config(home).read_text() == CONFIG.replace("7   #", "2   #")
    config(home).unlink()
    run(home, "config", "set", "siblings_apart", "false")
    assert config(home).read_text() == "siblings_apart = false\n"


def test_what_belongs_to_the_cards_is_set_in_their_deck(home: Path) -> None:
    """type, reverse, list and lenient stand at the head of the deck file."""
    path = home / "data" / "decks" / "french.yaml"
    found = run(home, "config", "set", "type", "true", "--deck", "French")
    assert found.stdout == "French: type = true   (decks/french.yaml:2)\n"
    assert path.read_text() == DECK.replace("deck: French\n", "deck: French\ntype: true\n")
    run(home, "config", "set", "type", "false", "--deck", "French")
    run(home, "config", "set", "lenient", "case, accents", "--deck", "French")
    assert "type: false\n" in path.read_text()
    assert settings(home, "--deck", "French")["lenient", "French"][0] == ["case", "accents"]
    assert run(home, "check").returncode == 0


def test_keys_are_settings_too(home: Path) -> None:
    """A key that another action has is refused; what is left empty is taken out."""
    shown = run(home, "config", "set", "keys.undo", "z ctrl-u").stdout
    assert shown == "keys.undo = z, ctrl-u   (config.toml:8)\n"
    assert "keys.undo" in run(home, "config").stdout
    taken = run(home, "config", "set", "keys.undo", "q")
    assert (taken.returncode, "belongs to quit" in taken.stderr) == (1, True)
    run(home, "config", "unset", "keys.undo")
    run(home, "config", "unset", "order", "--deck", "French")
    assert config(home).read_text().rstrip() == CONFIG.partition("\n\n")[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["set", "new_per_dy", "3"], "Did you mean new_per_day?"),
        (["set", "new_per_day", "many"], "a whole number"),
        (["set", "rollover", "3", "--deck", "French"], "Unknown setting 'rollover' for deck"),
        (["set", "order", "best"], "due, overdue-first, hardest, random or recall"),
        (["set", "type", "perhaps", "--deck", "French"], "true or false"),
        (["set", "lenient", "spelling", "--deck", "French"], "'spelling' is not known"),
        (["set", "keys.udno", "z"], "Did you mean keys.undo?"),
        (["set", "order", "due", "--deck", "Frnch"], "Did you mean 'French'"),
    ],
)
def test_what_cannot_be_set_is_told_and_nothing_changes(home: Path, words: list[str], told: str) -> None:
    """Names and values are checked before anything is written."""
    found = run(home, "config", *words)
    assert found.returncode in (1, 2)
    assert told in found.stderr
    assert config(home).read_text() == CONFIG
    assert (home / "data" / "decks" / "french.yaml").read_text() == DECK
