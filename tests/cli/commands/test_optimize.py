"""`flashcards optimize`, and what changes with the scheduler: costs told before, dates on the keys."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.core.fsrs import DEFAULT_WEIGHTS, Model
from flashcards.core.study_days import study_day
from flashcards.storage.journal.record import JournalRecord, encode_record
from programs import environment, run
from simulated_learners import Learner, by_sm2, someone

DAYS = 60
CARDS = 300
"""So many are learned, five a day."""


def today() -> date:
    """Return the study day, which before the rollover at night is still that of yesterday."""
    return study_day(datetime.now(UTC).astimezone())


def read(home: Path, *words: str) -> Any:
    """Return what the program says in JSON."""
    done = run(home, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Learner]:
    """Return a home in which somebody, whose memory is not the average one, has studied for weeks."""
    learner = Learner(by_sm2, lambda _: 5, model=someone(3), repeat_below=4).study(DAYS)
    home = tmp_path_factory.mktemp("learned")
    deck = "deck: Words\ncards:\n" + "".join(
        f"  - id: w{i}\n    front: q{i}\n    back: a{i}\n" for i in range(CARDS)
    )
    decks, journal = home / "data" / "decks", home / "data" / "journal"
    decks.mkdir(parents=True)
    journal.mkdir()
    (decks / "words.yaml").write_text(deck)
    first = datetime.combine(today(), time(12)).astimezone() - timedelta(days=DAYS)
    answers = sorted(
        (day, name, place, rating)
        for name, history in enumerate(learner.histories)
        for place, (day, rating) in enumerate(history)
    )
    lines = []
    for n, (day, name, _, rating) in enumerate(answers, 1):
        at = first + timedelta(days=day, milliseconds=n)
        hlc = int(at.timestamp() * 1000)
        event = Review(EventId(f"e{n}"), hlc, at, CardId(f"w{name}"), rating, 4000)
        lines.append(encode_record(JournalRecord(event, "bench", n)))
    (journal / "bench-2026.jsonl").write_bytes(b"".join(lines))
    return home, learner


def test_better_weights_are_taken_once_and_undone(learned: tuple[Path, Learner]) -> None:
    """A dry run writes nothing; taken, memories change and dates do not; undo brings all back."""
    home, _ = learned
    before = read(home, "cards")
    tried = read(home, "optimize", "--dry-run")
    assert (tried["taken"], tried["why"]) == (False, "dry run")
    assert read(home, "cards") == before
    taken = read(home, "optimize")
    assert taken["taken"]
    assert taken["weights"] == tried["weights"]
    assert taken["loss"] < taken["before"]
    assert taken["tests"] > 400
    after = read(home, "cards")
    assert [card["due"] for card in after] == [card["due"] for card in before]
    assert [card["stability"] for card in after] != [card["stability"] for card in before]
    assert read(home, "stats")["recall"]["weights"] == taken["weights"]
    again = read(home, "optimize")
    assert not again["taken"]
    assert "hold" in again["why"]
    assert "weights of FSRS" in run(home, "undo").stdout
    assert read(home, "cards") == before


def test_weights_of_a_file_and_the_defaults(learned: tuple[Path, Learner], tmp_path: Path) -> None:
    """Weights that are named are taken, if they are 21 within bounds; --reset goes back."""
    home, learner = learned
    file = tmp_path / "weights.txt"
    file.write_text(", ".join(map(str, learner.model.weights)))
    assert read(home, "optimize", "--weights", str(file))["taken"]
    assert read(home, "stats")["recall"]["weights"] == list(learner.model.weights)
    for wrong in ("1, 2, 3", "one, two", ""):
        file.write_text(wrong)
        done = run(home, "optimize", "--weights", str(file))
        assert done.returncode == 1
        assert "21" in done.stderr
    assert run(home, "optimize", "--weights", str(tmp_path / "none")).returncode == 1
    assert run(home, "optimize", "--reset", "--weights", str(file)).returncode == 2
    assert read(home, "optimize", "--reset")["taken"]
    assert read(home, "stats")["recall"]["weights"] == list(DEFAULT_WEIGHTS)


def test_too_few_answers_change_nothing(tmp_path: Path) -> None:
    """Below 400 tests nothing is taken, and it says how many there are."""
    found = read(tmp_path, "optimize")
    assert (found["tests"], found["taken"], found["loss"]) == (0, False, None)
    assert "0 of the 400" in run(tmp_path, "optimize").stdout


def test_statistics_compare_predictions_with_answers(learned: tuple[Path, Learner]) -> None:
    """The figures are those of a replay of the learner's own history, under the same weights."""
    home, learner = learned
    model, chances = Model(), []
    for history in learner.histories:
        memory, last = None, 0
        for day, rating in history:
            if memory and day > last:
                chances.append((model.recall(memory[0], day - last), rating >= 3))
            memory, last = model.review(memory, day - last, rating), day
    found = read(home, "stats")
    recall = found["recall"]
    assert recall["tests"] == len(chances)
    assert recall["predicted"] == pytest.approx(sum(c for c, _ in chances) / len(chances), abs=1e-4)
    assert recall["recalled"] == pytest.approx(sum(r for _, r in chances) / len(chances), abs=1e-4)
    assert sum(one["tests"] for one in recall["bins"]) == len(chances)
    assert all(one["low"] <= one["recalled"] <= one["high"] for one in recall["bins"])
    cards = read(home, "cards")
    known = sum(card["recall"] for card in cards if card["recall"] is not None)
    assert recall["now"] == {"known": pytest.approx(known, abs=0.01), "cards": CARDS}
    assert recall["known"][-1]["known"] == pytest.approx(known, abs=0.01)
    assert recall["known"][0]["known"] <= recall["known"][-1]["known"]
    assert sum(day["recall_tests"] for day in found["days"]) == len(chances)
    assert "Recalled, by the chance of recall that FSRS predicted" in run(home, "stats").stdout
    page = run(home, "stats", "--html", "-").stdout
    assert "Does FSRS know your memory?" in page


