"""Every call of the real program, failing in six ways: no false acknowledgement, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

import pytest

from faults.calls import Home, Point, Run, Stage, ask, figures, spread, stage, telling, works

ERRNOS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EMFILE", "EDQUOT")
ANSWER = "\n4\n"
CARD = "parallelization"
"""A card of the sample deck."""
PARTS = 32
"""Of each full sweep, so that two can run at a time and none runs into the limit of a test."""
pytestmark = pytest.mark.skipif(not works(), reason="strace cannot trace and inject here")
Judge = Callable[[Run, Run, Stage], None]
Faults = list[tuple[Point, str]]
Choice = Callable[[Faults], Faults]


def judge_study(found: Run, _: Run, session: Stage, before: int = 1) -> None:
    """What was acknowledged is kept; of what was not, one may be kept all the same."""
    kept = figures(session.home)[0] - before
    told = found.out.count(b": due")
    refused = found.out.count(b"Not saved") + found.errors.count(b"Not saved")
    assert told <= kept <= told + refused + 1


def judge_first(found: Run, sound: Run, session: Stage) -> None:
    """Whatever fails while the store is made: the next run finds or makes a sound one."""
    judge_study(found, sound, session, before=0)
    assert " 55 " in ask(session.home, "decks")


def judge_undo(found: Run, _: Run, command: Stage) -> None:
    """The one answer is taken back if that was told; if it was not, it was said why."""
    reviews = figures(command.home)[0]
    assert found.errors if found.code else not reviews


def judge_due(found: Run, sound: Run, command: Stage) -> None:
    """It says what holds, or why it cannot, and changes no history."""
    assert found.errors or (found.code, found.out) == (sound.code, sound.out)
    assert figures(command.home)[0] == 1


def judge_deletion(found: Run, _: Run, command: Stage) -> None:
    """The card is gone if that was told; if it was not, it was said why, and the deck is whole."""
    reviews, cards = figures(command.home)
    assert found.errors if found.code else cards == 54
    assert (reviews, cards) in {(1, 54), (1, 55)}


SWEEPS: dict[str, tuple[list[str], str, Judge]] = {
    "study": (["study"], ANSWER * 3, judge_study),
    "undo": (["undo"], "", judge_undo),
    "due": (["due"], "", judge_due),
    "delete": (["delete", CARD], "", judge_deletion),
    "the first of all": (["study"], ANSWER, judge_first),
}
"""What is run, what is typed into it, and what must hold afterwards."""


def sweep(studied: Home, folder: Path, name: str, choose: Choice) -> int:
    """Let calls fail in turn, and judge each run; return how many there were."""
    words, typed, judge = SWEEPS[name]
    home = Home(folder / "home") if judge is judge_first else studied
    command = stage(home, folder, words, typed)
    sound = command.run()
    points = command.points()
    lasting = [replace(point, ever=True) for point in points if point.on_journal]
    some = choose([(point, fault) for point in [*points, *lasting] for fault in ERRNOS])
    bad = []
    for point, fault in some:
        found = command.run_with(f"error={fault}", point)
        try:
            assert found.struck
            assert b"Traceback" not in found.errors
            judge(found, sound, command)
        except AssertionError as error:
            bad.append(f"{point} {fault}: {found}\n{error}")
    assert not bad, "\n".join([f"{len(bad)} of {len(some)}", *bad])
    return len(some)


def some_of(faults: Faults) -> Faults:
    """Return faults spread over a run, and a lasting one at each kind of call on the journal."""
    lasting = telling([point for point, _ in faults if point.ever])
    return [*spread(faults, 4), *zip(lasting, ERRNOS * 2, strict=False)]


@pytest.mark.parametrize("name", SWEEPS)
def test_some_calls_fail_and_nothing_is_lost(studied: Home, tmp_path: Path, name: str) -> None:
    """At calls spread over a run: what was acknowledged is kept, what failed is told."""
    assert sweep(studied, tmp_path, name, some_of) >= 4


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", SWEEPS)
def test_every_call_fails_and_nothing_is_lost(
    studied: Home,
    tmp_path: Path,
    record_property: Callable[[str, int], None],
    name: str,
    part: int,
) -> None:
    """The same at every call that touches the store, in each of the six ways."""
    record_property("faults", sweep(studied, tmp_path, name, itemgetter(slice(part, None, PARTS))))
