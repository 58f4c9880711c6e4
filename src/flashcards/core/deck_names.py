"""Names of decks and subdecks (`French::Verbs` below `French`), and how to find decks by them."""

from collections.abc import Iterable

from flashcards.core.name_suggestions import suggest_name
from flashcards.errors import UsageError

SUBDECK_SEPARATOR = "::"
NO_DECKS = "You have no decks yet. Import one: flashcards import FILE"


def is_deck_or_subdeck(deck: str, parent: str) -> bool:
    """Tell whether a deck is `parent` or below it, ignoring case."""
    deck, parent = deck.casefold(), parent.casefold()
    return deck == parent or deck.startswith(parent + SUBDECK_SEPARATOR)


def pick_name(names: list[str], wanted: str) -> str:
    """Return the name that equals or uniquely contains `wanted`. Raises UsageError."""
    exact = [name for name in names if name.casefold() == wanted.casefold()]
    parts = exact or [name for name in names if wanted.casefold() in name.casefold()]
    if len(parts) == 1:
        return parts[0]
    if parts:
        raise UsageError(f"{wanted!r} matches several decks: {_quote_names(parts)}. Type more of the name.")
    hint = suggest_name(wanted, names, "{!r}")
    if not hint.startswith("Did"):
        hint = f"Your decks: {_quote_names(names)}." if names else NO_DECKS
    raise UsageError(f"No deck matches {wanted!r}. {hint}")


def find_deck(names: Iterable[str], wanted: str) -> str | None:
    """Return the deck with this name or level; else None. Raises UsageError."""
    folded = wanted.casefold()
    exact = [name for name in names if name.casefold() == folded]
    levels = exact or [name for name in names if folded in name.casefold().split(SUBDECK_SEPARATOR)]
    if len(levels) > 1:
        raise UsageError(f"{wanted!r} matches several decks: {_quote_names(levels)}. Type the whole name.")
    return levels[0] if levels else None


def pick_decks(names: list[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the decks of some names, subdecks included. Raises UsageError."""
    picked: dict[str, None] = {}
    for word in wanted:
        family = [name for name in names if is_deck_or_subdeck(name, word)]
        below = any(name.casefold() != word.casefold() for name in family)
        picked.update(dict.fromkeys(family if below else [pick_name(names, word)]))
    return tuple(picked)


def _quote_names(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:5])
    return shown if len(names) <= 5 else f"{shown} and {len(names) - 5} more"
