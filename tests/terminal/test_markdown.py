"""Markdown as it is shown, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.terminal.listing import highlighted
from flashcards.terminal.markdown import render


def shown(markdown: str, columns: int = 40) -> list[str]:
    return [line.plain for line in render(markdown, columns)]


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("- one\n- two\n  - deep", ["• one", "• two", "  • deep"]),
        ("3. a\n4. b", ["3. a", "4. b"]),
        ("**b** *i* `c` ~~s~~", ["b i c s"]),
        ("one\ntwo", ["one", "two"]),
        ("a\n\nb", ["a", "", "b"]),
        ("# Head\ntext", ["Head", "", "text"]),
        ("> said", ["│ said"]),
        ("```\nx = 1\n\ny\n```", ["  x = 1", "", "  y"]),
        ("```python\ndef f(): pass\n```", ["  def f(): pass"]),
        ("<b>raw</b> <script>", ["<b>raw</b> <script>"]),
        ("[text](http://x.org)", ["text (http://x.org)"]),
        ("![alt](p.png)", ["[image: alt]"]),
        ("$a_1 * b_2 * c$ and 5$", ["$a_1 * b_2 * c$ and 5$"]),
        ("| a | b |\n|---|---|\n| 1 | 漢字 |", ["a  b", "1  漢字"]),
        ("- a\n\n  second", ["• a", "", "  second"]),
        ("[/nope] :smile: [bold]", ["[/nope] :smile: [bold]"]),
        ("", []),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_side_is_shown(markdown: str, lines: list[str]) -> None:
    """Each construct has its plain form; everything else stays as typed."""
    assert shown(markdown) == lines


@given(st.text(st.characters(exclude_categories=["C"]), max_size=200), st.integers(8, 40))
def test_no_line_is_wider_than_asked(text: str, columns: int) -> None:
    """Long words, wide signs and deep lists all fit."""
    assert all(line.cell_len <= max(8, columns) for line in render(text, columns))


def test_bullets_hang() -> None:
    """The second line of an item stands under its first word."""
    assert shown("- " + "word " * 6, 20) == ["• word word word", "  word word word"]


def test_ten_thousand_characters() -> None:
    """A word longer than any line is cut, and none of it is lost."""
    lines = shown("x" * 10_000, 72)
    assert "".join(lines) == "x" * 10_000


@pytest.mark.parametrize("language", ["python", "sql", "c++", "bash", "nope", "../x", "yaml"])
@given(source=st.text(st.characters(exclude_categories=["C"]) | st.just("\n"), max_size=80))
def test_a_listing_is_its_source(language: str, source: str) -> None:
    """Colours change no sign of a program, whatever its language is said to be."""
    assert highlighted(source, language).plain == source
