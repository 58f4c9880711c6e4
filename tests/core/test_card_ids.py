"""Ids of notes and cards: they stand still as long as they can."""

from __future__ import annotations

from count_calls import HANGS
from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import Note
from flashcards.core.cloze import (
    MAX_CARDS_PER_SENTENCE,
    cloze_cards,
    cloze_keys,
    find_gaps,
    has_too_many_gaps,
    replace_gaps,
)
from flashcards.core.decks import Deck
from flashcards.core.note_ids import note_fingerprint


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
