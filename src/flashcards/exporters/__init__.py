"""Formats that decks go out in; each is one file, and one line of the table."""
