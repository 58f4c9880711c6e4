"""How far one long work is: a bar in percent, loaded once there is something to tell."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from flashcards.cli.waiting import Waiting


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
            from flashcards.cli.waiting import Waiting  # noqa: PLC0415 (few commands take long)

            self._bar = Waiting(self._stream).__enter__()
            self._bar.stage(self._what, 100)
        self._bar.at(int(share * 100))


def moves(stream: TextIO | None) -> bool:
    """Tell whether a stream is a terminal that can show something that moves."""
    terminal = stream is not None and stream.isatty()
    return terminal and os.environ.get("TERM", "dumb") != "dumb"
