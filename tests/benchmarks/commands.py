"""Measure commands in turn, a row of the README's table each: `commands.py [FOLDER [ROUNDS]]`.

Makes its collections in the folder that is named, if one is, and uses them again.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from collection import WORDS
from processes import NOTHING, Usage, flashcards, make_collection, measure, median

from programs import environment


def import_table(home: Path, notes: int) -> None:
    """Bring so many notes in from a table."""
    env = environment(home)
    rows = (f"What is {WORDS[i % 10]} {WORDS[i // 10 % 10]} {i}?,the answer {i}\n" for i in range(notes))
    (home / "Large.csv").write_text("front,back\n" + "".join(rows))
    measure(flashcards("import", str(home / "Large.csv")), env)


def make_homes(folder: Path) -> dict[str, Path]:
    """Return homes with 55 cards, 1,000 and 100,000 imported notes, and 1,000,000 answers."""
    homes = {name: folder / name for name in ("55", "1000", "100000", "answers")}
    for name, home in homes.items():
        if not home.exists():
            environment(home)
            if name == "answers":
                make_collection(home / "data")
            elif name != "55":
                import_table(home, int(name))
        measure(flashcards("due"), environment(home))
    return homes


class Table:
    """Measures pairs of processes in turn, and prints rows of Markdown."""

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        self._count = 0

    def row(
        self, what: str, ours: Callable[[str], Usage], against: str, other: Callable[[str], Usage]
    ) -> None:
        """Print the medians of both, and of the ratios of their seconds; each gets a word of its own."""
        pairs = []
        for number in range(self._rounds + 1):
            self._count += 1
            pair = ours(f"own{self._count}a"), other(f"own{self._count}b")
            pairs += [pair] if number else []  # the first warms up
        mine, its = median([a for a, _ in pairs]), median([b for _, b in pairs])
        ratio = statistics.median(a.seconds / b.seconds for a, b in pairs)
        cells = f"{mine.seconds:.2f} s, {mine.megabytes:.0f} MB | {against}, {its.seconds:.2f} s"
        print(f"| {what} | {cells} | {ratio:.1f} |", flush=True)


def main(folder: Path, rounds: int = 5) -> None:
    """Print all rows."""
    homes, table = make_homes(folder), Table(rounds)

    def on(name: str, *words: str, **more: str) -> Callable[[str], Usage]:
        env = environment(homes[name], **more)
        return lambda own: measure(flashcards(*(word.replace("OWN", own) for word in words)), env)

    def nothing(_: str) -> Usage:
        return measure(NOTHING, environment(homes["55"]))

    def two_rows(own: str) -> Usage:
        path = homes["100000"] / "two.csv"
        path.write_text(f"front,back\n{own} one,b\n{own} two,b\n")
        return measure(flashcards("import", str(path), "--deck", "Large"), environment(homes["100000"]))

    target = str(folder / "answers.json")
    editor = {"EDITOR": "sed -i 0,/answer/s/answer/Answer/"}
    for words in (("due",), ("config",), ("check",), ("show", "why-transformers"), ("stats",)):
        table.row(f"`{' '.join(words)}`, 55 cards", on("55", *words), "`python -c pass`", nothing)
    table.row("`due`, 1,000,000 answers", on("answers", "due"), "`python -c pass`", nothing)
    for words in (("add", "OWN", "b", "--deck", "Large", "--force"), ("edit", "What is value query 21?")):
        what = f"`{words[0]}` among 100,000 imported notes"
        table.row(what, on("100000", *words, **editor), "among 1,000", on("1000", *words, **editor))
    table.row("a table of two rows into 100,000 notes", two_rows, "`python -c pass`", nothing)
    everything = on("answers", "stats")
    table.row("`stats DECK`, one of 20", on("answers", "stats", "Deck 01"), "`stats`", everything)
    json = on("answers", "export", "--format", "json", "--force", "-o", target)
    table.row("`export --format json`, 1,000,000 answers", json, "`stats`", everything)
    table.row("`doctor`, 1,000,000 answers", on("answers", "doctor"), "`stats`", everything)
    measure(flashcards("backup"), environment(homes["answers"]))
    table.row("`restore`, 1,000,000 answers", on("answers", "restore"), "`stats`", everything)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
