"""Commands that change many cards as one step: delete, move, tag and others."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import Annotated, NamedTuple

import typer

from flashcards.app.add_cards import resolve_deck
from flashcards.app.card_lookup import find_cards, search_cards
from flashcards.app.change_many_cards import (
    CardChange,
    append_events,
    delete_cards,
    move_cards,
    set_due_day,
    tag_cards,
)
from flashcards.app.command_context import CommandContext
from flashcards.app.rename_deck import rename_deck
from flashcards.cli.completion.tab_completions import complete_cards, complete_decks, complete_search
from flashcards.cli.options import Json
from flashcards.cli.parser import SIDE_MARKER, unescape_side
from flashcards.core import events
from flashcards.core.clean_text import clean_text, to_one_line
from flashcards.core.date_text import DATE_FORMS, format_day, parse_day
from flashcards.core.deck_names import pick_name
from flashcards.errors import UsageError
from flashcards.storage.index.queries.counts import list_deck_names
from flashcards.terminal.text.plain_table import TableFit, table_lines

CARDS_HELP = "Card ids, id prefixes or words of the front; or a search with a field, such as tag:lora."
TAGS_HELP = "Tags to add and to take off, then a search as in `flashcards cards`."
Cards = Annotated[
    list[str], typer.Argument(metavar="CARD...|SEARCH", help=CARDS_HELP, autocompletion=complete_cards)
]
CardsAndDay = Annotated[
    list[str],
    typer.Argument(metavar="CARD... DATE", help=f"{CARDS_HELP} Then the day.", autocompletion=complete_cards),
]
TagsAndSearch = Annotated[
    list[str], typer.Argument(metavar="[+TAG|-TAG]... SEARCH", help=TAGS_HELP, autocompletion=complete_search)
]
DeckName = Annotated[
    str, typer.Argument(help="The deck; a new name creates it.", autocompletion=complete_decks)
]
NO_ID = events.EventId("")
DryRun = Annotated[bool, typer.Option("--dry-run", help="List the cards without changing anything.")]


class _Wording(NamedTuple):
    """How a command reports what it does; `deck` is the target deck."""

    done: str
    do: str
    where: str = ""
    deck: str = ""


def delete(context: CommandContext, cards: Cards, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Delete cards with their siblings."""
    with context.open_store() as store:
        change = delete_cards(store, find_cards(store, cards), dry_run=dry_run)
    _report(context, change, _Wording("Deleted", "delete"), dry_run=dry_run, as_json=as_json)


def move(
    context: CommandContext, cards: Cards, deck: DeckName, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Move cards to the end of another deck."""
    with context.open_store() as store:
        goal = resolve_deck(context, store, deck)
        change = move_cards(store, find_cards(store, cards), goal, dry_run=dry_run)
    wording = _Wording("Moved", "move", f" to {goal}", goal)
    _report(context, change, wording, dry_run=dry_run, as_json=as_json)


def tag(
    context: CommandContext, words: TagsAndSearch, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Add and remove tags of the matching cards."""
    tags = [clean_text(unescape_side(word)) for word in words if word.startswith(SIDE_MARKER)]
    search = [word for word in words if not word.startswith(SIDE_MARKER)]
    if not tags or not search or {"+", "-"} & set(tags):
        raise UsageError("Name tags and a search: flashcards tag +verb -noun deck:French")
    add, remove = ([one[1:] for one in tags if one[0] == sign] for sign in "+-")
    with context.open_store() as store:
        change = tag_cards(store, search_cards(store, search), add, remove, dry_run=dry_run)
    wording = _Wording("Tagged", "tag", f" {' '.join(tags)}")
    _report(context, change, wording, dry_run=dry_run, as_json=as_json)


def set_due(
    context: CommandContext, words: CardsAndDay, dry_run: DryRun = False, as_json: Json = False
) -> None:
    """Set the day on which cards are due."""
    with context.open_store() as store:
        day, cards = _split_day(words, store.today)
        change = set_due_day(store, find_cards(store, cards), day, dry_run=dry_run)
    wording = _Wording(f"Due on {day:%a} {format_day(day)} {day.year}:", "set the due day of")
    _report(context, change, wording, dry_run=dry_run, as_json=as_json)


def _split_day(words: Sequence[str], today: date) -> tuple[date, Sequence[str]]:
    """Split off a date, which may be one or two words."""
    for count in (2, 1):
        if count < len(words):
            with suppress(ValueError, OverflowError):
                return parse_day(" ".join(words[-count:]), today), words[:-count]
    raise UsageError(f"Name a card, then a day: {DATE_FORMS}. For example: flashcards set-due chien +14")


def _state_command(name: str) -> Callable[..., None]:
    """Return the command that appends this event to each card."""
    kind, done = events.STATE_EVENTS[name]

    def command(
        context: CommandContext, cards: Cards, dry_run: DryRun = False, as_json: Json = False
    ) -> None:
        with context.open_store() as store:
            chosen = find_cards(store, cards)
            change = append_events(
                store, chosen, lambda state, at: kind(NO_ID, 0, at, state.card.id), dry_run=dry_run
            )
        wording = _Wording(f"{done.capitalize()}:", name)
        _report(context, change, wording, dry_run=dry_run, as_json=as_json)

    return command


suspend, unsuspend, reset = map(_state_command, ("suspend", "unsuspend", "reset"))


def rename(
    context: CommandContext,
    deck: DeckName,
    new: Annotated[str, typer.Argument(help="Its new name.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the decks without changing any.")] = False,
    as_json: Json = False,
) -> None:
    """Rename a deck and its subdecks."""
    if not (new_name := to_one_line(new)):
        raise UsageError("Name the deck: flashcards rename DECK NEW")
    with context.open_store() as store:
        names = rename_deck(store, pick_name(store.query(list_deck_names), deck), new_name, dry_run=dry_run)
    if as_json:
        context.print_json({"renamed": [{"deck": old, "now": now} for old, now in names.items()]})
    else:
        renamed = ", ".join(f"{old} to {now}" for old, now in names.items())
        end = "Nothing was changed (--dry-run)." if dry_run else "(Undo: flashcards undo)"
        context.print(f"{'Would rename' if dry_run else 'Renamed'} {renamed}. {end}")


def _report(
    context: CommandContext, change: CardChange, wording: _Wording, *, dry_run: bool, as_json: bool
) -> None:
    cards = change.cards
    if as_json:
        rows = [
            {"id": change.moves.get(card.id, card.id), "deck": wording.deck or card.deck, "front": card.front}
            for card in cards
        ]
        done = bool(cards) and not dry_run
        fields = {"cards": rows, "notes": len(change.notes), "done": done, "remarks": change.remarks}
        context.print_json(fields)
        return
    what = change.describe() + wording.where
    if not cards:
        context.print(f"Nothing to {wording.do}: all cards are so already.")
    elif dry_run:
        table = [(card.id, card.deck, " ".join(card.front.split())) for card in cards]
        fit = TableFit(context.list_width(), {2: 14, 1: 9})
        lines = table_lines(("card", "deck", "front"), table, fit)
        context.print_table(lines, [""] * len(table), "auto")
        context.print(f"Would {wording.do} {what}. Nothing was changed (--dry-run).")
    else:
        context.print(f"{wording.done} {what}. (Undo: flashcards undo)")
    for remark in change.remarks:
        context.print(remark)
