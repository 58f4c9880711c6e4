"""Measure importing beside Anki: `python tests/benchmarks/imports.py [NOTES [ANSWERS]]`.

Anki makes a package of so many notes (100,000), with so many answers (100,000) and due days; then
it and we import it, in turn, each in a process of its own and into an empty collection.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from programs import environment

ROUNDS = 3
THEIRS = """
import sys
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
col = Collection(sys.argv[1])
options = ImportAnkiPackageOptions(with_scheduling=True)
col.import_anki_package(ImportAnkiPackageRequest(package_path=sys.argv[2], options=options))
col.close()
"""


def make(folder: Path, notes: int, answers: int) -> Path:
    """Write a package with the `anki` package, and return its path."""
    from anki_collections import library

    own = library(folder / "anki")
    model, deck = own.col.models.by_name("Basic"), own.col.decks.id("Large")
    for i in range(notes):
        note = own.col.new_note(model)
        note["Front"], note["Back"] = f"What is {i}?", f"<ul><li>one {i}</li><li>two {i}</li></ul>"
        own.col.add_note(note, deck)
    own.col.db.execute(
        f"update cards set type = 2, queue = 2, ivl = 30, factor = 2500, "
        f"due = {own.col.sched.today} + id % 30"
    )
    ids = own.col.db.list("select id from cards")
    rows = ((1_600_000_000_000 + i * 700, ids[i % notes]) for i in range(answers))
    own.col.db.executemany("insert into revlog values (?, ?, -1, 3, 30, 12, 2500, 9000, 1)", rows)
    path = own.package("large.apkg")
    own.col.close()
    return path


def timed(words: list[str], home: Path) -> tuple[float, float, float]:
    """Run a process in a new home; return its seconds, those it computed, and most MB it held."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    start = time.perf_counter()
    child = subprocess.Popen(words, env=environment(home), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    taken = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(folder: Path, notes: int = 100_000, answers: int = 100_000) -> None:
    """Make the package, and run the comparison."""
    package, home = make(folder, notes, answers), folder / "home"
    ours = [sys.executable, "-m", "flashcards", "import", str(package)]
    theirs = [sys.executable, "-c", THEIRS, str(home / "c.anki2"), str(package)]
    pairs = [(timed(ours, home), timed(theirs, home)) for _ in range(ROUNDS)]
    for number, name in enumerate(("flashcards", "Anki")):
        seconds, cpu, memory = (statistics.median(pair[number][what] for pair in pairs) for what in range(3))
        print(f"{name:12} {seconds:8.1f} s  {cpu:8.1f} s of processor  {memory:8.0f} MB")
    for what, name in enumerate(("ratio", "of processor")):
        print(f"{name:12} {statistics.median(a[what] / b[what] for a, b in pairs):8.1f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made), *map(int, sys.argv[1:]))
