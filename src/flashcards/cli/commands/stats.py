"""`flashcards stats`: statistics on a screen, as text, JSON, CSV or a page."""

from datetime import date
from functools import cache, partial
from pathlib import Path
from sqlite3 import Connection
from typing import Annotated, NamedTuple

import typer

from flashcards import __version__
from flashcards.app.command_context import CommandContext, parse_date
from flashcards.app.search_arguments import split_decks_and_search
from flashcards.app.terminal_width import has_screen
from flashcards.cli.completion.tab_completions import complete_tags
from flashcards.cli.options import DeckOrSearchArgument, Json
from flashcards.core.deck_names import pick_decks
from flashcards.core.search_query import parse_query
from flashcards.core.stats.compute_statistics import Statistics, StatsInput, compute_statistics
from flashcards.core.stats.definition_texts import DEFINITIONS
from flashcards.core.study_days import study_day
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.files import read_regular_file, write_file_atomically
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.search import build_search_condition
from flashcards.storage.index.queries.stats import StatsFilter, load_stats_input
from flashcards.storage.store import Store
from flashcards.terminal.stats.tabs import stats_lines

EPILOG = "\n\n".join(f"{name}: {what}." for name, what in DEFINITIONS.items())


class StatsScope(NamedTuple):
    """The cards and answers asked for."""

    decks: tuple[str, ...] = ()
    tag: str = ""
    since: date | None = None
    search: str = ""

    @property
    def heading(self) -> str:
        """A heading for the scope; "" for everything."""
        tag = f"tag {self.tag}" if self.tag else ""
        since = f"since {self.since.isoformat()}" if self.since else ""
        return " · ".join(part for part in (*self.decks, tag, self.search, since) if part)


def command(
    context: CommandContext,
    words: DeckOrSearchArgument = None,
    tag: Annotated[str, typer.Option(help="Only cards with this tag.", autocompletion=complete_tags)] = "",
    since: Annotated[str, typer.Option(help="Only answers since this date, such as 2026-03-31.")] = "",
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="One row per study day, as CSV.")] = False,
    page: Annotated[str, typer.Option("--html", help="Write a web page.", metavar="FILE")] = "",
    force: Annotated[
        bool, typer.Option("--force", "-f", help="Overwrite a file that is not a statistics page.")
    ] = False,
) -> None:
    """Show statistics."""
    since_day = parse_date(since, study_day(context.now()), past=True)
    with context.open_store() as store, context.progress_bar("Computing statistics"):
        names = store.query(counts.list_deck_names)
        decks, search = split_decks_and_search(words or (), names)
        scope = StatsScope(pick_decks(names, decks), tag, since_day, search)
        found, theme = load_statistics(store, scope, by_day=as_json or as_csv), store.settings.theme
    if [as_json, as_csv, bool(page)].count(True) > 1:
        raise UsageError("--json, --csv and --html cannot be combined. Choose one.")
    if page:
        write_stats_page(context, found, page, scope.heading, force=force)
    elif as_json or as_csv:
        from flashcards.cli.output.stats_json import csv_lines, stats_json

        context.print_json(stats_json(found)) if as_json else context.print_lines(csv_lines(found))
    elif scope.heading and not (found.card_counts.total or found.all_time.answers):
        context.print(f"No cards or answers match {scope.heading}.")
    elif has_screen():
        from flashcards.terminal.stats.screen import browse_stats

        decks_alone = [scope._replace(decks=(name,)) for name in scope.decks or names]
        scopes = [(alone.heading, cache(partial(_load_alone, context, alone))) for alone in decks_alone]
        browse_stats([(scope.heading, lambda: found), *scopes], theme)
    else:
        context.print_lines([f"Only {scope.heading}", ""] if scope.heading else [])
        context.print_lines(stats_lines(found, context.line_width()))


def _load_alone(context: CommandContext, scope: StatsScope) -> Statistics:
    with context.open_store(welcome=False) as store:
        return load_statistics(store, scope)


def load_statistics(store: Store, scope: StatsScope, *, by_day: bool = False) -> Statistics:
    """Return the statistics of a scope, by day if asked. Raises UsageError."""
    today = store.today
    query = parse_query(scope.search, today)

    def load(index: Connection) -> StatsInput:
        search = build_search_condition(index, query, store.search_context) if scope.search else None
        stats_filter = StatsFilter(scope.decks, scope.tag, search, scope.since, recall_by_day=by_day)
        return load_stats_input(index, today, stats_filter)

    return compute_statistics(store.query(load), today)


HEADER_BYTES = 2048  # bytes of a page that contain its generator


def write_stats_page(
    context: CommandContext, statistics: Statistics, output: str, scope: str, *, force: bool
) -> None:
    """Write the page to a file, or to standard output for "-"."""
    from flashcards.html_report.page import GENERATOR_META, render_page

    path = None if output == "-" else Path(output)
    if path is not None:
        _require_replaceable(path, GENERATOR_META, force=force)
    content = render_page(statistics, context.now(), __version__, scope).encode("utf-8", "replace")
    if path is None:
        context.write_text([content])
        return
    write_file_atomically(path, content)
    context.print(f"{path}: your statistics as a web page. Open it in any browser; it works offline.")


def _require_replaceable(path: Path, mark: str, *, force: bool) -> None:
    """Raise FlashcardsError unless the path is new or a page with our mark."""
    if path.is_dir():
        raise FlashcardsError(f"{path}: this is a folder. Name a file in it, such as: {path / 'stats.html'}")
    if not path.parent.is_dir():
        raise FlashcardsError(f"{path.parent}: no such folder. Create it, or name another.")
    if force or not path.exists():
        return
    if mark.encode() not in read_regular_file(path)[:HEADER_BYTES]:
        raise FlashcardsError(
            f"{path}: the file exists and is not a statistics page. Nothing was "
            "written. Choose another name, or overwrite it with --force."
        )
