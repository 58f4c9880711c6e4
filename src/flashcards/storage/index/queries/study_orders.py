"""The orders in which the cards of a session are selected."""

from flashcards.storage.index import due_conditions

ORDER_CLAUSES = {
    "due": due_conditions.OLDEST_FIRST,
    # Late relative to its interval: a day late after one day is worse than after a month.
    "overdue-first": f"(:today - due + 0.0) / max(interval, 1) DESC, {due_conditions.OLDEST_FIRST}",
    "hardest": f"ease, lapses DESC, {due_conditions.OLDEST_FIRST}",
    "random": due_conditions.SHUFFLED,
    "recall": f"chance_of_recall(stability, fsrs_day), {due_conditions.OLDEST_FIRST}",
}
"""SQL of `STUDY_ORDERS` of the settings; each is a total order."""
