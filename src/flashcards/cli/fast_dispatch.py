"""The short way past parser and store: what the index alone can answer.

A shell prompt runs `flashcards due` before every line: loading the parser would take three
times as long as the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from flashcards.cli.command_words import is_today, plain_words


def answer_quickly(words: Sequence[str], data_dir: str | None) -> int | None:
    """Answer quickly; None also where the index turns out to be unreadable."""
    try:
        return _answer_quickly(words, data_dir)
    except Exception as error:
        if type(error).__module__ == "sqlite3":
            return None
        raise


def _answer_quickly(words: Sequence[str], data_dir: str | None) -> int | None:
    """Answer what the index alone can answer; None for all else."""
    if words[:1] == ["due"] and plain_words([w for w in words[1:] if w != "--json"]):
        from flashcards.cli.commands import due_fast

        return due_fast.answer_quickly(words[1:], data_dir)
    if is_today(words):
        from flashcards.cli.commands import today_fast

        return today_fast.answer_quickly(data_dir, as_json="--json" in words)
    return None
