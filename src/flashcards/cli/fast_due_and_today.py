"""Answer `due` and `today` from a current index, past the parser and the store.

A shell prompt runs `flashcards due` before every line, and the parser and the store would take three times
as long. So nothing here may import third-party packages or pathlib; tests/test_architecture.py checks it.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from flashcards.app import clock
from flashcards.cli.output.print_due import print_due
from flashcards.cli.unparsed_words import extract_option, has_no_options, is_today_command
from flashcards.core.deck_names import is_deck_or_subdeck
from flashcards.storage.index.queries.counts import count_due, list_deck_names
from flashcards.storage.index.queries.fast_path import open_base_index, study_day_of_index


def answer_quickly(words: Sequence[str], data_dir: str | None) -> int | None:
    """Return the exit code, or None if the full way is needed."""
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
        except sqlite3.Error:  # a damaged index: the store will rebuild it
            return None


def _answer_due(index: sqlite3.Connection, arguments: Sequence[str], template: str | None) -> int | None:
    wanted = [word for word in arguments if word != "--json"]
    deck_names = list_deck_names(index)
    # Parts of names and decks with subdecks are left to `pick_decks`.
    if any([name for name in deck_names if is_deck_or_subdeck(name, word)] != [word] for word in wanted):
        return None
    counts = count_due(index, study_day_of_index(index, clock.now()).toordinal(), wanted)
    return print_due(counts, as_json="--json" in arguments, template=template)


def _answer_today(index: sqlite3.Connection, words: Sequence[str]) -> int:
    from flashcards.cli.output.print_today import print_today
    from flashcards.storage.index.queries.today_counts import count_problems, load_today

    today = load_today(index, study_day_of_index(index, clock.now()))
    print_today(today, faults=count_problems(index), as_json="--json" in words)
    return 0
