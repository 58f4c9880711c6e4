"""A percent bar that loads rich only when it is shown: when the work takes more than a second."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from threading import Lock, Timer
from typing import TYPE_CHECKING, Self, TextIO, TypeVar

from flashcards.storage.files import defer_interrupts
from flashcards.terminal.text.sanitize import sanitize_line


def can_animate(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal that can show something that moves."""
    terminal = stream is not None and stream.isatty()
    return terminal and os.environ.get("TERM", "dumb") != "dumb"


if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DISPLAY_DELAY = 1.0
"""Seconds that pass before there is anything to see."""
T = TypeVar("T")


class ProgressBar:
    """Tells, while its block runs, what is being done and how far that is."""

    def __init__(self, stream: TextIO | None, delay: float | None = None) -> None:
        self.is_visible = can_animate(stream)
        """Whether anything can be seen of it."""
        self._stream = stream
        self._delay = DISPLAY_DELAY if delay is None else delay
        self._label, self._done, self._total = "", 0, 0
        self._lock = Lock()
        self._is_finished = False
        self._timer: Timer | None = None
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._is_finished = True
            if self._bar is not None:
                self._bar[0].stop()

    def start_stage(self, label: str, total: int = 0) -> None:
        """Say what is being done now, and of how many steps, if that is known."""
        self._label, self._done, self._total = sanitize_line(label), 0, total
        if self.is_visible and self._timer is None:
            self._timer = Timer(self._delay, self._show_bar)
            self._timer.daemon = True
            with defer_interrupts():  # the thread begins like this: Ctrl-C is the main one's to hold
                self._timer.start()
        self._update_bar()

    def report_fraction(self, label: str, fraction: float) -> None:
        """Say how much of the only stage is done, from 0 to 1."""
        if not self._label:
            self.start_stage(label, 100)
        self.set_done(int(fraction * 100))

    def set_done(self, done: int) -> None:
        """Say how many steps are done."""
        if done != self._done:
            self._done = done
            self._update_bar()

    def count_items(self, items: Iterable[T]) -> Iterator[T]:
        """Yield items, counting each as a step."""
        for item in items:
            yield item
            self._done += 1
            if self._done % 1000 == 0:
                self._update_bar()

    def _update_bar(self) -> None:
        with self._lock:
            if self._bar is not None and not self._is_finished:
                bar, task = self._bar
                bar.update(task, description=self._label, completed=self._done, total=self._total or None)

    def _show_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._is_finished:
                return
            text = TextColumn("{task.description}", markup=False)
            console = Console(file=self._stream)
            columns = text, BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
            bar = Progress(*columns, console=console, transient=True)
            self._bar = bar, bar.add_task(self._label, total=self._total or None)
            bar.start()
        self._update_bar()
