"""org-srs: items in a drawer below a heading, each with a table of the answers it was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flashcards.core.cloze_brackets import calm
from flashcards.importers.base import Life, PastReview, Standing

DRAWERS = ("SRSITEMS", "SRSDATA")
NAME = re.compile(r"\s*#\+name:\s*srsitem:(?P<note>[^:\s]+)(?:::(?P<item>\S+))?\s*", re.IGNORECASE)
GAP = re.compile(
    r"\{\{(?P<name>[^{}\n]{1,80})\}\{(?P<body>(?:[^{}]|\{[^{}]*\})+)\}(?:\{(?P<hint>[^{}]*)\})?\}"
)
RATINGS = {"again": 1, "hard": 3, "good": 4, "easy": 5}
DAY = 86_400


@dataclass(slots=True)
class Item:
    """One item of a note: what it asks ("card::back", "cloze::ID"), and its rows."""

    name: str
    rows: list[Mapping[str, str]] = field(default_factory=list)

    def life(self, note: str) -> Life | None:
        """Return the answers and where the item stands; None for one that was never asked."""
        reviews = [
            PastReview(f"{note} {self.name} {row.get('timestamp')}", at, rating)
            for row in self.rows
            if (at := _moment(row)) and (rating := RATINGS.get(row.get("rating", "").strip(": ")))
        ]
        if not reviews:
            return None
        starred = (_moment(row) for row in self.rows if row.get("!") == "*")
        due = next((at for at in starred if at), None)
        return Life(reviews, _standing(reviews, due) if due else None)


def items_of(drawer: Iterable[str]) -> list[Item]:
    """Return the items of a drawer, in its order."""
    items: list[Item] = []
    names: Sequence[str] = ()
    for line in drawer:
        if found := NAME.fullmatch(line):
            items.append(Item(found["item"] or "card"))
            names = ()
        elif items and line.lstrip().startswith("|") and not line.lstrip().startswith("|-"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if names:
                items[-1].rows.append(dict(zip(names, cells, strict=False)))
            names = names or [cell.casefold() for cell in cells]
    return items


def with_gaps(text: str) -> tuple[str, dict[str, str]]:
    """Return a text with its gaps as ours, and the key of each by its name there."""
    keys: dict[str, str] = {}

    def gap(found: re.Match[str]) -> str:
        key = keys.setdefault(found["name"], f"c{len(keys) + 1}")
        hint = f"::{found['hint']}" if found["hint"] else ""
        return "{{" + f"{key}::{calm(found['body'])}{hint}" + "}}"

    return GAP.sub(gap, text), keys


def lives_of(
    note: str, items: Iterable[Item], keys: Mapping[str, str]
) -> Iterator[tuple[str, Life]]:
    """Yield what the id of each item's card adds to the note's, and its life."""
    for item in items:
        kind, _, name = item.name.partition("::")
        life = item.life(note)
        if life is None:
            continue
        if kind == "cloze" and name in keys:
            yield f"/{keys[name]}", life
        elif kind == "card" and not keys:
            yield ("/r" if name == "front" else ""), life


def _standing(reviews: Sequence[PastReview], due: datetime) -> Standing:
    ratings = [review.rating for review in reviews]
    since = next((n for n, rating in enumerate(reversed(ratings)) if rating == 1), len(ratings))
    known = next((n for n, rating in enumerate(ratings) if rating > 1), len(ratings))
    days = max(1, round((due - reviews[-1].at).total_seconds() / DAY))
    return Standing(
        due.date(), min(days, 36_500), repetitions=since, lapses=ratings[known:].count(1)
    )


def _moment(row: Mapping[str, str]) -> datetime | None:
    try:
        at = datetime.fromisoformat(row.get("timestamp", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None
