"""Machines merged at random: the same state everywhere, in any order, any number of times."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from factories import NOON, Clock, open_store, paths_in, put_deck, undo_last
from flashcards.core.cards import CardId
from flashcards.core.events import Bury, CardLink, EventId, FsrsWeights, Reset, Review, Suspend, Unsuspend
from flashcards.storage.index.queries import cards
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.store import Store
from replay_oracle import read_all_events, replay_all_cards, replay_card_history
from simulated_learners import someone

CARDS = ("dog", "cat")
STEPS = 14
State = dict[str, object]


def as_it_is(data: bytes) -> bytes:
    return data


def with_windows_lines(data: bytes) -> bytes:
    """What git's autocrlf makes of a file."""
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def with_a_mark(data: bytes) -> bytes:
    """What some editors put at the beginning."""
    return data if data.startswith(b"\xef\xbb\xbf") else b"\xef\xbb\xbf" + data


TRANSPORTS: tuple[Callable[[bytes], bytes], ...] = (
    as_it_is, as_it_is, as_it_is, with_windows_lines, with_a_mark,
)  # fmt: skip


@dataclass(slots=True)
class Machine:
    """One home, whose clock goes its own way."""

    home: Path
    clock: Clock

    def open(self) -> Store:
        return open_store(self.home, self.clock)

    def journals(self) -> Path:
        return paths_in(self.home).journal_dir


def act(machine: Machine, rng: random.Random) -> None:
    """Do one thing, as a person does."""
    store = machine.open()
    card, at = CardId(rng.choice(CARDS)), store.now()
    event = EventId("")
    choice = rng.randrange(8)
    if choice < 3:
        days = rng.choice((None, None, rng.randint(1, 60)))
        chosen: dict[str, Any] = (
            {} if days is None else {"next_interval": days, "scheduler": rng.choice(("sm2", "fsrs"))}
        )
        store.append_events([Review(event, 0, at, card, rng.randint(1, 5), 900, **chosen)])
    elif choice == 3:
        undo_last(store)
    elif choice == 4:
        store.append_events([rng.choice((Suspend, Unsuspend, Reset))(event, 0, at, card)])
    elif choice == 5:
        store.append_events([Bury(event, 0, at, card, (at + timedelta(days=1)).date())])
    elif choice == 6:
        store.append_events([FsrsWeights(event, 0, at, someone(rng.randrange(9)).weights)])
    elif choice == 7:
        old, new = map(CardId, rng.sample(CARDS, 2))
        store.append_events([CardLink(event, 0, at, old, new)])
    store.close()
    machine.clock.at += timedelta(hours=rng.randint(0, 40))


def send(source: Machine, target: Machine, rng: random.Random) -> None:
    """Bring journals over: as conflict copies, as git's union, or line by line with its marks."""
    for path in list_journal_files(source.journals()):
        data = rng.choice(TRANSPORTS)(path.read_bytes())
        other = target.journals() / path.name
        if other.exists() and other.read_bytes() != data:
            if rng.random() < 0.5:
                other = other.with_name(f"{path.stem} (copy {rng.randrange(99)}).jsonl")
            else:
                mine = other.read_bytes()
                marks = (b"<<<<<<< HEAD\n", b"=======\n", b">>>>>>> theirs\n")
                data = marks[0] + mine + b"\n" + marks[1] + data + b"\n" + marks[2]
        other.write_bytes(data)


def state(machine: Machine) -> State:
    """Return what a machine says of each card; its index must say what a replay says."""
    store = machine.open()
    truth = replay_all_cards(read_all_events(machine.journals()))
    found: State = {}
    for entry in cards.card_states(store.index.connection):
        expected = truth.get(entry.card.id, entry.progress)
        assert entry.progress == expected
        found[entry.card.id] = (entry.progress, len(replay_card_history(store, entry.card.id).steps))
    store.close()
    return found


def live_and_merge(folder: Path, seed: int) -> None:
    """Let 3 to 5 machines work and exchange at random, then bring all to all, in any order."""
    rng = random.Random(seed)
    machines = []
    for number in range(rng.randint(3, 5)):
        home = folder / str(number)
        put_deck(home)
        wrong = rng.choice((0, 0, 0, 400, -400))
        machines.append(Machine(home, Clock(NOON + timedelta(days=wrong, hours=number))))
        machines[-1].open().close()
    for _ in range(STEPS):
        act(rng.choice(machines), rng)
        if rng.random() < 0.3:
            source, target = rng.sample(machines, 2)
            send(source, target, rng)
    for _ in range(2):  # any number of times: the second round brings nothing new
        for source in rng.sample(machines, len(machines)):
            for target in rng.sample(machines, len(machines)):
                if source is not target:
                    send(source, target, rng)
        states = [state(machine) for machine in machines]
        assert all(found == states[0] for found in states), seed
    shutil.rmtree(folder)


@pytest.mark.parametrize("seed", range(2))
def test_machines_merged_at_random_agree(tmp_path: Path, seed: int) -> None:
    """Whatever was done where, and however it was brought over, all say the same in the end."""
    live_and_merge(tmp_path / "x", seed)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 200))
def test_many_more_machines_merged_at_random_agree(tmp_path: Path, seed: int) -> None:
    """The same, many times over."""
    live_and_merge(tmp_path / "x", seed)
