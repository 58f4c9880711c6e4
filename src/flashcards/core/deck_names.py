"""Deck names and subdecks (`French::Verbs` below `French`)."""

SUBDECK_SEPARATOR = "::"
"""Stands between a deck's name and that of one below it."""


def is_deck_or_subdeck(deck: str, parent: str) -> bool:
    """Tell whether a deck has a name, in any case, or lies below the deck of that name."""
    deck, parent = deck.casefold(), parent.casefold()
    return deck == parent or deck.startswith(parent + SUBDECK_SEPARATOR)
