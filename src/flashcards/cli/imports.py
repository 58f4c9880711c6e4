"""`flashcards import`: decks come into the library; what is there already keeps its progress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from flashcards.cli.context import Context
from flashcards.core.card import Deck, Note
from flashcards.core.identity import cards_of
from flashcards.errors import DeckError, FlashcardsError, Problem
from flashcards.storage import counts, reading
from flashcards.storage.deck_edits import merge, render
from flashcards.storage.decks import read_deck
from flashcards.storage.durable import read_regular, write_file
from flashcards.storage.sources import DECK_ENDINGS
from flashcards.storage.store import Store

STDIN = "-"
FAILED = 1


@dataclass(frozen=True, slots=True)
class Report:
    """What one source brought, in cards."""

    path: str
    deck: str
    added: int
    updated: int
    unchanged: int


def command(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")],
    deck: Annotated[str, typer.Option(help="Put the cards into this deck.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come; write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Bring decks in. Cards that are there already are updated and keep their progress."""
    world: Context = context.obj
    store = world.open(welcome=False)
    reports, faults = [], 0
    try:
        if not dry_run and counts.deck_names(store.index.connection):
            store.back_up("bulk")
        for path, data in _found(world, sources):
            try:
                reports.append(_bring(store, path, data, deck, dry_run=dry_run))
            except FlashcardsError as error:
                world.tell(f"flashcards: {error}")
                faults += 1
    finally:
        store.close()
    for notice in store.notices:
        world.tell(notice)
    if as_json:
        world.print_json({"sources": [_fields(report) for report in reports]})
    else:
        _tell(world, reports, dry_run=dry_run)
    if faults:
        raise typer.Exit(FAILED)


def _found(world: Context, sources: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) of each deck named; of a folder, each deck file in it."""
    for source in sources:
        path = Path(source)
        if source == STDIN:
            yield STDIN, world.read_stdin()
        elif path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix in DECK_ENDINGS and p.is_file())
            if not found:
                raise FlashcardsError(f"{source}: there is no deck (*.yaml) in this folder.")
            for inner in found:
                yield str(inner), read_regular(inner)
        elif path.exists():
            yield source, read_regular(path)
        else:
            raise FlashcardsError(f"{source}: there is no such file. Mind the spelling.")


def _bring(store: Store, path: str, data: bytes, name: str, *, dry_run: bool) -> Report:
    deck, problems = read_deck(data, path if path != STDIN else "standard input")
    if deck is None:
        raise DeckError(problems)
    if name or path == STDIN:
        deck = replace(
            deck, name=name or (deck.name if deck.name != "standard input" else "Imported")
        )
    index = store.index.connection
    home = next((file for file, known, _ in reading.decks(index) if known == deck.name), None)
    _refuse_taken(store, deck, home)
    if home is None:
        target = _free_path(store.paths.decks, path, deck.name)
        content = render(deck).encode() if name or path == STDIN else data
        if not dry_run:
            write_file(target, content)
            store.refresh()
        return Report(path, deck.name, _cards(deck, deck.notes), 0, 0)
    target = store.paths.data / home
    merged = merge(read_regular(target).decode("utf-8-sig"), home, deck)
    if not dry_run and (merged.added or merged.updated):
        write_file(target, merged.text.encode())
        store.refresh()
    added, updated = _cards(deck, merged.added), _cards(deck, merged.updated)
    return Report(path, deck.name, added, updated, _cards(deck, deck.notes) - added - updated)


def _cards(deck: Deck, notes: tuple[Note, ...]) -> int:
    return sum(1 for _ in cards_of(replace(deck, notes=notes)))


def _refuse_taken(store: Store, deck: Deck, home: str | None) -> None:
    """Raise DeckError when another deck of the library has one of the ids."""
    problems = []
    for card in cards_of(deck):
        entry = store.entry(card.id)
        if entry is not None and entry.card.path != home:
            there = f"{entry.card.path}:{entry.card.line}"
            what = f"{card.note!r} is the id of a card at {there} of your library"
            remedy = f"Give it another id, or bring it into that deck: --deck {entry.card.deck!r}"
            problems.append(Problem(deck.path, card.line, 1, what, remedy))
    if problems:
        raise DeckError(problems)


def _free_path(folder: Path, source: str, deck: str) -> Path:
    """Return a path in the library that no file has yet, named after the source."""
    stem = Path(source).stem if source != STDIN else deck
    stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "deck"
    path, number = folder / f"{stem}.yaml", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.yaml", number + 1
    return path


def _fields(report: Report) -> dict[str, Any]:
    return {
        "path": report.path,
        "format": "yaml",
        "deck": report.deck,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "skipped": [],
        "history": 0,
    }


def _tell(world: Context, reports: list[Report], *, dry_run: bool) -> None:
    for report in reports:
        world.print(f"{report.path}    {report.deck}")
        world.print(
            f"  {report.added} added   {report.updated} updated   {report.unchanged} unchanged"
        )
    if dry_run:
        world.print("Nothing was written (--dry-run).")
    elif reports:
        world.print(f'Next: flashcards study "{reports[0].deck}"')
