"""Runs one command in full; what goes wrong in it becomes one message and an exit code."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from flashcards.cli import DISK_FAULT, complain, is_today, plain_words
from flashcards.cli.context import Context
from flashcards.errors import FlashcardsError


def run_command(words: Sequence[str], data_dir: str | None) -> int:
    """Parse and run one command; return its exit code."""
    world = Context.of_process(data_dir)
    try:
        if words[:1] == ["study"] and plain_words(words[1:]):
            # Without options there is nothing to parse, and the first card is there sooner.
            from flashcards.cli.sitting import Asked, sit_down  # noqa: PLC0415

            sit_down(world, Asked(tuple(words[1:])))
            return 0
        if is_today(words):
            from flashcards.cli.today_in_full import show  # noqa: PLC0415

            show(world, as_json="--json" in words)
            return 0
        if words and words[0].startswith(("--show-completion", "--install-completion")):
            from flashcards.cli.completion_scripts import show_or_install  # noqa: PLC0415

            show_or_install(words, world)
            return 0
        from flashcards.cli.parser import parse_and_run  # noqa: PLC0415

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
