"""`flashcards today`: update the index, then report."""

from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext
from flashcards.cli.output.print_today import print_today
from flashcards.storage.index.queries.today_counts import count_problems, load_today

JSON_HELP = (
    "As JSON: date, due, new, learning, paused, minutes, done, streak, tomorrow, "
    "week (cards that become due, day by day), next_due, decks, next (the suggested command)."
)


def command(
    context: CommandContext, as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False
) -> None:
    """Show today at a glance."""
    with context.open_store() as store:
        today = store.query(lambda index: load_today(index, store.today))
        faulty = store.query(count_problems)
    print_today(today, faults=faulty, as_json=as_json)
