"""Match cards against a search; find decks by name."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from flashcards.core.deck_names import is_deck_or_subdeck
from flashcards.core.progress import DEFAULT_LEECH_LAPSES, DEFAULT_REPEAT_BELOW, CardState, Progress
from flashcards.core.search_query import (
    And,
    DateTerm,
    NameTerm,
    Not,
    NumberTerm,
    Or,
    SearchQuery,
    StateTerm,
    TextTerm,
    parse_query,
)
from flashcards.errors import UsageError

CardTest = Callable[[CardState], bool]

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
NUMBER_VALUES: dict[str, Callable[[Progress], float]] = {
    "ease": lambda progress: progress.memory.ease / 100,
    "interval": lambda progress: progress.memory.interval,
    "lapses": lambda progress: progress.memory.lapses,
    "repetitions": lambda progress: progress.memory.repetitions,
    "rated": lambda progress: progress.last_rating,
}


def compile_search(
    query: str, today: date, repeat_below: int = DEFAULT_REPEAT_BELOW, leech: int = DEFAULT_LEECH_LAPSES
) -> CardTest:
    """Return the test that a search stands for; see `query.read`. Raises UsageError."""
    tree = parse_query(query, today)
    return partial(matches_query, tree, today=today, repeat_below=repeat_below, leech=leech)


def matches_query(  # noqa: C901, PLR0911 (one a kind of term)
    query: SearchQuery,
    card_state: CardState,
    today: date,
    repeat_below: int = DEFAULT_REPEAT_BELOW,
    leech: int = DEFAULT_LEECH_LAPSES,
) -> bool:
    """Tell whether a card is one of those that a search finds on a study day."""

    def inner(part: SearchQuery) -> bool:
        return matches_query(part, card_state, today, repeat_below, leech)

    match query:
        case And(terms):
            return all(map(inner, terms))
        case Or(terms):
            return any(map(inner, terms))
        case Not(term):
            return not inner(term)
        case TextTerm(text):
            return _contains_text(card_state, text.casefold())
        case NameTerm():
            return _matches_name(card_state, query)
        case NumberTerm(field, sign, value):
            found = NUMBER_VALUES[field](card_state.progress)
            # Whoever was never rated has no last rating, not a low one.
            return COMPARISONS[sign](found, value) and (field != "rated" or found > 0)
        case DateTerm(field, sign, day):
            when = card_state.progress.due if field == "due" else card_state.progress.last_answered
            return when is not None and COMPARISONS[sign](when.toordinal(), day.toordinal())
        case StateTerm("leech"):
            return card_state.progress.memory.lapses >= leech
        case StateTerm(state):
            return _has_state(state, card_state.progress, today, repeat_below)


def _contains_text(card_state: CardState, folded_text: str) -> bool:
    card = card_state.card
    return any(folded_text in text.casefold() for text in (card.front, card.back, card.id, *card.tags))


def _matches_name(card_state: CardState, term: NameTerm) -> bool:
    card = card_state.card
    names = {"tag": card.tags, "deck": (card.deck,), "id": (str(card.id),)}[term.field]
    folded = [name.casefold() for name in names]
    if term.exact:
        return term.value in folded
    return any(name.startswith(term.value) for name in folded)


def _has_state(state: str, progress: Progress, today: date, repeat_below: int) -> bool:
    if state == "due":
        return progress.due is not None and progress.due <= today and not progress.is_hidden(today)
    if state == "suspended":
        return progress.suspended
    if state == "buried":
        return (progress.buried_until or date.min) > today
    if state == "marked":
        return progress.mark is not None
    return progress.stage(today, repeat_below).value == state


def pick_name(names: list[str], wanted: str) -> str:
    """Return the one name that is meant: in full in any case, or as its unique part.

    Raises UsageError, with what was near.
    """
    exact = [name for name in names if name.casefold() == wanted.casefold()]
    parts = exact or [name for name in names if wanted.casefold() in name.casefold()]
    if len(parts) == 1:
        return parts[0]
    if parts:
        raise UsageError(f"{wanted!r} matches several decks: {_quote_names(parts)}. Type more of the name.")
    import difflib

    near = difflib.get_close_matches(wanted, names, 3, 0.5) or names[:5]
    known = (
        f"Your decks: {_quote_names(near)}."
        if near
        else "You have no decks yet. Import one: flashcards import FILE"
    )
    raise UsageError(f"No deck matches {wanted!r}. {known}")


def pick_decks(names: list[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the decks that words mean; the name of a deck stands for the decks below it too.

    `French` means `French` itself, `French::Verbs` and all other `French::…`. Raises UsageError.
    """
    picked: dict[str, None] = {}
    for word in wanted:
        family = [name for name in names if is_deck_or_subdeck(name, word)]
        below = any(name.casefold() != word.casefold() for name in family)
        picked.update(dict.fromkeys(family if below else [pick_name(names, word)]))
    return tuple(picked)


def _quote_names(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
