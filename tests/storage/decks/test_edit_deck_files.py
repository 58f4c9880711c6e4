"""Edits of deck files: what is written reads back the same, and nothing else moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import LENIENCY_KINDS, Card, Note
from flashcards.core.deck_yaml import render_deck
from flashcards.core.decks import Deck
from flashcards.errors import DeckError
from flashcards.storage.decks.edit_deck_files import EditableDeck, append_notes, merge_deck, render_verified
from flashcards.storage.decks.reader import parse_deck, verified_decks

SIGNS = st.characters(exclude_categories=["Cs"])
TEXT = st.one_of(
    st.text(SIGNS, min_size=1, max_size=40),
    st.text("ab:#-'\"|>[]{}&*!%@`\\ \n\t,?", min_size=1, max_size=20),
)
SIDE = TEXT.map(lambda text: text.rstrip("\n")).filter(str.strip)
TAG = st.text(SIGNS, min_size=1, max_size=8).map(lambda t: " ".join(t.split())).filter(bool)
LINES = st.lists(SIDE, max_size=2, unique=True).map(tuple)
SAID = st.none() | st.booleans()
LENIENT = st.none() | st.sets(st.sampled_from(LENIENCY_KINDS)).map(
    lambda kinds: tuple(kind for kind in LENIENCY_KINDS if kind in kinds)
)
NOTES = st.builds(
    Note, front=SIDE, back=SIDE | st.just("- one\n- two"),
    tags=st.lists(TAG, max_size=3, unique=True).map(tuple),
    reverse=SAID, typed=SAID, accept=LINES, choices=LINES, lenient=LENIENT,
    id=st.just(""), cloze=st.just(False), line=st.just(0), listed=st.none(),
    hint=st.just(""), remark=st.just(""),
)  # fmt: skip
DECKS = st.builds(
    Deck,
    name=TAG,
    notes=st.lists(NOTES, max_size=4).map(
        lambda notes: tuple(note._replace(id=f"n{i}") for i, note in enumerate(notes))
    ),
    description=SIDE,
    reverse=st.booleans(),
    typed=st.booleans(),
    listed=st.booleans(),
    lenient=LENIENT,
)


@pytest.mark.parametrize(
    "fields",
    [
        {"reverse": True}, {"typed": True}, {"listed": True}, {"accept": ("c",)}, {"choices": ("c", "d")},
        {"lenient": ()}, {"hint": "c"}, {"remark": "c"}, {"tags": ("c",)}, {"id": "c"},
    ],
)  # fmt: skip
def test_each_field_alone_is_written(fields: dict[str, Any]) -> None:
    """A note without an answer mode of its own is rendered the short way, and no other."""
    note = Note("a", "- b\n- c", line=4)._replace(**fields)
    _, deck = render_verified(Deck("D", (note,)), "decks/d.yaml")
    assert deck.notes == (note,)


def read(text: str) -> Deck:
    deck, problems = parse_deck(text.encode(), "d.yaml")
    assert not problems, problems
    assert deck
    return deck


def cards(deck: Deck) -> dict[str, Card]:
    return {card.id: card._replace(path="", line=0) for card in deck_cards(deck)}


def ids(deck: Deck) -> set[str]:
    return {note.id for note in deck.notes}


def bare(notes: tuple[Note, ...]) -> list[Note]:
    return [note._replace(line=0) for note in notes]


@given(DECKS)
@example(Deck("D", (Note("a\r\nb", " lead\n\n  more", id="n0"), Note("a\x85", "\u2028x", id="n1"))))
@example(Deck("D", (Note("\n\nlead", "- a\n- b", id="n0"), Note("no", "3.10", id="n1"))))
def test_a_deck_survives_being_written(deck: Deck) -> None:
    """Any text at all comes back from the file as it went in."""
    found = read(render_deck(deck))
    assert list(cards(found).items()) == list(cards(deck).items())
    assert (found.name, found.description) == (deck.name, deck.description)


TEXT_OF_DECK = """# my deck
deck: D

cards:
  # first
  - id: a
    front: A   # said twice
    back: |
      # not a comment
      - one

  # second
  - front: B
    back: b
