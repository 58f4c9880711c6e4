"""The home on this process's terminal, and the commands of its keys."""

import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date

from flashcards.app import clock
from flashcards.cli.output.print_today import FAULTS_NOTICE, NO_READABLE_DECKS
from flashcards.errors import FlashcardsError
from flashcards.storage.base_dirs import SETTINGS_FILE_NAME, find_base_dirs
from flashcards.storage.index.queries.fast_path import open_base_index, study_day_of_index
from flashcards.storage.index.queries.today_counts import count_learned, count_problems, load_today
from flashcards.terminal.device.capabilities import screen_capabilities
from flashcards.terminal.device.keyboard import Keyboard
from flashcards.terminal.device.screen import TerminalScreen
from flashcards.terminal.home.frame import HomeStatus
from flashcards.terminal.home.loop import HomeLoop
from flashcards.terminal.theme import choose_palette

RunCommand = Callable[[Sequence[str], str | None], int]
"""Runs a command line on a data folder and returns its exit code."""
MAX_QUICK_CARDS = 20_000  # with more cards, learned cards are counted after the first frame, not before
FULL_SCREEN = ("stats", "browse")  # commands that print nothing to read afterwards


def run_home(data_dir: str | None, run_command: RunCommand) -> int:
    """Show the home, and run what the user chooses."""
    output_fd, encoding = sys.stdout.fileno(), sys.stdout.encoding
    palette, ask = choose_palette(_theme(data_dir), os.environ)
    screen = TerminalScreen(output_fd, encoding, palette, screen_capabilities(encoding, os.environ))
    messages: list[str] = []
    picked = 0
    while True:
        home, notices = _load_quickly(data_dir) or _load_from_store(data_dir)
        message = " ".join([*messages, *notices])
        with Keyboard(sys.stdin.fileno(), output_fd, screen.set_palette if ask else None) as keyboard:
            loop = HomeLoop(keyboard, screen, home, lambda home: _complete(home, data_dir), message, picked)
            action, about = loop.choose()
        if action == "quit":
            return 0
        ask, picked = False, loop.picked
        if action == "study":
            messages = _study(data_dir, about)
        else:
            _run(action, about, data_dir, run_command)
            messages = []


def _load_quickly(data_dir: str | None) -> tuple[HomeStatus, list[str]] | None:
    """Return the home's first content and notices, if the index is current."""
    index = open_base_index(data_dir)
    if index is None:
        return None
    with closing(index):
        try:
            (cards,) = index.execute("SELECT max(key) FROM card").fetchone()
            day = study_day_of_index(index, clock.now())
            return _read_home(index, day, data_dir, whole=(cards or 0) <= MAX_QUICK_CARDS)
        except sqlite3.Error:
            return None


def _read_home(
    index: sqlite3.Connection, day: date, data_dir: str | None, *, whole: bool
) -> tuple[HomeStatus, list[str]]:
    today, faults = load_today(index, day), count_problems(index)
    notices = [FAULTS_NOTICE if today.due_today.decks else NO_READABLE_DECKS] if faults else []
    learned = count_learned(index) if whole else None
    return HomeStatus(today, learned, "" if _has_remote(data_dir) else None), notices


def _load_from_store(data_dir: str | None) -> tuple[HomeStatus, list[str]]:
    """Update the index, and return the home's content and notices."""
    from flashcards.app.command_context import CommandContext

    recorded: list[str] = []
    context = CommandContext.from_process(data_dir, recorded)

    def read() -> tuple[HomeStatus, list[str]]:
        with context.open_store() as store:
            return store.query(lambda index: _read_home(index, store.today, data_dir, whole=True))

    home, faults = context.retry_with_new_index(read)
    return home, [*recorded, *faults]


def _complete(home: HomeStatus, data_dir: str | None) -> HomeStatus:
    if home.learned is None and (index := open_base_index(data_dir)) is not None:
        with closing(index):
            home = home._replace(learned=count_learned(index))
    if home.sync == "":
        from flashcards.app.sync_status import describe_last_sync

        home = home._replace(sync=describe_last_sync(find_base_dirs(data_dir)[0], clock.now()))
    return home


def _has_remote(data_dir: str | None) -> bool:
    try:
        with open(f"{find_base_dirs(data_dir)[0]}/.git/config", encoding="utf-8") as config:  # noqa: PTH123 (pathlib is slow)
            return '[remote "origin"]' in config.read()
    except (OSError, UnicodeError):
        return False


def _theme(data_dir: str | None) -> str:
    """Return the theme; broken settings are reported by the store."""
    try:
        with open(f"{find_base_dirs(data_dir)[1]}/{SETTINGS_FILE_NAME}", "rb") as settings:  # noqa: PTH123 (pathlib is slow)
            import tomllib

            return str(tomllib.load(settings).get("theme", "auto"))
    except (OSError, ValueError):
        return "auto"


def _study(data_dir: str | None, deck: str) -> list[str]:
    from flashcards.app.command_context import CommandContext
    from flashcards.app.study.run import StudyOptions, run_study

    recorded: list[str] = []
    context = CommandContext.from_process(data_dir, recorded)
    try:
        context.retry_with_new_index(lambda: run_study(context, StudyOptions(deck=deck)))
    except FlashcardsError as error:
        return [str(error)]
    return recorded


def _run(action: str, about: str, data_dir: str | None, run_command: RunCommand) -> None:
    """Run a command, whose output stays until Enter is pressed."""
    words = [action]
    if action == "add" and about:
        words += ["--deck", about]
    if action == "import":
        words += ["--", os.path.expanduser(about.strip("'\""))]  # noqa: PTH111 (as the shell does)
    try:
        code = run_command(words, data_dir)
        if code or action not in FULL_SCREEN:
            input("Press Enter to go back to your decks. ")
    except (KeyboardInterrupt, EOFError):
        sys.stdout.write("\n")
