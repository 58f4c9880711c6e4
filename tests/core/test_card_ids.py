"""Identity: ids that stand still, and the matching of texts when they could not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.card_ids import (
    CardText,
    deck_cards,
    match_edited_cards,
    match_returned_cards,
    note_fingerprint,
)
from flashcards.core.cards import CardId, Deck, Note
from flashcards.core.cloze import (
    MAX_CARDS_PER_SENTENCE,
    cloze_cards,
    cloze_keys,
    find_gaps,
    has_too_many_gaps,
    replace_gaps,
)
from work import HANGS


def text(name: str, front: str, back: str, deck: str = "D") -> CardText:
    return CardText(CardId(name), deck, front, back)


def ids(*notes: Note) -> list[str]:
    return [card.id for card in deck_cards(Deck("D", notes))]


def test_a_fingerprint_ignores_what_no_reader_sees() -> None:
    """Kinds of space and forms of Unicode do not make another card."""
    assert note_fingerprint("D", "caf\u00e9  au\nlait") == note_fingerprint("D", "cafe\u0301 au lait")


def test_a_fingerprint_keeps_sides_apart() -> None:
    """The border between deck and front cannot be moved."""
    assert note_fingerprint("ab", "c") != note_fingerprint("a", "bc")


def test_siblings_have_ids_of_their_own() -> None:
    """Both ways of a note, and each gap, are cards of their own with one note's id."""
    assert ids(Note("f", "b", id="x", reverse=True)) == ["x", "x/r"]
    one, two = ids(Note("{{A}} and {{B}}", id="x", cloze=True))
    assert one != two
    assert one.startswith("x/")


def test_a_gap_added_before_changes_no_other() -> None:
    """Gaps go by their text, not by their place."""
    before = ids(Note("{{A}} here", id="x", cloze=True))
    assert before[0] in ids(Note("{{B}} and {{A}} here", id="x", cloze=True))


def test_numbered_gaps_share_a_card_and_show_their_hint() -> None:
    """All gaps of one number are asked together."""
    (gap,) = cloze_cards("{{c1::Paris::city}} in {{c1::France}}")
    assert gap.front == "[city] in […]"
    assert gap.back == "Paris in France"


def test_math_in_a_gap_keeps_its_braces() -> None:
    """A gap ends at its own braces, not at those of the math in it."""
    (gap,) = cloze_cards("{{$\\frac{a}{b}$}} is it")
    assert gap.back == "$\\frac{a}{b}$ is it"


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


def test_keys_are_those_of_the_cards() -> None:
    """What names the cards of a sentence without making them says the same, in the same order."""
    sentence = "{{c2::b}} {{a}} {{c1::x}} {{c2::y}} {{a}} {{{z}}} {{"
    assert cloze_keys(sentence) == [gap.key for gap in cloze_cards(sentence)]


@HANGS
def test_what_opens_without_an_end_costs_nothing() -> None:
    """Each of many openings would else be followed to the end of the text."""
    text = "{{a}}" + "{{" * 200_000
    assert [gap.text for gap in find_gaps(text)] == ["a"]
    assert not find_gaps("{{" * 200_000)
    assert replace_gaps(text, lambda gap: gap.text) == "a" + "{{" * 200_000


def test_a_crowd_of_gaps_is_known() -> None:
    """One card for each gap, each with the whole sentence, would be a library of one sentence."""
    assert not has_too_many_gaps(
        "".join(f"{{{{c{n}::x}}}}" for n in range(MAX_CARDS_PER_SENTENCE)) + "{{c1::y}}"
    )
    assert has_too_many_gaps("".join(f"{{{{word {n}}}}} " for n in range(MAX_CARDS_PER_SENTENCE + 1)))
