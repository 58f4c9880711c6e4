"""The SQL rule that asks one sibling a day, and the column that keeps it quick.

No event is stored: a card is hidden today while a sibling was answered today, is due before it, or is
new before it. Tomorrow it may come first.
"""

from __future__ import annotations

from sqlite3 import Connection

SIBLINGS_APART_SETTING = "siblings_apart"
NEVER_DAY = 10_000_000  # an ordinal after all days

_AVAILABLE_SIBLING = "s.in_deck AND NOT s.suspended AND s.buried <= :today"
_FROM_SIBLINGS = "FROM card AS s WHERE s.note_group = card.note_group AND s.id <> card.id"
_IS_DUE_BEFORE = "(s.due, s.shuffle_key, s.id) < (card.due, card.shuffle_key, card.id)"
_IS_NEW_BEFORE = "s.due IS NULL AND s.position < card.position"

# A column, because finding the siblings of every due card at each start takes seconds in a large
# library. A day instead of a flag, because it stays right when only the date changes.
HIDDEN_UNTIL = f"""coalesce((SELECT min(coalesce(s.due, 0)) {_FROM_SIBLINGS}
    AND s.in_deck AND NOT s.suspended
    AND CASE WHEN card.due IS NULL THEN s.due OR {_IS_NEW_BEFORE} ELSE {_IS_DUE_BEFORE} END),
    {NEVER_DAY})"""
"""The value of `card.hidden_until`: the day from which a sibling is asked first."""

_SELECT_DISTURBED_GROUPS = """SELECT note_group FROM card WHERE in_deck AND answered = :today
    AND note_group IS NOT NULL
    UNION ALL SELECT note_group FROM card
    WHERE buried > 0 AND buried > :today AND note_group IS NOT NULL"""
_NO_SIBLING_FIRST = f"""AND CASE WHEN note_group IS NULL THEN 1
    WHEN note_group IN ({_SELECT_DISTURBED_GROUPS})
    THEN NOT EXISTS (SELECT 1 {_FROM_SIBLINGS} AND (s.in_deck AND s.answered = :today
        OR {_AVAILABLE_SIBLING} AND {{before}}))
    ELSE hidden_until > :today END"""
"""If a sibling was answered today or is buried, the column is not enough: check each sibling."""

SIBLINGS_APART_DUE = _NO_SIBLING_FIRST.format(before=f"s.due <= :today AND {_IS_DUE_BEFORE}")
"""Narrows due cards."""
SIBLINGS_APART_NEW = _NO_SIBLING_FIRST.format(before=f"(s.due <= :today OR {_IS_NEW_BEFORE})")
"""Narrows new cards."""

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
