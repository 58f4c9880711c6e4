"""Cards of one note are kept apart: on a day only the first of them is asked, by what is known.

No event says so. A card stands aside today while a sibling was answered today, or is due before it,
or is new before it; tomorrow it may be its turn. Bare of imports, for `flashcards due`.
"""

SETTING = "siblings_apart"

_AWAKE = "s.alive AND NOT s.suspended AND s.buried <= :today"
_KIN = "SELECT 1 FROM card AS s WHERE s.kin = card.kin AND s.id <> card.id"

APART_DUE = f"""AND (kin IS NULL OR NOT EXISTS ({_KIN} AND (s.alive AND s.answered = :today
    OR {_AWAKE} AND s.due <= :today
    AND (s.due, s.tie, s.id) < (card.due, card.tie, card.id))))"""
"""Narrows cards that are due on the study day :today."""

APART_NEW = f"""AND (kin IS NULL OR NOT EXISTS ({_KIN} AND (s.alive AND s.answered = :today
    OR {_AWAKE} AND (s.due <= :today OR s.due IS NULL AND s.seq < card.seq))))"""
"""Narrows new cards on the study day :today."""

COUNT_APART = "sum(kin IS NULL) + count(DISTINCT kin)"
"""How many of the cards due are asked, once NOT_ANSWERED holds: quicker than APART_DUE."""
NOT_ANSWERED = """AND (kin IS NULL OR kin NOT IN
    (SELECT kin FROM card WHERE alive AND answered = :today AND kin IS NOT NULL))"""
