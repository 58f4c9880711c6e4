"""Read named keys from a raw terminal; always restore it."""

import os
import re
import select
import signal
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Self

from flashcards.terminal.device.line_editor import PASTE_PREFIX
from flashcards.terminal.device.terminal_replies import (
    PARTIAL_REPLY,
    REPLY_TIMEOUT,
    TERMINAL_QUERIES,
    parse_reply,
)

ENTER_SCREEN = b"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[8l"
"""Alternate screen, no cursor, bracketed paste, no reordering by the terminal (ECMA-48, BDSM)."""
LEAVE_SCREEN = b"\x1b[8h\x1b[?2004l\x1b[?25h\x1b[?1049l"
PASTE_START, PASTE_END = b"\x1b[200~", b"\x1b[201~"
ESCAPE_TIMEOUT = 0.05  # seconds after which a lone escape is the key, not the start of a sequence
IDLE_TIMEOUT = 0.3  # seconds without a key after which idle work runs
KEY_SEQUENCE = rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|\[\[[A-E])"
PARTIAL_SEQUENCE = rb"\x1b(?:\[[0-?]*[ -/]*|O)?"
SEQUENCE_KEYS = {
    b"A": "up", b"B": "down", b"C": "right", b"D": "left", b"H": "home", b"F": "end",
    b"5~": "pageup", b"6~": "pagedown", b"1~": "home", b"4~": "end", b"7~": "home", b"8~": "end",
    b"3~": "delete", b"1;5C": "ctrl-right", b"1;5D": "ctrl-left", b"1;3C": "ctrl-right",
    b"1;3D": "ctrl-left", b"Z": "backtab",
}  # fmt: skip
CHARACTER_KEYS = {
    "\r": "enter",
    "\n": "enter",
    " ": "space",
    "\x1b": "escape",
    "\x04": "eof",
    "\x7f": "back",
    "\x08": "back",
    "\t": "tab",
    **{chr(code): f"ctrl-{chr(code + 96)}" for code in (1, 2, 5, 6, 7, *range(11, 13), *range(14, 27))},
}
TERMINATING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
SignalHandler = Callable[[int, FrameType | None], Any] | int | None


class Keyboard:
    """A context that holds the terminal, and reads keys by name.

    Names are characters ("q", "1"), or enter, space, escape, up, down, left, right, home, end, pageup,
    pagedown, back, delete, tab, backtab, ctrl-LETTER; "resize" when the screen must be redrawn, "eof"
    at the end of input. Pastes are dropped unless asked for.
    """

    def __init__(
        self,
        input_fd: int,
        output_fd: int,
        on_terminal_reply: Callable[[str], None] | None = None,
        on_taken: Callable[[], None] | None = None,
        queries: Sequence[str] = ("background",),
    ) -> None:
        """Take the terminal's descriptors; `on_taken` runs whenever our screen is entered."""
        self._on_terminal_reply = on_terminal_reply
        self._queries = queries
        self._on_taken = on_taken
        self._input_fd = input_fd
        self._output_fd = output_fd
        self._buffer = b""
        self._wake_read, self._wake_write = -1, -1
        self._saved_attributes: list[Any] = []
        self._saved_handlers: dict[int, SignalHandler] = {}

    def __enter__(self) -> Self:
        # Signal handlers write to this pipe, which wakes the `select` of a waiting read.
        self._wake_read, self._wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._saved_attributes = termios.tcgetattr(self._input_fd)
        for number in TERMINATING_SIGNALS:
            self._install_handler(number, self._on_terminate)
        self._install_handler(signal.SIGWINCH, self._wake)
        self._install_handler(signal.SIGTSTP, self._on_stop)
        self._enter_screen()
        if self._on_terminal_reply:
            os.write(self._output_fd, b"".join(TERMINAL_QUERIES[name] for name in self._queries))
        return self

    def __exit__(self, *_: object) -> None:
        self._leave_screen()
        for number, handler in self._saved_handlers.items():
            signal.signal(number, handler)
        os.close(self._wake_read)
        os.close(self._wake_write)

    @contextmanager
    def suspended_terminal(self) -> Iterator[None]:
        """Give the terminal back to an editor for a while."""
        self._leave_screen()
        try:
            yield
        finally:
            self._enter_screen()

    def read_key(self, *, accept_paste: bool = False, on_idle: Callable[[], None] | None = None) -> str:
        """Wait for a key and return its name.

        With `accept_paste` also PASTE_PREFIX and the pasted text. `on_idle` runs once after a short
        wait.
        """
        while True:
            key = self._next_key(accept_paste=accept_paste)
            if key:
                return key
            timeout = self._reply_timeout()
            wait = IDLE_TIMEOUT if on_idle and timeout is None else timeout
            ready, _, _ = select.select([self._input_fd, self._wake_read], [], [], wait)
            if not ready and on_idle and timeout is None:
                on_idle()
                on_idle = None
                continue
            if self._wake_read in ready:
                with suppress(BlockingIOError):
                    os.read(self._wake_read, 1024)
                return "resize"
            if self._input_fd in ready:
                more = self._read_bytes()
                if not more:
                    return "eof"
                self._buffer += more
            elif self._buffer:
                self._buffer = self._buffer[1:]
                return "escape"

    def _read_bytes(self) -> bytes:
        try:
            return os.read(self._input_fd, 4096)
        except OSError:  # the terminal was closed
            return b""

    def _reply_timeout(self) -> float | None:
        if not self._buffer or self._buffer.startswith(PASTE_START):
            return None
        return REPLY_TIMEOUT if self._buffer.startswith((b"\x1b]", b"\x1b[?")) else ESCAPE_TIMEOUT

    def _next_key(self, *, accept_paste: bool) -> str:
        """Take a key off the buffer; "" if none is complete."""
        while self._buffer:
            if self._buffer.startswith(PASTE_START):
                pasted = self._take_paste()
                if pasted is None or accept_paste:
                    return pasted or ""
            elif (terminal_reply := parse_reply(self._buffer)) is not None:
                word, size = terminal_reply
                self._buffer = self._buffer[size:]
                if self._on_terminal_reply and word:
                    self._on_terminal_reply(word)
                    return "resize"
            elif match := re.match(KEY_SEQUENCE, self._buffer):
                self._buffer = self._buffer[match.end() :]
                if key := SEQUENCE_KEYS.get(match[0][2:], ""):
                    return key
            elif re.fullmatch(PARTIAL_SEQUENCE, self._buffer) or re.fullmatch(PARTIAL_REPLY, self._buffer):
                return ""
            else:
                return self._take_character()
        return ""

    def _take_paste(self) -> str | None:
        """Take a paste off the buffer; None while it is incomplete."""
        text, end, rest = self._buffer.partition(PASTE_END)
        if not end:
            return None
        self._buffer = rest
        return PASTE_PREFIX + text.removeprefix(PASTE_START).decode("utf-8", "replace")

    def _take_character(self) -> str:
        first = self._buffer[0]  # in UTF-8 it tells the number of bytes
        size = 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        raw, self._buffer = self._buffer[:size], self._buffer[size:]
        character = raw.decode("utf-8", "replace")
        return CHARACTER_KEYS.get(character, character)

    def _install_handler(self, number: int, handler: SignalHandler) -> None:
        self._saved_handlers[number] = signal.signal(number, handler)

    def _wake(self, *_: object) -> None:
        with suppress(BlockingIOError):
            os.write(self._wake_write, b"!")

    def _on_terminate(self, number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        """Handle Ctrl-Z: leave the screen, stop, and enter it again."""
        self._leave_screen()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._on_stop)
        self._enter_screen()
        self._wake()

    def _enter_screen(self) -> None:
        tty.setcbreak(self._input_fd, termios.TCSADRAIN)
        os.write(self._output_fd, ENTER_SCREEN)
        if self._on_taken:
            self._on_taken()

    def _leave_screen(self) -> None:
        # Line settings first: they matter even if the screen cannot be written any more.
        with suppress(OSError, termios.error):  # a closed terminal needs nothing back
            termios.tcsetattr(self._input_fd, termios.TCSADRAIN, self._saved_attributes)
        with suppress(OSError):
            os.write(self._output_fd, LEAVE_SCREEN)
