"""The home screen: today's counts, the decks, and their keys."""
