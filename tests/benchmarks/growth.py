"""Draw how commands grow with a collection: `growth.py PICTURE [FOLDER]` measures, and writes an SVG.

From 1,000 to 1,000,000 answers, ten to a card; collections are made in the folder that is named, if
one is, and used again.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from math import log10
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from processes import Usage, flashcards, make_collection, measure, median

from programs import environment

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 3
COLOURS = {"due": "#2563eb", "add": "#16a34a", "stats": "#d97706", "index": "#dc2626"}
LABELS = {"due": "due", "add": "add", "stats": "stats", "index": "index made anew"}
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 360, 70, 20, 130, 50
MIN_SECONDS, MAX_SECONDS = 0.01, 100


def measure_size(home: Path, answers: int) -> dict[str, Usage]:
    """Return what each command takes with so many answers."""
    env = environment(home)
    if not (home / "data").exists():
        make_collection(home / "data", max(100, answers // 10), answers)

    def anew() -> Usage:
        shutil.rmtree(home / "cache", ignore_errors=True)
        return measure(flashcards("decks"), env)

    index = median([anew() for _ in range(1 if answers > 100_000 else ROUNDS)])
    measure(flashcards("add", "warm", "up", "--deck", "Deck 00", "--force"), env)
    adds = [
        measure(flashcards("add", f"new {n}", "b", "--deck", "Deck 00", "--force"), env)
        for n in range(ROUNDS)
    ]
    time.sleep(2.5)  # an index is trusted once its files are two seconds old
    measure(flashcards("due"), env)
    due, stats = ([measure(flashcards(name), env) for _ in range(ROUNDS)] for name in ("due", "stats"))
    return {"due": median(due), "add": median(adds), "stats": median(stats), "index": index}


def place(answers: int, seconds: float) -> tuple[float, float]:
    """Return where a point stands; both scales are logarithmic."""
    across = log10(answers / SIZES[0]) / log10(SIZES[-1] / SIZES[0])
    up = log10(max(seconds, MIN_SECONDS) / MIN_SECONDS) / log10(MAX_SECONDS / MIN_SECONDS)
    return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def draw(found: dict[int, dict[str, Usage]]) -> str:
    """Return the picture."""
    title = "Seconds of processor time by answers in the collection"
    view = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13" role="img"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} aria-label="{title}">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for seconds in (0.01, 0.1, 1, 10, 100):
        x, y = place(SIZES[0], seconds)
        parts.append(f'<path d="M{x} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8}" y="{y + 4:.1f}" text-anchor="end">{seconds:g} s</text>')
    for size in SIZES:
        x, _ = place(size, 1)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 28}" text-anchor="middle">{size:,}</text>')
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">answers</text>'
    )
    for name, colour in COLOURS.items():
        points = [place(size, row[name].seconds) for size, row in found.items()]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        x, y = points[-1]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{LABELS[name]}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main(picture: Path, folder: Path) -> None:
    """Measure, print and draw."""
    found = {}
    for size in SIZES:
        found[size] = measure_size(folder / str(size), size)
        told = ", ".join(f"{n} {u.seconds:.2f} s {u.megabytes:.0f} MB" for n, u in found[size].items())
        print(f"{size:>9,} answers: {told}", flush=True)
    picture.write_text(draw(found))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(sys.argv[1]), Path(made))
