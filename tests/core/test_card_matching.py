"""Edited cards are matched to their former ids, strangers are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.card_ids import deck_cards
from flashcards.core.card_matching import CardText, match_edited_cards, match_returned_cards
from flashcards.core.cards import CardId, Note
from flashcards.core.decks import Deck


def text(name: str, front: str, back: str, deck: str = "D") -> CardText:
    return CardText(CardId(name), deck, front, back)


def ids(*notes: Note) -> list[str]:
    return [card.id for card in deck_cards(Deck("D", notes))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (text("a", "Q", "A"), text("b", "Q", "A", "E")),
        (text("a", "Q", "long answer"), text("b", "Q", "another one")),
        (text("a", "Why is it?", "A"), text("b", "What for?", "A")),
        (
            text("a", "What is low-rank adaptation?", "A method to fine-tune models cheaply."),
            text("b", "What's low rank adaptation?", "A method to fine-tune big models cheaply."),
        ),
    ],
    ids=["moved", "back reworded", "front reworded", "both a little"],
)
def test_an_edited_card_is_found_again(old: CardText, new: CardText) -> None:
    """A card moved, or reworded on one side or on both a little, is the same card."""
    stranger = text("z", "Entirely different", "Nothing of the kind")
    assert match_edited_cards([old], [stranger, new]) == {CardId("a"): CardId("b")}


def test_strangers_are_not_matched() -> None:
    """A card that shares little is a new one."""
    assert not match_edited_cards([text("a", "What is RAG?", "Retrieval")], [text("b", "Why?", "Masks")])


def test_doubtful_texts_are_not_matched() -> None:
    """Two new cards that both fit one old side are told apart by the rest, or not at all."""
    old = [text("a", "one two three four", "yes")]
    new = [text("b", "five", "yes"), text("c", "one two three four five", "yes")]
    assert match_edited_cards(old, new) == {CardId("a"): CardId("c")}


SIDES = st.text("abc ", min_size=1, max_size=6)


@given(st.lists(st.tuples(SIDES, SIDES), max_size=8), st.lists(st.tuples(SIDES, SIDES), max_size=8))
def test_matching_is_one_to_one(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> None:
    """No card is matched twice, and only cards that were given are."""
    before = [text(f"o{i}", *sides) for i, sides in enumerate(old)]
    after = [text(f"n{i}", *sides) for i, sides in enumerate(new)]
    found = match_edited_cards(before, after)
    assert len(set(found.values())) == len(found)
    assert set(found) <= {t.card for t in before}
    assert set(found.values()) <= {t.card for t in after}


@given(st.permutations(range(6)))
def test_a_shuffled_deck_keeps_every_card(order: list[int]) -> None:
    """Without ids, moving all cards about and into another deck loses none."""
    before = [text(f"o{i}", f"Question number {i}", f"Answer {i}") for i in range(6)]
    after = [before[i]._replace(card=CardId(f"n{i}"), deck="E") for i in order]
    assert match_edited_cards(before, after) == {CardId(f"o{i}"): CardId(f"n{i}") for i in range(6)}


def test_a_card_long_gone_comes_back_by_its_text() -> None:
    """With both sides unchanged, or in its deck a little reworded; a stranger is a new card."""
    answer = "A method to fine-tune models cheaply."
    gone = [text("a", "Q", "A"), text("b", "What is LoRA?", answer), text("c", "Why?", "Masks")]
    back = [
        text("d", "Q", "A", "E"),
        text("e", "What is LoRA really?", answer),
        text("f", "Why not?", "Something else"),
    ]
    assert match_returned_cards(gone, back) == {"a": "d", "b": "e"}


def test_a_card_long_gone_is_found_in_another_deck_when_all_but_the_same() -> None:
    """A word put in is no other card; the same question about something else is one."""
    gone = [text("a", "What is low-rank adaptation?", "A method to fine-tune models cheaply.")]
    moved = text("b", "What is low-rank adaptation, then?", gone[0].back, "E")
    other = text("c", "What is beam search?", "A method to decode with several candidates.", "E")
    assert match_returned_cards(gone, [other, moved]) == {"a": "b"}
    assert match_returned_cards(gone, [other]) == {}


def test_a_deck_renamed_and_cards_reworded_at_once() -> None:
    """What is alike enough is found in another deck too."""
    old = text("a", "What is low-rank adaptation?", "A method to fine-tune models cheaply.")
    new = text("b", "What's low-rank adaptation?", "A way to fine-tune models cheaply.", "E")
    assert match_edited_cards([old], [new]) == {"a": "b"}


def test_gaps_go_on_as_themselves_when_their_sentence_is_reworded() -> None:
    """Siblings look alike; each finds itself again by its gap."""
    before = Note("The {{heart}} pumps {{blood}} all day.", cloze=True)
    after = Note("The {{heart}} pumps {{blood}} all day and night.", cloze=True)
    old, new = (list(deck_cards(Deck("D", (note,)))) for note in (before, after))
    texts = [[CardText(c.id, c.deck, c.front, c.back) for c in cards] for cards in (old, new)]
    assert match_edited_cards(*texts) == {one.id: two.id for one, two in zip(old, new, strict=True)}
