"""Cards of one note are kept apart: on a day only the first of them is asked, by what is known.

No event says so. A card stands aside today while a sibling was answered today, or is due before it,
or is new before it; tomorrow it may be its turn. Bare of imports, for `flashcards due`.
"""

SETTING = "siblings_apart"

_AWAKE = "s.alive AND NOT s.suspended AND s.buried <= :today"
_KIN = "SELECT 1 FROM card AS s WHERE s.kin = card.kin AND s.id <> card.id"
_BEFORE = "(s.due, s.tie, s.id) < (card.due, card.tie, card.id)"

BEHIND = f"""alive AND NOT suspended AND due IS NOT NULL AND EXISTS
    ({_KIN} AND s.alive AND NOT s.suspended AND {_BEFORE})"""
"""What `card.behind` says, kept up by turns.py: on most days it is all there is to know."""

_ODD = """SELECT kin FROM card WHERE alive AND answered = :today AND kin IS NOT NULL
    UNION ALL SELECT kin FROM card WHERE buried > 0 AND buried > :today AND kin IS NOT NULL"""
"""Notes of which a card was answered today, or is buried: there it says too little."""

APART_DUE = f"""AND CASE WHEN kin IS NULL THEN 1 WHEN kin IN ({_ODD})
    THEN NOT EXISTS ({_KIN} AND (s.alive AND s.answered = :today
        OR {_AWAKE} AND s.due <= :today AND {_BEFORE}))
    ELSE NOT behind END"""
"""Narrows cards that are due on the study day :today."""

APART_NEW = f"""AND (kin IS NULL OR NOT EXISTS ({_KIN} AND (s.alive AND s.answered = :today
    OR {_AWAKE} AND (s.due <= :today OR s.due IS NULL AND s.seq < card.seq))))"""
"""Narrows new cards on the study day :today."""
