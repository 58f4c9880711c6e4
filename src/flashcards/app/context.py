"""What every command is handed: the folders, the clock, where to write, and the store on demand."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flashcards.app import clock
from flashcards.app.progress_bar import Gauge
from flashcards.app.terminal_width import columns
from flashcards.errors import ChangedMeanwhileError, UsageError
from flashcards.storage.files import read_regular, replace_file, write_file
from flashcards.storage.paths import Paths, find_paths
from flashcards.storage.settings.settings import read_settings
from flashcards.storage.store import Store
from flashcards.terminal.text.sanitize import write_line

if TYPE_CHECKING:
    from rich.text import Text

    from flashcards.app.progress_bar import Waiting

BUNDLED = (Path(__file__).parents[1] / "bundled", Path(__file__).parents[3] / "decks")
"""Where the decks that come with the program are: in the wheel, or in a checkout."""
SCHEMA = "deck.schema.json"


@dataclass(frozen=True, slots=True)
class Context:
    """The world as a command sees it."""

    paths: Paths
    stdin: TextIO | None
    stdout: TextIO | None
    stderr: TextIO | None

    @classmethod
    def of_process(cls, data_dir: str | None) -> Context:
        """Return the context of this process."""
        return cls(find_paths(data_dir), sys.stdin, sys.stdout, sys.stderr)

    @staticmethod
    def now() -> datetime:
        """Return the time, with the offset of this place."""
        return clock.now()

    def read_stdin(self) -> bytes:
        """Return all of standard input; nothing when it is closed."""
        return self.stdin.buffer.read() if self.stdin is not None else b""

    def print(self, line: str = "") -> None:
        """Write one line, made safe, to standard output."""
        if self.stdout is not None:
            write_line(self.stdout, line)

    def print_styled(self, lines: Iterable[Text], theme: str) -> None:
        """Write styled lines to standard output: plain ones where it is no terminal."""
        from flashcards.terminal.device.screen import write_styled

        if self.stdout is not None:
            write_styled(self.stdout, lines, theme, os.environ)

    def on_terminal(self) -> bool:
        """Tell whether standard output is a terminal."""
        return self.stdout is not None and self.stdout.isatty()

    def room(self) -> int | None:
        """Return the columns that a list must fit in; None in a pipe, where nothing is cut."""
        return columns() if self.on_terminal() or os.environ.get("COLUMNS") else None

    @staticmethod
    def columns() -> int:
        """Return how wide a line may be."""
        return columns()

    def tell(self, line: str) -> None:
        """Write one line, made safe, to standard error: so that output stays data."""
        if self.stderr is not None:
            write_line(self.stderr, line)

    def write_text(self, text: str) -> None:
        """Write text as it is to a pipe or file, and made safe to a terminal."""
        if self.stdout is None:
            return
        if self.stdout.isatty():
            self.print(text)
            return
        self.stdout.flush()
        self.stdout.buffer.write(text.encode("utf-8", "replace"))
        self.stdout.flush()

    def print_json(self, value: object) -> None:
        """Write a value as JSON in plain ASCII, so that nothing in it can steer a terminal."""
        import json

        text = json.dumps(value, indent=2).replace("\x7f", "\\u007f")
        if self.stdout is not None:
            self.stdout.write(text + "\n")

    def waiting(self, what: str) -> Waiting:
        """Return a context that shows, when it takes long, what is being done."""
        from flashcards.app.progress_bar import Waiting

        bar = Waiting(self.stderr)
        bar.stage(what)
        return bar

    def open(self, *, welcome: bool = True) -> Store:
        """Open the store; on the first run, put the bundled decks into it and say so."""
        settings = read_settings(self.paths.settings)
        with Gauge(self.stderr, "Reading all of your history, once") as gauge:
            seen = gauge.tell if gauge.works else None
            store = Store(self.paths, settings, now=self.now, tell=self.tell, progress=seen)
        if welcome and store.untouched:
            self._welcome()
            store.refresh()
        for notice in store.notices:
            self.tell(notice)
        return store

    def _welcome(self) -> None:
        from flashcards.storage.decks.reader import load

        for source in bundled_decks():
            with suppress(ChangedMeanwhileError):  # another process has just done this
                replace_file(self.paths.decks / source.name, None, read_regular(source))
            put_schema(self.paths)
            deck, _ = load(source, source.name)
            name, cards = (deck.name, len(deck.notes)) if deck else (source.stem, 0)
            self.tell(
                f"Welcome. Your library was empty, so the bundled deck is in it now: "
                f"{name}, {cards} cards.  (Yours: flashcards import FILE)"
            )


def bundled_decks() -> list[Path]:
    """Return the deck files that come with the program."""
    folder = next(folder for folder in BUNDLED if folder.is_dir())
    return sorted(folder.glob("*.yaml"))


def schema_text() -> bytes:
    """Return the JSON Schema of deck files, by which editors complete and check them."""
    folder = next(folder for folder in BUNDLED if folder.is_dir())
    return read_regular(folder / SCHEMA)


def put_schema(paths: Paths) -> None:
    """Put the schema beside the decks of the library, where their first line says it is."""
    path, text = paths.decks / SCHEMA, schema_text()
    if not path.exists() or read_regular(path) != text:
        write_file(path, text)


def parse_day(text: str) -> date | None:
    """Return the day that a person typed; None for nothing. Raises UsageError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{text!r} is no day. Write it as 2026-03-31.") from error
