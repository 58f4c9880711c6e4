"""Today in lines, in every state that a person can be in."""

from __future__ import annotations

from datetime import date
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.core.today_summary import DoneToday, DueToday, StudyPace, TodaySummary, UpcomingWeek
from flashcards.terminal.device.screen import write_styled_lines
from flashcards.terminal.reports.today_lines import style_today_lines, today_lines
from flashcards.terminal.text.styled_line import StyledLine
from flashcards.terminal.text.width import display_width

TUESDAY = date(2026, 11, 24)
DECKS = {"Transformers": (9, 20, 2), "Verbs": (5, 0, 0), "Capitals": (0, 0, 0)}


class Terminal(TextIOWrapper):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def written(lines: list[StyledLine], environment: dict[str, str], encoding: str) -> str:
    """Return what a terminal gets."""
    stream = Terminal(BytesIO(), encoding)
    write_styled_lines(stream, lines, "auto", {"TERM": "xterm"} | environment)
    stream.seek(0)
    return stream.read()


def today(
    decks: dict[str, tuple[int, int, int]] = DECKS, *, more_new: bool = True, **more: Any
) -> TodaySummary:
    """Return a day like others."""
    waiting: dict[str, Any] = {
        "remaining_reviews": 200, "review_limit": 200,
        "new_cards_paused": False, "decks": decks, "has_more_new": more_new, "postponed": 0,
        "off_until": None, "has_backlog": False,
    }  # fmt: skip
    waiting |= {name: more.pop(name) for name in waiting.keys() & more.keys()}
    whole: dict[str, Any] = {
        "done_today": DoneToday(0, 0, 6, 31),
        "upcoming": UpcomingWeek((9, 22, 17, 6, 3, 2, 4), 15, date(2026, 11, 25)),
        "pace": StudyPace(20_000, 15_000, 8_000),
        **more,
    }
    return TodaySummary(day=TUESDAY, due_today=DueToday(**waiting), **whole)


def test_a_day_like_others() -> None:
    """What waits, where, the streak, what lies ahead, the next step: six lines."""
    assert today_lines(today(), 80) == [
        "14 due   20 new   2 to repeat   about 10 min",
        "Transformers  9 due  20 new  2 to repeat",
        "Verbs         5 due",
        "streak 6 days · best 31 · no answer yet today",
        "tomorrow 9 due + 15 new, about 7 min   then 22 17 6 3 2 4   █▆▃▂▂▂",
        "flashcards study",
    ]


NOTHING = {"A": (0, 0, 0)}
IDLE = UpcomingWeek((0,) * 7, 0, None)


@pytest.mark.parametrize(
    ("found", "first", "last"),
    [
        (today({}), "You have no decks yet.", "flashcards import FILE"),
        (
            today(NOTHING, done_today=DoneToday(27, 580_000, 7, 31)),
            "0 due   0 new   done for today: 27 answers in 9 min 40 s",
            "flashcards study --new 10",
        ),
        (
            today(NOTHING, more_new=False, upcoming=IDLE),
            "0 due   0 new   nothing due today",
            "flashcards stats",
        ),
        (
            today({"A": (412, 0, 0)}, new_cards_paused=True, has_backlog=True),
            "412 due, 200 today   new cards paused   about 50 min",
            "flashcards study   (or spread the old cards over days: flashcards catch-up)",
        ),
        (
            today({"A": (212, 0, 0)}, new_cards_paused=True, remaining_reviews=0, has_backlog=True),
            "212 due   new cards paused   today's review limit of 200 is reached",
            "flashcards catch-up",
        ),
        (
            today({"A": (12, 0, 0)}, new_cards_paused=True, remaining_reviews=0),
            "12 due   new cards paused   today's review limit of 200 is reached",
            "flashcards study --reviews 10",
        ),
        (
            today({"A": (0, 0, 2)}),
            "0 due   0 new   2 to repeat   about 1 min",
            "flashcards study",
        ),
        (
            today(NOTHING, off_until=date(2026, 12, 11), postponed=20),
            "0 due   0 new   days off until 2026-12-11",
            "flashcards stats",
        ),
        (
            today({"A": (5, 0, 0)}, new_cards_paused=True, postponed=20, remaining_reviews=0),
            "5 due   new cards paused   today's review limit of 200 is reached",
            "flashcards stats",
        ),
    ],
    ids=[
        "no decks",
        "all done",
        "nothing",
        "backlog",
        "limit reached",
        "limit reached by today's own",
        "only repeats",
        "days off",
        "plan",
    ],
)
def test_every_state_has_its_words(found: TodaySummary, first: str, last: str) -> None:
    """The first line says how it stands, the last what to type."""
    lines = today_lines(found, 80)
    assert (lines[0], lines[-1]) == (first, last)
    assert len(lines) <= 6


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (DoneToday(), "no streak yet: answer a card to start one"),
        (DoneToday(0, 0, 0, 5), "streak 0 days · best 5 · no answer yet today"),
        (DoneToday(1, 9_000, 1, 1), "streak 1 day · your longest · today 1 answer in 9 s"),
    ],
    ids=["none", "broken", "begun"],
)
def test_the_streak(done: DoneToday, told: str) -> None:
    """A streak says what it is, and whether today has its answer."""
    assert told in today_lines(today(done_today=done), 80)


