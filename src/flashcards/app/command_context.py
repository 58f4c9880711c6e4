"""Context of a command: paths, streams, clock, store."""

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self, TextIO, TypeVar

from flashcards.app import clock
from flashcards.app.progress_bar import ProgressBar
from flashcards.app.terminal_width import terminal_width
from flashcards.core.date_text import DATE_FORMS, parse_day
from flashcards.core.deck_names import NO_DECKS
from flashcards.core.format_count import format_count
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, StoreError, UsageError
from flashcards.storage.files import read_regular_file, replace_file, write_file_atomically
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.counts import count_notes
from flashcards.storage.settings.settings import read_settings
from flashcards.storage.store import Store
from flashcards.storage.store_creation import new_folder_notice
from flashcards.storage.store_paths import StorePaths, find_store_paths
from flashcards.terminal.text.sanitize import write_line
from flashcards.terminal.text.styled_line import FrameLine, StyledLine
from flashcards.terminal.theme import CHROME

BUNDLED_FOLDERS = (Path(__file__).parents[1] / "bundled", Path(__file__).parents[3] / "decks")
"""Folders of the bundled decks: in the wheel, or in a checkout."""
SCHEMA_FILE = "deck.schema.json"
T = TypeVar("T")


class CommandContext(NamedTuple):
    """What a command uses: paths, streams and the store."""

    paths: StorePaths
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    is_folder_named: bool = False  # whether the user named the data folder
    recorded: list[str] | None = None  # the output, for the home's next screen

    @classmethod
    def from_process(cls, data_dir: str | None, recorded: list[str] | None = None) -> Self:
        """Return the context of this process."""
        return cls(find_store_paths(data_dir), sys.stdin, sys.stdout, sys.stderr, bool(data_dir), recorded)

    def retry_with_new_index(self, work: Callable[[], T]) -> T:
        """Run `work`, once more with a new index if that is damaged.

        Raises StoreError if it fails again.
        """
        try:
            return work()
        except sqlite3.DatabaseError:
            with suppress(OSError):
                self.paths.index_file.unlink(missing_ok=True)
        try:
            return work()
        except sqlite3.Error as error:
            raise StoreError(
                f"{self.paths.index_file}: the index cannot be used ({error}). It is only a "
                "cache: free some disk space, or delete the file. Your answers are safe in the journal."
            ) from error

    @staticmethod
    def now() -> datetime:
        """Return the local time with its UTC offset."""
        return clock.now()

    def read_stdin(self) -> bytes:
        """Return all of standard input."""
        return self.stdin.buffer.read()

    def print(self, line: str = "") -> None:
        """Write a sanitized line to standard output, and record it."""
        write_line(self.stdout, line)
        if self.recorded is not None:
            self.recorded.append(line)

    def print_lines(self, lines: Iterable[str]) -> None:
        """Write sanitized lines to standard output."""
        for line in lines:
            self.print(line)

    def print_styled_lines(self, lines: Iterable[FrameLine], theme: str) -> None:
        """Write styled lines to standard output, plain if no terminal."""
        from flashcards.terminal.device.screen import write_styled_lines

        write_styled_lines(self.stdout, lines, theme, os.environ)

    def page_styled_lines(self, lines: Sequence[FrameLine], theme: str) -> None:
        """Write styled lines, through a pager if they exceed the screen."""
        from flashcards.app.pager import page_lines

        page_lines(self.stdout, lines, theme)

    def print_table(self, lines: Iterable[str], styles: Sequence[str], theme: str) -> None:
        """Write a table with styled rows, paged if long."""
        if self.is_output_terminal():
            rows = zip(lines, (CHROME, *styles), strict=True)
            self.page_styled_lines([StyledLine(row) for row in rows], theme)
        else:
            self.print_lines(lines)

    def is_output_terminal(self) -> bool:
        """Tell whether standard output is a terminal."""
        return self.stdout.isatty()

    def list_width(self) -> int | None:
        """Return the columns of a list; None in a pipe, where nothing is cut."""
        return terminal_width() if self.is_output_terminal() or os.environ.get("COLUMNS") else None

    @staticmethod
    def line_width() -> int:
        """Return the columns of a line."""
        return terminal_width()

    def print_notice(self, line: str) -> None:
        """Record a line, or write it sanitized to standard error, so that output stays data."""
        if self.recorded is not None:
            self.recorded.append(line)
        else:
            write_line(self.stderr, line)

    def write_text(self, pieces: Iterable[bytes]) -> None:
        """Write UTF-8 unchanged to a pipe or file, sanitized to a terminal."""
        if self.stdout.isatty():
            self.print(b"".join(pieces).decode("utf-8", "replace").rstrip("\n"))
            return
        self.stdout.flush()
        self.stdout.buffer.writelines(pieces)
        self.stdout.flush()

    def print_json(self, value: object) -> None:
        """Write JSON in plain ASCII, so that it cannot control a terminal."""
        self.stdout.write(json.dumps(value, indent=2) + "\n")

    def print_json_list(self, items: Sequence[str]) -> None:
        """Write a list of JSON texts, one by one: together they may take much memory."""
        import msgspec  # it indents a text ten times as fast as `json` indents values

        for number, item in enumerate(items):
            text = msgspec.json.format(item, indent=2).replace("\n", "\n  ")
            self.stdout.write((",\n  " if number else "[\n  ") + text)
        self.stdout.write("\n]\n" if items else "[]\n")

    def progress_bar(self, stage: str) -> ProgressBar:
        """Return a progress bar, shown only if work takes long."""
        bar = ProgressBar(self.stderr)
        bar.start_stage(stage)
        return bar

    def print_new_folder(self, *, adds: bool) -> None:
        """Announce a new data folder. Raises UsageError if it must not be created."""
        if notice := new_folder_notice(self.paths, is_named=self.is_folder_named, adds=adds):
            self.print_notice(notice)

    def open_store(self, *, welcome: bool = True, adds: bool = False) -> Store:
        """Open the store, and add the bundled decks on the first run.

        `adds` means that the command may start a new library.
        """
        self.print_new_folder(adds=adds)
        settings = read_settings(self.paths.settings_file)
        with ProgressBar(self.stderr) as bar:
            tell = partial(bar.report_fraction, "Building the index from your history (once)")
            seen = tell if bar.is_visible else None
            store = Store(self.paths, settings, now=self.now, notify=self.print_notice, on_progress=seen)
        if welcome and store.is_empty and not store.read_only_message:
            self._add_bundled_decks(store)
        if store.paths.has_pending_steps and not store.read_only_message:
            from flashcards.storage.undo.command_steps import recover

            store.notices += recover(store)
        for notice in store.notices:
            self.print_notice(notice)
        return store

    def _add_bundled_decks(self, store: Store) -> None:
        for source in bundled_decks():
            with suppress(ChangedMeanwhileError):  # another process has just done this
                replace_file(self.paths.decks_dir / source.name, None, read_regular_file(source))
        write_schema(self.paths)
        store.refresh_index()
        for path, name, _ in store.query(cards.list_deck_files):
            notes = store.query(partial(count_notes, deck_path=path))
            self.print_notice(
                f"Welcome. You had no decks, so a sample deck was added: "
                f"{name}, {format_count(notes, 'card')}. Import your own: flashcards import FILE. "
                f"Remove the sample: flashcards delete deck:{name.split(',')[0].split()[0]}"
            )


