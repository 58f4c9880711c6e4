"""Measure how a synced library grows: `python tests/benchmarks/sync_growth.py [YEARS [DEVICES [ANSWERS]]]`.

So many devices give so many answers a day each. One of them sends all once a month, and in the last month
each syncs once a day; then a daily sync, a new machine's first one, and the taking in of the answers are
timed: in seconds of a clock, and of the processor for what was run.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from factories import DECK, open_store
from flashcards.core.cards import CardId
from flashcards.core.events import Review
from flashcards.storage.journal.event_ids import new_uuid7
from flashcards.storage.journal.record import JournalRecord, encode_record
from machines import Machine, bare

LAST = date(2036, 1, 1)


def answer(machine: Machine, device: str, day: date, answers: int, rng: random.Random) -> None:
    """Write a device's answers of a day to a journal on a machine."""
    path = machine.paths.journal_dir / f"{device}-{day:%Y-%m}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    start = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    with path.open("ab") as file:
        for n in range(answers):
            at = start + timedelta(seconds=9 * n + rng.randrange(8), milliseconds=rng.randrange(999))
            ms = int(at.timestamp() * 1000)
            card, rating = CardId(f"{rng.randrange(20_000):016x}"), rng.choice((1, 3, 4, 4, 5))
            event = Review(new_uuid7(ms, rng.randbytes), ms, at, card, rating, rng.randrange(2000, 20_000))
            number = (day - date(2000, 1, 1)).days * 10_000 + n
            file.write(encode_record(JournalRecord(event, device, number)))


def size(folder: Path) -> str:
    """Return how large a folder is, in MB."""
    return f"{sum(path.stat().st_size for path in folder.rglob('*') if path.is_file()) / 1e6:,.0f} MB"


def timed(what: str, work: Callable[[], object]) -> None:
    """Do something and print how long it took."""
    start, before = time.perf_counter(), os.times()
    work()
    took, processor = time.perf_counter() - start, sum(os.times()[:4]) - sum(before[:4])
    print(f"{what}: {took:.2f} s, {processor:.2f} s of the processor", flush=True)


def main(years: int = 10, devices: int = 5, answers: int = 200) -> None:
    """Let the years pass, then measure."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        remote = bare(folder)
        names = [f"m{i}" for i in range(devices)]
        machines = [Machine(folder / names[0], remote)]
        machines[0].put({"decks/french.yaml": DECK.encode()})
        day, last_month = LAST - timedelta(days=365 * years), LAST - timedelta(days=31)
        while day < last_month:
            for device in names:
                answer(machines[0], device, day, answers, rng)
            day += timedelta(days=1)
            if day.day == 1 or day == last_month:
                machines[0].sync()
        for device in names[1:]:
            shutil.copytree(folder / names[0], folder / device)
            machines.append(Machine(folder / device, remote))
        while day < LAST:
            for machine in machines:
                answer(machine, machine.name, day, answers, rng)
                machine.sync()
            day += timedelta(days=1)
        print(f"{years} years, {devices} devices, {answers} answers a day each")
        print(f"journals: {size(machines[0].paths.journal_dir)}")
        print(f"repository here and there: {size(machines[0].git.folder)}, {size(remote)}")
        answer(machines[0], names[0], LAST, answers, rng)
        timed("a daily sync", machines[0].sync)
        timed("one with nothing new", machines[0].sync)
        timed("git gc", lambda: machines[0].git.run("gc", "-q"))
        print(f"repository here after it: {size(machines[0].git.folder)}")
        new = Machine(folder / "new", remote)
        timed("a new machine's first sync", new.sync)
        (new.paths.data_dir / "format.json").write_text('{"format": 1, "store": "x"}')
        timed("taking in all answers", lambda: open_store(folder / "new").close())
        answer(machines[0], names[0], LAST + timedelta(days=1), answers, rng)
        machines[0].sync()
        new.sync()
        timed("taking in a day's", lambda: open_store(folder / "new").close())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
