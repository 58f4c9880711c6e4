"""Deck names and subdecks (`French::Verbs` below `French`)."""

SUBDECK_SEPARATOR = "::"


def is_deck_or_subdeck(deck: str, parent: str) -> bool:
    """Tell whether a deck is `parent` or below it, ignoring case."""
    deck, parent = deck.casefold(), parent.casefold()
    return deck == parent or deck.startswith(parent + SUBDECK_SEPARATOR)
