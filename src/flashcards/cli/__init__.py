"""The commands: one file each; only the one that runs is loaded, and faults end as messages."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

COMMANDS = {
    "today": "today at a glance and what to do next (also: no command at all)",
    "study": "study what is due, and some new cards",
    "import": "bring decks in: files, folders, or standard input",
    "export": "decks to a file that others can read: YAML, CSV, Markdown, JSON, Anki",
    "stats": "how it goes: retention, streaks, what is coming",
    "due": "one line for a prompt; exit code 0 when something waits",
    "catch-up": "after a break: the backlog in shares a day",
    "vacation": "days off in advance, and what falls due in them afterwards",
    "decks": "the decks of the library",
    "cards": "the cards that a search finds",
    "show": "one card: its text, its schedule, its history",
    "picture": "one card as the study screen shows it, as a picture (SVG)",
    "add": "new cards: front and back, line by line, or in your editor",
    "edit": "a card in your editor; its history goes on",
    "config": "settings: what they are, where from, and how to change them",
    "suspend": "stop asking a card",
    "unsuspend": "ask a suspended card again",
    "reset": "let a card start again as new",
    "undo": "take back the last thing done",
    "check": "are these deck files sound?",
    "doctor": "is the store sound? every fault, what it costs, and what mends it",
    "backup": "put everything into one file, now",
    "restore": "bring back what a backup has and the store has not",
}
"""What `flashcards --help` lists; the module of each command has its name, but for MODULES."""
MODULES = {
    "import": "imports",
    "catch-up": "catch_up",
    "due": "due_in_full",
    "today": "today_in_full",
}

COMPLETE = "_FLASHCARDS_COMPLETE"
"""The environment variable by which a shell asks for completions."""
DISK_FAULT = 1
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; only a bug in the program raises."""
    try:
        words, data_dir = split_data_dir(arguments)
        if COMPLETE in os.environ:
            from flashcards.cli.completion_answer import answer  # noqa: PLC0415

            return answer(os.environ[COMPLETE])
        if (code := _quickly(words, data_dir)) is not None:
            return code
        from flashcards.cli.boundary import run_command  # noqa: PLC0415

        return run_command(words, data_dir)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0  # the reader has seen enough
    except (OSError, ImportError) as error:  # a part of the program may be unreadable, too
        name = getattr(error, "filename", "")
        where = f"{name}: " if name else ""
        reason = getattr(error, "strerror", "") or error
        complain(f"{where}{reason}. Nothing more was done; mend that and try again.")
        return DISK_FAULT
    finally:
        _let_go_of_output()


def _quickly(words: Sequence[str], data_dir: str | None) -> int | None:
    """Answer quickly; None also where the index turns out to be unreadable."""
    try:
        return _answer_quickly(words, data_dir)
    except Exception as error:
        if type(error).__module__ == "sqlite3":  # loaded only by those who asked the index
            return None
        raise


def _answer_quickly(words: Sequence[str], data_dir: str | None) -> int | None:
    """Answer what the index alone can answer; None for all else."""
    if words[:1] == ["due"] and plain_words([w for w in words[1:] if w != "--json"]):
        from flashcards.cli import due  # noqa: PLC0415

        return due.answer_quickly(words[1:], data_dir)
    if is_today(words):
        from flashcards.cli import today  # noqa: PLC0415

        return today.answer_quickly(data_dir, as_json="--json" in words)
    return None


def _let_go_of_output() -> None:
    """Write what is left to write; where that fails, Python must not try again at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def is_today(words: Sequence[str]) -> bool:
    """Tell whether the words ask for today at a glance, and for nothing that needs the parser."""
    return list(words) in ([], ["--json"], ["today"], ["today", "--json"])


def plain_words(words: Sequence[str]) -> bool:
    """Tell whether there is no option among them, which only the parser knows."""
    return not any(word.startswith("-") for word in words)


def split_data_dir(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """Take `--data-dir DIR` out of a command line, wherever it stands before a `--`."""
    words, found = [], None
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            words.append(word)
            break
        if word.startswith("--data-dir="):
            found = word.removeprefix("--data-dir=")
        elif word == "--data-dir" and (value := next(rest, None)) is not None:
            found = value
        else:
            words.append(word)
    return [*words, *rest], found


def complain(message: str) -> None:
    """Say what went wrong on standard error, if there is one."""
    if sys.stderr is not None:
        from flashcards.terminal.console import write_line  # noqa: PLC0415

        write_line(sys.stderr, f"flashcards: {message}")
