"""Measure the numbers in the README, side by side in one run: `python tests/benchmarks/speed.py`.

Makes a collection of 100,000 cards and 1,000,000 reviews (kept in the folder that is named, if one
is), and one of the same size for the `anki` package, if it is installed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from collection import make

from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.storage.journal.journal_writer import JournalWriter
from programs import Terminal, command, environment

ROUNDS = 11
ANKI = """
from anki.collection import Collection
import sys
col = Collection(sys.argv[1])
col.sched.get_queued_cards()
print("drawn", flush=True)
import os; os._exit(0)
"""
GRAPHS = """
from anki.collection import Collection
import sys
col = Collection(sys.argv[1])
col._backend.graphs(search="", days=0)
import os; os._exit(0)
"""
"""All of Anki's graphs, of all its history: with days=365 it would leave out what we count too."""


def timed(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes, in ms."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def compare(what: str, ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """Time two pieces of work in turn and print medians and the median of the ratios."""
    ours(), theirs()
    pairs = [(timed(ours), timed(theirs)) for _ in range(ROUNDS)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{what:<58} {mine:8.2f} ms  {other:8.2f} ms  x {ratio:.2f}", flush=True)


def process(words: list[str], env: dict[str, str]) -> Callable[[], object]:
    """Return the work of running a process to its end."""
    return lambda: subprocess.run(words, env=env, stdout=subprocess.DEVNULL, check=False)


def first_frame(home: Path, data: Path, words: list[str], wanted: bytes) -> None:
    """Start the program in a terminal, and leave once its first frame is drawn."""
    terminal = Terminal(home, words, env={"FLASHCARDS_DATA_DIR": str(data)})
    shown = b""
    while wanted not in shown:  # as bytes: to read the screen would be timed too
        shown += os.read(terminal._fd, 65536)
    os.kill(terminal.pid, 9)
    os.waitpid(terminal.pid, 0)
    terminal.close()


def make_anki(path: Path, cards: int) -> None:
    """Write an Anki collection with as many cards, reviews and due cards."""
    from anki.collection import Collection

    collection = Collection(str(path))
    model = collection.models.by_name("Basic")
    deck = collection.decks.id("Default")
    for i in range(cards):
        note = collection.new_note(model)
        note["Front"], note["Back"] = f"What is {i}?", f"- one {i}\n- two {i}"
        collection.add_note(note, deck)
    today = collection.sched.today
    database = collection.db
    database.execute(
        "update cards set type = 2, queue = 2, ivl = 30, factor = 2500, reps = 10, "
        f"due = {today} - 1 + id % 10"
    )
    ids = database.list("select id from cards")
    apart = 1_500 * 86_400_000 // 1_000_000
    start = int(time.time() * 1000) - 1_000_000 * apart
    rows = ((start + i * apart, ids[i % len(ids)], -1, 3, 30, 12, 2500, 9000, 1) for i in range(1_000_000))
    database.executemany("insert into revlog values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    collection.close()


def rating(folder: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return the work of keeping a rating, and of a bare append with fdatasync of as many bytes."""

    def now() -> datetime:
        return datetime.now(UTC)

    journal = JournalWriter(folder / "journal", folder / ".lock", "bench", now=now)
    draft = Review(EventId(""), 0, now(), CardId("c1"), 4, 5000)
    journal.append_events([draft])
    line = b"x" * 190 + b"\n"
    bare = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append() -> None:
        os.write(bare, line)
        os.fdatasync(bare)

    return lambda: [journal.append_events([draft]) for _ in range(20)], lambda: [append() for _ in range(20)]


def main(folder: Path) -> None:
    """Run all comparisons."""
    data, home = folder / "data", folder / "home"
    if not data.exists():
        make(data)
    env = environment(home, FLASHCARDS_DATA_DIR=str(data))
    due = [sys.executable, "-m", "flashcards", "due"]
    subprocess.run(due, env=env, check=False)
    time.sleep(2.5)
    subprocess.run(due, env=env, check=False)
    nothing = process([sys.executable, "-c", "pass"], env)
    print(f"{'':58} {'ours':>8}     {'theirs':>8}     ratio")
    compare("due, 100k cards and 1M reviews / python -c pass", process(due, env), nothing)
    later = process([*command(4000), "due"], {**env, "SHIFT_DAYS": "4000"})
    compare("due, all 100k cards overdue / python -c pass", later, nothing)
    today = process([sys.executable, "-m", "flashcards"], env)
    compare("today at a glance / due", today, process(due, env))
    compare(
        "the home's first frame / python -c pass",
        lambda: first_frame(home, data, [], b"enter"),
        nothing,
    )
    compare("20 ratings / 20 bare appends with fdatasync", *rating(folder))
    with suppress(ImportError):
        anki = folder / "collection.anki2"
        if not anki.exists():
            make_anki(anki, 100_000)
        theirs = process([sys.executable, "-c", ANKI, str(anki)], env)
        compare(
            "study to the first card / Anki's backend",
            lambda: first_frame(home, data, ["study"], b"show answer"),
            theirs,
        )
        stats = process([sys.executable, "-m", "flashcards", "stats"], env)
        graphs = process([sys.executable, "-c", GRAPHS, str(anki)], env)
        compare("stats, every view / Anki's backend, every graph", stats, graphs)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
