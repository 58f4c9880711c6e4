"""Both memories of a card in journal and index: FSRS's beside SM-2's, under any weights."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from factories import NOON, Clock, open_store, paths_in, put_deck, rate, undo_last
from flashcards.core.cards import CardId
from flashcards.core.events import CardLink, EventId, FsrsWeights, Reset, Review, SetDue
from flashcards.core.fsrs import DEFAULT_WEIGHTS, Model
from flashcards.core.fsrs_fit import fit
from flashcards.core.scheduling import Scheduler
from flashcards.core.stats.answer_rows import RECALL_UNITS
from flashcards.storage.doctor.data_checks import run_checks
from flashcards.storage.doctor.snapshot import take_snapshot
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.fsrs import (
    current_model,
    known_on_days,
    load_answer_histories,
)
from flashcards.storage.journal.record import decode_record, encode_record
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from replay_oracle import read_all_events, replay_all_cards

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "fsrs_vectors.json").read_text())
OTHERS = tuple(VECTORS["parameters"]["odd"])
DOG, CAT = CardId("dog"), CardId("cat")


def weights(store: Store, values: tuple[float, ...] = OTHERS) -> FsrsWeights:
    """Return the draft of an event that sets weights."""
    return FsrsWeights(EventId(""), 0, store.now(), values, 500, 0.3, 0.4)


def as_replayed(store: Store) -> bool:
    """Tell whether the index says of every card what a replay of the journals says."""
    store.refresh_index()
    replayed = replay_all_cards(read_all_events(store.paths.journal_dir))
    found = {state.card.id: state.progress for state in cards.card_states(store.index.connection)}
    return all(found[card] == progress for card, progress in replayed.items() if card in found)


def predictions(store: Store) -> list[int | None]:
    """Return the chances that the answers in the index were given, in order."""
    rows = store.index.connection.execute(
        "SELECT recall FROM answer JOIN card ON key = card ORDER BY id, answer.rowid"
    )
    return [recall for (recall,) in rows]


@pytest.mark.parametrize("history", VECTORS["histories"], ids=lambda h: h["name"])
def test_a_store_has_the_memories_of_the_vectors(tmp_path: Path, history: dict[str, Any]) -> None:
    """Under SM-2 each history leads to its stability and difficulty, and each answer has its chance."""
    put_deck(tmp_path)
    clock = Clock()
    with open_store(tmp_path, clock) as store:
        store.append_events([weights(store, tuple(VECTORS["parameters"][history["parameters"]]))])
        for state in history["states"]:
            clock.at = NOON + timedelta(days=state["day"], seconds=clock.at.second)
            rate(store, "dog", [state["rating"]])
        store.refresh_index()
        found = store.card_state(DOG)
        assert found
        assert found.progress.fsrs_memory
        last = history["states"][-1]
        assert found.progress.fsrs_memory[0] == pytest.approx(last["stability"], rel=1e-6)
        assert found.progress.fsrs_memory[1] == pytest.approx(last["difficulty"], abs=1e-6)
        days = [state["day"] for state in history["states"]]
        expected = [
            round(state["recall_before"] * RECALL_UNITS) if i and state["day"] > days[i - 1] else None
            for i, state in enumerate(history["states"])
        ]
        assert predictions(store) == pytest.approx(expected, abs=1)


def live(store: Store, clock: Clock, seed: int, steps: int = 40) -> None:
    """Do this and that to a few cards, in the course of some months."""
    random = Random(seed)
    for _ in range(steps):
        clock.at += timedelta(hours=random.choice((1, 20, 26, 70)))
        card, at = random.choice((DOG, CAT)), store.now()
        kind, event = random.randrange(12), EventId("")
        if kind == 0:
            store.append_events([Reset(event, 0, at, card)])
        elif kind == 1:
            due = at.date() + timedelta(days=9)
            store.append_events([SetDue(event, 0, at, card, due, 12, 210)])
        elif kind == 2:
            store.append_events([Review(event, 0, at, card, 3, 5, "", True)])
        elif kind == 3:
            store.append_events([Review(event, 0, at, card, 4, 5, next_interval=23, scheduler="fsrs")])
        else:
            rate(store, card, [random.randint(1, 5)])


@pytest.mark.parametrize("seed", range(6))
def test_new_weights_reach_every_card_as_a_replay_would(tmp_path: Path, seed: int) -> None:
    """The short way that new weights take gives what a full replay gives, and an index made anew."""
    put_deck(tmp_path)
    clock = Clock()
    with open_store(tmp_path, clock) as store:
        live(store, clock, seed)
        assert as_replayed(store)
        dates = [state.progress.due for state in cards.card_states(store.index.connection)]
        store.append_events([weights(store)])
        assert as_replayed(store)
        assert store.query(current_model).weights == OTHERS
        assert [state.progress.due for state in cards.card_states(store.index.connection)] == dates
        live(store, clock, seed + 100)
        assert as_replayed(store)
        chances = predictions(store)
    shutil.rmtree(paths_in(tmp_path).cache_dir)
    with open_store(tmp_path, clock) as store:
        assert as_replayed(store)
        assert predictions(store) == chances
        undo_last(store)
        store.append_events([CardLink(EventId(""), 0, store.now(), CAT, DOG)])
        assert as_replayed(store)


def test_undoing_weights_brings_back_those_before(tmp_path: Path) -> None:
    """The weights before, or the defaults, hold again for all cards."""
    put_deck(tmp_path)
    with open_store(tmp_path) as store:
        rate(store, "dog", [4])
        store.append_events([weights(store)])
        other = tuple(VECTORS["parameters"]["slow"])
        store.append_events([weights(store, other)])
        store.refresh_index()
        for expected in (OTHERS, DEFAULT_WEIGHTS):
            assert isinstance(undo_last(store), FsrsWeights)
            assert store.query(current_model).weights == expected
            state = store.card_state(DOG)
            assert state
            assert state.progress.fsrs_memory == Model(expected).review(None, 0, 4)
            assert as_replayed(store)


def test_weights_come_back_from_their_line(tmp_path: Path) -> None:
    """An event of weights is written as the contract says, and read as it was."""
    with open_store(tmp_path) as store:
        (kept,) = store.append_events([weights(store)])
        (path,) = store.paths.journal_dir.glob("*.jsonl")
    raw = path.read_bytes().splitlines()[-1]
    line = json.loads(raw)
    assert (line["k"], line["model"], line["w"], line["tests"]) == ("weights", "fsrs6", list(OTHERS), 500)
    assert (line["loss"], line["before"]) == (0.3, 0.4)
    record = decode_record(raw)
    assert record.event == kept
    assert encode_record(record) == raw + b"\n"


def rewrite(path: Path, **fields: object) -> None:
    """Give the last line of a journal other fields, and the checksum that fits."""
    from zlib import crc32

    *before, last = path.read_bytes().splitlines()
    line = json.loads(last) | fields
    del line["c"]
    body = json.dumps(line, separators=(",", ":")).encode()[:-1]
    path.write_bytes(b"\n".join([*before, b'%b,"c":"%08x"}' % (body, crc32(body)), b""]))


@pytest.mark.parametrize("bad", [0, -4, 36_501, 2.5, "soon", [3], True])
def test_an_impossible_interval_is_ignored_and_the_rating_counts(tmp_path: Path, bad: object) -> None:
    """SM-2 computes the date, and the doctor says once that it did."""
    put_deck(tmp_path)
    with open_store(tmp_path) as store:
        review = Review(EventId(""), 0, store.now(), DOG, 4, 5, next_interval=23, scheduler="fsrs")
        store.append_events([review])
        (path,) = store.paths.journal_dir.glob("*.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] if b"review" in lines[0] else lines[1])
    rewrite(path, next=bad)
    shutil.rmtree(paths_in(tmp_path).cache_dir)
    shutil.rmtree(paths_in(tmp_path).state_dir)
    with open_store(tmp_path) as store:
        state = store.card_state(DOG)
        assert state
        assert (state.progress.memory.interval, state.progress.memory.repetitions) == (1, 1)
        told = [f.description for f in run_checks(take_snapshot(store.paths, store.settings, store.now()))]
        assert sum('"next"' in line for line in told) == 1


@pytest.mark.parametrize("bad", [OTHERS[:20], (*OTHERS[:20], 0.05), (*OTHERS, 1.0)])
def test_weights_out_of_bounds_are_refused_as_a_line(tmp_path: Path, bad: tuple[float, ...]) -> None:
    """Not 21 numbers within the bounds: that line is bad, and the weights before it hold."""
    with open_store(tmp_path) as store:
        store.append_events([weights(store)])
        (path,) = store.paths.journal_dir.glob("*.jsonl")
    rewrite(path, w=list(bad))
    shutil.rmtree(paths_in(tmp_path).cache_dir)
    shutil.rmtree(paths_in(tmp_path).state_dir)
    with open_store(tmp_path) as store:
        assert store.query(current_model).weights == DEFAULT_WEIGHTS
        reasons = store.index.connection.execute("SELECT reason FROM bad_line").fetchall()
        assert ["FSRS-6" in reason for (reason,) in reasons] == [True]


def test_histories_for_the_fit_are_those_of_the_journal(tmp_path: Path) -> None:
    """Every answer but practice, card by card; cards that began otherwise are left out."""
    put_deck(tmp_path)
    clock = Clock()
    with open_store(tmp_path, clock) as store:
        rate(store, "dog", [4, 3])
        clock.at += timedelta(days=3)
        rate(store, "dog", [1])
        at = store.now()
        store.append_events([Review(EventId(""), 0, at, DOG, 2, 5, "", True)])
        store.append_events([SetDue(EventId(""), 0, at, CAT, at.date(), 12, 210)])
        rate(store, "cat", [5])
        store.refresh_index()
        day = NOON.date().toordinal()
        histories = list(load_answer_histories(store.index.connection))
    assert histories == [[(day, 4), (day, 3), (day + 3, 1)]]
    assert fit(histories).tests == 1


BEFORE_FSRS = {
    "c0": ("2026-02-04", 222, 6, 2, 1),
    "c1": ("2026-02-02", 232, 6, 2, 2),
    "c2": ("2026-01-30", 246, 15, 3, 1),
    "c3": ("2026-02-02", 256, 16, 3, 1),
    "c4": ("2026-01-30", 246, 6, 2, 4),
    "c5": ("2026-02-05", 256, 16, 3, 2),
    "c6": ("2026-02-01", 250, 15, 3, 0),
    "c7": ("2026-02-07", 236, 15, 3, 3),
}
"""What `cards --json` said of the journal beside the tests in the last version without FSRS."""


def test_a_journal_from_before_fsrs_gives_the_dates_that_it_gave(tmp_path: Path) -> None:
    """Answers, repeats, undo, reset and buried cards of a month, as an older version wrote them."""
    put_deck(
        tmp_path, "deck: X\ncards:\n" + "".join(f"- {{front: f{n}, back: b, id: c{n}}}\n" for n in range(8))
    )
    shutil.copytree(Path(__file__).parents[1] / "data" / "before_fsrs", paths_in(tmp_path).journal_dir)
    with open_store(tmp_path, Clock(NOON + timedelta(days=60))) as store:
        found = {}
        for state in cards.card_states(store.index.connection):
            memory, due = state.progress.memory, state.progress.due
            found[str(state.card.id)] = (
                str(due), memory.ease, memory.interval, memory.repetitions, memory.lapses,
            )  # fmt: skip
            assert state.progress.fsrs_memory
    assert found == BEFORE_FSRS


def test_what_was_known_in_a_long_history_is_told_from_a_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One card in several stands for the others; siblings, which come in turn, are met alike."""
    names = [f"{side}{n}" for n in range(300) for side in "ab"]
    put_deck(tmp_path, "deck: D\ncards:\n" + "".join(f"- {{front: {n}, back: x, id: {n}}}\n" for n in names))
    clock = Clock()
    with open_store(tmp_path, clock) as store:
        drafts = list[Review]()
        for name in names:
            rating = 5 if name.startswith("a") else 1
            drafts.append(Review(EventId(""), 0, store.now(), CardId(name), rating, 5))
        store.append_events(drafts)
        store.refresh_index()
        first = NOON.date().toordinal()
        days = [first + 1, first + 30, first + 200]
        whole = store.query(lambda index: known_on_days(index, days))
        for name in ("MAX_FITTED_ANSWERS", "SAMPLED_ANSWERS"):
            monkeypatch.setattr(f"flashcards.storage.index.queries.fsrs.{name}", 200)
        part = store.query(lambda index: known_on_days(index, days))
    assert part != whole
    assert part == pytest.approx(whole, rel=0.15)


def test_a_session_keeps_what_the_scheduler_chose(tmp_path: Path) -> None:
    """Under FSRS the line of an answer has the days and who chose them; under SM-2 it has neither."""
    put_deck(tmp_path)
    settings = Settings(scheduler="fsrs", retention=0.8)
    assert settings.balances_days
    with open_store(tmp_path, settings=settings) as store:
        state = store.card_state(DOG)
        assert state
        days = Scheduler("fsrs", 0.8).outcome(state.progress, 4, store.today).next_interval
        at = store.now()
        store.append_events([Review(EventId(""), 0, at, DOG, 4, 5, next_interval=days, scheduler="fsrs")])
        rate(store, "cat", [4])
        (path,) = store.paths.journal_dir.glob("*.jsonl")
        lines = [json.loads(line) for line in path.read_bytes().splitlines()]
        told = [(line.get("next"), line.get("sched")) for line in lines if line["k"] == "review"]
        assert told == [(days, "fsrs"), (None, None)]
        assert as_replayed(store)
