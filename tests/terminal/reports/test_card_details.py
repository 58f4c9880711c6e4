"""A card's life on the screen: readable at any width, and true in each of its lines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from factories import NOON, card, review
from flashcards.core.card_history import card_history
from flashcards.core.events import Bury, EventId, Mark, SetDue, UndoableEvent
from flashcards.core.progress import CardState, Progress
from flashcards.core.sm2 import MemoryState
from flashcards.terminal.reports.card_details import CardReportOptions, card_report_lines
from flashcards.terminal.text.width import display_width

TODAY = date(2026, 1, 21)
CARD = card(
    "What is **bold**?", "- one\n- two", "what", deck="Deck", tags=("a", "b"),
    path="decks/deck.yaml", line=7,
)  # fmt: skip


def answers(*days_and_ratings: tuple[int, int]) -> list[tuple[UndoableEvent, bool]]:
    """Return answers from the fifth of January on, of which none was undone."""
    return [(review("what", rating, NOON + timedelta(days=day)), False) for day, rating in days_and_ratings]


HISTORY = answers((0, 4), (1, 3), (9, 5))


def told(done: list[tuple[UndoableEvent, bool]] = HISTORY, **more: Any) -> str:
    """Return what is shown of the card after what was done."""
    moments = card_history(done)
    now = moments[-1].after if moments else Progress()
    seen = CardReportOptions(TODAY, 80)._replace(**more)
    return "\n".join(line.plain for line in card_report_lines(CardState(CARD, now), moments, seen))


AT_80 = """\
what   Deck
decks/deck.yaml:7
tags a, b

What is bold?
─────────────
• one
• two

Young: due in 8 days (2026-01-29), interval 15 days, EF 2.46, 3 recalls in a
row, 0 lapses
Chance of recall today 98 %, stability 39 days, difficulty 3.0 of 10
After an answer it takes about 39 days to fall to 90 % (stability).

A rating now would be early and change no date. On the due date:
 1  forgot    1 day       EF 2.46  due 2026-01-30  again that day
 2  forgot    1 day       EF 2.46  due 2026-01-30  again that day
 3  recalled  35 days     EF 2.32  due 2026-03-05  again that day
 4  recalled  37 days     EF 2.46  due 2026-03-07
 5  recalled  39 days     EF 2.56  due 2026-03-09

3 answers in 3 s since 2026-01-05
answered          rated   interval  EF           why
2026-01-05 12:00      4      1 day  2.50         first recall
2026-01-06 12:00      3     6 days  2.50 → 2.36  second recall in a row
2026-01-14 12:00      5    15 days  2.36 → 2.46  6 × 2.46 = 14.76, 2 d late"""


def test_a_history_at_80_columns() -> None:
    """Text, standing, what each rating would do, and each answer with its reason."""
    assert told() == AT_80


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
def test_it_fits_any_width(columns: int) -> None:
    """No line is wider than the terminal."""
    lines = told(columns=columns).split("\n")
    assert max(map(display_width, lines)) <= columns


def test_a_narrow_screen_keeps_the_reason() -> None:
    """At 40 columns an answer has two lines, with all that the wide one tells."""
    assert ("2026-01-14 12:00  5  15 days\n  EF 2.36 → 2.46, 6 × 2.46 = 14.76, 2 d\n  late") in told(
        columns=40
    )


def test_a_new_card() -> None:
    """Before the first answer there is a plan, and no history."""
    text = told([])
    assert "New: not answered yet." in text
    assert " 4  recalled  1 day       EF 2.50  due 2026-01-22\n" in text
    assert text.endswith("No answers yet")


def test_a_card_that_waits_to_be_repeated() -> None:
    """The date stands; only the repeats of today are open."""
    text = told(answers((16, 2)))
    assert text.count("To repeat today: due tomorrow") == 1
    assert "A rating now is a repeat: 4 or higher ends the repeats for today." in text


def test_what_else_was_done_is_told() -> None:
    """Marks, imported schedules, and what was undone have a line each."""
    more: list[tuple[UndoableEvent, bool]] = [
        (SetDue(EventId("s"), 0, NOON, CARD.id, TODAY, 30, 230, 4, 8), False),
        (Bury(EventId("b"), 1, NOON, CARD.id, TODAY + timedelta(days=1)), False),
        (Mark(EventId("f"), 2, NOON, CARD.id, on=True, why="\x1b[31mtypo"), False),
        (review("what", 1), True),
    ]
    text = told(more, leech_threshold=8)
    for line in (
        "Buried until 2026-01-22",
        "Marked: <1b>[31mtypo",
        "A leech (8 or more lapses): try rewriting the card",
        "2026-01-05 12:00  set due 2026-01-21: interval 30 days, EF 2.30",
        "2026-01-05 12:00  buried until 2026-01-22",
        "2026-01-05 12:00      1                          undone",
    ):
        assert line in text.split("\n"), text


def test_a_long_history_shows_its_end() -> None:
    """On a terminal the latest moments are shown, and how to see all."""
    text = told(max_history=2)
    assert "1 earlier event: flashcards show what --all" in text
    assert text.count("2026-01-0") == 1 + 1  # since when, and one answer


def test_a_card_in_no_deck_says_so() -> None:
    """Its last text and its history are still there."""
    text = told(is_in_deck=False)
    assert "No longer in any deck" in text
    assert "decks/deck.yaml" not in text
    assert "3 answers" in text


def test_the_cap_is_told() -> None:
    """An interval that would be longer than the longest says so."""
    done = [(SetDue(EventId("s"), 0, NOON, CARD.id, date(2026, 1, 5), 20_000, 250, 9), False)]
    text = told([*done, *answers((0, 5))])
    assert "36,500 days  2.50 → 2.60  20000 × 2.60 = 52000, capped" in text
    assert MemoryState(260, 36_500, 10) == card_history([*done, *answers((0, 5))])[-1].after.memory
