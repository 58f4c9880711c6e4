"""Read org-srs items and their reviews."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flashcards.core.cloze_brackets import separate_double_braces
from flashcards.core.study_days import SECONDS_PER_DAY
from flashcards.importers.base import ImportedHistory, ImportedReview, ImportedSchedule

SRS_DRAWERS = ("SRSITEMS", "SRSDATA")
ITEM_NAME = re.compile(r"\s*#\+name:\s*srsitem:(?P<note>[^:\s]+)(?:::(?P<item>\S+))?\s*", re.IGNORECASE)
GAP_PATTERN = re.compile(
    r"\{\{(?P<name>[^{}\n]{1,80})\}\{(?P<body>(?:[^{}]|\{[^{}]*\})+)\}(?:\{(?P<hint>[^{}]*)\})?\}"
)
RATING_BY_NAME = {"again": 1, "hard": 3, "good": 4, "easy": 5}


@dataclass(slots=True)
class SrsItem:
    """An item of a note ("card::back", "cloze::ID"), and its rows."""

    name: str
    rows: list[Mapping[str, str]] = field(default_factory=list)

    def make_history(self, note: str) -> ImportedHistory | None:
        """Return the item's answers and schedule; None if never asked."""
        reviews = [
            ImportedReview(f"{note} {self.name} {row.get('timestamp')}", at, rating)
            for row in self.rows
            if (at := _row_time(row)) and (rating := RATING_BY_NAME.get(row.get("rating", "").strip(": ")))
        ]
        if not reviews:
            return None
        due_times = (_row_time(row) for row in self.rows if row.get("!") == "*")
        due = next((at for at in due_times if at), None)
        return ImportedHistory(reviews, _estimate_schedule(reviews, due) if due else None)


def parse_items(drawer: Iterable[str]) -> list[SrsItem]:
    """Return the items of a drawer."""
    items: list[SrsItem] = []
    names: Sequence[str] = ()
    for line in drawer:
        if found := ITEM_NAME.fullmatch(line):
            items.append(SrsItem(found["item"] or "card"))
            names = ()
        elif items and line.lstrip().startswith("|") and not line.lstrip().startswith("|-"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if names:
                items[-1].rows.append(dict(zip(names, cells, strict=False)))
            names = names or [cell.casefold() for cell in cells]
    return items


def convert_gaps(text: str) -> tuple[str, dict[str, str]]:
    """Convert gaps to ours; return the text, and our keys by their names."""
    keys: dict[str, str] = {}

    def gap(found: re.Match[str]) -> str:
        key = keys.setdefault(found["name"], f"c{len(keys) + 1}")
        hint = f"::{found['hint']}" if found["hint"] else ""
        return "{{" + f"{key}::{separate_double_braces(found['body'])}{hint}" + "}}"

    return GAP_PATTERN.sub(gap, text), keys


def card_histories(
    note: str, items: Iterable[SrsItem], keys: Mapping[str, str]
) -> Iterator[tuple[str, ImportedHistory]]:
    """Yield the id suffix and history of each item's card."""
    for item in items:
        kind, _, name = item.name.partition("::")
        history = item.make_history(note)
        if history is None:
            continue
        if kind == "cloze" and name in keys:
            yield f"/{keys[name]}", history
        elif kind == "card" and not keys:
            yield ("/r" if name == "front" else ""), history


def _estimate_schedule(reviews: Sequence[ImportedReview], due: datetime) -> ImportedSchedule:
    ratings = [review.rating for review in reviews]
    since = next((n for n, rating in enumerate(reversed(ratings)) if rating == 1), len(ratings))
    known = next((n for n, rating in enumerate(ratings) if rating > 1), len(ratings))
    days = max(1, round((due - reviews[-1].answered_at).total_seconds() / SECONDS_PER_DAY))
    return ImportedSchedule(due.date(), min(days, 36_500), repetitions=since, lapses=ratings[known:].count(1))


def _row_time(row: Mapping[str, str]) -> datetime | None:
    try:
        at = datetime.fromisoformat(row.get("timestamp", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
