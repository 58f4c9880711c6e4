"""`flashcards check`: validate deck files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flashcards.app.context import CommandContext, read_schema, write_schema
from flashcards.core.cards import Deck
from flashcards.core.messages import format_count
from flashcards.core.progress import CardState
from flashcards.errors import EXIT_PROBLEMS, Problem
from flashcards.storage.decks.copies import duplicates_across
from flashcards.storage.decks.reader import load_deck
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.sources import find_deck_files

MAX_LISTED = 20
"""How many cards without a deck are listed for reading."""


def command(
    typer_context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of deck files, for editors.")
    ] = False,
) -> None:
    """Check deck files, or all of your decks. Each error is shown with its place and fix."""
    context: CommandContext = typer_context.obj
    orphans: list[CardState] = []
    if schema:
        context.print(read_schema().decode().rstrip())
        return
    sources = [(path, str(path)) for path in files or ()]
    if not files:
        with context.open_store() as store:
            orphans = store.query(lambda index: list(queries_cards.orphan_card_states(index)))
            write_schema(context.paths)
        sources = [(Path(path), name) for path, name in find_deck_files(str(context.paths.data_dir))]
    with context.progress_bar("Reading decks"):
        decks, problems = _read_decks(sources)
        problems += duplicates_across(decks)
    cards = sum(len(deck.notes) for deck in decks)
    if as_json:
        context.print_json(_check_json(problems, decks, orphans))
    else:
        _print_report(
            context, problems, f"{format_count(len(decks), 'deck')}, {format_count(cards, 'note')}", orphans
        )
    if problems:
        raise typer.Exit(EXIT_PROBLEMS)


def _read_decks(files: list[tuple[Path, str]]) -> tuple[list[Deck], list[Problem]]:
    decks, problems = [], []
    for path, name in files:
        try:
            deck, found = load_deck(path, name)
        except FileNotFoundError:
            deck, found = (None, [Problem(name, 0, 0, "no such file", "Check the spelling.")])
        problems += found
        if deck is not None:
            decks.append(deck)
    return decks, problems


def _check_json(problems: list[Problem], decks: list[Deck], orphans: list[CardState]) -> dict[str, Any]:
    return {
        "decks": [{"path": deck.path, "deck": deck.name, "notes": len(deck.notes)} for deck in decks],
        "problems": [
            {"path": p.path, "line": p.line, "column": p.column, "what": p.message, "remedy": p.remedy}
            for p in problems
        ],
        "orphans": [entry.card.id for entry in orphans],
        "unmatched": [
            {"id": entry.card.id, "deck": entry.card.deck, "front": entry.card.front} for entry in orphans
        ],
    }


def _print_report(
    context: CommandContext, problems: list[Problem], summary: str, orphans: list[CardState]
) -> None:
    for problem in problems:
        context.print_notice(str(problem))
    if orphans:
        context.print(
            f"{format_count(len(orphans), 'card')} with a history, not in any deck "
            "and without a matching card:"
        )
        for entry in orphans[:MAX_LISTED]:
            front = " ".join(entry.card.front.split())[:60] or "(text unknown)"
            context.print(f"  {entry.card.id}  {entry.card.deck}  {front}")
        if len(orphans) > MAX_LISTED:
            context.print(f"  … and {len(orphans) - MAX_LISTED} more (flashcards check --json lists all)")
        context.print("Their history is kept. Add a card back with the same id or text to continue it.")
    context.print(f"{summary}: {format_count(len(problems), 'error') if problems else 'no errors'}.")
