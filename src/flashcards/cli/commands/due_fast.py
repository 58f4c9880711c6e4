"""`flashcards due`: fast path that reads only the index."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from flashcards.app import clock
from flashcards.core.deck_names import is_deck_or_subdeck
from flashcards.storage.base_dirs import INDEX_FILE_NAME, SETTINGS_FILE_NAME, find_base_dirs
from flashcards.storage.index.queries.counts import DueCounts
from flashcards.storage.index.queries.fast_path import open_current_index

EXIT_NOTHING_DUE = 1


def answer_from_index(arguments: Sequence[str], data_dir: str | None) -> int | None:
    """Answer from the index alone; None when that is not enough and the store must be opened."""
    only = [word for word in arguments if word != "--json"]
    data, config, _, cache = find_base_dirs(data_dir)
    index = data and open_current_index(data, f"{config}/{SETTINGS_FILE_NAME}", f"{cache}/{INDEX_FILE_NAME}")
    if not index:
        return None
    with index:
        if not all(_is_single_deck(name, index.list_deck_names()) for name in only):
            return None
        counts = index.count_due(clock.now(), only)
    return print_due(counts, as_json="--json" in arguments)


def _is_single_deck(name: str, deck_names: Sequence[str]) -> bool:
    """Tell whether a name is a deck's, to the letter, and no deck lies below it."""
    return [deck for deck in deck_names if is_deck_or_subdeck(deck, name)] == [name]


def print_due(counts: DueCounts, *, as_json: bool) -> int:
    """Write the answer, and return the exit code."""
    if sys.stdout is not None:
        sys.stdout.write(due_json(counts) if as_json else due_line(counts))
        sys.stdout.flush()
    return 0 if counts.has_cards else EXIT_NOTHING_DUE


def due_line(counts: DueCounts) -> str:
    """Return the line for a prompt."""
    parts = [f"{counts.due} due", f"{counts.new} new"]
    if counts.learning:
        parts.append(f"{counts.learning} to repeat")
    if counts.off_until:
        return f"days off until {_format_day(counts.off_until)}\n"
    if counts.postponed:
        parts.append(f"{counts.postponed} in the backlog")
    if counts.new_cards_paused:
        parts.append("new cards paused until the backlog is done")
    return ", ".join(parts) + "\n"


def _format_day(ordinal: int) -> str:
    from datetime import date

    return date.fromordinal(ordinal).isoformat()


def due_json(counts: DueCounts) -> str:
    """Return the documented JSON of `due`."""
    import json

    decks = [
        {"deck": name, "due": due, "new": new, "learning": learning}
        for name, (due, new, learning) in counts.counts_by_deck.items()
    ]
    value = {
        "due": counts.due,
        "new": counts.new,
        "learning": counts.learning,
        "paused": counts.new_cards_paused,
        "later": counts.postponed,
        "off_until": _format_day(counts.off_until) if counts.off_until else None,
        "decks": decks,
    }
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"