def bundled_decks() -> list[Path]:
    """Return the bundled deck files."""
    return sorted(_bundled_folder().glob("*.yaml"))


def read_schema() -> bytes:
    """Return the JSON Schema of deck files, used by editors."""
    return read_regular_file(_bundled_folder() / SCHEMA_FILE)


def _bundled_folder() -> Path:
    return next(folder for folder in BUNDLED_FOLDERS if folder.is_dir())


def write_schema(paths: StorePaths) -> None:
    """Write the schema beside the decks, whose first line names it."""
    path, text = paths.decks_dir / SCHEMA_FILE, read_schema()
    with suppress(OSError):  # where nothing can be written, decks are read all the same
        if not path.exists() or read_regular_file(path) != text:
            write_file_atomically(path, text)


def describe_no_decks(store: Store) -> str:
    """Return why there are no decks: none were added, or none is readable."""
    problems = store.query(cards.list_problems)
    return f"None of your decks can be read. {problems[0]}" if problems else NO_DECKS


def require_unused_paths(paths: Iterable[Path]) -> None:
    """Raise FlashcardsError if one of the files exists."""
    for path in paths:
        if path.exists():
            raise FlashcardsError(
                f"{path}: the file exists. Nothing was written. "
                "Choose another name, or overwrite it with --force."
            )


def parse_date(text: str, today: date, *, past: bool = False) -> date | None:
    """Parse a date typed by the user; "" gives None. Raises UsageError."""
    try:
        return parse_day(text, today, past=past) if text else None
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is not a date. Use {DATE_FORMS}.") from error
