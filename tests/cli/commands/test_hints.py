"""Hints and notes of cards, from the deck file to the screen, the journal and back out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from programs import run

DECK = """deck: French
cards:
  - id: dog
    front: le chien
    back: the dog
    hint: begins with **d**
    note: from *canis*
    reverse: true
  - id: cat
    front: le chat
    back: the cat
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a card that has a hint and a note, and one that has neither."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def told(home: Path, card: str) -> Any:
    """Return what `show --json` says of a card."""
    return json.loads(run(home, "show", card, "--json").stdout)


def test_show_tells_them(home: Path) -> None:
    """Both are told in words and as JSON; the card that asks the back has no hint at it."""
    assert (told(home, "dog")["hint"], told(home, "dog")["note"]) == ("begins with **d**", "from *canis*")
    assert (told(home, "dog/r")["hint"], told(home, "dog/r")["note"]) == ("", "from *canis*")
    assert (told(home, "cat")["hint"], told(home, "cat")["note"]) == ("", "")
    assert "hint: begins with d\nnote: from canis\n" in run(home, "show", "dog").stdout


@pytest.mark.parametrize("form", ["yaml", "csv", "markdown", "json", "apkg"])
def test_they_come_back_from_every_own_format(home: Path, tmp_path: Path, form: str) -> None:
    """An export that comes in elsewhere brings both."""
    out = tmp_path / f"out.{form}"
    assert run(home, "export", "--format", form, "-o", str(out)).returncode == 0
    other = tmp_path / "other"
    assert run(other, "import", str(out)).returncode == 0
    assert (told(other, "dog")["hint"], told(other, "dog")["note"]) == ("begins with **d**", "from *canis*")
