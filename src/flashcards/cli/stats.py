"""`flashcards stats`: how it goes, on a screen, in lines, as JSON or as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer

from flashcards.cli.completion import decks_and_search, tags
from flashcards.cli.context import Context, parse_day
from flashcards.cli.figures_json import as_fields, csv_lines
from flashcards.cli.figures_page import write_page
from flashcards.cli.sitting import screen_is_possible
from flashcards.cli.words import split
from flashcards.core.search import parse, pick_decks
from flashcards.core.stats.figures import Figures, figures
from flashcards.core.stats.meanings import MEANINGS
from flashcards.errors import UsageError
from flashcards.storage.questions import counts
from flashcards.storage.questions.figures import Asked, counted
from flashcards.storage.store import Store
from flashcards.terminal.stats import stats_lines

EPILOG = "\n\n".join(f"{name}: {what}." for name, what in MEANINGS.items())
"""Stands at the end of `stats --help`."""

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DECK|SEARCH]...",
        autocompletion=decks_and_search,
        help="Decks, by any part of their names; or a search as in `cards`: tag:lora 'ease<2'.",
    ),
]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cards and answers the person asked for."""

    decks: tuple[str, ...] = ()
    tag: str = ""
    since: date | None = None
    search: str = ""

    @property
    def told(self) -> str:
        """How a heading names it; "" for everything."""
        tag = f"tag {self.tag}" if self.tag else ""
        since = f"since {self.since.isoformat()}" if self.since else ""
        return " · ".join(part for part in (*self.decks, tag, self.search, since) if part)


def command(
    context: typer.Context,
    words: Words = None,
    tag: Annotated[str, typer.Option(help="Only cards with this tag.", autocompletion=tags)] = "",
    since: Annotated[str, typer.Option(help="Only answers from this day on: YYYY-MM-DD.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="One row a study day, as CSV.")] = False,
    page: Annotated[
        str, typer.Option("--html", help="As one page, for any browser.", metavar="FILE")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no page.")] = False,
) -> None:
    """Show how it goes: retention, streaks, what is coming."""
    world: Context = context.obj
    first = parse_day(since)
    with world.open() as store, world.waiting("Adding up"):
        names = counts.deck_names(store.index.connection)
        decks, search = split(words or (), names)
        scope = Scope(pick_decks(names, decks), tag, first, search)
        found, theme = figures_of(store, scope), store.settings.theme
    if [as_json, as_csv, bool(page)].count(True) > 1:
        raise UsageError("--json, --csv and --html each make an output of their own. Choose one.")
    if page:
        write_page(world, found, page, scope.told, force=force)
    elif as_json:
        world.print_json(as_fields(found))
    elif as_csv:
        _print(world, csv_lines(found))
    elif scope.told and not (found.cards.total or found.all_time.answers):
        world.print(f"No card fits {scope.told}, and no answer.")
    elif screen_is_possible():
        from flashcards.terminal.stats.screen import browse  # noqa: PLC0415 (a terminal only)

        browse(found, scope.told, theme)
    else:
        _print(world, [f"Only {scope.told}", ""] if scope.told else [])
        _print(world, stats_lines(found, world.columns()))


def figures_of(store: Store, scope: Scope) -> Figures:
    """Return all figures of the cards and answers that are asked for. Raises UsageError."""
    today = store.today
    test = (
        parse(scope.search, today, store.settings.repeat_below, store.settings.leech)
        if scope.search
        else None
    )
    asked = Asked(scope.decks, scope.tag, test, scope.since)
    return figures(counted(store.index.connection, today, asked), today)


def _print(world: Context, lines: Iterable[str]) -> None:
    for line in lines:
        world.print(line)
