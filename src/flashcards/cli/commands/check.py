"""`flashcards check`: validate deck files."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from flashcards.app.command_context import CommandContext, read_schema, write_schema
from flashcards.cli.options import Json
from flashcards.core.decks import Deck
from flashcards.core.format_count import format_count
from flashcards.core.progress import CardState
from flashcards.errors import EXIT_PROBLEMS, Problem, StoreError
from flashcards.storage.decks.deck_warnings import parse_strictly
from flashcards.storage.decks.duplicate_cards import duplicates_across, precedence
from flashcards.storage.decks.reader import load_deck
from flashcards.storage.decks.yaml_nodes import DeckSyntaxError, decode_deck
from flashcards.storage.decks.yaml_syntax_errors import CONFLICT
from flashcards.storage.files import read_if_there, replace_file
from flashcards.storage.index.library_files import decks_below, find_deck_files
from flashcards.storage.index.queries import cards as queries_cards

MAX_LISTED = 20


def command(
    context: CommandContext,
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE|FOLDER]...")] = None,
    as_json: Json = False,
    fix: Annotated[
        Literal["ours", "theirs"] | None,
        typer.Option("--fix", help="Settle git conflicts: keep ours or theirs."),
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of deck files, for editors.")
    ] = False,
) -> None:
    """Check deck files, or the whole library."""
    orphans: list[CardState] = []
    if schema:
        context.print(read_schema().decode().rstrip())
        return
    sources = [source for path in files or () for source in _sources_at(path)]
    if not files:
        with context.open_store() as store:
            orphans = store.query(lambda index: list(queries_cards.orphan_card_states(index)))
            write_schema(context.paths)
        sources = [(Path(path), name) for path, name in find_deck_files(str(context.paths.data_dir))]
    if fix:
        _settle_conflicts(context, sources, fix)
    with context.progress_bar("Reading decks"):
        decks, problems = _read_decks(sources)
        problems += duplicates_across(sorted(decks, key=lambda deck: precedence(deck.path)))
    cards = sum(len(deck.notes) for deck in decks)
    if as_json:
        context.print_json(_check_json(problems, decks, orphans))
    else:
        counts = f"{format_count(len({deck.name for deck in decks}), 'deck')}, {format_count(cards, 'note')}"
        _print_report(context, problems, counts, orphans)
    if any(not problem.is_warning for problem in problems):
        raise typer.Exit(EXIT_PROBLEMS)


def _sources_at(path: Path) -> list[tuple[Path, str]]:
    if path.is_dir():
        return [(Path(file), name) for file, name in decks_below(str(path))]
    return [(path, str(path))]


def _settle_conflicts(
    context: CommandContext, sources: list[tuple[Path, str]], side: Literal["ours", "theirs"]
) -> None:
    """Keep one side of each git conflict in deck files."""
    for path, name in sources:
        try:
            before = read_if_there(path) or b""
            text = decode_deck(before, name)
        except (DeckSyntaxError, StoreError, OSError):
            continue  # reported when the file is read
        settled, count = CONFLICT.subn(lambda conflict: conflict[side], text)
        if count:
            replace_file(path, before, settled.encode())
            context.print_notice(f"{name}: {format_count(count, 'conflict')} settled, {side} kept.")


def _read_decks(files: list[tuple[Path, str]]) -> tuple[list[Deck], list[Problem]]:
    decks, problems = [], []
    for path, name in files:
        try:
            deck, found = load_deck(path, name, parse_strictly)
        except FileNotFoundError:
            deck, found = (None, [Problem(name, 0, 0, "no such file", "Check the spelling.")])
        problems += found
        if deck is not None:
            decks.append(deck)
    return decks, problems


def _check_json(problems: list[Problem], decks: list[Deck], orphans: list[CardState]) -> dict[str, Any]:
    return {
        "decks": [{"path": deck.path, "deck": deck.name, "notes": len(deck.notes)} for deck in decks],
        "problems": [_problem_json(problem) for problem in problems if not problem.is_warning],
        "warnings": [_problem_json(problem) for problem in problems if problem.is_warning],
        "orphans": [entry.card.id for entry in orphans],
        "unmatched": [
            {"id": entry.card.id, "deck": entry.card.deck, "front": entry.card.front} for entry in orphans
        ],
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path, "line": problem.line, "column": problem.column,
        "what": problem.message, "remedy": problem.remedy,
    }  # fmt: skip


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
    warnings = sum(problem.is_warning for problem in problems)
    errors = len(problems) - warnings
    outcome = format_count(errors, "error") if errors else "no errors"
    outcome += f", {format_count(warnings, 'warning')}" if warnings else ""
    context.print(f"{summary}: {outcome}.")
