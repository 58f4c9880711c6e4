"""`flashcards show`: one card with its schedule and history."""

import os
from typing import Annotated

import typer

from flashcards.app.card_lookup import find_any_card
from flashcards.app.command_context import CommandContext
from flashcards.app.store_scheduler import store_scheduler
from flashcards.cli.completion.tab_completions import complete_cards as cards_named
from flashcards.cli.output.card_json import card_json, other_events_json, rating_outcomes_json, reviews_json
from flashcards.core.card_history import card_history
from flashcards.storage.index.queries.card_events import card_events
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.terminal.device.capabilities import DEFAULT_CAPABILITIES, output_capabilities
from flashcards.terminal.reports.card_details import CardReportOptions, card_report_lines

MAX_HISTORY_SHOWN = 20  # history entries shown on a terminal without --all

JSON_HELP = (
    "As JSON: the fields of `cards --json`, reviews (each with its reason and the schedule before and after "
    "it), choices (what each rating would do now), events (everything else, including undone answers)."
)


def command(
    context: CommandContext,
    card: Annotated[
        str, typer.Argument(help="Card id, id prefix, or words of the front.", autocompletion=cards_named)
    ],
    whole_history: Annotated[bool, typer.Option("--all", help="Show the whole history.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Show one card: text, rating outcomes and history."""
    with context.open_store() as store:
        entry, in_deck = find_any_card(store, card)
        events = store.query(lambda index: card_events(index, entry.card.id))
        history = card_history(events, store.settings.rollover, store.query(current_model))
        today, settings, scheduler = store.today, store.settings, store_scheduler(store)
        due_counts = scheduler.load
        if due_counts:  # counted while the store is open
            due_counts(range(0))
    below = settings.repeat_below
    if as_json:
        fields = card_json(entry, today, below, scheduler.model)
        fields |= {
            "reviews": reviews_json(history),
            "in_deck": in_deck,
            "choices": rating_outcomes_json(entry, today, below, scheduler),
        }
        context.print_json({**fields, "events": other_events_json(history)})
        return
    latest = None if whole_history or not context.is_output_terminal() else MAX_HISTORY_SHOWN
    capabilities = output_capabilities(context.stdout, os.environ) if context.stdout else DEFAULT_CAPABILITIES
    options = CardReportOptions(
        today, context.line_width(), below, settings.leech, latest, capabilities, in_deck, scheduler
    )
    context.print_styled_lines(card_report_lines(entry, history, options), settings.theme)
