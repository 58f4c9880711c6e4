"""Convert Mnemosyne's schedules and reviews."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from flashcards.core.study_days import SECONDS_PER_DAY
from flashcards.importers.base import ImportedHistory, ImportedReview, ImportedSchedule
from flashcards.importers.shared.safe_xml import XmlElement
from flashcards.importers.shared.source_text import parse_number

RATING_BY_GRADE = {0: 1, 1: 2, 2: 3, 3: 3, 4: 4, 5: 5}  # grades 0 and 1 mean forgot, 2 to 5 recalled
MAX_DAY_NUMBER = 100_000  # times below this are days since Mnemosyne 1's first day, others seconds since 1970


def card_history(card: XmlElement, answers: Iterable[XmlElement]) -> ImportedHistory | None:
    """Return a card's history; None if it was never asked."""
    reviews = tuple(_read_reviews(answers))
    schedule = _read_schedule(card)
    return ImportedHistory(reviews, schedule) if reviews or schedule else None


def convert_days_to_seconds(card: XmlElement, first_day: str) -> None:
    """Convert a Mnemosyne 1 card's days to seconds, if the first day is known."""
    start = _parse_number(first_day)
    for name in ("l_rp", "n_rp"):
        days = _parse_number(card.attributes.get(name))
        if start > 0 and 0 <= days < MAX_DAY_NUMBER:
            card.attributes[name] = str(start + days * SECONDS_PER_DAY)


def _read_schedule(card: XmlElement) -> ImportedSchedule | None:
    attributes = card.attributes
    last, following = _parse_number(attributes.get("l_rp")), _parse_number(attributes.get("n_rp"))
    if _parse_number(attributes.get("gr")) < 2 or following < MAX_DAY_NUMBER or last < 0:
        return None
    due, ease = _utc_datetime(following), _parse_number(attributes.get("e"), 2.5)
    repetitions = max(1, int(_parse_number(attributes.get("rt_rp_l"))) + 1)
    lapses = max(0, int(_parse_number(attributes.get("lps"))))
    days = (following - last) / SECONDS_PER_DAY
    return ImportedSchedule.rounded(due.date(), days, ease, repetitions, lapses) if due else None


def _read_reviews(answers: Iterable[XmlElement]) -> Iterator[ImportedReview]:
    for answer in answers:
        attributes = answer.attributes
        at = _utc_datetime(_parse_number(attributes.get("time"), -1))
        rating = RATING_BY_GRADE.get(int(_parse_number(attributes.get("gr"), -1)))
        if at is None or rating is None:
            continue
        took = int(min(max(_parse_number(attributes.get("th_t")), 0), 3_600) * 1000)
        yield ImportedReview(f"{attributes.get('o_id', '')} {int(at.timestamp())}", at, rating, took)


def _utc_datetime(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _parse_number(text: str | None, default: float = 0) -> float:
    value = parse_number(text, 1e15)
    return default if value is None else value
