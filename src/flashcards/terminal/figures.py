"""The figures of `stats` as lines of plain text that fit a width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import sqrt

from flashcards.core.stats.figures import Figures
from flashcards.core.stats.shares import Share
from flashcards.terminal.console import safe_line
from flashcards.terminal.reports import bar, duration, percent, table

SHADES = " ░▒▓█"
WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "")


def stats_lines(found: Figures, columns: int) -> Iterator[str]:
    """Yield the whole report."""
    current, longest = found.streak.current, found.streak.longest
    today, ratings = found.today, found.all_time.ratings
    recalled = _percent(today.recall)
    yield (
        f"Today   {today.answers} reviews · {duration(today.ms)} · "
        f"{recalled} recalled        Streak {current} (best {longest})"
    )
    cards = found.cards
    yield (
        f"Cards   {cards.total} · new {cards.new} · young {cards.young} · "
        f"mature {cards.mature} · suspended {cards.suspended}"
    )
    yield ""
    yield from heatmap(found.heatmap, columns)
    yield ""
    young, mature = _with_error(found.retention.young), _with_error(found.retention.mature)
    yield f"Retention (first answers)   young {young}   mature {mature}"
    yield "Rated   " + "   ".join(f"{rating}: {ratings[rating]}" for rating in range(1, 6))
    yield ""
    yield from _forecast(found, columns)
    yield from _hardest(found)
    yield ""
    rows = [
        (
            deck.deck,
            deck.cards.total,
            deck.cards.new,
            deck.cards.young,
            deck.cards.mature,
            deck.cards.due,
            _percent(deck.retention),
        )
        for deck in found.decks
    ]
    yield from table(("deck", "cards", "new", "young", "mature", "due", "retention"), rows)


def _percent(share: Share) -> str:
    return percent(share.part, share.whole)


def _with_error(share: Share) -> str:
    """Return a share with the half-width of its 95 % interval (Agresti and Coull, 1998)."""
    if not share.whole:
        return "–"
    whole = share.whole + 4
    part = (share.part + 2) / whole
    return f"{_percent(share)} ±{100 * 1.96 * sqrt(part * (1 - part) / whole):.0f}"


def heatmap(days: Sequence[tuple[date, int]], columns: int) -> Iterator[str]:
    """Yield a week a column, Monday on top, the months above; as many weeks as fit."""
    weeks = max(4, min(53, (columns - 5) // 2))
    today = days[-1][0]
    first = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    counts = dict(days)
    most = max(counts.values(), default=0)
    months, before = "", 0
    for i in range(weeks):
        monday = first + timedelta(days=7 * i)
        if monday.month != before and len(months) <= 2 * i:
            months = months.ljust(2 * i) + monday.strftime("%b")
            before = monday.month
    yield f"     {months}"
    for weekday, name in enumerate(WEEKDAYS):
        row = (first + timedelta(days=7 * i + weekday) for i in range(weeks))
        shades = " ".join(_shade(counts.get(day, 0), most) if day <= today else " " for day in row)
        yield f"{name:<4} {shades}".rstrip()


def _shade(count: int, most: int) -> str:
    if not count:
        return "·"
    return SHADES[1 + min(3, 4 * (count - 1) // max(1, most))]


def _forecast(found: Figures, columns: int) -> Iterator[str]:
    most = max((due for _, due in found.forecast[:7]), default=0)
    for i, (day, due) in enumerate(found.forecast[:7]):
        name = ("today", "tomorrow")[i] if i < 2 else day.strftime("%a %d")
        shown = bar(due, most, max(4, min(40, columns - 26)))
        yield f"{'Due' if i == 0 else '':<7} {name:<9}{due:>5}  {shown}".rstrip()


def _hardest(found: Figures) -> Iterator[str]:
    for i, entry in enumerate(found.hardest[:5]):
        memory = entry.progress.memory
        head = "Hardest" if i == 0 else ""
        yield (
            f"{head:<7} {safe_line(entry.card.id)}   {memory.lapses} lapses   "
            f"EF {memory.ease / 100:.2f}   flashcards show {safe_line(entry.card.id)}"
        )
