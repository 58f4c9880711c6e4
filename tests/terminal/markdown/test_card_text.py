"""Markdown as it is shown, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from count_calls import count_calls
from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import DEFAULT_CAPABILITIES
from flashcards.terminal.markdown.card_text import _render_plain, _render_uncached, render_markdown
from flashcards.terminal.markdown.highlight_code import highlight_code
from flashcards.terminal.markdown.render_blocks import render_blocks


def shown(markdown: str, columns: int = 40) -> list[str]:
    return [line.plain for line in render_markdown(markdown, columns)]


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("- one\n- two\n  - deep", ["• one", "• two", "  • deep"]),
        ("3. a\n4. b", ["3. a", "4. b"]),
        ("**b** *i* `c` ~~s~~", ["b i c s"]),
        ("one\ntwo", ["one", "two"]),
        ("a\n\nb", ["a", "", "b"]),
        ("# Head\ntext", ["Head", "", "text"]),
        ("> said\n> more", ["│ said", "│ more"]),
        ("> a\n>\n> > b\n\nc", ["│ a", "│", "│ │ b", "", "c"]),
        ("> a\n>\n> - b\n>\n> c", ["│ a", "│", "│ • b", "│", "│ c"]),
        ("```\nx = 1\n\ny\n```", ["  x = 1", "", "  y"]),
        ("```python\ndef f(): pass\n```", ["  def f(): pass"]),
        ("<b>raw</b> <script>", ["<b>raw</b> <script>"]),
        ("[text](http://x.org)", ["text (http://x.org)"]),
        ("![alt](p.png)", ["[image: alt]"]),
        ("$a_1 * b_2 * c$ and 5$", ["a₁ ∗ b₂ ∗ c and 5$"]),
        ("$5 and $6, or US$7", ["$5 and $6, or US$7"]),
        ("$x$5 is no math, nor $ y$", ["$x$5 is no math, nor $ y$"]),
        ("costs \\$5 and $x$", ["costs $5 and x"]),
        ("`$x_1$` is code", ["$x_1$ is code"]),
        ("$\\unheard{_of_} *x*$", ["$\\unheard{_of_} *x*$"]),
        ("a $$x_1$$ b", ["a", "x₁", "b"]),
        ("$$\nx\n- b\n= c\n$$", ["x − b = c"]),
        ("see\n$$\\frac{a}{b}$$\nend", ["see", "", " a", "───", " b", "", "end"]),
        ("- [ ] open\n- [x] done", ["☐ open", "☑ done"]),
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
    assert all(line.cell_len <= max(8, columns) for line in render_markdown(text, columns))


def test_bullets_hang() -> None:
    """The second line of an item stands under its first word."""
    assert shown("- " + "word " * 6 + "\n- b", 20) == ["• word word word", "  word word word", "• b"]


def test_ten_thousand_characters() -> None:
    """A word longer than any line is cut, and none of it is lost."""
    lines = shown("x" * 10_000, 72)
    assert "".join(lines) == "x" * 10_000


@pytest.mark.parametrize("language", ["python", "sql", "c++", "bash", "nope", "../x", "yaml"])
@given(source=st.text(st.characters(exclude_categories=["C"]) | st.just("\n"), max_size=80))
def test_a_listing_is_its_source(language: str, source: str) -> None:
    """Colours change no sign of a program, whatever its language is said to be."""
    assert highlight_code(source, language).plain == source


PLAINLY = st.text("ab -.,:é漢\n1", max_size=120) | st.lists(st.text("ab .,漢", max_size=30), max_size=6).map(
    lambda items: "\n".join(f"- {item}" for item in items)
)


@given(PLAINLY, st.integers(8, 40))
def test_the_quick_way_is_the_same_way(text: str, columns: int) -> None:
    """A plain text looks the same whether the parser has read it or was not needed."""
    quick = _render_plain(text, columns)
    if quick is not None:
        whole = [line.plain for line in render_blocks(text, columns, DEFAULT_CAPABILITIES, "")]
        assert "\n".join(line.plain for line in quick).strip() == "\n".join(whole).strip()


@pytest.mark.parametrize("text", ["What is a key?", "- one\n- two", "a\n\nb", "x = 1, y > 2; (z)!"])
def test_plain_cards_need_no_parser(text: str) -> None:
    """What most cards are is set without the parser."""
    assert _render_plain(text, 40) is not None


WORDS = st.lists(st.text("abcé漢字", min_size=1, max_size=12), min_size=1, max_size=30)


@given(
    WORDS,
    st.sampled_from(["", "- ", "> ", "1. ", "# ", "| ", "**", "$", "- [ ] "]),
    st.integers(8, 60),
)
def test_all_words_are_there_in_order(words: list[str], sign: str, columns: int) -> None:
    """However a text is marked and wrapped, no letter of it is lost or moved."""
    lines = [line.plain for line in render_markdown(sign + " ".join(words), columns)]
    letters = [sign for line in lines for sign in line if sign.isalpha()]
    assert "".join(letters) == "".join(words)


@pytest.mark.parametrize(
    "piece", ["word ", "漢字", "**b** ", "- a\n", "$x_1$ ", "> ", "`", "$", "[", "|a", "x" * 99]
)
def test_a_long_card_is_set_in_a_blink(piece: str) -> None:
    """10,000 characters of anything take a few calls each; a cache may not help here."""
    text = (piece * 10_000)[:10_000]
    _render_uncached(text, 72, DEFAULT_CAPABILITIES, "")
    assert count_calls(lambda: _render_uncached(text, 72, DEFAULT_CAPABILITIES, "")) < 80 * len(text)


@pytest.mark.parametrize("text", ["- word", "- **x** word", "> word", "1. word", "| word |\n|-|\n| x |"])
def test_only_the_margin_is_dim(text: str) -> None:
    """A bullet or a bar is chrome; what a card says never is."""
    (line, *_) = render_markdown(text, 40)
    assert theme.CHROME not in str(line.style)
    said = line.plain.index("word")
    assert not any(s.style == theme.CHROME and s.start <= said < s.end for s in line.spans)
