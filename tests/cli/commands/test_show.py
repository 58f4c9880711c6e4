"""`flashcards show`, run as a person or a script runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factories import DECK
from programs import Terminal, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with the four cards of DECK, one of them answered on two days."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    run(tmp_path, "study", "--limit", "1", text="\n3\n\n4\n")
    run(tmp_path, "study", "--new", "0", text="\n5\nq\n", days=1)
    return tmp_path


def told(home: Path, *words: str, days: int = 0) -> Any:
    """Return the JSON of a card."""
    return json.loads(run(home, "show", *words, "--json", days=days).stdout)


def test_each_answer_has_its_reason(home: Path) -> None:
    """What was given, what it led to, and by which rule."""
    found = told(home, "dog", days=2)
    names = ("rating", "kind", "why", "ease_before", "ease", "interval_before", "interval")
    assert [tuple(given[name] for name in names) for given in found["reviews"]] == [
        (3, "graded", "first recall", 2.5, 2.36, 0, 1),
        (4, "repeat", "repeat", 2.36, 2.36, 1, 1),
        (5, "graded", "second recall", 2.36, 2.46, 1, 6),
    ]
    assert found["due"] == found["reviews"][-1]["due"]
    assert {offer["kind"] for offer in found["choices"].values()} == {"early"}
    assert (found["in_deck"], found["events"]) == (True, [])


def test_the_choices_are_what_comes_to_be(home: Path) -> None:
    """What a rating was said to do is what it does."""
    offered = told(home, "dog", days=9)["choices"]["4"]
    run(home, "study", "--new", "0", text="\n4\nq\n", days=9)
    after = told(home, "dog", days=9)
    assert {name: after[name] for name in ("due", "interval", "ease")} == {
        name: offered[name] for name in ("due", "interval", "ease")
    }


def test_what_was_undone_stays_in_the_story(home: Path) -> None:
    """An undone answer is no review any more, and still told."""
    run(home, "undo", days=1)
    found = told(home, "dog")
    assert [given["rating"] for given in found["reviews"]] == [3, 4]
    (undone,) = found["events"]
    assert (undone["kind"], undone["undone"], undone["rating"]) == ("review", True, 5)
    assert run(home, "show", "dog").stdout.rstrip().endswith("undone")


def test_a_card_that_no_deck_has_is_still_there(home: Path) -> None:
    """By its id, by the beginning of it, by words of its last text."""
    path = home / "data" / "decks" / "french.yaml"
    path.write_text(DECK.replace("  - id: dog\n    front: le chien\n    back: the dog\n", ""))
    for words in ("dog", "do", "chien"):
        lines = run(home, "show", words).stdout.splitlines()
        assert lines[0] == "dog   French"
        assert lines[1].startswith("No longer in any deck")
        assert "le chien" in lines
    assert told(home, "dog")["in_deck"] is False
    assert run(home, "suspend", "chien").returncode == 1


def test_a_reworded_card_tells_where_it_came_from(home: Path) -> None:
    """The link that keeps a history with its card is part of the story."""
    path = home / "data" / "decks" / "french.yaml"
    path.write_text(DECK.replace("id: dog", "id: hound"))
    found = told(home, "hound")
    assert len(found["reviews"]) == 3
    assert [(event["kind"], event["old"]) for event in found["events"]] == [("link", "dog")]
    assert "continues the history of dog" in run(home, "show", "hound").stdout


def test_a_pipe_gets_plain_text_and_a_terminal_styles(home: Path) -> None:
    """No escape sequence leaves through a pipe; NO_COLOR leaves no colour on a terminal."""
    assert "\x1b" not in run(home, "show", "dog", TERM="xterm").stdout
    terminal = Terminal(home, ["show", "dog"], env={"COLORFGBG": "15;0"})
    terminal.wait_for("3 answers")
    assert terminal.end() == 0
    assert b"\x1b[1;36m" in terminal.raw
    colourless = Terminal(home, ["show", "dog"], env={"COLORFGBG": "15;0", "NO_COLOR": "1"})
    colourless.wait_for("3 answers")
    assert colourless.end() == 0
    assert b"\x1b[1m" in colourless.raw
    assert b"\x1b[1;36m" not in colourless.raw


def test_which_card_is_asked_with_its_front(home: Path) -> None:
    """Where words could mean several cards, each is told by its id and what it asks."""
    found = run(home, "show", "le ch")
    assert found.returncode == 1
    assert "\n  dog  le chien\n  cat  le chat\n" in found.stderr
