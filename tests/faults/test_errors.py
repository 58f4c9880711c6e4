"""Every call of the real program, failing in six ways: no false acknowledgement, no traceback."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from faults.calls import Point, points, run_with, works
from programs import command, environment, run

ERRNOS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EMFILE", "EDQUOT")
RATINGS = 4
TYPED = "\n4\n" * RATINGS + "q\n"
pytestmark = pytest.mark.skipif(not works(), reason="strace cannot trace and inject here")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with some history and today's backup."""
    home = tmp_path_factory.mktemp("template")
    run(home, "study", text="\n4\nq\n")
    return home


def moved(template: Path, home: Path) -> None:
    """Copy a home, and let what it remembers be about the copy."""
    shutil.copytree(template, home)
    known = home / "state" / "flashcards" / "known.json"
    if known.exists():
        known.write_text(known.read_text().replace(str(template), str(home)))
    (home / "cache" / "flashcards" / "index.sqlite").unlink(missing_ok=True)
    run(home, "due")


def reviews(home: Path) -> int:
    """Return how many answers the store has; it must open, and say so without a fault."""
    found = run(home, "stats", "--json")
    assert found.returncode == 0, found.stderr
    return int(json.loads(found.stdout)["reviews"])


def sweep(template: Path, folder: Path, words: list[str], most: int) -> int:
    """Let calls fail in turn, in every way; return how many ratings were acknowledged."""
    home = folder / "home"
    moved(template, home)
    sound = folder / "sound"
    shutil.copytree(home, sound, symlinks=True)
    before = reviews(home)
    program = [*command(), *words]
    env = environment(home)
    every = points(program, TYPED, env, folder / "log", str(home))
    chosen = [(point, name) for point in every for name in ERRNOS]
    told = 0
    for point, name in chosen[:: max(1, len(chosen) // most)]:
        shutil.rmtree(home)
        shutil.copytree(sound, home)
        told += check(run_with(f"error={name}", program, TYPED, point, env), home, before, point)
    return told


def check(found: object, home: Path, before: int, point: Point) -> int:
    """Check one run; return how many ratings it acknowledged."""
    out, errors = found.stdout, found.stderr  # type: ignore[attr-defined]
    assert b"Traceback" not in errors, (point, errors.decode())
    acknowledged = int(out.count(b": due"))
    refused = out.count(b"Not saved") + errors.count(b"Not saved")
    kept = reviews(home) - before
    assert acknowledged <= kept, (point, out, errors)
    assert kept <= acknowledged + refused + 1, (point, out, errors)
    return acknowledged


def test_some_calls_fail_and_nothing_is_lost(template: Path, tmp_path: Path) -> None:
    """At calls spread over a session: what was acknowledged is kept, what failed is told."""
    assert sweep(template, tmp_path, ["study", "--plain"], 8) > 0


@pytest.mark.full
@pytest.mark.parametrize("words", [["study", "--plain"], ["undo"], ["due"]], ids=" ".join)
def test_every_call_fails_and_nothing_is_lost(
    template: Path, tmp_path: Path, words: list[str]
) -> None:
    """The same at every call that touches the store, in each of the six ways."""
    sweep(template, tmp_path, words, sys.maxsize)


@pytest.mark.full
def test_every_call_of_the_first_run_fails_and_the_next_one_works(tmp_path: Path) -> None:
    """Whatever fails while the store is made: the next run finds or makes a sound one."""
    home = tmp_path / "home"
    program, env = [*command(), "study", "--plain"], environment(home)
    every = points(program, TYPED, env, tmp_path / "log", str(home))
    for point in every:
        for name in ("ENOSPC", "EACCES"):
            shutil.rmtree(home, ignore_errors=True)
            found = run_with(f"error={name}", program, TYPED, point, env)
            assert b"Traceback" not in found.stderr, (point, found.stderr)
            assert found.stdout.count(b": due") <= reviews(home)
            assert "cards" in run(home, "decks").stdout
