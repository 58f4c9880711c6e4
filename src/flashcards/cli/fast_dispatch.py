"""The short way past parser and store: what the index alone can answer.

A shell prompt runs `flashcards due` before every line: loading the parser would take three
times as long as the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from flashcards.cli.command_words import has_no_options, is_today_command


def answer_quickly(words: Sequence[str], data_dir: str | None) -> int | None:
    """Answer quickly; None also where the index turns out to be unreadable."""
    try:
        return _fast_answer(words, data_dir)
    except Exception as error:
        if type(error).__module__ == "sqlite3":
            return None
        raise


def _fast_answer(words: Sequence[str], data_dir: str | None) -> int | None:
    """Answer what the index alone can answer; None for all else."""
    if words[:1] == ["due"] and has_no_options([w for w in words[1:] if w != "--json"]):
        from flashcards.cli.commands import due_fast

        return due_fast.answer_from_index(words[1:], data_dir)
    if is_today_command(words):
        from flashcards.cli.commands import today_fast

        return today_fast.answer_from_index(data_dir, as_json="--json" in words)
    return None
