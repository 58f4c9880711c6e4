"""All that an index says of cards and files, to compare one that was kept with one made anew."""

from __future__ import annotations

from sqlite3 import Connection

from flashcards.cli.output.print_due import due_fields, json_text
from flashcards.storage.index.queries.counts import count_due

DERIVED = {
    "cards": """SELECT id, deck, front, back, tags, note, path, position, line, has_own_id,
        answer_mode, note_group, due, interval, ease, repetitions, lapses, answered, suspended,
        buried, event_count, answer_count FROM card WHERE in_deck""",
    "orphans": """SELECT id, event_count, due, interval FROM card
        WHERE NOT in_deck AND event_count > 0""",
    "siblings": """SELECT id, hidden_until FROM card
        WHERE in_deck AND NOT suspended AND note_group IS NOT NULL""",
    "duplicates": "SELECT * FROM duplicate",
    "decks": "SELECT * FROM deck",
    "problems": "SELECT * FROM problem",
    "totals": "SELECT * FROM hourly_total",
}


def contents(index: Connection, today: int) -> dict[str, set[object]]:
    """Return all that an index says of cards and files."""
    found: dict[str, set[object]] = {what: set(index.execute(query)) for what, query in DERIVED.items()}
    found["counts"] = {json_text(due_fields(count_due(index, today, [])))}
    return found
