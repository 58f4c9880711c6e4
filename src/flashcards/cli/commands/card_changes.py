"""`delete`, `move`: change the deck files that cards are in."""

from __future__ import annotations

from typing import Annotated

import typer

from flashcards.app.add_cards import resolve_deck
from flashcards.app.card_lookup import find_cards
from flashcards.app.change_cards import CardChange, delete_cards, move_cards
from flashcards.app.context import CommandContext
from flashcards.cli.completion.candidates import complete_cards, complete_decks
from flashcards.terminal.text.plain_table import TableFit, table_lines

Cards = Annotated[
    list[str],
    typer.Argument(
        metavar="CARD...|SEARCH",
        help="Card ids, id prefixes or words of the front; or a search with a field, such as tag:lora.",
        autocompletion=complete_cards,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="List the cards without changing anything.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


def delete(context: typer.Context, cards: Cards, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Delete cards from their decks. `flashcards undo` brings them back.

    A card of a note with several cards takes all of them along. Their history is kept: a card that
    comes back with the same text or id goes on with it.
    """
    world: CommandContext = context.obj
    with world.open_store() as store:
        change = delete_cards(store, find_cards(store, cards), dry_run=dry_run)
    _report(world, change, ("Deleted", "delete", ""), dry_run=dry_run, as_json=as_json)


def move(
    context: typer.Context,
    cards: Cards,
    deck: Annotated[
        str, typer.Argument(help="The deck; a new name creates it.", autocompletion=complete_decks)
    ],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Move cards to the end of another deck; they keep their history."""
    world: CommandContext = context.obj
    with world.open_store() as store:
        goal = resolve_deck(world, store, deck)
        change = move_cards(store, find_cards(store, cards), goal, dry_run=dry_run)
    _report(world, change, ("Moved", "move", goal), dry_run=dry_run, as_json=as_json)


def _report(
    context: CommandContext, change: CardChange, words: tuple[str, str, str], *, dry_run: bool, as_json: bool
) -> None:
    """Say what was done, or would be: (past, present, the deck that cards came to)."""
    done, do, deck = words
    if as_json:
        context.print_json(
            {
                "cards": [
                    {
                        "id": change.moves.get(card.id, card.id),
                        "deck": deck or card.deck,
                        "front": card.front,
                    }
                    for card in change.cards
                ],
                "notes": len(change.notes),
                "done": bool(change.notes) and not dry_run,
                "remarks": change.remarks,
            }
        )
        return
    where = f" to {deck}" if deck else ""
    if not change.notes:
        context.print(f"Nothing to {do}: the cards are in {deck} already.")
    elif dry_run:
        rows = [(card.id, card.deck, " ".join(card.front.split())) for card in change.cards]
        for line in table_lines(
            ("card", "deck", "front"), rows, TableFit(context.list_width(), {2: 14, 1: 10})
        ):
            context.print(line)
        context.print(f"Would {do} {change.describe()}{where}. Nothing was changed (--dry-run).")
    else:
        context.print(f"{done} {change.describe()}{where}. (Undo: flashcards undo)")
    for remark in change.remarks:
        context.print(remark)