def test_what_comes_when_the_week_is_empty() -> None:
    """With nothing to come, the line says when the next card is due, if ever."""
    later = today(NOTHING, upcoming=UpcomingWeek((0,) * 7, 0, date(2026, 12, 24)))
    assert "tomorrow nothing, then in 30 days" in today_lines(later, 80)
    assert "nothing due in the coming days" in today_lines(today(NOTHING, upcoming=IDLE), 80)
    off = today(NOTHING, upcoming=UpcomingWeek((0,) * 7, 0, TUESDAY), off_until=date(2026, 12, 11))
    assert "nothing until Fri 11 Dec" in today_lines(off, 80)


def test_many_decks_share_a_line() -> None:
    """On a low screen the fullest deck has its own line, the others one together; in a pipe all have one."""
    decks = {f"D{n}": (n, 1, 0) for n in range(5)} | {"\x1b[31m": (50, 0, 0)}
    assert today_lines(today(decks), 80, 7)[1:3] == [
        "<1b>[31m          50 due",
        "and 5 more decks  10 due  5 new",
    ]
    assert len(today_lines(today(decks), 80, 11)) == len(today_lines(today(decks), 80)) == 10


COUNT = st.integers(0, 3000)


@given(
    decks=st.dictionaries(st.text(max_size=90), st.tuples(COUNT, COUNT, COUNT), max_size=5),
    week=st.tuples(*[COUNT] * 7),
    done_today=st.builds(DoneToday, COUNT, st.integers(0, 10**8), COUNT, COUNT),
    remaining_reviews=COUNT,
    columns=st.sampled_from([40, 60, 80, 200]),
)
def test_it_fits_any_width(
    decks: dict[str, tuple[int, int, int]],
    week: tuple[int, ...],
    done_today: DoneToday,
    remaining_reviews: int,
    columns: int,
) -> None:
    """None is wider than the terminal, and there are no more than it has rows."""
    upcoming = UpcomingWeek(week, 20, None)
    found = today(decks, done_today=done_today, upcoming=upcoming, remaining_reviews=remaining_reviews)
    lines = today_lines(found, columns, 7)
    assert len(lines) <= 6
    assert all(display_width(line) <= columns and "\n" not in line for line in lines), lines


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"COLORFGBG": "15;0"}, "\x1b[1;36mflashcards study\x1b[0m\n"),
        ({"COLORFGBG": "0;15"}, "\x1b[1;34mflashcards study\x1b[0m\n"),
        ({"COLORFGBG": "15;0", "NO_COLOR": "1"}, "\x1b[1mflashcards study\x1b[0m\n"),
        ({"TERM": "xterm"}, "\x1b[1mflashcards study\x1b[0m\n"),
    ],
    ids=["dark", "light", "no colour", "unknown"],
)
def test_a_terminal_shows_what_matters(environment: dict[str, str], command: str) -> None:
    """The headline and the command stand out, in colour only where the background is known."""
    lines = today_lines(today({"\x1b[31m": (1, 0, 0)}), 80)
    shown = written(style_today_lines(lines), environment, "utf-8")
    assert shown.startswith("\x1b[1m1 due")
    assert shown.endswith(command)
    assert "\x1b[31m" not in shown
    assert "·" not in written(style_today_lines(lines), environment, "ascii")
