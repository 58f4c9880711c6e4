"""What `due` prints: a line for a shell prompt, or JSON."""

from __future__ import annotations

import sys
from datetime import date

from flashcards.storage.index.queries.counts import DueCounts

EXIT_NOTHING_DUE = 1


def print_due(counts: DueCounts, *, as_json: bool, template: str = "") -> int:
    """Write the answer, and return the exit code."""
    if sys.stdout is not None:
        line = fill(template, counts) if template else due_line(counts)
        sys.stdout.write(due_json(counts) if as_json else line)
        sys.stdout.flush()
    return 0 if counts.has_cards else EXIT_NOTHING_DUE


def fill(template: str, counts: DueCounts) -> str:
    """Return a user's own line, with {due}, {new} and {learning} filled in."""
    for name, count in (("due", counts.due), ("new", counts.new), ("learning", counts.learning)):
        template = template.replace(f"{{{name}}}", str(count))
    return template + "\n"


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
    return date.fromordinal(ordinal).isoformat()


def due_json(counts: DueCounts) -> str:
    """Return the documented JSON of `due`."""
    import json  # not for the line of a shell prompt

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
