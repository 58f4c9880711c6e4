"""How far one long work is: a bar in percent, loaded once there is something to tell."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from threading import Lock, Timer
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO, TypeVar

from flashcards.storage.files import uninterrupted
from flashcards.terminal.text.sanitize import safe_line


class Gauge:
    """A bar for the length of its block, that comes up when the work takes more than a second."""

    def __init__(self, stream: TextIO | None, what: str) -> None:
        self.works = moves(stream)
        """Whether anything can be seen of it."""
        self._stream = stream
        self._what = what
        self._bar: Waiting | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)

    def tell(self, share: float) -> None:
        """Say how much is done, from 0 to 1."""
        if self._bar is None:
            self._bar = Waiting(self._stream).__enter__()
            self._bar.stage(self._what, 100)
        self._bar.at(int(share * 100))


def moves(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal that can show something that moves."""
    terminal = stream is not None and stream.isatty()
    return terminal and os.environ.get("TERM", "dumb") != "dumb"


if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0
"""Seconds that pass before there is anything to see."""
T = TypeVar("T")


class Waiting:
    """Tells, while its block runs, what is being done and how far that is."""

    def __init__(self, stream: TextIO | None, patience: float | None = None) -> None:
        self._stream = stream
        self._patience = PATIENCE if patience is None else patience
        self._what, self._done, self._total = "", 0, 0
        self._lock = Lock()
        self._over = False
        self._timer: Timer | None = None
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        if moves(self._stream):
            self._timer = Timer(self._patience, self._show)
            self._timer.daemon = True
            with uninterrupted():  # the thread begins like this: Ctrl-C is the main one's to hold
                self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar[0].stop()

    def stage(self, what: str, total: int = 0) -> None:
        """Say what is being done now, and of how many steps, if that is known."""
        self._what, self._done, self._total = safe_line(what), 0, total
        self._update()

    def at(self, done: int) -> None:
        """Say how many steps are done."""
        if done != self._done:
            self._done = done
            self._update()

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Yield items, counting each as a step."""
        for item in items:
            yield item
            self._done += 1
            if self._done % 1000 == 0:
                self._update()

    def _update(self) -> None:
        with self._lock:
            if self._bar is not None and not self._over:
                bar, task = self._bar
                bar.update(
                    task, description=self._what, completed=self._done, total=self._total or None
                )

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        with self._lock:
            if self._over:
                return
            text = TextColumn("{task.description}", markup=False)
            console = Console(file=self._stream)
            columns = text, BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
            bar = Progress(*columns, console=console, transient=True)
            self._bar = bar, bar.add_task(self._what, total=self._total or None)
            bar.start()
        self._update()
