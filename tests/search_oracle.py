"""The search language in plain Python: what the SQL of a search is compared with."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date

from flashcards.core.progress import DEFAULT_MODEL, CardState, Progress
from flashcards.core.search_query import (
    And,
    Not,
    Or,
    SearchContext,
    SearchQuery,
    Term,
)

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
NUMBER_VALUES: dict[str, Callable[[Progress, date], float | None]] = {
    "ease": lambda progress, _: progress.memory.ease / 100,
    "interval": lambda progress, _: progress.memory.interval,
    "lapses": lambda progress, _: progress.memory.lapses,
    "repetitions": lambda progress, _: progress.memory.repetitions,
    "rated": lambda progress, _: progress.last_rating or None,
    "stability": lambda progress, _: progress.fsrs_memory and progress.fsrs_memory[0],
    "difficulty": lambda progress, _: progress.fsrs_memory and progress.fsrs_memory[1],
    "recall": lambda progress, today: progress.chance_of_recall(today, DEFAULT_MODEL),
}


def matches_query(  # noqa: C901, PLR0911 (one return for each kind of term)
    query: SearchQuery, card_state: CardState, context: SearchContext
) -> bool:
    """Tell whether a search finds a card."""

    def inner(part: SearchQuery) -> bool:
        return matches_query(part, card_state, context)

    match query:
        case And(terms):
            return all(map(inner, terms))
        case Or(terms):
            return any(map(inner, terms))
        case Not(term):
            return not inner(term)
        case Term("text", _, str(text)):
            return _contains_text(card_state, text.casefold())
        case Term("is", _, "leech"):
            return card_state.progress.memory.lapses >= context.leech_lapses
        case Term("is", _, str(state)):
            return _has_state(state, card_state.progress, context)
        case Term(field, sign, str(name)):
            return _matches_name(card_state, field, name, exact=sign == "=")
        case Term(field, sign, date() as day):
            when = card_state.progress.due if field == "due" else card_state.progress.last_answered
            return when is not None and COMPARISONS[sign](when.toordinal(), day.toordinal())
        case Term(field, sign, float(number)):
            found = NUMBER_VALUES[field](card_state.progress, context.today)
            # A card that was never rated has no last rating, not a low one; nor has it a memory.
            return found is not None and COMPARISONS[sign](found, number)
    raise TypeError(query)


def _contains_text(card_state: CardState, folded_text: str) -> bool:
    card = card_state.card
    return any(folded_text in text.casefold() for text in (card.front, card.back, card.id, *card.tags))


def _matches_name(card_state: CardState, field: str, name: str, *, exact: bool) -> bool:
    card = card_state.card
    names = {"tag": card.tags, "deck": (card.deck,), "id": (str(card.id),)}[field]
    folded = [known.casefold() for known in names]
    return name in folded if exact else any(known.startswith(name) for known in folded)


def _has_state(state: str, progress: Progress, context: SearchContext) -> bool:
    today = context.today
    if state == "due":
        return progress.due is not None and progress.due <= today and not progress.is_hidden(today)
    if state == "suspended":
        return progress.suspended
    if state == "buried":
        return (progress.buried_until or date.min) > today
    if state == "marked":
        return progress.mark is not None
    return progress.stage(today, context.repeat_below).value == state
