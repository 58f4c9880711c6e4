"""Answer `due` and `today` from a current index, past the parser and the store.

A shell prompt runs `flashcards due` before every line: the parser and the opening of the store take
three times as long as the answer. What is imported here, and by what is imported here, is ordinary
code without third-party packages and pathlib; tests/test_architecture.py watches it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from flashcards.app import clock
from flashcards.cli.command_words import extract_option, has_no_options, is_today_command
from flashcards.core.deck_names import is_deck_or_subdeck
from flashcards.storage.index.queries.counts import count_due, list_deck_names
from flashcards.storage.index.queries.fast_path import open_base_index, study_day_of_index


def answer_quickly(words: Sequence[str], data_dir: str | None) -> int | None:
    """Return the exit code, or None: another command, or the index alone is not enough."""
    words, template = extract_option(words, "--format")
    is_due = words[:1] == ["due"] and has_no_options([word for word in words[1:] if word != "--json"])
    if not is_due and (template is not None or not is_today_command(words)):
        return None
    index = open_base_index(data_dir)
    if index is None:
        return None
    with closing(index):
        try:
            return _answer_due(index, words[1:], template) if is_due else _answer_today(index, words)
        except sqlite3.Error:  # a torn index: the store will build it again
            return None


def _answer_due(index: sqlite3.Connection, arguments: Sequence[str], template: str | None) -> int | None:
    from flashcards.cli.output.due import print_due

    # Where the short way is not certain of the answer it gives none: the usual one is never far.
    wanted = [word for word in arguments if word != "--json"]
    deck_names = list_deck_names(index)
    # Any other word is for `pick_decks`: a part of a name, or a deck with decks below it.
    if any([name for name in deck_names if is_deck_or_subdeck(name, word)] != [word] for word in wanted):
        return None
    counts = count_due(index, study_day_of_index(index, clock.now()).toordinal(), wanted)
    return print_due(counts, as_json="--json" in arguments, template=template)


def _answer_today(index: sqlite3.Connection, words: Sequence[str]) -> int:
    from flashcards.cli.output.today import print_today
    from flashcards.storage.index.queries.today import count_problems, load_today

    today = load_today(index, study_day_of_index(index, clock.now()))
    print_today(today, faults=count_problems(index), as_json="--json" in words)
    return 0
