"""Turns: from which day on a card stands aside for a sibling, worked out as cards change.

So a day's cards are found by looking at each card once, and at none of its siblings.
"""

from __future__ import annotations

from sqlite3 import Connection

from flashcards.storage.questions.siblings import NEVER, YIELDS

STIR = "BEGIN INSERT INTO stirred VALUES (NEW.kin); END"
STATEMENTS = (
    # As YIELDS says it, for all notes at once: each card beside the first that is due of its note.
    f"""UPDATE card SET yields = found.day FROM (
        SELECT key, CASE WHEN due IS NULL THEN iif(place = 1, coalesce(first, {NEVER}), 0)
            ELSE iif(place = 1, {NEVER}, first) END AS day
        FROM (SELECT key, due, min(due) OVER (PARTITION BY kin) AS first, row_number() OVER
            (PARTITION BY kin, due IS NULL ORDER BY due, iif(due IS NULL, seq, tie), id) AS place
            FROM card WHERE kin IS NOT NULL AND alive AND NOT suspended)
    ) AS found WHERE found.key = card.key""",
    f"""CREATE TRIGGER card_came AFTER INSERT ON card WHEN NEW.kin IS NOT NULL {STIR}""",
    f"""CREATE TRIGGER card_moved AFTER UPDATE OF due, suspended, alive, kin ON card
    WHEN NEW.kin IS NOT NULL AND (OLD.due IS NOT NEW.due OR OLD.suspended <> NEW.suspended
        OR OLD.alive <> NEW.alive OR OLD.kin IS NOT NEW.kin) {STIR}""",
)
"""A card that moves within its file leaves the shelf and comes back (shelves.py), so it is seen.

Run once, at the end of the first filling: from then on `settle` follows what changes."""
UNDOING = ("DROP TRIGGER card_came", "DROP TRIGGER card_moved")
"""Before so much changes that working it out anew is quicker."""


def settle(index: Connection) -> None:
    """Work out anew whose turn it is among the notes whose cards have changed."""
    index.execute(f"UPDATE card SET yields = {YIELDS} WHERE kin IN (SELECT kin FROM stirred)")
    index.execute("DELETE FROM stirred")
