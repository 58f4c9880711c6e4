"""Cards among the notes of Obsidian, with the schedule that stands behind them."""

from __future__ import annotations

import tracemalloc
from datetime import date

import pytest

from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import Note
from flashcards.core.decks import Deck
from flashcards.importers.base import ImportedHistory, ImportedSchedule
from flashcards.importers.obsidian import vault_notes as obsidian
from sources import imported_histories, left_out, notes, read, sample, sides


def test_a_note_with_all_kinds_of_cards() -> None:
    """Pairs, blocks and gaps come in, each in the deck of its tag; links lose their brackets."""
    imported = obsidian.read_source(sample("obsidian.md"))
    assert [deck.name for deck in imported.decks] == ["geography", "history::rome", "music"]
    assert sides(imported) == [
        ("The longest river in Africa?", "The Nile"),
        ("Capital of Peru", "Lima"),
        ("Aconcagua", "The highest mountain of the Americas"),
        ("What are the\nthree longest rivers?", "- Nile\n- Amazon\n- Yangtze"),
        ("Lake Baikal", "the deepest lake\nof all"),
        ("The capital of {{Australia}} is {{Canberra}}, not Sydney.", ""),
        ("Funded with {{c1::$40 million::USD}} in {{c2::1991::year}}", ""),
        ("Who crossed the Rubicon?", "Caesar"),
        ("Who wrote the Ring?", "Wagner"),
    ]
    assert [bool(note.reverse) for note in notes(imported)] == [
        False, False, True, False, True, False, False, False, False,
    ]  # fmt: skip
    assert left_out(imported) == [("obsidian.md:43", "its answer is empty")]


def test_schedules_are_taken_over() -> None:
    """Day, interval and ease, of each sibling; the day that means "never asked" means nothing."""
    found = imported_histories(obsidian.read_source(sample("obsidian.md")))
    assert found[0][""].schedule == ImportedSchedule(date(2024, 8, 16), 51, 230)
    assert found[1][""].schedule == ImportedSchedule(date(2024, 9, 1), 4, 270)
    assert found[2]["/r"].schedule == ImportedSchedule(date(2024, 10, 3), 9, 210)
    assert found[3][""].schedule == ImportedSchedule(date(2025, 1, 5), 33, 275)
    assert len(found[5]) == 1
    assert not any(found[6:])


def test_histories_belong_to_cards_that_are() -> None:
    """What a life's name adds to the note's id is the id of one of its cards."""
    for deck in obsidian.read_source(sample("obsidian.md")).decks:
        for one in deck.notes:
            ids = {card.id for card in deck_cards(Deck("d", (with_id(one.note),)))}
            assert {f"x{name}" for name in one.histories} <= ids


def with_id(note: Note) -> Note:
    return Note(note.front, note.back, "x", reverse=note.reverse, cloze=note.cloze)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a::b", ("a", "b")),
        ("1. a :: b :: c", ("a", "b :: c")),
        ("`x::y` means :: z", ("`x::y` means", "z")),
        ("a\n?\nb\n\nc", ("a", "b")),
        ("a\n?\n```py\nx = 1\n\ny = 2\n```\n", ("a", "```py\nx = 1\n\ny = 2\n```")),
        ("![[pic.png|100]] and [[Note|here]]::yes", ("![](<pic.png>) and here", "yes")),
        ("==a==[^1], ==b==[^2], ==c==[^1]", ("{{c1::a}}, {{c2::b}}, {{c1::c}}", "")),
        (r"is ==$\frac{\vec{v}}{u}$==", (r"is {{$\frac{\vec{v} }{u}$}}", "")),
        ("<!-- a::b\nc::d -->\ne::f", ("e", "f")),
        ("so <!--x::y--> it is\n\ne::f", ("e", "f")),
        ("==2;;Lima;;city== is in ==1;;Peru==", ("{{c2::Lima::city}} is in {{c1::Peru}}", "")),
        ("{{c1::Oslo}} and {{c1::Rome::city}}", ("{{c1::Oslo}} and {{c1::Rome::city}}", "")),
        ("==Oslo;;a city==", ("{{c1::Oslo::a city}}", "")),
        ("a\n?\n````x\n\n```\nb::c\n\n```\n````", ("a", "````x\n\n```\nb::c\n\n```\n````")),
        ("~~~\na::b c\n~~~\n\ne::f", ("e", "f")),
    ],
)  # fmt: skip
def test_signs(content: str, expected: tuple[str, str]) -> None:
    """Each sign makes the card that the plug-in makes of it."""
    assert sides(read(obsidian, content, "note.md")) == [expected]


def test_what_marks_a_gap_elsewhere_marks_one_where_a_schedule_says_so() -> None:
    """Bold and braces are gaps for who has them so: a paragraph with a schedule tells it."""
    due = "\n<!--SR:!2026-12-01,4,270-->\n\n"
    imported = read(obsidian, f"**Ur** was first.{due}Then came **Uruk**.\n\nNot {{{{this}}}}.")
    assert sides(imported) == [("{{Ur}} was first.", ""), ("Then came {{Uruk}}.", "")]
    assert [len(found) for found in imported_histories(imported)] == [1, 0]
    assert sides(read(obsidian, f"Where {{{{1::Ur::city}}}} is.{due}")) == [
        ("Where {{c1::Ur::city}} is.", "")
    ]


def test_a_schedule_without_a_card_is_told() -> None:
    """A paragraph that was a card once, and has lost its sign, is not passed over in silence."""
    imported = read(obsidian, "a::b\n\nc d\n<!--SR:!2026-12-01,4,270-->\n", "n.md")
    assert left_out(imported) == [("n.md:3", "a schedule without a card")]


def test_schedules_of_numbered_gaps_go_by_their_numbers() -> None:
    """The first schedule is that of the lowest number, wherever it stands in the sentence."""
    sentence = "==2;;b== ==1;;a==\n<!--SR:!2026-12-01,4,270!2026-12-09,8,250-->"
    (found,) = imported_histories(read(obsidian, sentence))
    assert found["/c1"].schedule == ImportedSchedule(date(2026, 12, 1), 4, 270)
    assert found["/c2"].schedule == ImportedSchedule(date(2026, 12, 9), 8, 250)


def test_schedules_under_fsrs() -> None:
    """Day, interval, answers and lapses come along; what was never answered stays new."""
    due = "fsrs,2026-12-10T08:10:00.000Z,6,5.4,5.5,2,4,1,0,2026-12-04T00:00:00.000Z"
    new = "fsrs,2026-12-03T08:10:00.000Z,0,0,0,0,0,0,0,"
    (found,) = imported_histories(read(obsidian, f"a ::: b\n<!--SR:!{due}!{new}-->"))
    assert found == {"": ImportedHistory(schedule=ImportedSchedule(date(2026, 12, 10), 6, 250, 3, 1))}


def test_a_long_line_costs_no_more_than_its_length() -> None:
    """A line of megabytes with a sign in every place is one card, and no mountain of memory."""
    tracemalloc.start()
    (note,) = notes(read(obsidian, "a :: " + "b :: " * 400_000, "note.md"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(note.back) > 1_900_000
    assert most < 60_000_000
