"""Cards of one note are kept apart: on a day only the first of them is asked, by what is known.

No event says so. A card stands aside today while a sibling was answered today, or is due before it,
or is new before it; tomorrow it may be its turn. Bare of imports, for `flashcards due`.
"""

SETTING = "siblings_apart"
NEVER = 10_000_000
"""A day behind all days, as an ordinal."""

_AWAKE = "s.alive AND NOT s.suspended AND s.buried <= :today"
_KIN = "FROM card AS s WHERE s.kin = card.kin AND s.id <> card.id"
_DUE_BEFORE = "(s.due, s.tie, s.id) < (card.due, card.tie, card.id)"
_NEW_BEFORE = "s.due IS NULL AND s.seq < card.seq"

YIELDS = f"""coalesce((SELECT min(coalesce(s.due, 0)) {_KIN} AND s.alive AND NOT s.suspended
    AND CASE WHEN card.due IS NULL THEN s.due OR {_NEW_BEFORE} ELSE {_DUE_BEFORE} END), {NEVER})"""
"""What `card.yields` says, kept up by turns.py: from which day on a sibling goes before it."""

_ODD = """SELECT kin FROM card WHERE alive AND answered = :today AND kin IS NOT NULL
    UNION ALL SELECT kin FROM card WHERE buried > 0 AND buried > :today AND kin IS NOT NULL"""
_APART = f"""AND CASE WHEN kin IS NULL THEN 1 WHEN kin IN ({_ODD})
    THEN NOT EXISTS (SELECT 1 {_KIN} AND (s.alive AND s.answered = :today
        OR {_AWAKE} AND {{before}}))
    ELSE yields > :today END"""
"""Of a note of which a card was answered today, or is buried, `yields` does not say enough."""

APART_DUE = _APART.format(before=f"s.due <= :today AND {_DUE_BEFORE}")
"""Narrows cards that are due on the study day :today."""
APART_NEW = _APART.format(before=f"(s.due <= :today OR {_NEW_BEFORE})")
"""Narrows new cards on the study day :today."""
