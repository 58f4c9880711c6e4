"""The search language finds what it says, and tells what it cannot read."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import card
from flashcards.core.deck_names import pick_decks, pick_name
from flashcards.core.progress import CardState, Progress
from flashcards.core.search_query import SearchContext, parse_query
from flashcards.core.sm2 import MemoryState
from flashcards.errors import UsageError
from search_oracle import matches_query

TODAY = date(2026, 1, 5)
NEW = CardState(card("What is LoRA?", "Low rank", "lora", tags=("llm",)), Progress())
LEECH = CardState(card("Why mask?", "Padding", "mask"), Progress(MemoryState(180, 3, 0, 8), due=TODAY))
OLD = CardState(
    card("RAG?", "Retrieval", "rag", deck="Other"),
    Progress(
        MemoryState(250, 90, 5),
        due=date(2026, 3, 1),
        last_answered=TODAY,
        last_rating=2,
        suspended=True,
        mark="typo",
    ),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["lora", "mask", "rag"]),
        ("lora", ["lora"]),
        ('"low rank"', ["lora"]),
        ("tag:LLM", ["lora"]),
        ("deck:oth", ["rag"]),
        ("id:ma", ["mask"]),
        ("is:new", ["lora"]),
        ("is:due", ["mask"]),
        ("is:leech", ["mask"]),
        ("is:suspended", ["rag"]),
        ("is:learning", ["rag"]),
        ("is:marked", ["rag"]),
        ("ease<2", ["mask"]),
        ("interval>=90", ["rag"]),
        ("-is:new -is:due", ["rag"]),
        ("what is:new", ["lora"]),
        ("a=b", []),
        ("is:new or is:leech", ["lora", "mask"]),
        ("-(is:new or is:leech)", ["rag"]),
        ("!is:new interval<50", ["mask"]),
        ("is:new is:leech or rag", ["rag"]),
        ("due:today", ["mask"]),
        ("due:tomorrow", ["mask"]),
        ("due=2026-03-01", ["rag"]),
        ("due>7", ["rag"]),
        ("due<100", ["mask", "rag"]),
        ("answered:today", ["rag"]),
        ("answered<3 rated:2", ["rag"]),
        ("rated<5", ["rag"]),
        ("tag=ll", []),
        ("tag!=llm", ["mask", "rag"]),
        ('deck:"other"', ["rag"]),
        ('"or"', ["lora"]),
        ('text:"low rank"', ["lora"]),
        ("https://x", []),
    ],
)
def test_a_query_finds(query: str, expected: list[str]) -> None:
    """All terms of a query hold for what it finds."""
    tree = parse_query(query, TODAY)
    found = [e.card.id for e in (NEW, LEECH, OLD) if matches_query(tree, e, SearchContext(TODAY))]
    assert found == expected


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("is:du", "Did you mean is:due"),
        ("ease<low", "needs a number"),
        ('"open', "quotation"),
        ('lora"open', "quotation"),
        ("tag<3", "tag:3"),
        ("eas<2", r"unknown field 'eas'. Did you mean ease"),
        ("due<soon", r"not a date.*\n  due<soon\n  \^"),
        ("lora (is:new", r"not closed.*\n.*\n       \^"),
        ("lora)", "unmatched"),
        ("lora or", "both sides"),
        ("tag:", "needs a value"),
        ("lora due>99999999", "not a date"),
    ],
)
def test_what_cannot_be_read_is_told(query: str, told: str) -> None:
    """A query with a mistake says what it is and what to write."""
    with pytest.raises(UsageError, match=told):
        parse_query(query, TODAY)


def test_a_deck_is_named_by_any_part_that_is_its_own() -> None:
    """In full whatever the case, or by a part that no other deck has."""
    names = ["Transformers, RAG & LoRA", "French", "French verbs"]
    assert pick_name(names, "rag") == names[0]
    assert pick_name(names, "french") == "French"
    with pytest.raises(UsageError, match="several decks"):
        pick_name(names, "ren")
    with pytest.raises(UsageError, match="Did you mean 'French'"):
        pick_name(names, "Frenhc")


@given(st.text(alphabet='ab:<=!-()" or\\tag.due7\n', max_size=30))
def test_any_words_are_read_or_refused(query: str) -> None:
    """Whatever is typed, there is an answer or a message."""
    with suppress(UsageError):
        matches_query(parse_query(query, TODAY), NEW, SearchContext(TODAY))


def test_a_deck_stands_for_those_below_it() -> None:
    """The name of a family means all of it, whether the head of it is a deck itself or not."""
    names = ["French", "French::Verbs", "French::Verbs::Past", "Frenchy", "Latin::Verbs"]
    assert pick_decks(names, ["french"]) == ("French", "French::Verbs", "French::Verbs::Past")
    assert pick_decks(names, ["french::verbs"]) == ("French::Verbs", "French::Verbs::Past")
    assert pick_decks(names, ["Latin", "latin::verbs"]) == ("Latin::Verbs",)
    assert pick_decks(names, ["past"]) == ("French::Verbs::Past",)
    with pytest.raises(UsageError, match="several decks"):
        pick_decks(names, ["verbs"])
