"""What stands below an answer: keys of one outcome share its words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from flashcards.core.progress import NEW_PROGRESS, AnswerKind
from flashcards.core.scheduling import RatingOutcome
from flashcards.terminal import theme
from flashcards.terminal.device.view import ScreenSize
from flashcards.terminal.study.footer import RatingPreview, rating_lines

TODAY = date(2026, 1, 5)


def outcome(days: int, *, again: bool = False) -> RatingOutcome:
    """Return what a rating does that gives so many days."""
    progress = NEW_PROGRESS._replace(due=TODAY + timedelta(days=days))
    return RatingOutcome(progress, AnswerKind.GRADED, repeats_today=again)


def lines(*days: int, columns: int = 80) -> list[str]:
    """Return the lines for five keys that give so many days, the first three repeating."""
    preview = RatingPreview(
        {rating: outcome(count, again=rating < 4) for rating, count in enumerate(days, 1)}, TODAY
    )
    return [line.plain.rstrip() for line in rating_lines(ScreenSize(columns, 24), preview)]


@pytest.mark.parametrize(
    ("days", "columns", "outcomes", "dates"),
    [
        ((1, 1, 1, 1, 1), 80, ["again today, then tomorrow", "tomorrow"], 2),
        ((1, 1, 6, 6, 6), 80, ["again, then tomorrow", "again, 6 days", "6 days"], 3),
        ((1, 1, 2, 4, 9), 80, ["again, then tomorrow", "again, 2 days", "4 days", "9 days"], 4),
        ((1, 2, 3, 4, 5), 40, ["again", "again", "again", "4 days 5 days"], 5),
    ],
    ids=["new", "second", "fsrs", "narrow"],
)
def test_equal_outcomes_share_a_place(days: list[int], columns: int, outcomes: list[str], dates: int) -> None:
    """Each outcome stands once, below its keys, in the longest words that fit, with its date once."""
    _, keys, told, when, _ = lines(*days, columns=columns)
    words = [word.strip("└─┘ ") for word in told.replace("┘", "  ").split("  ") if word.strip("└─┘ ")]
    assert words == outcomes
    assert len(when.split("  ")) - when.split("  ").count("") == dates
    assert keys.split()[0] == "1"


def test_words_and_colours_say_the_same() -> None:
    """The ruler has a word in the colour of each key above it, for screens without colour."""
    preview = RatingPreview(dict.fromkeys(range(1, 6), outcome(1)), TODAY)
    _, keys, *_, ruler = rating_lines(ScreenSize(80, 24), preview)
    assert [str(span.style) for span in keys.spans] == list(theme.RATING_STYLES)
    words = [ruler.plain[span.start : span.end].strip("├─┤ ") for span in ruler.spans]
    assert dict(zip(words, (str(span.style) for span in ruler.spans), strict=True)) == {
        "forgot": "forgot", "hard": "hard", "good": "recalled", "easy": "easy",
    }  # fmt: skip
