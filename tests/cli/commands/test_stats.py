"""`flashcards stats` as a person or a script meets it."""

from __future__ import annotations

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from factories import DECK
from flashcards.cli.commands.help import read_page
from flashcards.core.stats.definition_texts import DEFINITIONS
from histories import write_year
from programs import Terminal, run

NOT_FIGURES = {"date", "retention_detail", "meanings"}
"""Fields of the JSON whose meaning needs no sentence of its own."""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a made-up year in it, up to today."""
    home = tmp_path_factory.mktemp("year")
    write_year(home / "data", date.today(), 200)  # noqa: DTZ011 (the person's own day)
    return home


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def told(home: Path, *words: str, days: int = 0) -> Any:
    found = run(home, "stats", *words, "--json", days=days)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_every_figure_has_its_sentence(year: Path) -> None:
    """Whatever the JSON holds is defined, in the JSON and in the help, and in the manual."""
    found = told(year)
    assert found.keys() - NOT_FIGURES <= DEFINITIONS.keys()
    assert found["meanings"] == DEFINITIONS
    manual = read_page("statistics")
    assert [name for name in found if f"`{name}`" not in manual] == []
    help_text = " ".join(run(year, "stats", "--help").stdout.split())
    for what in DEFINITIONS.values():
        assert " ".join(what.split()) in help_text


def test_screen_json_and_csv_say_the_same(year: Path) -> None:
    """One number, wherever it stands."""
    found, plain = told(year), run(year, "stats").stdout
    rows = list(csv.DictReader(StringIO(run(year, "stats", "--csv").stdout)))
    assert rows == [{name: str(cell) for name, cell in day.items()} for day in found["days"]]
    assert sum(int(row["reviews"]) for row in rows) == found["reviews"]
    assert sum(found["ratings"].values()) == found["reviews"]
    assert sum(int(hour["reviews"]) for hour in found["hours"]) == found["reviews"]
    assert sum(week["reviews"] for week in found["weeks"]) == found["reviews"]
    detail = found["retention_detail"]
    for stage in ("young", "mature"):
        tests = sum(int(row[stage]) for row in rows)
        assert detail[stage]["tests"] == tests
        recalled = sum(int(row[f"{stage}_recalled"]) for row in rows)
        assert detail[stage]["recalled"] == recalled
        assert found["retention"][stage] == round(recalled / tests, 4)
        assert f"{stage} {100 * recalled / tests:.0f} %" in plain
    assert detail["all"]["tests"] == sum(h["retention"]["tests"] for h in found["hours"])
    assert f"{found['reviews']:,} reviews" in plain
    assert f"longest {found['streak']['longest']}" in plain
    assert f"today {found['forecast'][0]['due']}" in plain
    due = json.loads(run(year, "due", "--json").stdout)
    assert found["forecast"][0]["due"] == due["due"] == sum(d["due"] for d in found["decks"])
    assert found["cards"]["total"] == sum(deck["total"] for deck in found["decks"])
    assert found["reviews"] == sum(deck["reviews"] for deck in found["decks"])
    for card in found["hardest"][:5]:
        assert f"{card['path']}:{card['line']}   flashcards show {card['card']}" in plain


def test_parts_of_the_collection(year: Path) -> None:
    """A deck, a tag, a search and a first day each leave what they name."""
    everything = told(year)
    (row,) = (deck for deck in everything["decks"] if deck["deck"] == "French")
    french = told(year, "french")
    assert (french["cards"]["total"], french["reviews"]) == (row["total"], row["reviews"])
    assert french["retention"]["all"] == row["retention"]
    assert told(year, "deck:French")["reviews"] == row["reviews"]
    (tag,) = (tag for tag in everything["tags"] if tag["tag"] == "hard")
    assert told(year, "--tag", "hard")["reviews"] == tag["reviews"]
    first = everything["days"][-30]["date"]
    since = told(year, "--since", first)
    assert since["reviews"] == sum(day["reviews"] for day in everything["days"][-30:])
    assert since["cards"] == everything["cards"]
    assert run(year, "stats", "french", "--since", first).stdout.startswith(f"Only French · since {first}\n")
    nothing = run(year, "stats", "--tag", "no-such-tag")
    assert nothing.stdout == "No cards or answers match tag no-such-tag.\n"
    assert told(year, "--tag", "no-such-tag")["cards"]["total"] == 0
    wrong = run(year, "stats", "ease<x")
    assert (wrong.returncode, wrong.stdout) == (2, "")


def test_undone_answers_repeats_and_practice(small: Path) -> None:
    """Undone answers never count; repeats take time and tell nothing of memory."""
    run(small, "study", "--limit", "1", "--new", "1", text="\n2\n\n4\nq\n")
    run(small, "undo")
    found = told(small)
    assert (found["reviews"], found["today"]["new"], found["today"]["recalled"]) == (1, 1, 0)
    run(small, "study", "--limit", "1", "--new", "0", text="\n3\n\n5\nq\n", days=1)
    found = told(small, days=1)
    assert (found["reviews"], found["retention"]["young"]) == (3, 1)
    assert found["retention_detail"]["all"]["tests"] == 1
    assert found["calibration"]["3"]["tests"] == 0  # the first answer was a 2
    assert found["days"][-1]["first_answers"] == 1


def test_keys_move_between_views(year: Path) -> None:
    """Figures, arrows and tab turn the page; the rest scrolls; q gives the terminal back."""
    terminal = Terminal(year, ["stats"])
    terminal.wait_for("1 Overview", "Streak", "answers per day", "q quit")
    terminal.type("\t")
    terminal.wait_for("True retention", "with the 95 % range")
    terminal.type("\x1b[C")
    terminal.wait_for("Cards due, if nothing", "tomorrow")
    terminal.type("\x1b[D\x1b[Z\x1b[D")
    terminal.wait_for("Decks", "French", "cards")
    terminal.type("5")
    terminal.wait_for("Hardest cards", "flashcards show")
    terminal.type("  ")
    terminal.wait_for("Month by month")
    terminal.type("d")
    terminal.wait_for("6 Decks   Anatomy")
    terminal.type("ddd")
    terminal.wait_for("Month by month", without="Anatomy")
    terminal.type("?")
    terminal.wait_for("Definitions", "cards")
    terminal.type("x")
    terminal.wait_for("Month by month")
    terminal.resize(40, 20)
    terminal.wait_for("5/6 Cards")
    terminal.type("q")
    assert terminal.end() == 0


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"PYTHONIOENCODING": "ascii"}])
def test_a_dumb_or_ascii_terminal(year: Path, env: dict[str, str]) -> None:
    """Without a screen it is lines; without Unicode it is ASCII."""
    if "TERM" in env:
        terminal = Terminal(year, ["stats"], rows=250, env=env)
        terminal.wait_for("RETENTION", "DECKS")
        assert terminal.end() == 0
        return
    assert run(year, "stats", PYTHONIOENCODING="ascii").stdout.isascii()
    terminal = Terminal(year, ["stats"], env=env)
    terminal.wait_for("1 Overview", "Streak", "####")
    terminal.type("q")
    assert terminal.end() == 0
