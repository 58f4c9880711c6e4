"""Markdown as the HTML of Anki's fields: what is not parsed is as the parser makes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.exporters.anki.markdown_to_html import (
    PLAIN_LIST,
    PLAIN_PARAGRAPHS,
    markdown_to_html,
    render_markdown,
)

PIECES = st.sampled_from(
    [
        *"ab1.)+-=#>_*\"'!:é漢“\u00a0\u2028\t|~`<&[]()\\$\ue000\ue001",
        "  ",
        "\n",
        "\n\n",
        "\n- ",
        "- ",
        "1. ",
        "http://a.b",
    ]
)


@given(st.from_regex(PLAIN_LIST, fullmatch=True) | st.from_regex(PLAIN_PARAGRAPHS, fullmatch=True))
def test_text_without_markup_is_as_parsed(text: str) -> None:
    """Lists, lines and paragraphs of plain words have the bytes that the Markdown parser gives."""
    assert markdown_to_html(text) == render_markdown(text)


@given(st.lists(PIECES, max_size=10).map("".join))
def test_any_text_is_as_parsed(text: str) -> None:
    """Whatever stands next to each other, nothing that the parser would change is taken as plain."""
    assert markdown_to_html(text) == render_markdown(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("one\ntwo\n\nthree", "<p>one<br />two</p><p>three</p>"),
        ("- 5", "- 5"),
        ('say "hi" *now*', 'say "hi" <em>now</em>'),
        ("an _emphasis_", "an <em>emphasis</em>"),
        ("$x$ and \ue0007\ue001", "\\(x\\) and \ue0007\ue001"),
    ],
)
def test_html_of(text: str, html: str) -> None:
    """Plain lists and paragraphs, quotes as Anki has them, and signs that mean something here."""
    assert markdown_to_html(text) == html
