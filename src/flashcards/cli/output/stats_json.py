"""The documented JSON and CSV of `stats`: shares from 0 to 1, or null of nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flashcards.core.progress import Entry
from flashcards.core.stats.compute import Figures
from flashcards.core.stats.definitions import MEANINGS
from flashcards.core.stats.proportion import Share
from flashcards.core.stats.totals import Cards, Group, Tally
from flashcards.core.stats.values import Bar, Retention

COLUMNS = (
    "date", "reviews", "minutes", "new", "first_answers", "recalled",
    "young", "young_recalled", "mature", "mature_recalled",
    "rated_1", "rated_2", "rated_3", "rated_4", "rated_5", "added",
)  # fmt: skip
"""What the series of days has, in JSON and in CSV."""


def as_fields(found: Figures) -> dict[str, Any]:
    """Return all figures under their documented names."""
    everything, pace = found.all_time, found.pace
    return {
        "date": found.day.isoformat(),
        "cards": _cards(found.cards),
        "today": _spell(found.today),
        "week": {**_spell(found.week), "days": found.week_days},
        "reviews": everything.answers,
        "minutes": minutes(everything.ms),
        "streak": {"current": found.streak.current, "longest": found.streak.longest},
        "retention": _retention(found.retention),
        "retention_detail": {
            "young": _share(found.retention.young),
            "mature": _share(found.retention.mature),
            "all": _share(found.retention.all),
        },
        "weeks": [
            {"week": week.monday.isoformat(), **_spell(week.tally)}
            | {"retention": _retention(week.retention), "tests": _share(week.retention.all)}
            for week in found.weeks
        ],
        "ratings": {str(rating): n for rating, n in everything.ratings.items()},
        "calibration": {str(rating): _share(s) for rating, s in everything.calibration.items()},
        "hours": [
            {"hour": hour, **_spell(tally), "retention": _share(tally.retention)}
            for hour, tally in found.hours.items()
        ],
        "pace": {
            "seconds_an_answer": _rounded(pace.seconds_an_answer, 1),
            "minutes_a_card": _rounded(pace.minutes_a_card, 2),
            "cards": pace.cards,
        },
        "heatmap": [{"date": day.isoformat(), "reviews": n} for day, n in found.heatmap],
        "forecast": [{"date": day.isoformat(), "due": n} for day, n in found.forecast],
        "backlog": found.backlog,
        **_collection(found),
        "days": [dict(zip(COLUMNS, row, strict=True)) for row in days(found)],
        "meanings": MEANINGS,
    }


def _collection(found: Figures) -> dict[str, Any]:
    return {
        "intervals": _bars(found.intervals),
        "eases": _bars(found.eases, 100),
        "ages": _bars(found.ages),
        "growth": [
            {"date": g.day.isoformat(), "added": g.added, "learned": g.learned}
            for g in found.growth
        ],
        "months": [
            {"month": m.first.isoformat()[:7], "added": m.added, "learned": m.learned}
            | {"known": m.known}
            for m in found.months
        ],
        "hardest": [_hard(entry) for entry in found.hardest],
        "decks": [{"deck": group.deck, **_group(group)} for group in found.decks],
        "tags": [{"tag": group.deck, **_group(group)} for group in found.tags],
    }


def days(found: Figures) -> Iterator[tuple[str | int | float, ...]]:
    """Yield the row of each study day, with COLUMNS."""
    added = {growth.day: growth.added for growth in found.growth}
    for day, t in found.days:
        yield (
            day.isoformat(), t.answers, minutes(t.ms), t.new, t.first, t.recalled,
            t.young, t.young_recalled, t.mature, t.mature_recalled,
            t.rated_1, t.rated_2, t.rated_3, t.rated_4, t.rated_5, added.get(day, 0),
        )  # fmt: skip


def csv_lines(found: Figures) -> Iterator[str]:
    """Yield the series of days as CSV, its header first; no cell needs quoting."""
    yield ",".join(COLUMNS)
    for row in days(found):
        yield ",".join(map(str, row))


def minutes(ms: int) -> float:
    """Return a time in minutes."""
    return round(ms / 60_000, 1)


def _spell(tally: Tally) -> dict[str, Any]:
    return {
        "reviews": tally.answers,
        "minutes": minutes(tally.ms),
        "recalled": _rounded(tally.recall.value),
        "new": tally.new,
    }


def _cards(cards: Cards) -> dict[str, int]:
    return {
        "total": cards.total,
        "new": cards.new,
        "young": cards.young,
        "mature": cards.mature,
        "suspended": cards.suspended,
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        **_cards(group.cards),
        "due": group.cards.due,
        "retention": _rounded(group.retention.value),
        "retention_detail": _share(group.retention),
        "reviews": group.reviews,
        "minutes": minutes(group.ms),
    }


def _retention(retention: Retention) -> dict[str, float | None]:
    return {
        "young": _rounded(retention.young.value),
        "mature": _rounded(retention.mature.value),
        "all": _rounded(retention.all.value),
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.range or (None, None)
    return {
        "share": _rounded(share.value),
        "recalled": share.part,
        "tests": share.whole,
        "low": _rounded(low),
        "high": _rounded(high),
    }


def _bars(bars: Sequence[Bar], unit: int = 1) -> list[dict[str, Any]]:
    """Return the bars of a histogram; `to` is null where there is no end."""

    def told(value: int | None) -> float | None:
        return value if unit == 1 or value is None else value / unit

    return [{"from": told(bar.low), "to": told(bar.high), "cards": bar.cards} for bar in bars]


def _hard(entry: Entry) -> dict[str, Any]:
    card, memory = entry.card, entry.progress.memory
    return {
        "card": card.id,
        "front": card.front,
        "lapses": memory.lapses,
        "ease": memory.ease / 100,
        "deck": card.deck,
        "path": card.path,
        "line": card.line,
    }


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
