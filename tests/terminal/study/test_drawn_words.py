"""Cards that came as HTML, drawn on a small screen: the words that are seen are those of the source."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from factories import NOON, card
from flashcards.core.key_bindings import resolve_bindings
from flashcards.core.progress import NEW_PROGRESS
from flashcards.core.scheduling import preview_ratings
from flashcards.core.session import RemainingCounts
from flashcards.importers.html.tags import html_to_markdown
from flashcards.terminal.device.capabilities import Capabilities
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.study.answering.make_answer_view import make_answer_view
from flashcards.terminal.study.footer import RatingPreview, answer_key_hints, footer_lines
from flashcards.terminal.study.frame import SessionStatus, render_study_view
from flashcards.terminal.text.width import display_width

SIZE = ScreenSize(40, 15, Capabilities(reorders_rtl=True))
"""Small, and with letters in the order in which they are read."""
DRAWN = dict.fromkeys(map(ord, " \n\t\xa0-+•│─>"))
"""What stands around words: spaces, and what lists, quotations, rules and headings are drawn with."""
ADDRESS = "https://x.y/z"


class Piece(NamedTuple):
    """A piece of HTML, and what of it is to be read."""

    source: str
    words: str
    has_table: bool = False


def text(words: str) -> Piece:
    return Piece(html.escape(words, quote=False), words)


def wrapped(name: str, inner: Piece, before: str = "") -> Piece:
    return Piece(f"<{name}>{inner.source}</{name}>", before + inner.words, inner.has_table)


def joined(pieces: list[Piece], between: str = "") -> Piece:
    has_table = any(piece.has_table for piece in pieces)
    return Piece(between.join(p.source for p in pieces), " ".join(p.words for p in pieces), has_table)


WORDS = st.sampled_from([
    *"ab12.,:;!?()[]{}\"'+*_#=~`/\\&<、。「」は重한אح ", "word ", " and ", "__init__", "2*3*4", "y**2", "3. ",
    "(x)", "f(x)", "a_b", "**", "[x]: y", "&amp", "http://x.y", "[a](b)", "重要。", "$5 ", "# ", "1) ", "🙂",
    "Dampfschifffahrtsgesellschaft ", "漢字かな交じり文はここで折り返されるはずです", "فارسی ", "e\u0301",
])  # fmt: skip
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map("".join).filter(lambda words: words.count("$") < 2)
STYLES = st.sampled_from(["b", "i", "u", "s", "em", "strong", "span", "mark"])
SPECIAL = st.sampled_from([
    Piece("<code>a_b*c</code>", "a_b*c"),
    Piece('<img src="a.png" alt="a dog">', "[image: a dog]"),
    Piece("[sound:le chien.mp3]", "♪ le chien.mp3"),
    Piece(f'<a href="{ADDRESS}">here</a>', f"here ({ADDRESS})"),
    Piece("x<sup>2</sup>", "x²"),
    Piece(r"\(a+1\)", "a+1"),
    Piece("&nbsp;&eacute;", "é"),
    Piece("<br>", ""),
    Piece("<ruby>字<rt>じ</rt></ruby>", "字(じ)"),
])  # fmt: skip
RUNS = st.recursive(
    st.lists(TEXTS.map(text) | SPECIAL, min_size=1, max_size=3).map(joined),
    lambda inner: st.builds(wrapped, STYLES, st.lists(inner, min_size=1, max_size=3).map(joined)),
    max_leaves=6,
)
CELLS = st.sampled_from(["one", "two", "漢字", "x", "some more words", ""]).map(text)


def bullets(items: list[Piece]) -> Piece:
    return wrapped("ul", joined([wrapped("li", item) for item in items]))


def numbers(items: list[Piece]) -> Piece:
    return wrapped("ol", joined([wrapped("li", item, f"{n}. ") for n, item in enumerate(items, 1)]))


def table(rows: list[list[Piece]]) -> Piece:
    whole = joined([wrapped("tr", joined([wrapped("td", cell) for cell in row])) for row in rows])
    return wrapped("table", whole)._replace(has_table=True)


FILLED = RUNS.filter(lambda run: bool(run.words.strip()))
BLOCKS = st.recursive(
    st.builds(wrapped, st.sampled_from(["p", "div", "h2", "blockquote"]), RUNS)
    | st.builds(table, st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=3))
    | st.sampled_from([Piece("<hr>", ""), Piece("<pre>x = *y*\n  __z__ # 1</pre>", "x = *y* __z__ # 1")]),
    lambda inner: (
        st.builds(bullets, st.lists(FILLED, min_size=1, max_size=3))
        | st.builds(numbers, st.lists(FILLED, min_size=1, max_size=3))
        | st.builds(bullets, st.lists(st.tuples(FILLED, inner).map(list).map(joined), min_size=1, max_size=2))
    ),
    max_leaves=4,
)
LOOKS_OTHERWISE = re.compile(
    r"\$.*\$|\\[\[\\$]|\\\((?!a\+1\\\))|</ol>(?:<br>)*<ol>|^(?=.*(?:3\. |1\) )).*<ol>", re.DOTALL
)
"""Signs that Anki takes for math; and lists with no word between them, which are one."""
SIDES = (
    st.lists(RUNS | BLOCKS, min_size=1, max_size=4)
    .map(joined)
    .filter(lambda side: not LOOKS_OTHERWISE.search(side.source))
)


def letters(words: str) -> str:
    """Return what is read; an address, which is told once only, left out."""
    return words.translate(DRAWN).replace(f"({ADDRESS})", "")


def draw_card(front: Piece, back: Piece) -> None:
    """Draw both sides of a card, whole, and on the screen, and read them."""
    made = card(html_to_markdown(front.source) or "?", html_to_markdown(back.source))
    answer_view = make_answer_view(made, NOON.date(), typing=False)
    status = SessionStatus("Deck", 1, RemainingCounts(1, 1, 1), 1000)
    preview = RatingPreview(preview_ratings(NEW_PROGRESS, NOON.date(), 4), NOON.date())
    for shown in (False, True):
        if shown:
            answer_view.show_answer()
        layout = answer_view.complete_layout(SIZE)
        hints = answer_key_hints(answer_view, resolve_bindings())
        footer = footer_lines(SIZE, hints, preview if shown else None)
        last = render_study_view(SIZE, status, layout, footer).max_scroll
        for scroll in {0, last // 2, last}:
            view = render_study_view(SIZE, status, layout, footer, scroll)
            assert len(view.lines) <= SIZE.rows
            assert all(display_width(line.plain) <= SIZE.columns for line in view.lines)
    for side, lines in ((front, layout.question_lines), (back, layout.answer_lines or ())):
        seen = letters(" ".join(line.plain for line in lines))
        wanted = letters(side.words)
        if side.has_table:  # its cells are wrapped beside each other
            seen, wanted = "".join(sorted(seen)), "".join(sorted(wanted))
        assert seen in {wanted, wanted or "?"}


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(SIDES, SIDES)
@example(text("a"), numbers([text("- b"), text("# c")]))
@example(text("a"), Piece("a<i><b>a</b><s><ruby>字<rt>じ</rt></ruby></s>a.</i>", "aa字(じ)a."))
def test_the_words_seen_are_those_of_the_source(front: Piece, back: Piece) -> None:
    """No sign of markup is seen, no word is lost, and nothing is wider than the screen."""
    draw_card(front, back)


@pytest.mark.full
@pytest.mark.parametrize("_part", range(40))
@settings(
    max_examples=250,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    deadline=None,
)
@given(SIDES, SIDES)
def test_ten_thousand_cards_are_drawn(_part: int, front: Piece, back: Piece) -> None:
    """The same, for as many cards as a learner has."""
    draw_card(front, back)