def test_searches_and_an_order_by_memory(learned: tuple[Path, Learner]) -> None:
    """recall, stability and difficulty are searched for as they are shown; new cards have none."""
    home, _ = learned
    cards = read(home, "cards")
    for query, name, least, most in (
        ("recall<0.8", "recall", 0.0, 0.8),
        ("stability>30", "stability", 30, 40_000),
        ("difficulty>8", "difficulty", 8, 10),
    ):
        wanted = [c["id"] for c in cards if c[name] is not None and least <= c[name] <= most]
        assert [card["id"] for card in read(home, "cards", query)] == wanted
    due = [card for card in cards if card["due"] <= today().isoformat()]
    asked = run(home, "study", "--plain", "--order", "recall", "--new", "0", text="\nq\n").stdout
    least_known = min(due, key=lambda card: card["recall"])
    assert f"\n{least_known['front']}\n" in asked


def test_a_change_of_the_scheduler_tells_what_it_costs(learned: tuple[Path, Learner]) -> None:
    """A table before anything is written; a dry run writes nothing; no date changes."""
    home, _ = learned
    before = [card["due"] for card in read(home, "cards")]
    told = run(home, "config", "set", "scheduler", "fsrs", "--dry-run").stdout
    assert told.startswith("Update flashcards on your other machines first")
    for row in ("sm2", "fsrs 0.80", "fsrs 0.85", "fsrs 0.90", "fsrs 0.95"):
        assert f"\n{row} " in told
    assert run(home, "config", "get", "scheduler").stdout == "sm2\n"
    costs = read(home, "config", "set", "retention", "0.95", "--dry-run")
    reviews = [cost["reviews"] for cost in costs if cost["scheduler"] == "fsrs"]
    assert reviews == sorted(reviews)
    assert reviews[0] < reviews[-1]
    for wrong in ("0.5", "0.98", "high", "nan"):
        done = run(home, "config", "set", "retention", wrong)
        assert done.returncode == 2
        assert "from 0.70 to 0.97" in done.stderr
    assert run(home, "config", "set", "scheduler", "fsrs").returncode == 0
    assert run(home, "config", "set", "retention", "0.85").returncode == 0
    assert [card["due"] for card in read(home, "cards")] == before
    run(home, "config", "unset", "scheduler")
    run(home, "config", "unset", "retention")


def test_the_key_shows_the_date_that_comes(learned: tuple[Path, Learner]) -> None:
    """Under FSRS, balanced, a card is due when its key said; the journal has days and scheduler."""
    home, _ = learned
    run(home, "config", "set", "scheduler", "fsrs")
    asked = run(home, "study", "--plain", "--new", "0", "--limit", "1", text="\nq\n").stdout
    card = next(card for card in read(home, "cards") if f"\n{card['front']}\n" in asked)
    promised = read(home, "show", card["id"])["choices"]["4"]
    run(home, "study", "--plain", "--new", "0", "--limit", "1", text="\n4\n")
    shown = read(home, "show", card["id"])
    assert (shown["due"], shown["interval"]) == (promised["due"], promised["interval"])
    assert shown["reviews"][-1]["why"] == "fsrs"
    lines = [
        json.loads(x)
        for p in (home / "data" / "journal").glob("*.jsonl")
        for x in p.read_bytes().splitlines()
    ]
    (line,) = [line for line in lines if line.get("sched")]
    assert (line["next"], line["sched"]) == (promised["interval"], "fsrs")
    text = run(home, "show", card["id"]).stdout
    assert "Chance of recall today 100 %, stability" in text
    assert "FSRS: stability" in text
    run(home, "undo")
    run(home, "config", "unset", "scheduler")


def test_due_loads_neither_the_model_nor_the_fit(learned: tuple[Path, Learner]) -> None:
    """The quick answer imports nothing of FSRS."""
    home, _ = learned
    words = [sys.executable, "-X", "importtime", "-m", "flashcards", "due"]
    for _ in range(20):  # an index is trusted once its files are two seconds old
        done = subprocess.run(words, env=environment(home), capture_output=True, text=True, check=False)
        assert "flashcards" in done.stderr
        if "fsrs" not in done.stderr:
            return
        sleep(0.5)
    raise AssertionError(done.stderr)
