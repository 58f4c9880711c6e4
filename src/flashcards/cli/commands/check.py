"""`flashcards check`: tell whether decks are sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flashcards.app.context import Context, put_schema, schema_text
from flashcards.core.cards import Deck
from flashcards.core.progress import Entry
from flashcards.errors import Problem
from flashcards.storage.decks.copies import duplicates_across
from flashcards.storage.decks.reader import load
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.sources import deck_files

UNSOUND = 1
LISTED = 20
"""How many cards without a deck are listed for reading."""


def command(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of deck files, for editors.")
    ] = False,
) -> None:
    """Check deck files, or the whole library: faults come with their place and their remedy."""
    world: Context = context.obj
    orphans: list[Entry] = []
    if schema:
        world.print(schema_text().decode().rstrip())
        return
    sources = [(path, str(path)) for path in files or ()]
    if not files:
        with world.open() as store:
            orphans = list(queries_cards.orphans(store.index.connection))
            put_schema(world.paths)
        sources = [(Path(path), name) for path, name in deck_files(str(world.paths.data))]
    with world.waiting("Reading decks"):
        decks, problems = _read(sources)
        problems += duplicates_across(decks)
    cards = sum(len(deck.notes) for deck in decks)
    if as_json:
        world.print_json(_fields(problems, decks, orphans))
    else:
        _tell(world, problems, f"{len(decks)} decks, {cards} notes", orphans)
    if problems:
        raise typer.Exit(UNSOUND)


def _read(files: list[tuple[Path, str]]) -> tuple[list[Deck], list[Problem]]:
    decks, problems = [], []
    for path, name in files:
        try:
            deck, found = load(path, name)
        except FileNotFoundError:
            deck, found = None, [Problem(name, 0, 0, "there is no such file", "Mind the spelling.")]
        problems += found
        if deck is not None:
            decks.append(deck)
    return decks, problems


def _fields(problems: list[Problem], decks: list[Deck], orphans: list[Entry]) -> dict[str, Any]:
    return {
        "decks": [
            {"path": deck.path, "deck": deck.name, "notes": len(deck.notes)} for deck in decks
        ],
        "problems": [
            {"path": p.path, "line": p.line, "column": p.column, "what": p.what, "remedy": p.remedy}
            for p in problems
        ],
        "orphans": [entry.card.id for entry in orphans],
        "unmatched": [
            {"id": entry.card.id, "deck": entry.card.deck, "front": entry.card.front}
            for entry in orphans
        ],
    }


def _tell(world: Context, problems: list[Problem], what: str, orphans: list[Entry]) -> None:
    for problem in problems:
        world.tell(str(problem))
    if orphans:
        world.print(f"{len(orphans)} cards with a history are in no deck, and match none that is:")
        for entry in orphans[:LISTED]:
            front = " ".join(entry.card.front.split())[:60] or "(its text is not known)"
            world.print(f"  {entry.card.id}  {entry.card.deck}  {front}")
        if len(orphans) > LISTED:
            world.print(f"  … and {len(orphans) - LISTED} more (check --json has them all)")
        world.print("Their history is kept; put a card back with its id or text, and it goes on.")
    world.print(f"{what}: {f'{len(problems)} faults' if problems else 'all sound'}.")
