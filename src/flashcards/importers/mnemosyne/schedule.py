"""Where a card of Mnemosyne's stood, and the answers it was given, when the file has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from flashcards.importers.base import Life, PastReview, Standing
from flashcards.importers.shared.safe_xml import Element

RATINGS = {0: 1, 1: 2, 2: 3, 3: 3, 4: 4, 5: 5}
"""Our rating for a grade of theirs: 0 and 1 forgot, 2 to 5 recalled."""
A_DAY = 86_400
DAYS = 100_000
"""Times below this are days from the first day of Mnemosyne 1, others seconds from 1970."""


def life_of(card: Element, answers: Iterable[Element]) -> Life | None:
    """Return what is known of a card; None when it was never asked."""
    reviews = tuple(_reviews(answers))
    standing = _standing(card)
    return Life(reviews, standing) if reviews or standing else None


def dated(card: Element, first_day: str) -> None:
    """Give a card of Mnemosyne 1 times in seconds, if its first day (in seconds) is known."""
    start = _number(first_day)
    for name in ("l_rp", "n_rp"):
        days = _number(card.attributes.get(name))
        if start > 0 and 0 <= days < DAYS:
            card.attributes[name] = str(start + days * A_DAY)


def _standing(card: Element) -> Standing | None:
    said = card.attributes
    last, following = _number(said.get("l_rp")), _number(said.get("n_rp"))
    if _number(said.get("gr")) < 2 or following <= 0 or last < 0:
        return None
    if following < DAYS:
        return None
    due = _moment(following)
    if due is None:
        return None
    interval = max(1, round((following - last) / A_DAY))
    ease = max(130, round(_number(said.get("e"), 2.5) * 100))
    repetitions = max(1, int(_number(said.get("rt_rp_l"))) + 1)
    return Standing(due.date(), interval, ease, repetitions, max(0, int(_number(said.get("lps")))))


def _reviews(answers: Iterable[Element]) -> Iterator[PastReview]:
    for answer in answers:
        said = answer.attributes
        at = _moment(_number(said.get("time"), -1))
        rating = RATINGS.get(int(_number(said.get("gr"), -1)))
        if at is None or rating is None:
            continue
        took = int(min(max(_number(said.get("th_t")), 0), 3_600) * 1000)
        yield PastReview(f"{said.get('o_id', '')} {int(at.timestamp())}", at, rating, took)


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _number(text: str | None, otherwise: float = 0) -> float:
    try:
        value = float(text or otherwise)
    except ValueError:
        return otherwise
    return value if abs(value) < 1e15 else otherwise
