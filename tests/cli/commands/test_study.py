"""What to study is said in words: decks, a search, an order, practice, an exam."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from factories import DECK
from programs import run


def told(home: Path, *words: str, **more: Any) -> Any:
    """Return the JSON that a command prints."""
    found = run(home, *words, "--json", **more)
    assert found.returncode in (0, 1), found.stderr
    return json.loads(found.stdout)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def fronts(output: str) -> list[str]:
    """Return the questions that a session in lines asked, in order."""
    lines = output.splitlines()
    return [after for line, after in pairwise(lines) if line.startswith("[")]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["tag:language", "chat"], 2),
        (["french", "id:dog", "or", "id:cat"], 2),
        (["-id:dog", "-id=cat"], 2),
        (["text:chat"], 1),
        (["deck=French", "is:new"], 4),
    ],
)
def test_a_session_takes_what_a_search_finds(home: Path, words: list[str], asked: int) -> None:
    """Decks and terms of a search stand side by side; a minus is no option."""
    if "chat" in words:
        found = run(home, "study", *words, text="q\n")
        assert found.returncode == 2
        assert "No deck matches 'chat'" in found.stderr
        return
    found = run(home, "study", *words, text="\n4\n" * 9)
    assert len(fronts(found.stdout)) == asked


def test_cramming_asks_everything_and_changes_nothing(home: Path) -> None:
    """Also what is due: the answers are in the history, the dates are as they were."""
    run(home, "study", "--limit", "2", text="\n4\n\n5\n")
    before = told(home, "cards", days=1)
    found = run(home, "study", "--cram", text="\n1\n" + "\n4\n" * 5, days=1)
    assert len(set(fronts(found.stdout))) == 4
    assert len(fronts(found.stdout)) == 5  # the forgotten one came back
    assert told(home, "cards", days=1) == before
    assert told(home, "due", days=1)["due"] == 2
    kinds = [given["kind"] for given in told(home, "show", "dog", days=1)["reviews"]]
    assert kinds in (["graded", "early"], ["graded", "early", "early"])
    assert "rating 4" in run(home, "undo", days=1).stdout


def test_going_ahead_is_practice(home: Path) -> None:
    """What becomes due in the days ahead is asked too; its date stays, and that is said."""
    run(home, "study", "--limit", "2", text="\n4\n\n5\n")
    found = run(home, "study", "--new", "0", "--ahead", "3", text="\n5\n\n5\n")
    assert "2 cards before the due date, as practice" in found.stderr
    assert len(fronts(found.stdout)) == 2
    assert told(home, "due", days=1)["due"] == 2


def test_an_order_decides_what_a_limit_takes(home: Path) -> None:
    """The hardest first, whatever their date."""
    run(home, "study", text="\n5\n\n5\n\n3\n\n5\n\n5\n")
    words = ("study", "--order", "hardest", "--limit", "1")
    first = fronts(run(home, *words, text="q\n", days=9).stdout)
    easiest = [c["ease"] for c in told(home, "cards", days=9) if c["front"] in first]
    assert easiest == [2.36]
    assert run(home, "study", "--order", "hardst").returncode == 2


def test_an_exam_takes_a_share_a_day(home: Path) -> None:
    """All are met before the last pass and seen again in it; the plan is told, with its load."""
    today = date.fromisoformat(told(home, "stats")["forecast"][0]["date"])
    day = (today + timedelta(days=5)).isoformat()
    first = run(home, "study", "--by", day, text="\n4\n" * 9)
    assert f"Exam {day} (in 5 days): 4 cards. Today: 2 new." in first.stderr
    assert len(fronts(first.stdout)) == 2
    again = run(home, "study", "--by", day, text="\n4\n" * 9)
    assert "part of the exam plan is done" in again.stdout
    second = run(home, "study", "--by", day, text="\n4\n" * 9, days=1)
    assert len(fronts(second.stdout)) == 4
    seen = set()
    for shift in (2, 3, 4):
        found = run(home, "study", "--by", day, text="\n4\n" * 9, days=shift)
        assert "Final review" in found.stderr
        seen |= set(fronts(found.stdout))
    assert len(seen) == 4
    assert run(home, "study", "--by", day, days=6).returncode == 2


def test_wishes_that_do_not_go_together_are_told(home: Path) -> None:
    """One kind of practice at a time."""
    found = run(home, "study", "--cram", "--ahead", "2")
    assert found.returncode == 2
    assert "cannot be combined" in found.stderr


def test_a_deck_has_settings_of_its_own(home: Path) -> None:
    """Its limits hold in `due`, in `study` and for today at a glance."""
    config = home / "config" / "flashcards" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[deck.French]\nnew_per_day = 1\nrepeat_below = 0\n", encoding="utf-8")
    assert told(home, "due")["new"] == 1
    assert run(home, "due").stdout == "0 due, 1 new\n"
    found = run(home, "study", text="\n1\n" * 5)
    assert len(fronts(found.stdout)) == 1
    assert told(home, "due") | {"decks": 0} == told(home, "due") | {"decks": 0, "new": 0}
    config.write_text("[deck.French]\nnew_per_dy = 1\n", encoding="utf-8")
    wrong = run(home, "due")
    assert (wrong.returncode, "Did you mean new_per_day?" in wrong.stderr) == (1, True)


def test_an_export_takes_what_a_search_finds(home: Path) -> None:
    """Only the notes that fit go out; a search that finds nothing writes nothing."""
    found = run(home, "export", "french", "id:dog", "or", "text:oiseau", "--format", "yaml")
    assert "le chien" in found.stdout
    assert "oiseau" in found.stdout
    assert "le chat" not in found.stdout
    nothing = run(home, "export", "is:suspended")
    assert (nothing.returncode, nothing.stdout) == (1, "")


def test_a_leech_is_what_settings_say(home: Path) -> None:
    """`is:leech` counts lapses as config.toml does."""
    run(home, "study", "id:dog", text="\n4\n")
    run(home, "study", "id:dog", text="\n1\n\n4\n", days=1)
    assert told(home, "cards", "is:leech", days=1) == []
    run(home, "config", "set", "leech", "1", days=1)
    assert [card["id"] for card in told(home, "cards", "is:leech", days=1)] == ["dog"]
