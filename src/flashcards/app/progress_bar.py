"""A progress bar that loads rich only if the work takes long."""

import os
from collections.abc import Iterable, Iterator
from threading import Lock, Timer
from typing import TYPE_CHECKING, Self, TextIO, TypeVar

from flashcards.storage.files import defer_interrupts
from flashcards.terminal.text.sanitize import sanitize_line

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DISPLAY_DELAY = 1.0  # seconds of work before the bar appears
T = TypeVar("T")


class ProgressBar:
    """A context that shows the progress of long work."""

    def __init__(self, stream: TextIO) -> None:
        # Whether the bar would be shown at all: only on a terminal that can show animation.
        self.is_visible = stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._stream = stream
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
        """Start a stage of `total` steps; 0 if unknown."""
        self._label, self._done, self._total = sanitize_line(label), 0, total
        if self.is_visible and self._timer is None:
            self._timer = Timer(DISPLAY_DELAY, self._show_bar)
            self._timer.daemon = True
            with defer_interrupts():  # the thread inherits this, so that the main one gets Ctrl-C
                self._timer.start()
        self._update_bar()

    def report_fraction(self, label: str, fraction: float) -> None:
        """Report the done part of the only stage, from 0 to 1."""
        if not self._label:
            self.start_stage(label, 100)
        if (done := int(fraction * 100)) != self._done:
            self._done = done
            self._update_bar()

    def count_items(self, items: Iterable[T]) -> Iterator[T]:
        """Yield items, counting each as a step."""
        for item in items:
            yield item
            self._done += 1
            if self._done % 1000 == 0:  # drawing costs more than most items
                self._update_bar()

    def _update_bar(self) -> None:
        with self._lock:
            if self._bar is not None and not self._is_finished:
                bar, task = self._bar
                bar.update(task, description=self._label, completed=self._done, total=self._total or None)

    def _show_bar(self) -> None:
        from rich import console, progress

        with self._lock:
            if self._is_finished:
                return
            text = progress.TextColumn("{task.description}", markup=False)
            figures = progress.TaskProgressColumn(), progress.TimeElapsedColumn()
            screen = console.Console(file=self._stream)
            bar = progress.Progress(text, progress.BarColumn(), *figures, console=screen, transient=True)
            self._bar = bar, bar.add_task(self._label, total=self._total or None)
            bar.start()
        self._update_bar()
