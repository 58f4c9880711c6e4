"""`flashcards cards`: list the cards that match a search."""

import json
from datetime import date
from typing import Any

import typer

from flashcards.app.command_context import CommandContext
from flashcards.app.search_arguments import join_search
from flashcards.cli.options import Json, SearchArgument
from flashcards.cli.output.card_json import card_json
from flashcards.core.progress import CardState
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.index.queries.search import find_cards
from flashcards.terminal.text.format import relative_day
from flashcards.terminal.text.plain_table import TableFit, table_lines
from flashcards.terminal.theme import ACCENT, CHROME, WARNING

EXIT_NOTHING = 1
CARD_COLUMN, DUE_COLUMN, FRONT_COLUMN = 0, 2, 3


def command(context: CommandContext, query: SearchArgument = None, as_json: Json = False) -> None:
    """List the matching cards."""
    with context.open_store() as store:
        search, search_context = join_search(query or ()), store.search_context
        today, below, theme = search_context.today, search_context.repeat_below, store.settings.theme
        model = store.query(current_model)

        def shown(entry: CardState) -> str | tuple[str, ...]:
            if as_json:
                return json.dumps(card_json(entry, today, below, model))
            return _table_row(entry, today, below)

        # One by one: 400,000 cards with both sides take 800 MB, and 2 GB as dictionaries.
        cards: list[Any] = store.query(
            lambda index: list(map(shown, find_cards(index, search, search_context)))
        )
    if as_json:
        context.print_json_list(cards)
    elif cards:
        _print_table(context, cards, theme)
    else:
        context.print("No card matches.")
    if not cards:
        raise typer.Exit(EXIT_NOTHING)


def _print_table(context: CommandContext, rows: list[Any], theme: str) -> None:
    # The reason of marks is a column only if a card is marked.
    columns = 5 if any(row[4] for row in rows) else 4
    header = ("card", "state", "due", "front", "marked")[:columns]
    fit = TableFit(context.list_width(), {FRONT_COLUMN: 14, CARD_COLUMN: 10}, droppable=(DUE_COLUMN,))
    lines = table_lines(header, [row[:columns] for row in rows], fit)
    context.print_table(lines, [style for *_, style in rows], theme)


def _table_row(entry: CardState, today: date, below: int) -> tuple[str, ...]:
    """Return the cells of a card, and its style."""
    progress, front = entry.progress, " ".join(entry.card.front.split())
    state = "suspended" if progress.suspended else progress.stage(today, below).value
    due = relative_day(progress.due, today) if progress.due else ""
    return entry.card.id, state, due, front, progress.mark or "", _row_style(entry, today)


def _row_style(state: CardState, today: date) -> str:
    """Return a row's style: due cards stand out, suspended ones are dimmed."""
    progress = state.progress
    if progress.mark is not None:
        return WARNING
    if progress.suspended:
        return CHROME
    return ACCENT if progress.due and progress.due <= today else ""
