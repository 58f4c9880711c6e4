"""`flashcards stats`: how it goes, on a screen, in lines, as JSON or as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from flashcards import __version__
from flashcards.app.context import Context, parse_day
from flashcards.app.search_words import split
from flashcards.app.study.run import screen_is_possible
from flashcards.cli.completion.candidates import decks_and_search, tags
from flashcards.cli.output.stats_json import as_fields, csv_lines
from flashcards.core.search import parse, pick_decks
from flashcards.core.stats.compute import Figures, figures
from flashcards.core.stats.definitions import MEANINGS
from flashcards.errors import FlashcardsError, UsageError
from flashcards.html_report.page import GENERATOR, Made, page
from flashcards.storage.files import read_regular, write_file
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.stats import Asked, counted
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
        from flashcards.terminal.stats.screen import browse

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


HEAD = 2048
"""Bytes at the beginning of a page in which it says who made it."""


def write_page(world: Context, found: Figures, target: str, of: str, *, force: bool) -> None:
    """Write the page to a file, or to standard output for "-"."""
    where = None if target == "-" else Path(target)
    if where is not None:
        _refuse(where, force=force)
    text = page(found, Made(world.now(), __version__, of))
    if where is None:
        world.write_text(text)
        return
    write_file(where, text.encode("utf-8", "replace"))
    world.print(
        f"{where}: your figures as one page. Any browser opens it; it asks nothing of the net."
    )


def _refuse(where: Path, *, force: bool) -> None:
    """Stop before a file is replaced that is no page of ours, and where no file can be."""
    if where.is_dir():
        raise FlashcardsError(
            f"{where}: this is a folder. Name a file in it: {where / 'stats.html'}"
        )
    if not where.parent.is_dir():
        raise FlashcardsError(f"{where.parent}: there is no such folder. Make it, or name another.")
    if force or not where.exists():
        return
    if GENERATOR.encode() not in read_regular(where)[:HEAD]:
        raise FlashcardsError(
            f"{where}: there is a file already that this program did not make. Nothing was "
            "written; name another, or replace it with --force."
        )
