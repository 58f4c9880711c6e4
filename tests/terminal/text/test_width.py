"""How wide text is, and where its lines end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize
from flashcards.terminal.text.width import ONE_COLUMN_CHARACTERS, display_width, graphemes, truncate

MIXED = st.text("ab .,/-漢字、。「」👩\u200d🏽नि\u0301é\u05d0", max_size=120).map(sanitize)
"""Texts as they are after the gate: their joiners join."""


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("漢字", 4), ("é", 1), ("e\u0301", 1), ("👩\u200d👩\u200d👧", 2), ("👍🏽", 2),
     ("❤\ufe0f", 2), ("한", 2), ("שָׁלוֹם", 4), ("नि", 1), ("xᵢ²", 3)],
)  # fmt: skip
def test_a_text_is_as_wide_as_it_looks(text: str, columns: int) -> None:
    """Wide signs take two columns, accents none, and joined signs are one."""
    assert display_width(text) == columns
    assert sum(wide for _, wide in graphemes(text)) == columns


def test_signs_that_are_counted_without_tables_are_one_column_wide() -> None:
    """The tables say the same of each sign for which they are not loaded."""
    signs = [chr(code) for code in range(0x3000) if ONE_COLUMN_CHARACTERS.fullmatch(chr(code))]
    assert len(signs) > 600
    assert [sign for sign in signs if cell_len(sign) != 1] == []


@given(MIXED, st.integers(2, 30))
def test_lines_keep_all_that_is_no_space(text: str, columns: int) -> None:
    """No line is too wide, and only spaces are lost."""
    lines = [line.plain for line in wrap_text(Text(text), columns)]
    assert all(display_width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("see https://example.org/long/path", 20, ["see", "https://example.org/", "long/path"]),
        ("漢字、仮名。これは「テスト」です", 10, ["漢字、仮", "名。これは", "「テスト」", "です"]),
        ("👩\u200d👩\u200d👧" * 3, 5, ["👩\u200d👩\u200d👧" * 2, "👩\u200d👩\u200d👧"]),
    ],
)
def test_lines_end_where_a_reader_expects(text: str, columns: int, lines: list[str]) -> None:
    """Between words; in scripts without spaces anywhere, but not before a comma."""
    assert [line.plain for line in wrap_text(Text(text), columns)] == lines


@given(MIXED, st.integers(2, 20))
def test_what_is_cut_fits(text: str, columns: int) -> None:
    """A cut text takes at most its columns and says that it was cut."""
    found = truncate(text, columns)
    assert display_width(found) <= columns
    assert found == text or found.endswith("…")
