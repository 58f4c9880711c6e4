"""Deck files of two sides come together: the same on both machines, and no text is lost."""

from __future__ import annotations

import pytest

from deck_changes import Editor, Library, words
from factories import DECK
from flashcards.core.deck_merge.conflict_comments import conflict_texts
from flashcards.core.deck_merge.merge_decks import DeckMerge, Side
from flashcards.storage.decks.merge_deck_files import (
    merge_deck_files,
    parse,
    settle_text,
)

PATH = "decks/french.yaml"
DOG = "  - id: dog\n    front: le chien\n    back: the dog\n"


def library(text: str | Library) -> Library:
    return {PATH: text.encode()} if isinstance(text, str) else text


def merged(one: str | Library, other: str | Library, base: str | Library = DECK) -> DeckMerge[bytes]:
    """Merge both ways round, the second side's change being the later one."""
    sides = Side(library(one), 1, lambda *_: 1), Side(library(other), 2, lambda *_: 2)
    result = merge_deck_files(library(base), *sides)
    assert result == merge_deck_files(library(base), *reversed(sides))
    return result


def text(one: str | Library, other: str | Library, base: str | Library = DECK) -> str:
    return merged(one, other, base).decks[PATH].decode()


def random_merge(seed: int) -> tuple[Library, Library, Library, DeckMerge[bytes]]:
    """Return a base, what two editors made of it, and what comes of it, checked both ways."""
    editor = Editor(seed)
    base = editor.library()
    sides = []
    for _ in range(2):
        side = base
        for _ in range(editor.random.randint(0, 6)):
            side = editor.change(side)
        sides.append(side)
    times = editor.random.choice([(1, 2), (2, 1), (1, 1)])
    one, other = (Side(side, at, lambda *_, at=at: at) for side, at in zip(sides, times, strict=True))
    result = merge_deck_files(base, one, other)
    assert result == merge_deck_files(base, other, one)
    return base, sides[0], sides[1], result


def check_nothing_is_lost(seed: int) -> None:
    base, one, other, result = random_merge(seed)
    for path, data in result.decks.items():
        parse(data, path)
        assert b"<<<<" not in data
    new = (words(one) | words(other)) - words(base)
    both = words(one) & words(other)
    assert new | both <= words(result.decks), seed


@pytest.mark.parametrize("start", range(0, 400, 50))
def test_random_changes_of_two_sides_lose_nothing(start: int) -> None:
    """Every word that either side wrote, or that neither took out, is in the decks afterwards."""
    for seed in range(start, start + 50):
        check_nothing_is_lost(seed)


@pytest.mark.full
@pytest.mark.parametrize("start", range(0, 20_000, 1000))
def test_many_random_changes_of_two_sides_lose_nothing(start: int) -> None:
    """The long form of the same."""
    for seed in range(start, start + 1000):
        check_nothing_is_lost(seed)


def test_different_fields_of_one_card_come_together() -> None:
    """One side edits the front and the other the back: no conflict."""
    result = merged(DECK.replace("le chien", "un chien"), DECK.replace("the dog", "a dog"))
    assert not result.conflicts
    assert b"front: un chien\n    back: a dog" in result.decks[PATH]


def test_the_same_field_keeps_both_texts() -> None:
    """The later text is in place, the other a comment above the card, line by line."""
    one = DECK.replace("back: the dog", "back: |\n      - a\n      - b")
    result = merged(one, DECK.replace("the dog", "a dog"))
    assert [(found.front, found.name) for found in result.conflicts] == [("le chien", "back")]
    kept = "  # sync: back was: |\n  # sync:   - a\n  # sync:   - b\n"
    assert kept + DOG.replace("the dog", "a dog") in result.decks[PATH].decode()


@pytest.mark.parametrize("deleting_is_later", [False, True])
def test_a_card_deleted_here_and_edited_there_stays(*, deleting_is_later: bool) -> None:
    """The edit wins, and is told of; a card that the other side left alone is gone."""
    deleted, edited = DECK.replace(DOG, ""), DECK.replace("the dog", "a dog")
    result = merged(edited, deleted) if deleting_is_later else merged(deleted, edited)
    assert result.decks[PATH].decode() == edited
    assert result.kept == [(PATH, "le chien")]
    assert text(deleted, DECK.replace("the cat", "a cat")) == deleted.replace("the cat", "a cat")


