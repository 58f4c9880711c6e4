"""Text that a deck file can hold."""

from __future__ import annotations

import re

from flashcards.core.clean_text import UNPRINTABLE, clean_text, is_printable


def test_control_characters_stay_out() -> None:
    """A deck file with one would be faulty: they are left out, tab and newline stay."""
    assert clean_text("a\x07b\x1b[31m\x85\tc\r\nd\n") == "ab[31m\tc\nd"


def test_printable_is_what_needs_no_escape() -> None:
    """The quick answer for ASCII is that of the pattern, for each character alone and among others."""
    for character in map(chr, (*range(0x3000), *range(0xD700, 0x10000), 0x1F600)):
        needs_escape = bool(re.search(UNPRINTABLE, character))
        assert is_printable(character) is not needs_escape
        assert is_printable(f"a\nb {character}~") is not needs_escape
