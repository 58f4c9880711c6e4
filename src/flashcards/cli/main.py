"""Run a command line; whatever goes wrong in it becomes one message and an exit code."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Sequence

from flashcards.cli.command_words import is_today, plain_words, split_data_dir
from flashcards.cli.fast_dispatch import answer_quickly
from flashcards.errors import FlashcardsError

COMPLETE = "_FLASHCARDS_COMPLETE"
"""The environment variable by which a shell asks for completions."""
DISK_FAULT = 1
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; only a bug in the program raises."""
    try:
        words, data_dir = split_data_dir(arguments)
        if COMPLETE in os.environ:
            from flashcards.cli.completion.answer import answer
            from flashcards.cli.parser import offers

            return answer(os.environ[COMPLETE], offers)
        if (code := answer_quickly(words, data_dir)) is not None:
            return code
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


def run_command(words: Sequence[str], data_dir: str | None) -> int:
    """Parse and run one command; return its exit code."""
    from flashcards.app.context import Context

    world = Context.of_process(data_dir)
    try:
        if words[:1] == ["study"] and plain_words(words[1:]):
            # Without options there is nothing to parse, and the first card is there sooner.
            from flashcards.app.study.run import Asked, sit_down

            sit_down(world, Asked(tuple(words[1:])))
            return 0
        if is_today(words):
            from flashcards.cli.commands.today import show

            show(world, as_json="--json" in words)
            return 0
        if words and words[0].startswith(("--show-completion", "--install-completion")):
            from flashcards.cli.completion.scripts import show_or_install

            show_or_install(words, world)
            return 0
        from flashcards.cli.parser import parse_and_run

        return parse_and_run(words, world)
    except FlashcardsError as error:
        complain(str(error))
        return error.exit_code
    except sqlite3.Error as error:
        complain(
            f"{world.paths.index}: the index cannot be used ({error}). It is only a cache: make "
            "room, or delete it. What you did is safe in your journal."
        )
        return DISK_FAULT


def _let_go_of_output() -> None:
    """Write what is left to write; where that fails, Python must not try again at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def complain(message: str) -> None:
    """Say what went wrong on standard error, if there is one."""
    if sys.stderr is not None:
        from flashcards.terminal.text.sanitize import write_line

        write_line(sys.stderr, f"flashcards: {message}")