# the end
"""


def test_an_update_changes_its_card_only() -> None:
    """Comments, order and the other cards stay; new cards come last."""
    incoming = Deck("D", (Note("A!", "two", id="a"), Note("C", "c")))
    found = merge_deck(TEXT_OF_DECK, "d.yaml", incoming)
    assert (len(found.added), len(found.updated), len(found.note_ids)) == (1, 1, 2)
    assert found.text == TEXT_OF_DECK.replace(
        "    front: A   # said twice\n    back: |\n      # not a comment\n      - one\n",
        "    front: A!\n    back: two\n",
    ).replace("    back: b\n", "    back: b\n\n  - front: C\n    back: c\n")


def test_the_same_again_changes_nothing() -> None:
    """A deck brought in twice leaves every byte as it is."""
    found = merge_deck(TEXT_OF_DECK, "d.yaml", read(TEXT_OF_DECK))
    assert (found.text, found.added, found.updated) == (TEXT_OF_DECK, (), ())


@given(DECKS, DECKS)
def test_a_merge_has_all_notes_of_both(mine: Deck, theirs: Deck) -> None:
    """Every note of the incoming deck is there as it says, every other as it was."""
    theirs = replace(theirs, name=mine.name)
    found = cards(read(merge_deck(render_deck(mine), "d.yaml", theirs).text))
    kept = replace(mine, notes=tuple(n for n in mine.notes if n.id not in ids(theirs)))
    assert found == {**cards(kept), **cards(theirs)}


def test_lists_without_indentation_keep_it() -> None:
    """The dashes of added cards stand where those of the file stand."""
    text = "deck: D\ncards:\n- front: a\n  back: b\n"
    found = merge_deck(text, "d.yaml", Deck("D", (Note("c", "d"),)))
    assert found.text == text + "\n- front: c\n  back: d\n"


def test_cards_in_brackets_are_refused() -> None:
    """A file that cannot be edited safely is left alone, and says how to write it."""
    with pytest.raises(DeckError, match="not a block list"):
        merge_deck("deck: D\ncards: [{front: a, back: b}]\n", "d.yaml", Deck("D", (Note("c", "d"),)))


@pytest.mark.parametrize("card", ['front: "a\n b"\n    back: c', "{front: a,\n b: c}"], ids=["told", "found"])
def test_an_edit_that_would_spoil_a_card_is_refused(card: str) -> None:
    """Text in quotes can go on where another card would begin: what is written is read first."""
    text = f"deck: D\ncards:\n  - {card.replace(' b:', ' back:')}\n"
    with pytest.raises(DeckError, match=r"d\.yaml:\d"):
        append_notes(text.encode(), "d.yaml", (Note("c", "d"),))
    assert render_verified(Deck("D", (Note("c", "d"),)), "d.yaml")[0].endswith("- front: c\n    back: d\n")


def test_the_only_card_goes_only_if_a_deck_is_left() -> None:
    """What is written is read first, also if no card is expected: else the file would be no deck."""
    plain = EditableDeck.from_bytes(b"deck: D\ncards:\n  - front: a\n    back: b\n", "d.yaml")
    assert plain.edited({3: None}) == b"deck: D\ncards: []\n"
    quoted = EditableDeck.from_bytes(b'deck: D\ncards:\n  - front: "a\n"\n    back: b\n', "d.yaml")
    with pytest.raises(DeckError, match=r"d\.yaml:\d"):
        quoted.edited({3: None})


def test_a_verified_deck_is_read_once() -> None:
    """Whoever reads the written file next gets the deck that was verified, and it stays nowhere."""
    decks = [Deck("D", (Note(f"c{i}", "d"),)) for i in range(70)]
    written = [render_verified(deck, f"d{i}.yaml") for i, deck in enumerate(decks)]
    again = [parse_deck(text.encode(), f"d{i}.yaml")[0] for i, (text, _) in enumerate(written)]
    assert all(read is verified for read, (_, verified) in zip(again, written, strict=True))
    assert not verified_decks.keys() & {(f"d{i}.yaml", hash(text)) for i, (text, _) in enumerate(written)}


def test_a_faulty_deck_is_not_edited() -> None:
    """Its own fault is told, with its place."""
    with pytest.raises(DeckError, match=r"d\.yaml:2:1"):
        append_notes(b"deck: D\nwhatever: x\n", "d.yaml", (Note("c", "d"),))


def test_a_deck_without_cards_gets_them() -> None:
    """Cards can be brought into an empty deck."""
    found = merge_deck("deck: D\n", "d.yaml", Deck("D", (Note("c", "d"),)))
    assert bare(read(found.text).notes) == [Note("c", "d")]
