"""Every call of the real program, failing in six ways: no false acknowledgement, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

import pytest

from faults.calls import Home, Point, Run, Stage, ask, figures, spread, stage, telling, works
from faults.changes import CHANGES, tried

ERRNOS = ("ENOSPC", "EIO", "EROFS", "EACCES", "EMFILE", "EDQUOT")
ANSWER = "\n4\n"
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


SWEEPS: dict[str, tuple[list[str], str, Judge]] = {
    "study": (["study"], ANSWER * 3, judge_study),
    "undo": (["undo"], "", judge_undo),
    "due": (["due"], "", judge_due),
    "the first of all": (["study"], ANSWER, judge_first),
}
"""What is run, what is typed into it, and what must hold afterwards."""


def sweep(studied: Home, folder: Path, name: str, choose: Choice) -> int:
    """Let calls fail in turn, and judge each run; return how many there were."""
    words, typed, judge = SWEEPS[name]
    home = Home(folder / "home") if judge is judge_first else studied
    command = stage(home, folder, words, typed)
    sound = command.run()
    return try_all(command, choose, lambda found: judge(found, sound, command))


def sweep_changes(folder: Path, name: str, choose: Choice, homes: int = 4) -> int:
    """The same for a command that changes files: all of it is done, or nothing and it says why."""
    trial = tried(name, folder, homes)

    def judge(found: Run) -> None:
        done = trial.ends_well(found.out)
        assert found.errors if found.code else done

    return try_all(trial.stage, choose, judge)


def try_all(command: Stage, choose: Choice, judge: Callable[[Run], None]) -> int:
    """Let calls of a command fail in turn, and judge each run; return how many it came to."""
    points = command.points()
    lasting = [replace(point, ever=True) for point in points if point.on_journal]
    some = choose([(point, fault) for point in [*points, *lasting] for fault in ERRNOS])
    bad, struck = [], 0
    for point, fault in some:
        found = command.run_with(f"error={fault}", point)
        struck += found.struck
        try:
            assert b"Traceback" not in found.errors
            judge(found)
        except AssertionError as error:
            bad.append(f"{point} {fault}: {found}\n{error}")
    assert not bad, "\n".join([f"{len(bad)} of {len(some)}", *bad])
    assert struck > len(some) / 2
    return struck


def some_of(faults: Faults) -> Faults:
    """Return faults spread over a run, and a lasting one at each kind of call on the journal."""
    lasting = telling([point for point, _ in faults if point.ever])
    return [*spread(faults, 4), *zip(lasting, ERRNOS * 2, strict=False)]


def one_each(faults: Faults) -> Faults:
    """Return one fault at each point, each way in its turn."""
    return [fault for number, fault in enumerate(faults) if number % 6 == number // 6 % 6]


@pytest.mark.parametrize("name", SWEEPS)
def test_some_calls_fail_and_nothing_is_lost(studied: Home, tmp_path: Path, name: str) -> None:
    """At calls spread over a run: what was acknowledged is kept, what failed is told."""
    assert sweep(studied, tmp_path, name, some_of) > 2


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


@pytest.mark.parametrize("name", ["add", "edit", "set-due", "tag", "undo"])
def test_some_calls_of_a_change_fail_and_it_is_whole(tmp_path: Path, name: str) -> None:
    """At calls spread over each command that changes files."""
    assert sweep_changes(tmp_path, name, lambda faults: spread(faults, 3), 2) > 1


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", CHANGES)
def test_every_call_of_a_change_fails_and_it_is_whole(
    tmp_path: Path, record_property: Callable[[str, int], None], name: str, part: int
) -> None:
    """At every call of those commands, one of the six ways each."""
    part_of = itemgetter(slice(part, None, PARTS))
    record_property("faults", sweep_changes(tmp_path, name, lambda faults: part_of(one_each(faults))))
