"""The index: a SQLite cache of decks and journals."""