def test_a_card_moved_here_and_edited_there_is_edited_where_it_went() -> None:
    """It is in one file only, with the other side's text."""
    moved = {
        PATH: DECK.replace(DOG, "").encode(),
        "decks/g.yaml": f"deck: G\ncards:\n{DOG}".encode(),
    }
    files = merged(moved, DECK.replace("the dog", "a dog")).decks
    assert files == {
        PATH: moved[PATH],
        "decks/g.yaml": moved["decks/g.yaml"].replace(b"the dog", b"a dog"),
    }


def test_a_file_and_a_deck_renamed_here_take_what_was_edited_there() -> None:
    """Cards that were added or reworded under the old name go with the others."""
    renamed = {"decks/new.yaml": DECK.replace("deck: French", "deck: Français").encode()}
    edited = DECK.replace("le cheval", "un cheval") + "  - front: new\n    back: card\n"
    files = merged(renamed, edited).decks
    assert files == {"decks/new.yaml": edited.replace("deck: French", "deck: Français").encode()}


def test_a_deck_split_here_is_split_with_the_edits_of_there() -> None:
    """Each card is once, in the file that it was moved to."""
    head, _, rest = DECK.partition("  - front: the bird")
    rest = "  - front: the bird" + rest
    split = {PATH: head.encode(), "decks/birds.yaml": f"deck: Birds\ncards:\n{rest}".encode()}
    edited = DECK.replace("l'oiseau", "oiseau").replace("the cat", "a cat")
    files = merged(split, edited).decks
    assert files[PATH].decode() == head.replace("the cat", "a cat")
    assert b"back: oiseau" in files["decks/birds.yaml"]


def test_a_comment_inside_a_field_that_the_other_side_changed_is_kept_above() -> None:
    """The field's lines are the other side's, and a comment is a text, too."""
    one = DECK.replace("back: the dog", "back: the dog # mine\n    # below")
    other = DECK.replace("back: the dog", "back: a dog")
    assert "  # below\n  # mine\n" + DOG.replace("the dog", "a dog") in text(one, other)
    tagged = DECK.replace("back: the dog", "back: the dog\n    tags:\n      - a\n    # of both")
    both = text(tagged.replace("- a", "- b"), tagged.replace("- a", "- c"), tagged)
    assert "  # of both\n" + DOG + "    tags: [b, c]\n" in both


def test_a_card_with_the_id_of_another_is_a_card_of_its_own() -> None:
    """One that was copied to another deck and changed there stays, though one id is of two cards."""
    base = {PATH: DECK.encode(), "decks/a.yaml": b"deck: A\ncards:\n"}
    copied = base | {"decks/a.yaml": base["decks/a.yaml"] + DOG.replace("the dog", "a copy").encode()}
    renamed = {"decks/new.yaml": base[PATH], "decks/a.yaml": base["decks/a.yaml"]}
    files = merged(copied, renamed, base).decks
    assert files == {"decks/new.yaml": base[PATH], "decks/a.yaml": copied["decks/a.yaml"]}


def test_cards_added_at_the_same_place_all_stay() -> None:
    """Also one that both added: of its backs one is in place, the other a comment."""
    card = "  - front: {0}\n    back: {1}\n"
    both = text(DECK + card.format("mine", "m"), DECK + card.format("yours", "y"))
    assert both == DECK + card.format("mine", "m") + card.format("yours", "y")
    both = text(DECK + card.format("same", "m"), DECK + card.format("same", "y"))
    assert both == DECK + "  # sync: back was: m\n" + card.format("same", "y")


def test_two_decks_added_under_one_name_are_two_files() -> None:
    """Neither deck's cards go into the other, on whichever machine."""
    one, other = ({PATH: DECK.encode(), "decks/a.yaml": f"deck: {n}\ncards: []\n".encode()} for n in "AB")
    files = merged(one, other).decks
    assert files.keys() == {PATH, "decks/a.yaml", "decks/a-2.yaml"}


