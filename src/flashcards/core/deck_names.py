"""Decks below decks: `French::Verbs` lies below `French`; bare of imports, as `limits` is."""

BELOW = "::"
"""Stands between a deck's name and that of one below it."""


def in_family(deck: str, name: str) -> bool:
    """Tell whether a deck has a name, in any case, or lies below the deck of that name."""
    deck, name = deck.casefold(), name.casefold()
    return deck == name or deck.startswith(name + BELOW)
