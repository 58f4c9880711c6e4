"""What is written is what is shown: gaps as spans, and one Markdown for the screen and for lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import Card, Note
from flashcards.core.cloze import GAP_MARKS, mark_gaps
from flashcards.core.decks import Deck
from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import Capabilities
from flashcards.terminal.markdown.card_text import plain_lines, render_markdown

ROWS = yaml.safe_load((Path(__file__).parents[2] / "data" / "shown.yaml").read_text(encoding="utf-8"))
IN_ORDER = Capabilities(reorders_rtl=True)


def drawn(markdown: str, columns: int = 80) -> str:
    return " ".join(" ".join(line.plain for line in render_markdown(markdown, columns, IN_ORDER)).split())


def card_of(row: dict[str, Any]) -> Card:
    note = Note(row.get("cloze") or row["front"], row.get("back", ""), cloze="cloze" in row)
    cards = list(deck_cards(Deck("D", (note,))))
    return next(card for card in cards if card.id.endswith(row.get("key", "")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.get("cloze") or row["front"])[:30])
def test_a_card_is_shown_as_it_is_meant(row: dict[str, Any]) -> None:
    """On the screen, or line by line; and no list or file ever sees a mark or an asterisk of a gap."""
    card = card_of(row)
    sides = [
        " ".join(plain_lines(side).split()) if row.get("plain") else drawn(side)
        for side in (card.marked_front, card.marked_back)
    ]
    for side, name in zip(sides, ("question", "answer"), strict=True):
        assert side == row.get(name, side)
        assert row.get("never", "\0") not in side
    if "cloze" in row:
        assert not GAP_MARKS.search("".join([*sides, card.front, card.back]))
        assert (card.front + card.back).count("**") <= 2 * row["cloze"].count("**")


@pytest.mark.parametrize(
    ("cloze", "gap"),
    [
        ("un{{seen}}", "seen"),
        ("`a {{b}}`", "b"),
        ("```python\nfor {{x}} in y:\n```", "x"),
        ("| {{t}} |\n|-|", "t"),
    ],
)
def test_a_gap_has_a_style_of_its_own(cloze: str, gap: str) -> None:
    """In prose, in code and in tables; the code around it stays highlighted."""
    card = card_of({"cloze": cloze})
    for side, text in ((card.marked_front, "[…]"), (card.marked_back, gap)):
        (line,) = [line for line in render_markdown(side, 40) if text in line.plain]
        start = line.plain.index(text)
        styled = [span for span in line.spans if theme.GAP in str(span.style).split()]
        assert any((span.start, span.end) == (start, start + len(text)) for span in styled)
        if "for" in line.plain:
            assert any(span.style == theme.KEYWORD for span in line.spans)


def test_marks_in_a_card_are_no_gaps() -> None:
    """Text that holds the signs which stand around gaps cannot make one."""
    assert mark_gaps("a\ufdd0b\ufdd2", (), "\ufdd0") == "a\ufffdb\ufffd"
    assert mark_gaps("abc", ((1, 9),), "\ufdd0") == "a\ufdd0bc\ufdd2"


PIECES = st.sampled_from(
    [
        "word",
        "漢字",
        "한",
        "ב",
        "{{",
        "}}",
        "{",
        "}",
        "c1::",
        "c1,2::",
        "::",
        "$",
        "\\frac",
        "^",
        "`",
        "```\n",
        "*",
        "\n- ",
        "|",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_whatever_has_gaps_is_drawn_without_marks(cloze: str) -> None:
    """No mark reaches the screen, and the drawn words of both sides are those of the sentence."""
    for card in deck_cards(Deck("D", (Note(cloze, cloze=True),))):
        for side in (card.marked_front, card.marked_back):
            assert not GAP_MARKS.search(drawn(side) + plain_lines(side))
        assert drawn(card.marked_back).count("word") == card.back.count("word")
