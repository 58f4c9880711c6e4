"""Our own form of deck file, read quickly: always what the reader of all YAML says, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flashcards.core.cards import Note
from flashcards.core.deck_yaml import render_deck
from flashcards.core.decks import Deck
from flashcards.storage.decks.own_format_reader import read_own_format
from flashcards.storage.decks.reader import parse_any_yaml

PIECES = st.sampled_from(
    ["a", "b c", " ", "\n", "  ", ": ", " #", "#", ":", "- ", "x: y", '"', "\\", "'", "|", "|2",
     "{{g}}", "{{c1::g::h}}", "[", "]", ", ", "é", "漢", "\t", "\x85", "\u2028", "\ufeff", "\x1b",
     "\\n", "\\x41", "\\u00e9", "- one\n- two", "---", "...", "%", "&", "*", "!", "?", "1", "true",
     "\n    back: x", "\n  - front: y", "deck: z", "    ", "\r"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=6).map("".join)
TAGS = st.lists(TEXTS.map(lambda text: " ".join(text.split())).filter(bool), max_size=3, unique=True)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    cloze = draw(st.booleans())
    front = draw(TEXTS).strip("\n")
    back = draw(TEXTS).strip("\n")
    return Note(
        front=front + "{{gap}}" if cloze else front or "f",
        back=back,
        id=draw(st.sampled_from(["", "x1", "anki-a%20b", "-", '"', "#a", "é"])),
        tags=tuple(draw(TAGS)),
        reverse=None if cloze else draw(st.sampled_from([None, True])),
        cloze=cloze,
        typed=draw(st.sampled_from([None, True])),
        accept=tuple(draw(st.sampled_from([(), ("x",)]))) if not cloze else (),
        hint=draw(TEXTS).strip("\n"),
        remark=draw(TEXTS).strip("\n"),
    )


DECKS = st.builds(
    Deck,
    TEXTS.map(lambda text: " ".join(text.split()) or "D"),
    st.lists(notes(), min_size=1, max_size=4).map(tuple),
    description=TEXTS.map(lambda text: text.strip("\n")),
    tags=TAGS.map(tuple),
)


@settings(max_examples=100, deadline=None)
@given(DECKS)
def test_what_we_write_is_read_the_same(deck: Deck) -> None:
    """A deck as we write it is read like any other YAML."""
    text = render_deck(deck)
    quick = read_own_format(text, "d.yaml")
    assert quick is None or parse_any_yaml(text, "d.yaml") == (quick, [])


@settings(max_examples=200, deadline=None)
@given(DECKS, st.data())
@example(Deck("D", (Note("a", "b\n\n"),)), None)
def test_what_was_edited_is_read_the_same(deck: Deck, data: st.DataObject | None) -> None:
    """However a person bends it, the quick reader agrees with the slow one, or leaves it to it."""
    text = render_deck(deck)
    for _ in range(data.draw(st.integers(1, 3)) if data else 0):
        assert data
        place, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        end = min(end, place + data.draw(st.integers(0, 8)))
        text = text[:place] + data.draw(TEXTS) + text[end:]
    quick = read_own_format(text, "d.yaml")
    assert quick is None or parse_any_yaml(text, "d.yaml") == (quick, [])


@pytest.mark.parametrize("many", [1, 50])
def test_plain_decks_are_in_our_form(many: int) -> None:
    """The quick reader takes what imports write, so that large libraries open quickly."""
    made = tuple(
        Note(f"What: is {i}?", f"- one\n- two {i}" if i % 2 else "plain", f"x{i}", ("a", "b::c"))
        for i in range(many)
    )
    deck = Deck("D: d", made, "d.yaml", "about", ("all",))
    quick = read_own_format(render_deck(deck), "d.yaml")
    assert quick
    assert [(n.front, n.back, n.id, n.tags) for n in quick.notes] == [
        (n.front, n.back, n.id, n.tags) for n in made
    ]


CROWDED = "".join(f"{{{{c{i}::x}}}}" for i in range(1, 502))


@pytest.mark.parametrize(
    "note",
    [Note("no gap", "", cloze=True), Note(CROWDED, "", cloze=True),
     Note(" ", "b"), Note("a", "b", id="a b")],
    ids=["no gap", "too many gaps", "no front", "no id"],
)  # fmt: skip
def test_what_cannot_be_asked_is_left_to_the_slow_reader(note: Note) -> None:
    """Which tells what is wrong with it, and where."""
    text = render_deck(Deck("D", (note,), "d.yaml"))
    assert read_own_format(text, "d.yaml") is None
    assert parse_any_yaml(text, "d.yaml")[1]
