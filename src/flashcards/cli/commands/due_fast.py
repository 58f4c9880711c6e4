"""`flashcards due`: what waits today, quickly enough for a shell prompt."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from flashcards.app import clock
from flashcards.core.deck_names import in_family
from flashcards.storage.base_dirs import INDEX, SETTINGS, find_places
from flashcards.storage.index.queries.counts import Counts
from flashcards.storage.index.queries.fast_path import glance

NOTHING_DUE = 1


def answer_quickly(words: Sequence[str], data_dir: str | None) -> int | None:
    """Answer from the index alone; None when that is not enough and the store must be opened."""
    only = [word for word in words if word != "--json"]
    data, config, _, cache = find_places(data_dir)
    found = glance(data, f"{config}/{SETTINGS}", f"{cache}/{INDEX}")
    if found is None:
        return None
    with found:
        if not all(_alone(name, found.deck_names()) for name in only):
            return None
        counts = found.count(clock.now(), only)
    return answer(counts, as_json="--json" in words)


def _alone(name: str, decks: Sequence[str]) -> bool:
    """Tell whether a name is a deck's, to the letter, and no deck lies below it."""
    return [deck for deck in decks if in_family(deck, name)] == [name]


def answer(counts: Counts, *, as_json: bool) -> int:
    """Write the answer, and return the exit code."""
    if sys.stdout is not None:
        sys.stdout.write(in_json(counts) if as_json else in_words(counts))
        sys.stdout.flush()
    return 0 if counts.anything else NOTHING_DUE


def in_words(counts: Counts) -> str:
    """Return the line for a prompt."""
    parts = [f"{counts.due} due", f"{counts.new} new"]
    if counts.learning:
        parts.append(f"{counts.learning} to repeat")
    if counts.off_until:
        return f"days off until {_day(counts.off_until)}\n"
    if counts.later:
        parts.append(f"{counts.later} old ones later")
    if counts.paused:
        parts.append("new cards pause until the backlog is gone")
    return ", ".join(parts) + "\n"


def _day(ordinal: int) -> str:
    from datetime import date

    return date.fromordinal(ordinal).isoformat()


def in_json(counts: Counts) -> str:
    """Return the documented JSON of `due`."""
    import json

    decks = [
        {"deck": name, "due": due, "new": new, "learning": learning}
        for name, (due, new, learning) in counts.decks.items()
    ]
    value = {
        "due": counts.due,
        "new": counts.new,
        "learning": counts.learning,
        "paused": counts.paused,
        "later": counts.later,
        "off_until": _day(counts.off_until) if counts.off_until else None,
        "decks": decks,
    }
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"
