"""Turns: which cards have a sibling that is due before them, worked out as they change.

A huge backlog is counted by looking at each card once, and at none of its siblings.
"""

from __future__ import annotations

from sqlite3 import Connection

from flashcards.storage.siblings import BEHIND

TRIGGER = """CREATE TRIGGER card_stirred AFTER UPDATE OF due, suspended, alive, kin ON card
WHEN NEW.kin IS NOT NULL AND (OLD.due IS NOT NEW.due
    OR OLD.suspended <> NEW.suspended OR OLD.alive <> NEW.alive OR OLD.kin IS NOT NEW.kin)
BEGIN INSERT OR IGNORE INTO stirred VALUES (NEW.kin); END"""
STATEMENTS = (
    "UPDATE card SET behind = 0 WHERE behind AND kin IS NOT NULL",
    """UPDATE card SET behind = 1 WHERE key IN (SELECT key FROM (
        SELECT key, row_number() OVER (PARTITION BY kin ORDER BY due, tie, id) AS place FROM card
        WHERE kin IS NOT NULL AND alive AND NOT suspended AND due IS NOT NULL
    ) WHERE place > 1)""",
    TRIGGER,
)
"""Run once, at the end of the first filling: from then on `settle` follows what changes."""
UNDOING = ("DROP TRIGGER card_stirred",)
"""Before so much changes that working it out anew is quicker."""


def settle(index: Connection) -> None:
    """Work out anew whose turn it is among the notes whose cards have changed."""
    index.execute(f"UPDATE card SET behind = {BEHIND} WHERE kin IN (SELECT kin FROM stirred)")
    index.execute("DELETE FROM stirred")
