"""Keep `card.hidden_until`: the day from which a sibling is asked first.

So a day's cards are found by reading each card once, and none of its siblings.
"""

from __future__ import annotations

from sqlite3 import Connection

from flashcards.storage.index.sibling_rule import HIDDEN_UNTIL, NEVER_DAY

MARK_NOTE_DIRTY = "BEGIN INSERT INTO dirty_note VALUES (NEW.note_group); END"
CREATE_STATEMENTS = (
    # HIDDEN_UNTIL for all notes at once. Window functions read each note once; the subquery of
    # HIDDEN_UNTIL would read all cards of a note for each of its cards.
    f"""UPDATE card SET hidden_until = found.day FROM (
        SELECT key, CASE WHEN due IS NULL THEN iif(place = 1, coalesce(first, {NEVER_DAY}), 0)
            ELSE iif(place = 1, {NEVER_DAY}, first) END AS day
        FROM (SELECT key, due, min(due) OVER (PARTITION BY note_group) AS first, row_number() OVER
            (PARTITION BY note_group, due IS NULL
            ORDER BY due, iif(due IS NULL, position, shuffle_key), id) AS place
            FROM card WHERE note_group IS NOT NULL AND in_deck AND NOT suspended)
    ) AS found WHERE found.key = card.key""",
    f"""CREATE TRIGGER card_inserted AFTER INSERT ON card WHEN NEW.note_group IS NOT NULL
    {MARK_NOTE_DIRTY}""",
    f"""CREATE TRIGGER card_updated AFTER UPDATE OF due, suspended, in_deck, note_group, position ON card
    WHEN NEW.note_group IS NOT NULL AND (OLD.due IS NOT NEW.due OR OLD.suspended <> NEW.suspended
        OR OLD.in_deck <> NEW.in_deck OR OLD.note_group IS NOT NEW.note_group
        OR OLD.position <> NEW.position) {MARK_NOTE_DIRTY}""",
)
"""Run once after the first filling; then `update_hidden_until` follows changes."""
DROP_STATEMENTS = ("DROP TRIGGER card_inserted", "DROP TRIGGER card_updated")
"""Run before a bulk load: computing everything again is quicker."""


def update_hidden_until(index: Connection) -> None:
    """Update the cards of notes with changed cards."""
    dirty = "note_group IN (SELECT note_group FROM dirty_note)"
    index.execute(f"UPDATE card SET hidden_until = {HIDDEN_UNTIL} WHERE {dirty}")
    index.execute("DELETE FROM dirty_note")
