"""A session in lines: acknowledged when kept, ended when the input ends."""

from __future__ import annotations

import io

import pytest

from factories import NOON, card
from flashcards.core.cards import AnswerMode, Card, CardId
from flashcards.core.events import Review
from flashcards.core.multiple_choice import answer_options
from flashcards.core.session import QueuedCard, QueueReason, Session
from flashcards.terminal.study.plain_loop import PlainStudyLoop
from flashcards.terminal.study.study_port import StoreChanges
from memory_study_port import MemoryStudyPort


def study(typed: str, port: MemoryStudyPort) -> str:
    session = Session(QueuedCard(name, QueueReason.NEW) for name in port.cards)
    out = io.StringIO()
    PlainStudyLoop(session, port, io.StringIO(typed), out, monotonic=lambda: 0.0).run()
    return out.getvalue()


def port() -> MemoryStudyPort:
    return MemoryStudyPort(card("Q1", "A1", "a"), card("Q2", "A2", "b"))


def ratings(found: MemoryStudyPort) -> list[tuple[str, int]]:
    return [(event.card, event.rating) for event in found.kept if isinstance(event, Review)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("\n4\n\n5\n", [("a", 4), ("b", 5)]),
        ("\n4\nu\n\n2\n\n4\n\n5\n", [("a", 2), ("b", 4), ("a", 5)]),
        ("\nx\n7\n\n4\n", [("a", 4)]),
        ("4\n", []),
        ("4\n4\n", [("a", 4)]),
        ("s\n\n4\n", [("b", 4)]),
        ("b\n\n4\n", [("b", 4)]),
        ("q\n\n4\n", []),
        ("\nq\n", []),
        ("", []),
        ("  \n 4 \n", [("a", 4)]),
    ],
    ids=repr,
)
def test_what_is_typed_is_done(typed: str, expected: list[tuple[str, int]]) -> None:
    """Enter shows, a figure rates, letters do what they say, the end of input ends."""
    found = port()
    study(typed, found)
    assert ratings(found) == expected


def test_the_answer_is_hidden_until_enter() -> None:
    """The back comes after the first line that is read."""
    assert "A1" not in study("", port())
    assert "A1" in study("\n", port())


def test_an_unkept_rating_is_not_acknowledged() -> None:
    """When the store cannot keep it, the card is asked again."""
    found = port()
    found.full = True
    shown = study("\n4\n\nq\n", found)
    assert shown.count("Q1") == 2
    assert "the disk is full" in shown
    assert "due" not in shown.split("the disk is full")[0].split("A1")[1]


def test_steering_text_is_harmless() -> None:
    """A card's escape sequences reach no terminal."""
    shown = study("\n4\n", MemoryStudyPort(card("\x1b]52;c;x\x07", "\u202eback", "a")))
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_the_end_is_summed_up() -> None:
    """The last lines tell what was done and what tomorrow holds."""
    shown = study("\n4\n\n1\n\n4\n", port())
    assert "2 cards" in shown
    assert "recalled 1 of 2 (50 %)" in shown
    assert "Tomorrow: 1 due, 2 new." in shown


TYPED = card("Capital?", "Rome\n\nsince 1871", "a", answer_mode=AnswerMode(typed=True, accept=("Roma",)))
LISTED = card("Colours?", "Two:\n- red\n- blue", "a", answer_mode=AnswerMode(listed=True))
CHOSEN = card("Bird?", "robin", "a", answer_mode=AnswerMode(choices=("bat", "bee")))


@pytest.mark.parametrize(
    ("shown", "typed", "rating", "said"),
    [
        (TYPED, "rome\n\n", 4, "Correct."),
        (TYPED, "Roma\n5\n", 5, "Enter accepts 4"),
        (TYPED, "Romme\n\n", 3, "[typed|correct]: Rom[m|]e"),
        (TYPED, "\n\n", 1, "since 1871"),
        (LISTED, "\n\n4\n", 4, "(Enter shows item 2 of 2, a shows all)"),
        (LISTED, "a\n3\n4\n", 3, "* red\n* blue"),
        (CHOSEN, "x\n2\n", 2, "a) "),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_ways_of_answering(shown: Card, typed: str, rating: int, said: str) -> None:
    """A typed line is compared, a list comes item by item, Enter takes what is proposed."""
    found = MemoryStudyPort(shown)
    told = study(typed, found)
    assert ratings(found)[0] == ("a", rating)
    assert said in told


def test_a_letter_chooses() -> None:
    """Right is a 4, wrong a 1; "b" is an option here, not a command."""
    listed = answer_options(CHOSEN, NOON.date())
    for text in listed:
        found = MemoryStudyPort(CHOSEN)
        letter = "abc"[listed.index(text)]
        told = study(f"{letter}\n\n", found)
        assert ratings(found)[0] == ("a", 4 if text == "robin" else 1)
        assert ("Correct." in told) == (text == "robin")


def test_every_card_can_be_typed() -> None:
    """With typing on, a card that says nothing is compared too."""
    found = port()
    out = io.StringIO()
    session = Session(QueuedCard(name, QueueReason.NEW) for name in found.cards)
    PlainStudyLoop(session, found, io.StringIO("A1\n\nno\n\n"), out, monotonic=lambda: 0.0, typing=True).run()
    assert ratings(found)[:2] == [("a", 4), ("b", 1)]


@pytest.mark.parametrize(
    ("answer", "typed", "expected"),
    [
        ("q", "q\n\n", [("a", 4)]),
        ("q", "b\n\n", [("a", 1)]),
        ("Sulphur", "s\n\n", [("a", 1)]),
        (":q", ":q\n\n", [("a", 4)]),
        ("Sulphur", ":q\n\n", []),
        ("Sulphur", ":s\n", []),
        ("Sulphur", "sulphur\n:q\n", []),
        ("Sulphur", "sulphur\n:5\n", [("a", 5)]),
    ],
)
def test_where_an_answer_is_typed_a_command_begins_with_a_colon(
    answer: str, typed: str, expected: list[tuple[str, int]]
) -> None:
    """Every other line is an answer, and so is a command that is right."""
    found = MemoryStudyPort(card("Question?", answer, "a", answer_mode=AnswerMode(typed=True)))
    study(typed, found)
    assert ratings(found)[:1] == expected


def test_answers_with_little_in_common_stand_in_two_lines() -> None:
    """No letter of one looks like a part of the other."""
    told = study("no idea\n\n", MemoryStudyPort(TYPED)).splitlines()
    assert [line for line in told if line[:3] in ("you", "rig")] == ["you    no idea", "right  Rome"]


def test_words_beside_a_card() -> None:
    """A mark, a look elsewhere, hiding again: the card stays in hand."""
    found = port()
    told = study("m the formula\n/ Q2\n?\np\n\n\nr\n\n4\nq\n", found)
    flag, answer = found.kept
    assert (flag.why, answer.rating) == ("the formula", 4)  # type: ignore[union-attr]
    assert "Q2 -> A2" in told
    assert told.count("Q1") == 2
    assert "Paused" in told


def test_news_are_told_before_the_next_card() -> None:
    """What others did meanwhile is said, and a card they answered is passed over."""
    found = port()
    found.news = StoreChanges(frozenset({CardId("a")}), ("decks/x.yaml:3: a fault: asked as before",))
    assert "decks/x.yaml:3" in study("", found)
