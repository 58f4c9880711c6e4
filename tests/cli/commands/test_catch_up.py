"""Back from a break, or off on one: the load is spread, shown before, and taken back at once."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from programs import Terminal, run

CARDS = 60
GIVEN = "\n4\n" * 2 * CARDS


def told(home: Path, *words: str, **more: Any) -> Any:
    """Return the JSON that a command prints."""
    found = run(home, *words, "--json", **more)
    assert found.returncode in (0, 1), found.stderr
    return json.loads(found.stdout)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with sixty cards, all of them answered today."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    cards = "".join(f"- {{id: c{i}, front: Question {i}, back: Answer}}\n" for i in range(CARDS))
    (decks / "d.yaml").write_text(f"deck: D\ncards:\n{cards}", encoding="utf-8")
    run(tmp_path, "study", "--new", str(CARDS), text=GIVEN)
    return tmp_path


def test_a_backlog_is_spread_and_taken_back(home: Path) -> None:
    """Today asks its share only; the preview writes nothing; undo brings all of it back."""
    back = 14
    found = run(home, "catch-up", days=back)
    assert "Backlog: 60 cards. Due today: 0." in found.stdout
    assert "--days N" in found.stdout
    preview = run(home, "catch-up", "--days", "6", "--dry-run", days=back)
    assert "Nothing was planned" in preview.stdout
    assert preview.stdout.count("+ 10 old") == 6
    assert told(home, "due", days=back)["due"] == CARDS
    planned = told(home, "catch-up", "--days", "6", days=back)
    assert (planned["backlog"], planned["per_day"], planned["planned"]) == (60, 10, True)
    assert [load["old"] for load in planned["load"]][:7] == [10] * 6 + [0]
    due = told(home, "due", days=back)
    assert (due["due"], due["new"], due["paused"], due["later"]) == (10, 0, True, 50)
    assert "the catch-up plan" in run(home, "undo", days=back).stdout
    assert told(home, "due", days=back)["due"] == CARDS
    run(home, "catch-up", "--per-day", "10", days=back)
    session = run(home, "study", text=GIVEN, days=back)
    assert "then 10 of 60 old cards" in session.stderr
    assert "10 cards in" in session.stdout
    assert run(home, "due", days=back).returncode == 1
    assert told(home, "due", days=15)["due"] == 10


def test_stopping_brings_everything_at_once(home: Path) -> None:
    """`--stop` ends a plan."""
    run(home, "catch-up", "--per-day", "5", days=14)
    assert told(home, "due", days=14)["due"] == 5
    run(home, "catch-up", "--stop", days=14)
    assert told(home, "due", days=14)["due"] == CARDS


def test_days_off_ask_nothing_and_keep_the_streak(home: Path) -> None:
    """What falls due on them comes in shares afterwards; the streak goes on."""
    today = date.fromisoformat(told(home, "today")["date"])
    first, last = today + timedelta(days=1), today + timedelta(days=9)
    words = "vacation", first.isoformat(), last.isoformat()
    preview = told(home, *words, "--dry-run")
    assert (preview["falls_due"], preview["planned"]) == (60, False)
    assert told(home, "vacation") == []
    assert "your streak" in run(home, *words, "--per-day", "20").stdout
    assert told(home, "vacation") == [{"from": words[1], "to": words[2]}]
    off = told(home, "due", days=3)
    assert (off["due"], off["off_until"]) == (0, (last + timedelta(days=1)).isoformat())
    assert run(home, "due", days=3).stdout == f"days off until {last + timedelta(days=1)}\n"
    assert "Days off until" in run(home, "study", days=3).stderr
    assert "days off until" in run(home, "today", days=3).stdout
    after = told(home, "today", days=10)
    assert (after["due"], after["later"], after["streak"]["current"]) == (20, 40, 1)
    assert told(home, "stats", days=10)["streak"]["current"] == 1
    run(home, "study", text=GIVEN, days=10)
    assert told(home, "today", days=10)["streak"]["current"] == 2


def test_days_off_can_be_taken_back(home: Path) -> None:
    """At once by undo, later by --cancel; what cannot be planned is told."""
    today = date.fromisoformat(told(home, "today")["date"])
    words = (
        "vacation",
        (today + timedelta(days=1)).isoformat(),
        (today + timedelta(days=9)).isoformat(),
    )
    run(home, *words)
    assert "the days off from" in run(home, "undo").stdout
    assert told(home, "due", days=3)["due"] == CARDS
    run(home, *words)
    run(home, "vacation", "--cancel", days=3)
    assert told(home, "due", days=3)["due"] == CARDS
    for wrong in ((words[2], words[1]), ("2020-01-01", words[1]), ("soon", words[1])):
        found = run(home, "vacation", *wrong)
        assert found.returncode == 2
        assert found.stderr.startswith("flashcards: ")


def test_a_choice_is_offered_on_a_terminal(home: Path) -> None:
    """Ways to spread it stand there, the best is drawn, and a number takes one; Enter none."""
    for keys, told_then in (("\n", "Nothing was planned"), ("2\n", "Planned"), ("4d\n", "15 old")):
        terminal = Terminal(home, ["catch-up"], days=14)
        terminal.wait_for("20 old cards per day for 3 days", "(shown below)", "(Enter for none):")
        terminal.type(keys)
        terminal.wait_for(told_then)
        assert terminal.end() == 0
        if keys != "\n":
            run(home, "undo", days=14)
    assert told(home, "due", days=14)["due"] == CARDS
