"""Deck files: text as it was typed, and every fault with its place and remedy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import Note
from flashcards.core.decks import Deck
from flashcards.errors import Problem
from flashcards.storage.decks.duplicate_cards import duplicates_across
from flashcards.storage.decks.reader import MAX_DECK_BYTES, load_deck, parse_deck


def sound(text: str) -> Deck:
    deck, problems = parse_deck(text.encode(), "d.yaml")
    assert not problems
    assert deck
    return deck


def faults(text: str | bytes) -> list[Problem]:
    data = text if isinstance(text, bytes) else text.encode()
    deck, problems = parse_deck(data, "d.yaml")
    assert deck is None
    return problems


@pytest.mark.parametrize(
    "typed", ["no", "3.10", "12:30", "2024-01-05", "~", "null", "0x1F", "1e3", "yes", "=", "1_000"]
)
def test_a_scalar_is_its_text(typed: str) -> None:
    """Nothing is taken for a number, a date or a truth value."""
    (note,) = sound(f"cards:\n- front: {typed}\n  back: {typed}\n").notes
    assert (note.front, note.back) == (typed, typed)


def test_a_whole_deck() -> None:
    """Basic, reversed and cloze notes, with their ids, tags and lines."""
    deck = sound(
        "# a comment\ndeck: D\ndescription: about\ntags: [x, y]\ncards:\n"
        "  - id: one\n    front: Q\n    back: |\n      - a\n      - b\n    tags: t, u\n"
        "  - front: A\n    back: B\n    reverse: true\n"
        "  - cloze: '{{W0}} is frozen'\n    back: remark\n"
    )
    assert deck == Deck(
        name="D",
        path="d.yaml",
        description="about",
        tags=("x", "y"),
        notes=(
            Note("Q", "- a\n- b", id="one", tags=("t", "u"), line=6),
            Note("A", "B", reverse=True, line=12),
            Note("{{W0}} is frozen", "remark", cloze=True, line=15),
        ),
    )


def test_a_deck_without_a_name_has_its_files() -> None:
    """The file's name stands in for the deck's."""
    assert sound("cards: []").name == "d"


@pytest.mark.parametrize("text", ["\ufeffdeck: D\n", "deck: D\r\ncards:\r\n- front: a\r\n  back: b\r\n"])
def test_marks_and_line_ends_of_other_systems(text: str) -> None:
    """A byte order mark and CRLF do no harm."""
    assert sound(text).name == "D"


CARD = "cards:\n- front: a\n  back: b\n"


@pytest.mark.parametrize(
    ("text", "line", "column", "what", "remedy"),
    [
        ("deck: D\ncards:\n  - front: What is a: b?\n    back: c\n", 3, 12, 'because of ": "',
         'write   - front: "What is a: b?"'),
        ("cards:\n- fornt: a\n  back: b\n", 2, 3, "unknown key 'fornt'", "Did you mean front?"),
        ("deck: D\nwhatever: x\n", 2, 1, "unknown key", "deck, description, tags"),
        ("deck: D\ndeck: E\n", 2, 1, "repeated; first on line 1", "Remove one of them"),
        ("deck: &x D\n", 1, 7, "&x", "Write the text out"),
        ("deck: *x\n", 1, 7, "*x", "Write the text out"),
        ("cards:\n- <<: x\n  front: a\n  back: b\n", 2, 3, "<<", "Write the values out"),
        ("deck: !!str D\n", 1, 7, "tag", "Remove it"),
        ("deck: D\n---\ndeck: E\n", 2, 1, "second YAML document", "split"),
        ("cards:\n- back: b\n", 2, 3, "no front", "front:"),
        ("cards:\n- front: a\n", 2, 3, "no back", "back:"),
        ("cards:\n- front: ''\n  back: b\n", 2, 10, "empty", "question"),
        ("cards:\n- front: a\n  cloze: '{{b}}'\n", 2, 10, "not both", "Remove one of them"),
        ("cards:\n- cloze: no gap\n", 2, 10, "no gap", "{{like this}}"),
        ("cards:\n- id: a b\n  front: a\n  back: b\n", 2, 7, "cannot be an id", "100"),
        ("cards:\n- id: a/b\n  front: a\n  back: b\n", 2, 7, "cannot be an id", "100"),
        ("cards:\n- front: [a]\n  back: b\n", 2, 10, "expected text, found a list", "quotes"),
        ("cards: text\n", 1, 8, "cards must be a list", "front"),
        ("cards:\n- just text\n", 2, 3, "front and back", "front"),
        ("cards:\n- front: a\n  back: b\n  reverse: maybe\n", 4, 12, "true or false", "true"),
        (CARD + "- front: a\n  back: c\n", 4, 3, "d.yaml:2 has the same front", "id"),
        ("cards:\n- id: x\n  front: a\n  back: b\n- id: x\n  front: c\n  back: d\n", 5, 3,
         "already used by the card at d.yaml:2", "another"),
        ("- a\n", 1, 1, "keys and values", "deck: NAME"),
        ("", 1, 1, "empty", "deck: NAME"),
        ("deck: D\n\tcards: x\n", 2, 1, "tab", "spaces"),
        ("deck: a\x1bb\n", 1, 8, "U+001B", "Remove it"),
        ("deck: D\n? [a, b]\n: c\n", 2, 3, "a name is a word", "quotes"),
        ("deck: 'D\ncards: x\n", 1, 7, "never closed", "deck: 'D'"),
        ("{}\n", 1, 1, "empty", "deck: NAME"),
        ("whatever: x\n", 1, 1, "unknown key", "deck, description, tags"),
        ("cards:\n- cloze: a {{b}}\n  reverse: true\n", 3, 12, "cannot be reversed", "Remove"),
        ("cards:\n- cloze: '" + "".join(f"{{{{c{i}::x}}}}" for i in range(501)) + "'\n",
         2, 10, "more than", "several cards"),
    ],
    ids=str,
)  # fmt: skip
def test_a_fault_has_its_place_and_remedy(text: str, line: int, column: int, what: str, remedy: str) -> None:
    """Each fault is told with line, column, the line itself, what it is, and how to mend it."""
    found = faults(text)[0]
    assert (found.path, found.line, found.column) == ("d.yaml", line, column)
    assert what in found.message
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xff\xfed\x00", "UTF-16"),
        (b"deck: caf\xe9\n", "0xe9 is not UTF-8"),
        (b"deck: a\x00b", "U+0000"),
    ],
    ids=["UTF-16", "Latin-1", "NUL"],
)
def test_what_is_no_text_is_told(data: bytes, what: str) -> None:
    """A file in another encoding says which, and how to convert it."""
    assert what in faults(data)[0].message


@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_deep_nesting_ends_in_a_fault_not_in_a_crash(bracket: str) -> None:
    """30,000 levels are refused at the 41st."""
    assert "levels deep" in faults("cards: \n " + bracket * 30_000)[0].message


def test_all_faults_are_told_at_once() -> None:
    """Several mistakes, also of the syntax, come in one list, in the order of their lines."""
    text = (
        "deck: D\ncards:\n- front: a: b\n  back: c\n- fornt: x\n  back: y\n"
        "- front: c: d\n  back: e\n- front: f\n"
    )
    assert [fault.line for fault in faults(text)] == [3, 5, 5, 7, 9]


def test_a_shown_line_is_never_long() -> None:
    """Of a line with thousands of characters only the part around the fault is shown."""
    text = str(faults("deck: " + "[" * 30_000)[0])
    assert max(map(len, text.splitlines())) < 200


def test_ids_shared_between_files_are_told_with_both_places() -> None:
    """A copy of a card in another file is a fault that names both."""
    one, _ = parse_deck(b"deck: A\ncards:\n- id: x\n  front: a\n  back: b\n", "a.yaml")
    two, _ = parse_deck(b"deck: B\ncards:\n- id: x\n  front: c\n  back: d\n", "b.yaml")
    assert one
    assert two
    (problem,) = duplicates_across([one, two])
    assert (problem.path, problem.line) == ("b.yaml", 3)
    assert "a.yaml:3" in problem.message


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """A FIFO or a folder is told, and never waited for."""
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)
    for path in (fifo, tmp_path):
        deck, (problem,) = load_deck(path, "x.yaml")
        assert deck is None
        assert problem.path == "x.yaml"
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    deck, (problem,) = load_deck(loop, "x.yaml")
    assert deck is None
    assert "cannot be read: Too many levels" in problem.message
    if (failing := Path("/proc/self/mem")).exists():  # it opens, and reading it fails
        deck, (problem,) = load_deck(failing, "x.yaml")
        assert (deck, problem.message) == (None, "it cannot be read: Input/output error")
    with pytest.raises(FileNotFoundError):
        load_deck(tmp_path / "missing.yaml", "x.yaml")


def test_a_deck_beyond_reason_is_not_read(tmp_path: Path) -> None:
    """A file of more than that many bytes is told by its size alone."""
    path = tmp_path / "d.yaml"
    path.touch()
    os.truncate(path, MAX_DECK_BYTES + 1)
    deck, (problem,) = load_deck(path, "x.yaml")
    assert deck is None
    assert "larger than" in problem.message


def test_a_large_deck_is_read(tmp_path: Path) -> None:
    """20,000 cards are read one by one, without recursion."""
    text = "deck: D\ncards:\n" + "".join(f"- front: q{i}\n  back: a{i}\n" for i in range(20_000))
    path = tmp_path / "d.yaml"
    path.write_text(text)
    deck, problems = load_deck(path, "d.yaml")
    assert not problems
    assert deck
    assert len(deck.notes) == 20_000


def test_ways_of_answering() -> None:
    """What a deck says of all its cards, and what cards say themselves."""
    deck = sound(
        "deck: D\ntype: true\nreverse: true\nlenient: [accents, case]\ncards:\n"
        "  - front: Q\n    back: R\n    accept: [r, the R]\n    lenient: {case: no, numbers: on}\n"
        "  - front: X\n    back: Y\n    choices: [Z, W]\n    reverse: false\n"
        "  - front: L\n    type: off\n"
        "    list:\n      - one\n      - |\n        two\n        lines\n"
        "  - cloze: a {{gap}}\n    accept: hole\n    lenient: none\n"
    )
    asked, chosen, listed, cloze = deck.notes
    assert (deck.typed, deck.reverse, deck.lenient) == (True, True, ("case", "accents"))
    assert asked.accept == ("r", "the R")
    assert asked.lenient == ("punctuation", "numbers")
    assert (chosen.choices, chosen.reverse) == (("Z", "W"), False)
    assert (listed.back, listed.listed, listed.typed) == ("- one\n- two\n  lines", True, False)
    assert (cloze.accept, cloze.lenient) == (("hole",), ())
    manners = [card.answer_mode for card in deck_cards(deck)]
    typed = [True, True, False, False, False, True]
    assert [manner.typed for manner in manners] == typed
    assert [manner.answer for manner in manners] == ["", "", "", "", "", "gap"]
    assert manners[1].lenient == ("punctuation", "numbers")
    assert manners[1].accept == ()


@pytest.mark.parametrize(
    ("lines", "place", "what", "remedy"),
    [
        ("type: perhaps", (4, 9), "type must be true or false", "type: true"),
        ("accept: []", (4, 11), "this list is empty", "Add an item"),
        ("lenient: [cases]", (4, 12), "'cases' is not known", "punctuation"),
        ("lenient: {acents: on}", (4, 13), "unknown key 'acents'", "accents"),
        ("list: true", (4, 9), "two items or more", '"- "'),
        ("list: [one, two]", (4, 9), "not both", "list: true"),
        ("type: true\n  choices: [a]", (4, 9), "type or choices", "Remove"),
    ],
)
def test_ways_of_answering_that_cannot_be(lines: str, place: tuple[int, int], what: str, remedy: str) -> None:
    """A wrong key of a card is told with its place and the way to mend it."""
    (fault,) = faults(f"cards:\n- front: Q\n  back: R\n  {lines}\n")
    assert (fault.line, fault.column) == place
    assert what in fault.message
    assert remedy in fault.remedy


def test_which_gap_an_alternative_is_for() -> None:
    """A sentence with several gaps cannot say what else is right."""
    (fault,) = faults("cards:\n- cloze: '{{a}} {{b}}'\n  accept: [c]\n")
    assert "which gap" in fault.message
