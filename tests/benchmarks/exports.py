"""Measure exporting beside Anki: `python tests/benchmarks/exports.py [NOTES [ANSWERS]]`.

Two collections of so many notes (30,000) with so many answers (as many): one of our own, which Anki
imports from our package, and one of Anki's, which we import. Then it and we write a package of each, in turn.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import imports
from processes import flashcards, make_collection, measure, median

from programs import environment

ROUNDS = 5
THEIRS = """
import sys
from anki.collection import Collection, ExportAnkiPackageOptions
col = Collection(sys.argv[1])
options = ExportAnkiPackageOptions(
    with_scheduling=True, with_deck_configs=True, with_media=True, legacy=True
)
col.export_anki_package(out_path=sys.argv[2], options=options, limit=None)
col.close()
"""
"""In the form that every version of Anki reads, as ours is."""


def compare(what: str, home: Path, collection: Path) -> None:
    """Export a library and a collection of Anki's in turn, and print the medians."""
    env, package = environment(home), str(home / "out.apkg")
    ours = flashcards("export", "--force", "-o", package)
    theirs = [sys.executable, "-c", THEIRS, str(collection), package]
    measure(flashcards("due"), env)
    pairs = [(measure(ours, env), measure(theirs, env)) for _ in range(ROUNDS)]
    for name, runs in zip(("flashcards", "Anki"), zip(*pairs, strict=True), strict=True):
        print(f"{what:24} {name:12} {median(runs).seconds:6.2f} s of processor")
    print(f"{what:24} {'ratio':12} {statistics.median(a.seconds / b.seconds for a, b in pairs):6.2f}")


def main(folder: Path, notes: int = 30_000, answers: int = 30_000) -> None:
    """Make the collections, and run the comparisons."""
    own, foreign, anki = folder / "own", folder / "foreign", folder / "anki.anki2"
    own_env, foreign_env = environment(own), environment(foreign)
    make_collection(own / "data", notes, answers)
    measure(flashcards("export", "-o", str(own / "own.apkg")), own_env)
    measure([sys.executable, "-c", imports.THEIRS, str(anki), str(own / "own.apkg")], own_env)
    compare("notes written here", own, anki)
    package = imports.make(folder, notes, answers)
    measure(flashcards("import", str(package)), foreign_env)
    compare("notes that Anki made", foreign, folder / "anki" / "collection.anki2")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made), *map(int, sys.argv[1:]))
