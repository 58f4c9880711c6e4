"""`flashcards stats`: how it goes, on one screen or as JSON."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from flashcards.cli.context import Context, parse_day
from flashcards.core.progress import Entry
from flashcards.core.search import pick
from flashcards.core.stats import MEANINGS, DeckFigures, Figures, Share, figures
from flashcards.storage import counts, reading
from flashcards.terminal.figures import stats_lines

EPILOG = "  ".join(f"{name}: {what}." for name, what in MEANINGS.items())


def command(
    context: typer.Context,
    decks: Annotated[list[str] | None, typer.Argument(metavar="[DECK]...")] = None,
    since: Annotated[str, typer.Option(help="Only answers from this day on: YYYY-MM-DD.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show how it goes: retention, streaks, what is coming."""
    world: Context = context.obj
    first = parse_day(since)
    store = world.open()
    try:
        index = store.index.connection
        only = {pick(counts.deck_names(index), name) for name in decks or ()}
        entries = [e for e in reading.entries(index) if not only or e.card.deck in only]
        facts = (f for f in reading.facts(index, first) if not only or f.deck in only)
        found = figures(entries, facts, store.today)
    finally:
        store.close()
    if as_json:
        world.print_json(as_fields(found))
        return
    for line in stats_lines(found, world.columns()):
        world.print(line)


def as_fields(found: Figures) -> dict[str, Any]:
    """Return the documented JSON of `stats`: shares from 0 to 1, or null of nothing."""
    current, longest = found.streak
    return {
        "cards": _cards(found.all_cards),
        "today": {
            "reviews": found.reviews_today,
            "minutes": round(found.ms_today / 60_000, 1),
            "recalled": _share(found.recalled_today),
        },
        "reviews": found.reviews,
        "streak": {"current": current, "longest": longest},
        "retention": {
            "young": _share(found.young),
            "mature": _share(found.mature),
            "all": _share(found.retention),
        },
        "ratings": {str(rating): found.ratings[rating] for rating in range(1, 6)},
        "heatmap": [{"date": day.isoformat(), "reviews": n} for day, n in found.heatmap],
        "forecast": [{"date": day.isoformat(), "due": n} for day, n in found.forecast],
        "hardest": [_hard(entry) for entry in found.hardest],
        "decks": [
            {"deck": name, **_cards(deck), "due": deck.due, "retention": _share(deck.retention)}
            for name, deck in found.decks.items()
        ],
    }


def _cards(deck: DeckFigures) -> dict[str, int]:
    return {
        "total": deck.total,
        "new": deck.new,
        "young": deck.young,
        "mature": deck.mature,
        "suspended": deck.suspended,
    }


def _hard(entry: Entry) -> dict[str, Any]:
    memory = entry.progress.memory
    return {
        "card": entry.card.id,
        "front": entry.card.front,
        "lapses": memory.lapses,
        "ease": memory.ease / 100,
    }


def _share(share: Share) -> float | None:
    return None if share.value is None else round(share.value, 4)
