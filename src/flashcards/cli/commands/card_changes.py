"""`delete`, `move`, `tag`, `set-due`: change many cards as one step."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer

from flashcards.app.add_cards import resolve_deck
from flashcards.app.card_lookup import find_cards, search_cards
from flashcards.app.change_cards import CardChange, delete_cards, move_cards, set_due_day, tag_cards
from flashcards.app.context import CommandContext
from flashcards.cli.arguments import SIDE_MARKER, unescape_side
from flashcards.cli.completion.candidates import complete_cards, complete_decks, complete_search
from flashcards.core.days import DATE_FORMS, parse_day
from flashcards.core.messages import format_day
from flashcards.errors import UsageError
from flashcards.terminal.text.plain_table import TableFit, table_lines

CARDS_HELP = "Card ids, id prefixes or words of the front; or a search with a field, such as tag:lora."
Cards = Annotated[
    list[str], typer.Argument(metavar="CARD...|SEARCH", help=CARDS_HELP, autocompletion=complete_cards)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="List the cards without changing anything.")]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


@dataclass(frozen=True, slots=True)
class _Wording:
    """How a command speaks of what it does."""

    done: str
    do: str
    where: str = ""
    """What stands behind the cards."""
    nothing: str = "nothing to change"


def delete(context: typer.Context, cards: Cards, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Delete cards from their decks. A card of a note with several cards takes all of them along."""
    world: CommandContext = context.obj
    with world.open_store() as store:
        change = delete_cards(store, find_cards(store, cards), dry_run=dry_run)
    _report(world, change, _Wording("Deleted", "delete"), dry_run=dry_run, as_json=as_json)


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
    wording = _Wording("Moved", "move", f" to {goal}", f"Nothing to move: the cards are in {goal} already.")
    _report(world, change, wording, dry_run=dry_run, as_json=as_json, deck=goal)


def tag(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[+TAG|-TAG]... SEARCH",
            help="Tags to add and to take off, then a search as in `flashcards cards`.",
            autocompletion=complete_search,
        ),
    ],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Give all cards that a search finds tags, and take others off."""
    world: CommandContext = context.obj
    tags = [unescape_side(word) for word in words if word.startswith(SIDE_MARKER)]
    search = [word for word in words if not word.startswith(SIDE_MARKER)]
    if not tags or not search or {"+", "-"} & set(tags):
        raise UsageError("Name tags and a search: flashcards tag +verb -noun deck:French")
    add, remove = ([one[1:] for one in tags if one[0] == sign] for sign in "+-")
    with world.open_store() as store:
        change = tag_cards(store, search_cards(store, search), add, remove, dry_run=dry_run)
    wording = _Wording(
        "Tagged", "tag", f" {' '.join(tags)}", "Nothing to tag: the cards are tagged so already."
    )
    _report(world, change, wording, dry_run=dry_run, as_json=as_json)


def set_due(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="CARD... DATE", help=f"{CARDS_HELP} Then the day.", autocompletion=complete_cards
        ),
    ],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Choose the day on which cards are due; nothing else of their schedules changes.

    A new card gets the days until then as its interval, and ease 2.50.
    """
    world: CommandContext = context.obj
    with world.open_store() as store:
        day, cards = _split_day(words, store.today)
        change = set_due_day(store, find_cards(store, cards), day, dry_run=dry_run)
    wording = _Wording(f"Due on {day:%a} {format_day(day)} {day.year}:", "set the due day of")
    _report(world, change, wording, dry_run=dry_run, as_json=as_json)


def _split_day(words: Sequence[str], today: date) -> tuple[date, Sequence[str]]:
    """Return the day that the last one or two words are, and the words before it."""
    for count in (2, 1):
        if count < len(words):
            with suppress(ValueError, OverflowError):
                return parse_day(" ".join(words[-count:]), today), words[:-count]
    raise UsageError(f"Name a card, then a day: {DATE_FORMS}. For example: flashcards set-due chien +14")


def _report(
    context: CommandContext,
    change: CardChange,
    wording: _Wording,
    *,
    dry_run: bool,
    as_json: bool,
    deck: str = "",
) -> None:
    """Say what was done, or would be, to cards that are now in a deck, if it is not theirs."""
    if as_json:
        cards = [
            {"id": change.moves.get(card.id, card.id), "deck": deck or card.deck, "front": card.front}
            for card in change.cards
        ]
        done = bool(cards) and not dry_run
        fields = {"cards": cards, "notes": len(change.notes), "done": done, "remarks": change.remarks}
        context.print_json(fields)
        return
    if not change.notes:
        context.print(wording.nothing)
    elif dry_run:
        rows = [(card.id, card.deck, " ".join(card.front.split())) for card in change.cards]
        for line in table_lines(
            ("card", "deck", "front"), rows, TableFit(context.list_width(), {2: 14, 1: 9})
        ):
            context.print(line)
        what = f"{wording.do} {change.describe()}{wording.where}"
        context.print(f"Would {what}. Nothing was changed (--dry-run).")
    else:
        context.print(f"{wording.done} {change.describe()}{wording.where}. (Undo: flashcards undo)")
    for remark in change.remarks:
        context.print(remark)
