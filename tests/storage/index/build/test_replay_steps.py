"""Histories that are kept while their lines are read are those of the journal."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from factories import NOON, link, open_store, paths_in, put_deck, rate, review, undo
from flashcards.core.cards import CardId
from flashcards.core.events import Event, EventId, Reset, SetDue, Suspend
from flashcards.core.replay import card_histories
from flashcards.storage.index.build.bulk_load import MIN_BULK_BYTES
from flashcards.storage.journal.record import JournalRecord, encode_record
from replay_oracle import read_all_events, replay_all_cards

CARDS = [CardId(f"c{number}") for number in range(900)]


def past_event(rng: random.Random, number: int) -> Event:
    """Return an answer, mostly, or something else that happened to a card."""
    at = NOON - timedelta(minutes=rng.randrange(1_000_000))
    card, ident, hlc = rng.choice(CARDS), f"e{number:05}", int(at.timestamp() * 1000)
    kinds: list[Event] = [
        SetDue(EventId(ident), hlc, at, card, at.date() + timedelta(9), 9, 230, 2, 1),
        Suspend(EventId(ident), hlc, at, card, "anki"),
        Reset(EventId(ident), hlc, at, card),
        undo(f"e{rng.randrange(number + 1):05}", hlc, ident),
        link(card, rng.choice(CARDS), hlc, ident) if number % 300 == 0 else review(card, 2, at, ident=ident),
    ]
    return rng.choice([*kinds, *(review(card, rng.randrange(1, 6), at, ident=ident) for _ in range(9))])


@pytest.mark.parametrize("copied", [0, 40], ids=["each once", "some twice"])
@pytest.mark.parametrize("known", [0, 1], ids=["all new", "some learned before"])
def test_a_bulk_load_replays_what_the_journal_says(tmp_path: Path, copied: int, known: int) -> None:
    """Undone, moved and copied events, and cards learned before, count as the journal has them."""
    rng = random.Random(copied + known)
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4, 2])
    store.close()
    events = [past_event(rng, number) for number in range(9_000)]
    lines = [encode_record(JournalRecord(event, "dev", n)) for n, event in enumerate(events, 1)]
    journal = paths_in(tmp_path).journal_dir
    if known:
        (journal / "first.jsonl").write_bytes(b"".join(lines[:50]))
        open_store(tmp_path).close()
    twice = [encode_record(JournalRecord(event, "other", n)) for n, event in enumerate(events[:copied], 1)]
    (journal / "rest.jsonl").write_bytes(b"".join([*lines[50 * known :], *twice]))
    assert len(b"".join(lines)) > MIN_BULK_BYTES
    store = open_store(tmp_path)
    columns = "event_count, due, interval, ease, repetitions, lapses, suspended"
    rows = store.index.connection.execute(f"SELECT id, {columns} FROM card WHERE event_count > 0")
    found = {card: tuple(numbers) for card, *numbers in rows}
    everything = list(read_all_events(journal))
    counts = {card: len(history) for card, history in card_histories(everything).items()}
    assert found == {
        card: (counts[card], *progress.numbers[:5], progress.numbers[7])
        for card, progress in replay_all_cards(everything).items()
    }
    store.close()
