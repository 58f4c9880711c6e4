"""The line of the search: what it means, what is wrong, what tab puts there."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.describe_search import describe_query
from flashcards.core.search_query import parse_query
from flashcards.terminal.browse.search_input import SearchLine, suggest_terms

TODAY = date(2026, 1, 5)
LINE = SearchLine(TODAY, (("lora", "low rank", 'say "x"'), ("French", "Transformers, RAG & LoRA")))


@pytest.mark.parametrize(
    ("search", "meaning"),
    [
        ("", "all cards"),
        ("rank", '"rank" in the text'),
        ("tag:lora ease<2.3", "tag lora… and ease below 2.3"),
        ("deck=French or -is:new", "deck french or not new"),
        ("-(is:due lapses>=3)", "not (due and lapses at least 3)"),
        ("(rank or tag:a) due:tomorrow", '("rank" in the text or tag a…) and due by 6 Jan 2026'),
        ("answered<3", "answered after 2 Jan 2026"),
        ("rated!=2", "rated not 2"),
    ],
)
def test_a_search_is_told_in_words(search: str, meaning: str) -> None:
    """What is below the line says how each term was understood."""
    assert describe_query(parse_query(search, TODAY)) == meaning


@pytest.mark.parametrize(
    ("typed", "keys", "becomes"),
    [
        ("ta", ["tab"], "tag:"),
        ("rank or -is:n", ["tab"], "rank or -is:new"),
        ("tag:lo", ["tab", "tab"], 'tag:"low rank"'),
        ("tag:lo", ["backtab"], 'tag:"low rank"'),
        ('tag:"lo', ["tab", "tab", "tab"], "tag:lora"),
        ("(deck:tr", ["tab"], '(deck:"Transformers, RAG & LoRA"'),
        ("due:tom", ["tab"], "due:tomorrow"),
        ("xyz", ["tab"], "xyz"),
    ],
)
def test_tab_completes_the_term_at_the_cursor(typed: str, keys: list[str], becomes: str) -> None:
    """Fields, states, days, tags and decks; again takes the next one."""
    line = LINE.edit(typed)
    for key in keys:
        line = line.apply_key(key)
    assert line.text == becomes


@given(st.text(max_size=20))
def test_a_completed_tag_is_found_by_its_search(tag: str) -> None:
    """Whatever a tag is called, the term that stands for it parses."""
    clean = SearchLine(TODAY).edit(tag).text
    for term in suggest_terms("tag:", (clean,), ())[1]:
        parse_query(term, TODAY)


def test_a_wrong_search_is_told_in_one_line() -> None:
    """The fault comes with its remedy, without the mark below the place."""
    line = LINE.edit("is:nwe")
    assert line.fault == "unknown state 'nwe'. Did you mean is:new?"
    assert line.below(80)[0].plain.strip() == line.fault


def test_what_tab_puts_into_the_line_steers_nothing() -> None:
    """A deck file may have been made by anyone."""
    line = SearchLine(TODAY, (("a\x1b]0;x\x07b",), ())).edit("tag:").apply_key("tab")
    assert line.text == "tag:a]0;xb"
