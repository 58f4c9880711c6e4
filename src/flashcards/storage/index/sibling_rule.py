"""SQL rule that asks one sibling a day.

No event is stored: a card is hidden today while a sibling was answered today, is due before it, or is
new before it. Tomorrow it may come first.
"""

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
