"""Which cards a search finds, and which deck a word means."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from flashcards.core.deck_names import in_family
from flashcards.core.progress import LEECH, REPEAT_BELOW, Entry, Progress
from flashcards.core.search_query import All, Day, Either, Is, Name, Not, Number, Query, Word, read
from flashcards.errors import UsageError

Test = Callable[[Entry], bool]

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
NUMBERS: dict[str, Callable[[Progress], float]] = {
    "ease": lambda progress: progress.memory.ease / 100,
    "interval": lambda progress: progress.memory.interval,
    "lapses": lambda progress: progress.memory.lapses,
    "repetitions": lambda progress: progress.memory.repetitions,
    "rated": lambda progress: progress.rating,
}


def parse(query: str, today: date, repeat_below: int = REPEAT_BELOW, leech: int = LEECH) -> Test:
    """Return the test that a search stands for; see `query.read`. Raises UsageError."""
    tree = read(query, today)
    return partial(fits, tree, today=today, repeat_below=repeat_below, leech=leech)


def fits(  # noqa: C901, PLR0911 (one a kind of term)
    query: Query, entry: Entry, today: date, repeat_below: int = REPEAT_BELOW, leech: int = LEECH
) -> bool:
    """Tell whether a card is one of those that a search finds on a study day."""

    def inner(part: Query) -> bool:
        return fits(part, entry, today, repeat_below, leech)

    match query:
        case All(terms):
            return all(map(inner, terms))
        case Either(terms):
            return any(map(inner, terms))
        case Not(term):
            return not inner(term)
        case Word(text):
            return _has(entry, text.casefold())
        case Name():
            return _is_named(entry, query)
        case Number(field, sign, value):
            found = NUMBERS[field](entry.progress)
            # Whoever was never rated has no last rating, not a low one.
            return COMPARE[sign](found, value) and (field != "rated" or found > 0)
        case Day(field, sign, day):
            when = entry.progress.due if field == "due" else entry.progress.answered
            return when is not None and COMPARE[sign](when.toordinal(), day.toordinal())
        case Is("leech"):
            return entry.progress.memory.lapses >= leech
        case Is(state):
            return _is(state, entry.progress, today, repeat_below)


def _has(entry: Entry, wanted: str) -> bool:
    card = entry.card
    return any(wanted in text.casefold() for text in (card.front, card.back, card.id, *card.tags))


def _is_named(entry: Entry, wanted: Name) -> bool:
    card = entry.card
    names = {"tag": card.tags, "deck": (card.deck,), "id": (str(card.id),)}[wanted.field]
    folded = [name.casefold() for name in names]
    if wanted.whole:
        return wanted.value in folded
    return any(name.startswith(wanted.value) for name in folded)


def _is(state: str, progress: Progress, today: date, repeat_below: int) -> bool:
    if state == "due":
        return progress.due is not None and progress.due <= today and not progress.asleep(today)
    if state == "suspended":
        return progress.suspended
    if state == "buried":
        return (progress.buried or date.min) > today
    if state == "marked":
        return progress.flag is not None
    return progress.stage(today, repeat_below).value == state


def pick(names: list[str], wanted: str) -> str:
    """Return the one name that is meant: in full in any case, or as its unique part.

    Raises UsageError, with what was near.
    """
    exact = [name for name in names if name.casefold() == wanted.casefold()]
    parts = exact or [name for name in names if wanted.casefold() in name.casefold()]
    if len(parts) == 1:
        return parts[0]
    if parts:
        raise UsageError(f"{wanted!r} could be {_listed(parts)}. Write more of it.")
    import difflib

    near = difflib.get_close_matches(wanted, names, 3, 0.5) or names[:5]
    known = (
        f"There is {_listed(near)}." if near else "There are no decks yet: flashcards import FILE"
    )
    raise UsageError(f"There is no deck {wanted!r}. {known}")


def pick_decks(names: list[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the decks that words mean; the name of a deck stands for the decks below it too.

    `French` means `French` itself, `French::Verbs` and all other `French::…`. Raises UsageError.
    """
    found: dict[str, None] = {}
    for word in wanted:
        family = [name for name in names if in_family(name, word)]
        below = any(name.casefold() != word.casefold() for name in family)
        found.update(dict.fromkeys(family if below else [pick(names, word)]))
    return tuple(found)


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
