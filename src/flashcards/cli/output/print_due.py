"""Output of `due`: a line for a shell prompt, or JSON."""

import sys

from flashcards.core.today_summary import DueToday

EXIT_NOTHING_DUE = 1


def print_due(counts: DueToday, *, as_json: bool, template: str | None = None) -> int:
    """Print the counts, and return the exit code."""
    line = fill(template, counts) if template else due_line(counts)
    sys.stdout.write(json_text(due_fields(counts)) if as_json else line)
    sys.stdout.flush()
    return 0 if counts.has_cards else EXIT_NOTHING_DUE


def fill(template: str, counts: DueToday) -> str:
    """Fill {due}, {new} and {learning} into the user's template."""
    for name, count in (("due", counts.due), ("new", counts.new), ("learning", counts.learning)):
        template = template.replace(f"{{{name}}}", str(count))
    return template + "\n"


def due_line(counts: DueToday) -> str:
    """Return the line for a shell prompt."""
    parts = [f"{counts.due} due", f"{counts.new} new"]
    if counts.learning:
        parts.append(f"{counts.learning} to repeat")
    if counts.off_until:
        return f"days off until {counts.off_until.isoformat()}\n"
    if counts.postponed:
        parts.append(f"{counts.postponed} in the backlog")
    if counts.new_cards_paused:
        parts.append("new cards paused until the backlog is done")
    return ", ".join(parts) + "\n"


def json_text(fields: dict[str, object]) -> str:
    """Return fields as JSON in plain ASCII."""
    import json  # not for the line of a shell prompt

    return json.dumps(fields, indent=2) + "\n"


def due_fields(counts: DueToday) -> dict[str, object]:
    """Return the documented fields of `due`, also used by `today`."""
    return {
        "due": counts.due,
        "new": counts.new,
        "learning": counts.learning,
        "paused": counts.new_cards_paused,
        "later": counts.postponed,
        "off_until": counts.off_until.isoformat() if counts.off_until else None,
        "decks": [
            {"deck": name, "due": due, "new": new, "learning": learning}
            for name, (due, new, learning) in counts.decks.items()
        ],
    }
