"""Locks between processes."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Thread

import pytest

from flashcards.errors import StoreError
from flashcards.storage import locks


def test_a_lock_that_is_held_is_told_in_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file, the time and what to do; as many tries as were asked for."""
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    path = tmp_path / ".lock"
    with locks.hold_lock(path), pytest.raises(StoreError) as refused, locks.hold_lock(path, 7):
        pass
    assert str(refused.value) == (
        f"{path}: another flashcards process has been writing for 0.07 seconds. "
        "Nothing was saved; end that process, or try again."
    )
    assert naps == [0.01] * 7
    assert path.stat().st_mode & 0o777 == 0o600
    with locks.hold_lock(path):
        pass


def test_a_lock_that_many_take_in_turn_is_waited_for(tmp_path: Path) -> None:
    """Only one holder may keep others waiting for too long: a queue that moves is no fault."""
    path, failures = tmp_path / ".lock", list[StoreError]()

    def hold() -> None:
        try:
            with locks.hold_lock(path, 100):
                time.sleep(0.2)
        except StoreError as error:
            failures.append(error)

    threads = [Thread(target=hold) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
