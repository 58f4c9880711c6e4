"""Text that a deck file can hold."""

from __future__ import annotations

from flashcards.core.clean_text import clean_text


def test_control_characters_stay_out() -> None:
    """A deck file with one would be faulty: they are left out, tab and newline stay."""
    assert clean_text("a\x07b\x1b[31m\x85\tc\r\nd\n") == "ab[31m\tc\nd"
