"""Texts as YAML: which characters a deck file shows as they are."""

from __future__ import annotations

from flashcards.core.deck_yaml import UNPRINTABLE, is_printable


def test_printable_is_what_needs_no_escape() -> None:
    """The quick answer for ASCII is that of the pattern, for each character alone and among others."""
    for character in map(chr, (*range(0x3000), *range(0xD700, 0x10000), 0x1F600)):
        needs_escape = bool(UNPRINTABLE.search(character))
        assert is_printable(character) is not needs_escape
        assert is_printable(f"a\nb {character}~") is not needs_escape
