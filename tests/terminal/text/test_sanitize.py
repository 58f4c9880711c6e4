"""The gate: whatever goes in, nothing comes out that steers a terminal."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.terminal.markdown.card_text import render_markdown
from flashcards.terminal.text.sanitize import (
    CONTROL_CHARACTERS,
    sanitize,
    sanitize_line,
    to_encoding,
    write_line,
)

ANY = st.text(st.characters(), max_size=60)


@given(ANY)
def test_nothing_that_steers_comes_out(text: str) -> None:
    """No control, bidi or invisible sign is left, and a second time changes nothing."""
    found = sanitize(text)
    assert not re.search(CONTROL_CHARACTERS, found)
    assert sanitize(found) == found


JOINERS = "\u200c\u200d\ufe0e\ufe0f\U000e0067\U000e007f\U000e0100\u20e3"
ODD = f"a1 ا\u0915\u094d葛❤👩🏽\U0001f3f4{JOINERS}"


@given(st.text(ODD))
def test_what_was_let_through_once_is_let_through_again(text: str) -> None:
    """A joiner that stays is one whose neighbours stay."""
    assert sanitize(sanitize(text)) == sanitize(text)


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "🧑🏽\u200d🚀", "🏳\ufe0f\u200d🌈",
        "👍🏽", "🇩🇪", "1\ufe0f\u20e3",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم", "क्\u200dष", "ক্\u200cষ", "葛\U000e0100城", "שָׁלוֹם", "ภาษาไทย",
        "한글", "e\u0301",
    ],
)  # fmt: skip
def test_what_shapes_a_sign_stays(text: str) -> None:
    """Emoji of several parts, Persian, Indic and Japanese variants arrive whole."""
    assert sanitize(f"a {text} b") == f"a {text} b"


@pytest.mark.parametrize(
    "text",
    [
        "pass\u200dword",
        "pass\u200cword",
        "a\ufe0fb",
        "🙂\ufe0f\ufe01",
        "🙂\u200d",
        "🙂\U000e0061\U000e0062",
        "\u200d",
    ],
)
def test_what_shapes_nothing_hides_nothing(text: str) -> None:
    """Signs that show nothing are spelled out where they have no work to do."""
    assert "<" in sanitize(text)
    assert not set("\u200c\u200d\ufe01\U000e0061") & set(sanitize(text))


@given(st.text("ab \n\t漢é🙂", max_size=30))
def test_readable_text_stays(text: str) -> None:
    """Letters of all scripts, emoji, spaces and line breaks pass unchanged."""
    assert sanitize(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;QQ==\x07", "<1b>]52;c;QQ==<07>"),
        ("\x9b31m", "<9b>31m"),
        ("abc\u202edef", "abc<202e>def"),
        ("[/nope]", "[/nope]"),
        (":smile:", ":smile:"),
        ("a\r\nb\rc", "a\nb<0d>c"),
    ],
)
def test_what_steers_is_spelled_out(text: str, shown: str) -> None:
    """The reader sees that something was there, and what."""
    assert sanitize(text) == shown


@given(ANY, st.integers(8, 80))
def test_markdown_lets_nothing_through(text: str, columns: int) -> None:
    """Not even what becomes a sign only when Markdown is read."""
    for line in render_markdown(text, columns):
        assert not re.search(CONTROL_CHARACTERS, line.plain)
        assert "\n" not in line.plain


def test_entities_pass_the_gate_too() -> None:
    """`&#x202e;` is as harmless as the sign itself."""
    (line,) = render_markdown("a &#x202e; b &#27;[31m", 40)
    assert "\u202e" not in line.plain
    assert "\x1b" not in line.plain


def test_one_line_is_one_line() -> None:
    """Line breaks of a front do not break a table."""
    assert sanitize_line("a\n b\t\tc\u2028d") == "a b c d"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8", "cp437"])
@given(text=ANY)
def test_any_output_takes_any_text(encoding: str, text: str) -> None:
    """No encoding makes a line fail; what it lacks is shown another way."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    write_line(stream, text)


def test_lookalikes_stand_in() -> None:
    """Signs that ASCII has something like are shown as that."""
    assert to_encoding("a → b … “c”", "ascii") == 'a -> b ... "c"'
