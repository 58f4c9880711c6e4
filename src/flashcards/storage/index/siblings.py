"""Ask one card of a note a day: SQL conditions, and the column that makes them quick.

No event is stored: a card is hidden today while a sibling was answered today, is due before it, or is
new before it. Tomorrow it may come first.
"""

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
    AND CASE WHEN card.due IS NULL THEN s.due IS NOT NULL OR {_IS_NEW_BEFORE} ELSE {_IS_DUE_BEFORE} END),
    {NEVER_DAY})"""
"""The value of `card.hidden_until`: the day from which a sibling is asked first; 0 if that one is new."""

# The column is right if every sibling can be asked today. In these notes one was answered today, so that
# the others wait, or one is buried, so that none waits for it. (`buried > 0` is what card_buried needs.)
_SELECT_GROUPS_TO_CHECK = """SELECT note_group FROM card WHERE in_deck AND answered = :today
    AND note_group IS NOT NULL
    UNION ALL SELECT note_group FROM card
    WHERE buried > 0 AND buried > :today AND note_group IS NOT NULL"""
_NO_SIBLING_FIRST = f"""AND CASE WHEN note_group IS NULL THEN 1
    WHEN note_group IN ({_SELECT_GROUPS_TO_CHECK})
    THEN NOT EXISTS (SELECT 1 {_FROM_SIBLINGS} AND (s.in_deck AND s.answered = :today
        OR {_AVAILABLE_SIBLING} AND {{comes_first}}))
    ELSE hidden_until > :today END"""
NO_SIBLING_BEFORE_DUE = _NO_SIBLING_FIRST.format(comes_first=f"s.due <= :today AND {_IS_DUE_BEFORE}")
NO_SIBLING_BEFORE_NEW = _NO_SIBLING_FIRST.format(comes_first=f"(s.due <= :today OR {_IS_NEW_BEFORE})")
"""Conditions of due cards and of new cards, to follow another condition."""

MARK_NOTE_DIRTY = "BEGIN INSERT INTO dirty_note VALUES (NEW.note_group); END"
CREATE_STATEMENTS = (
    # HIDDEN_UNTIL for all notes at once. Window functions read each note once; the subquery of
    # HIDDEN_UNTIL would read all cards of a note for each of its cards. `place` counts due and new
    # cards each by themselves.
    f"""UPDATE card SET hidden_until = computed.day FROM (
        SELECT key, CASE WHEN place > 1 THEN iif(due IS NULL, 0, first_due)
            WHEN due IS NULL THEN coalesce(first_due, {NEVER_DAY}) ELSE {NEVER_DAY} END AS day
        FROM (SELECT key, due, min(due) OVER (PARTITION BY note_group) AS first_due, row_number() OVER
            (PARTITION BY note_group, due IS NULL
            ORDER BY due, iif(due IS NULL, position, shuffle_key), id) AS place
            FROM card WHERE note_group IS NOT NULL AND in_deck AND NOT suspended)
    ) AS computed WHERE computed.key = card.key""",
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
    """Update the column in the notes of which a card has changed."""
    dirty = "note_group IN (SELECT note_group FROM dirty_note)"
    index.execute(f"UPDATE card SET hidden_until = {HIDDEN_UNTIL} WHERE {dirty}")
    index.execute("DELETE FROM dirty_note")
