"""Single keys from a terminal, named; the terminal is given back as it was, whatever happens."""

from __future__ import annotations

import os
import re
import select
import signal
import termios
import tty
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Self

from flashcards.terminal.device.line_editor import PASTED
from flashcards.terminal.device.terminal_replies import BEGUN, QUESTIONS, WAIT, reply

ENTER_SCREEN = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[8l"
"""Another page, no cursor, pastes in brackets, right-to-left text left to us (ECMA-48, BDSM)."""
LEAVE_SCREEN = b"\x1b[8h\x1b[?2004l\x1b[?25h\x1b[?1049l"
PASTE_BEGINS, PASTE_ENDS = b"\x1b[200~", b"\x1b[201~"
LONE_ESCAPE = 0.05
"""Seconds after which an escape with nothing behind it was the key, not the head of a sequence."""
IDLE = 0.3
"""Seconds without a key after which there is time for other work."""
SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|\[\[[A-E])")
INCOMPLETE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|O)?")
SEQUENCES = {
    b"A": "up", b"B": "down", b"C": "right", b"D": "left", b"H": "home", b"F": "end",
    b"5~": "pageup", b"6~": "pagedown", b"1~": "home", b"4~": "end", b"7~": "home", b"8~": "end",
    b"3~": "delete", b"1;5C": "ctrl-right", b"1;5D": "ctrl-left", b"1;3C": "ctrl-right",
    b"1;3D": "ctrl-left", b"Z": "backtab",
}  # fmt: skip
NAMES = {
    "\r": "enter",
    "\n": "enter",
    " ": "space",
    "\x1b": "escape",
    "\x04": "eof",
    "\x7f": "back",
    "\x08": "back",
    "\t": "tab",
    **{
        chr(code): f"ctrl-{chr(code + 96)}"
        for code in (1, 2, 5, 6, 7, *range(11, 13), *range(14, 27))
    },
}
ENDING = (signal.SIGTERM, signal.SIGHUP)
Handler = Callable[[int, FrameType | None], Any] | int | None


class Keyboard:
    """A terminal in the hands of a program: a context in which `read` gives keys by name.

    Names are signs themselves ("q", "1"), or enter, space, escape, up, down, left, right, home,
    end, pageup, pagedown, back, delete, tab, backtab, ctrl-LETTER; "resize" when the screen must
    be drawn anew, "eof" at its end. Pasted text is no key, but for a `read` that asks for it.
    """

    def __init__(
        self,
        source: int,
        sink: int,
        learn: Callable[[str], None] | None = None,
        fresh: Callable[[], None] | None = None,
        questions: Sequence[str] = ("background",),
    ) -> None:
        """Take two ends of a terminal; `learn`, when given, is told "light" or "dark" if asked.

        `fresh` is called whenever the terminal was taken, empty of what was on it.
        """
        self._learn = learn
        self._questions = questions
        self._fresh = fresh
        self._source = source
        self._sink = sink
        self._buffer = b""
        self._bell, self._ringer = -1, -1
        self._before: list[Any] = []
        self._handlers: dict[int, Handler] = {}

    def __enter__(self) -> Self:
        self._bell, self._ringer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._before = termios.tcgetattr(self._source)
        for number in ENDING:
            self._handle(number, self._end)
        self._handle(signal.SIGWINCH, self._resized)
        self._handle(signal.SIGTSTP, self._stop)
        self._take()
        if self._learn:
            os.write(self._sink, b"".join(QUESTIONS[name] for name in self._questions))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._bell)
        os.close(self._ringer)

    def suspended(self) -> Suspended:
        """Return a context in which the terminal is given back, for an editor."""
        return Suspended(self._give_back, self._take)

    def read(self, *, pasting: bool = False, idle: Callable[[], None] | None = None) -> str:
        """Wait for a key and return its name; with `pasting` also PASTED and what was pasted.

        `idle` is called once the person takes their time.
        """
        while True:
            key = self._next(pasting=pasting)
            if key:
                return key
            patience = self._patience()
            wait = IDLE if idle and patience is None else patience
            ready, _, _ = select.select([self._source, self._bell], [], [], wait)
            if not ready and idle and patience is None:
                idle()
                idle = None
                continue
            if self._bell in ready:
                with suppress(BlockingIOError):
                    os.read(self._bell, 1024)
                return "resize"
            if self._source in ready:
                more = self._more()
                if not more:
                    return "eof"
                self._buffer += more
            elif self._buffer:
                self._buffer = self._buffer[1:]
                return "escape"

    def _more(self) -> bytes:
        try:
            return os.read(self._source, 4096)
        except OSError:  # the terminal was closed
            return b""

    def _patience(self) -> float | None:
        if not self._buffer or self._buffer.startswith(PASTE_BEGINS):
            return None
        return WAIT if self._buffer.startswith((b"\x1b]", b"\x1b[?")) else LONE_ESCAPE

    def _next(self, *, pasting: bool) -> str:
        """Take one key off the buffer; "" when there is none, or not all of it."""
        while self._buffer:
            if self._buffer.startswith(PASTE_BEGINS):
                pasted = self._pasted()
                if pasted is None or pasting:
                    return pasted or ""
            elif (told := reply(self._buffer)) is not None:
                word, size = told
                self._buffer = self._buffer[size:]
                if self._learn and word:
                    self._learn(word)
                    return "resize"
            elif found := SEQUENCE.match(self._buffer):
                self._buffer = self._buffer[found.end() :]
                if key := SEQUENCES.get(found[0][2:], ""):
                    return key
            elif INCOMPLETE.fullmatch(self._buffer) or BEGUN.fullmatch(self._buffer):
                return ""
            else:
                return self._sign()
        return ""

    def _pasted(self) -> str | None:
        """Take a paste off the buffer; None while it is not all there."""
        text, end, rest = self._buffer.partition(PASTE_ENDS)
        if not end:
            return None
        self._buffer = rest
        return PASTED + text.removeprefix(PASTE_BEGINS).decode("utf-8", "replace")

    def _sign(self) -> str:
        """Take one character off the buffer."""
        first = self._buffer[0]
        size = 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        raw, self._buffer = self._buffer[:size], self._buffer[size:]
        sign = raw.decode("utf-8", "replace")
        return NAMES.get(sign, sign)

    def _handle(self, number: int, handler: Handler) -> None:
        self._handlers[number] = signal.signal(number, handler)

    def _ring(self) -> None:
        with suppress(BlockingIOError):
            os.write(self._ringer, b"!")

    def _resized(self, _number: int, _frame: FrameType | None) -> None:
        self._ring()

    def _end(self, number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Ctrl-Z: give the terminal back, sleep, and take it again."""
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._stop)
        self._take()
        self._ring()

    def _take(self) -> None:
        tty.setcbreak(self._source, termios.TCSADRAIN)
        os.write(self._sink, ENTER_SCREEN)
        if self._fresh:
            self._fresh()

    def _give_back(self) -> None:
        # The line settings first: they count even where the screen cannot be written any more.
        with suppress(OSError, termios.error):  # a closed terminal needs nothing back
            termios.tcsetattr(self._source, termios.TCSADRAIN, self._before)
        with suppress(OSError):
            os.write(self._sink, LEAVE_SCREEN)


class Suspended:
    """The terminal as the shell left it, for the length of a `with`."""

    def __init__(self, give_back: Callable[[], None], take: Callable[[], None]) -> None:
        self._give_back = give_back
        self._take = take

    def __enter__(self) -> None:
        self._give_back()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._take()