def test_two_cards_that_were_edited_into_one_front_become_one() -> None:
    """A deck with two cards of one front is no deck: both backs are kept in one card."""
    result = text(DECK.replace("the bird", "same"), DECK.replace("the horse", "same"))
    assert result.count("front: same") == 1
    assert "l'oiseau" in result
    assert "le cheval" in result


def test_fields_that_do_not_go_together_are_not_put_together() -> None:
    """Typed here, options to choose from there: the later card is kept whole, the rest beside."""
    typed = DECK.replace("back: the dog", "back: the dog\n    type: true")
    chosen = DECK.replace("back: the dog", "back: the dog\n    choices: [a, b]")
    assert text(typed, chosen) == chosen.replace("  - id: dog", "  # sync: type was: true\n  - id: dog")


def test_tags_of_both_sides_come_together() -> None:
    """A list has what either side added, and not what either took out."""
    tagged = DECK.replace("the dog", "the dog\n    tags: [a, b]")
    both = text(tagged.replace("[a, b]", "[b, c]"), tagged.replace("[a, b]", "[a, b, d]"), tagged)
    assert parse(both.encode(), PATH).deck.notes[0].tags == ("b", "c", "d")


@pytest.mark.parametrize(
    ("mine", "kept"),
    [
        ('"a\\u2028evil: x"', '"a\\u2028evil: x"'),
        ('"a\\nevil: x"', '"a\\nevil: x"'),
        ("a\u2028      evil", '"a\\u2028evil"'),
    ],
)
def test_no_text_can_leave_the_comment_that_keeps_it(mine: str, kept: str) -> None:
    """A line break of any kind in the other text stays inside of one comment line."""
    both = text(DECK.replace("the dog", mine), DECK.replace("the dog", "later"))
    assert f"  # sync: back was: {kept}\n  - id: dog" in both


def test_decks_of_another_form_come_together_too() -> None:
    """Cards in brackets are written one below the other when both sides changed them."""
    flow = "deck: F\ncards: [{front: a, back: b}, {front: c, back: d}]\n"
    both = text(flow.replace("b}", "B}"), flow.replace("d}", "D}"), flow)
    assert both == "deck: F\ncards:\n\n  - front: a\n    back: B\n\n  - front: c\n    back: D\n"


def test_comments_order_and_line_endings_stay_as_one_side_has_them() -> None:
    """A file that only one side changed is that side's, byte for byte."""
    odd = ("\ufeff# top\n" + DECK.replace(DOG, "\n  # above\n" + DOG)).replace("\n", "\r\n")
    assert merged(odd, {PATH: DECK.encode(), "decks/n.yaml": b"deck: N\n"}).decks[PATH] == odd.encode()


def test_a_kept_text_is_put_in_place_or_dropped() -> None:
    """Either choice leaves the deck as that side had it, without the comment."""
    mine = DECK.replace("back: the dog", "back: |\n      - a\n\n      - b")
    yours = DECK.replace("the dog", "a dog").replace("deck: French", "deck: Français")
    mine = mine.replace("deck: French", "deck: Franz")
    both = text(mine, yours).encode()
    assert [kept.name for kept in conflict_texts(parse(both, PATH))] == ["deck", "back"]
    for take_other, wanted in ((True, mine), (False, yours)):
        once = settle_text(both, PATH, 1, take_other=take_other)
        assert settle_text(once, PATH, 0, take_other=take_other).decode() == wanted


def test_several_kept_texts_of_one_field_stay_apart() -> None:
    """A third machine's text comes beside the second's."""
    two = text(DECK.replace("the dog", "a"), DECK.replace("the dog", "b"))
    three = text(DECK.replace("the dog", "c"), two)
    found = conflict_texts(parse(three.encode(), PATH))
    assert [kept.other for kept in found] == [("back: a",), ("back: c",)]
    assert b"back: c\n" in settle_text(three.encode(), PATH, 1, take_other=True)
