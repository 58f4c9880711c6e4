"""`flashcards show CARD`: one card's text, how it stands, and its life."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from flashcards.app.card_lookup import any_card
from flashcards.app.context import Context
from flashcards.cli.completion.candidates import cards as cards_named
from flashcards.cli.output.card_json import as_fields, offers, others, reviews
from flashcards.core.card_history import story
from flashcards.storage.index.queries.card_history import everything

LATEST = 20
"""How much of a long life a terminal shows, unless asked for all."""

FIELDS = (
    "As JSON: what `cards --json` has, reviews (each with why, and the schedule before and after "
    "it), choices (what each rating would do now), events (all else, undone answers too)."
)


def command(
    context: typer.Context,
    card: Annotated[
        str,
        typer.Argument(
            help="An id, its beginning, or words of the front.", autocompletion=cards_named
        ),
    ],
    all_moments: Annotated[bool, typer.Option("--all", help="A long history, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=FIELDS)] = False,
) -> None:
    """Show one card: its text, what a rating would do now, and each answer with its reason."""
    world: Context = context.obj
    with world.open() as store:
        entry, in_deck = any_card(store, card)
        done = everything(store.index.connection, entry.card.id)
        moments = story(done, store.settings.rollover)
        today, settings = store.today, store.settings
    below = settings.repeat_below
    if as_json:
        fields = as_fields(entry, today, below) | {"reviews": reviews(moments)}
        fields |= {"in_deck": in_deck, "choices": offers(entry, today, below)}
        world.print_json({**fields, "events": others(moments)})
        return
    from flashcards.terminal.device.capabilities import PLAIN, printed_medium
    from flashcards.terminal.reports.card import Seen, life_lines

    latest = None if all_moments or not world.on_terminal() else LATEST
    medium = printed_medium(world.stdout, os.environ) if world.stdout else PLAIN
    seen = Seen(today, world.columns(), below, settings.leech, latest, medium, in_deck)
    world.print_styled(life_lines(entry, moments, seen), settings.theme)
