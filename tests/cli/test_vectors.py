"""The vectors of FSRS-6 through the whole program: journals written, `cards` and `show --json` read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flashcards.app import clock
from flashcards.cli.main import run_command_line
from flashcards.core.cards import CardId
from flashcards.core.events import Event, FsrsWeights, Review
from flashcards.storage.journal.event_ids import new_uuid7
from flashcards.storage.journal.record import JournalRecord, encode_record
from programs import environment

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "fsrs_vectors.json").read_text())
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def cases(parameters: str) -> list[tuple[str, list[tuple[int, int]], float, dict[str, Any]]]:
    """Return (name, answers as days ago and rating, recall today, last state) of each state."""
    found = []
    for number, history in enumerate(VECTORS["histories"]):
        if history["parameters"] != parameters:
            continue
        states = history["states"]
        later, recall = next(iter(history["recall_after"].items()))
        ends = [(state["day"], state["recall_before"]) for state in states[1:]]
        ends.append((states[-1]["day"] + int(later), recall))
        for place, (today, chance) in enumerate(ends):
            given = [(today - state["day"], state["rating"]) for state in states[: place + 1]]
            found.append((f"h{number}s{place}", given, chance, states[place]))
    return found


def write(path: Path, events: Iterable[tuple[datetime, type[Event], tuple[Any, ...]]]) -> None:
    """Write a journal as a device would have, at those times."""
    chance = Random(1)
    with path.open("wb") as file:
        for number, (at, kind, fields) in enumerate(events):
            ms = int(at.timestamp() * 1000) + number
            event = kind(new_uuid7(ms, chance.randbytes), ms, at, *fields)
            file.write(encode_record(JournalRecord(event, "device", number + 1)))


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run_command_line(words) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("parameters", VECTORS["parameters"])
def test_the_program_tells_every_state_of_the_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], parameters: str
) -> None:
    """Each state is a card that was answered so far: its stability, difficulty and chance today."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    wanted = cases(parameters)
    for folder in ("decks", "journal"):
        (tmp_path / "data" / folder).mkdir(parents=True)
    notes = "".join(f"  - {{id: {name}, front: {name}, back: x}}\n" for name, *_ in wanted)
    (tmp_path / "data" / "decks" / "v.yaml").write_text(f"deck: V\ncards:\n{notes}")
    answers = [
        (NOW - timedelta(days=ago), Review, (CardId(name), rating, 900))
        for name, given, *_ in wanted
        for ago, rating in given
    ]
    weights = (
        NOW - timedelta(days=1),
        FsrsWeights,
        (tuple(VECTORS["parameters"][parameters]), 500, 0.3, 0.4),
    )
    write(tmp_path / "data" / "journal" / "device-2026.jsonl", [*answers, weights])
    found = {card["id"]: card for card in told(capsys, "cards", "--json")}
    for name, _, recall, state in wanted:
        assert found[name]["stability"] == pytest.approx(state["stability"], rel=1e-6), name
        assert found[name]["difficulty"] == pytest.approx(state["difficulty"], abs=1e-6), name
        assert found[name]["recall"] == pytest.approx(recall, abs=1e-6), name
    name, given, *_ = wanted[-1]
    shown = told(capsys, "show", name, "--json")
    assert [review["rating"] for review in shown["reviews"]] == [rating for _, rating in given]
    assert {key: shown[key] for key in ("stability", "difficulty", "recall")} == {
        key: found[name][key] for key in ("stability", "difficulty", "recall")
    }
