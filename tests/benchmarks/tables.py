"""Measure importing a table: `python tests/benchmarks/tables.py [ROWS]`.

A CSV file of so many rows (1,000,000) of two columns comes into an empty collection. It should
take 20 seconds of the processor and 400 MB at most.
"""

from __future__ import annotations

import csv
import statistics
import sys
import tempfile
from pathlib import Path

from imports import timed

ROUNDS = 3


def main(folder: Path, rows: int = 1_000_000) -> None:
    """Write the table, and import it in processes of their own."""
    table = folder / "table.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(
            (f"What is {i}?", f"the answer to {i}, in a few words") for i in range(rows)
        )
    words = [sys.executable, "-m", "flashcards", "import", str(table)]
    runs = [timed(words, folder / "home") for _ in range(ROUNDS)]
    seconds, cpu, memory = map(statistics.median, zip(*runs, strict=True))
    print(f"{rows:,} rows  {seconds:.1f} s  {cpu:.1f} s of processor  {memory:.0f} MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made), *map(int, sys.argv[1:]))
