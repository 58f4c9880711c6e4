"""Formats that decks come in; each is one file, and one line of the table."""
