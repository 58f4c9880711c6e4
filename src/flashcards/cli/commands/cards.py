"""`flashcards cards`: the cards that a search finds."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.app.search_words import search_of
from flashcards.cli.completion.candidates import search
from flashcards.cli.output.card_json import as_fields
from flashcards.storage.index.queries.search import find_entries
from flashcards.terminal.text.format import relative_day
from flashcards.terminal.text.plain_table import Fit, table

SEARCH = (
    "Words in the text, tag:lora, deck:french, id:dog (= instead of : for the whole name), "
    "is:new|learning|young|mature|due|suspended|buried|leech|marked, ease<2, interval, lapses, "
    "repetitions, rated<3, due<7, due:tomorrow, answered<3 (days ago), dates as 2026-03-31; "
    "side by side all must fit; or, (…), -not."
)

CARD, DUE, FRONT = 0, 2, 3
"""Columns of the list."""


def command(
    context: typer.Context,
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]...", help=SEARCH, autocompletion=search)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the cards that fit: words, tag: deck: id: is:due due<7 ease<2 or -not (…)."""
    world: Context = context.obj
    with world.open() as store:
        today, below, leech = store.today, store.settings.repeat_below, store.settings.leech
        found = list(
            find_entries(store.index.connection, search_of(query or ()), today, below, leech)
        )
    if as_json:
        world.print_json([as_fields(entry, today, below) for entry in found])
        return
    rows = [
        (
            entry.card.id,
            "suspended" if entry.progress.suspended else entry.progress.stage(today, below).value,
            relative_day(entry.progress.due, today) if entry.progress.due else "",
            " ".join(entry.card.front.split()),
            entry.progress.flag or "",
        )
        for entry in found
    ]
    # Why a card was marked is a column only where one is.
    columns = 5 if any(row[4] for row in rows) else 4
    header = ("card", "state", "due", "front", "marked")[:columns]
    fit = Fit(world.room(), {FRONT: 14, CARD: 10}, spare=(DUE,))
    for line in table(header, [row[:columns] for row in rows], fit) if rows else ():
        world.print(line)
    if not rows:
        world.print("No card fits.")
