"""`flashcards optimize`: fit FSRS's weights to the user's answers."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from flashcards.app.command_context import CommandContext
from flashcards.cli.options import Json
from flashcards.core.events import EventId, FsrsWeights
from flashcards.core.fsrs import DEFAULT_WEIGHTS, valid_weights
from flashcards.core.fsrs_fit import MIN_TESTS, Fit, Weights, fit
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.files import read_regular_file
from flashcards.storage.index.queries.fsrs import current_model, load_answer_histories

EPILOG = (
    "Weights say how fast you forget; they change the chance of recall of every card, and no date. "
    "New ones are taken only if, fitted to the first four fifths of your answers, they predict the "
    "last fifth better than those that hold. flashcards undo takes them back."
)


def command(
    context: CommandContext,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what came of it.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Go back to the default weights.")] = False,
    weights: Annotated[
        str, typer.Option(help="Take the 21 weights of a text file or an Anki package.", metavar="FILE")
    ] = "",
    as_json: Json = False,
) -> None:
    """Fit the weights, and adopt them if they predict better."""
    if reset and weights:
        raise UsageError("--reset and --weights do not go together. Take one of them.")
    given = DEFAULT_WEIGHTS if reset else _read_weights(weights) if weights else None
    with context.open_store() as store:
        current = store.query(current_model).weights
        with context.progress_bar("Fitting"):
            found = fit(store.query(lambda index: list(load_answer_histories(index))), current, given)
        reason = _reason_not_taken(found, current, given, dry_run=dry_run)
        if not reason:
            losses = round(found.loss, 6), round(found.loss_before, 6)
            taken = found.weights or DEFAULT_WEIGHTS
            store.append_events([FsrsWeights(EventId(""), 0, context.now(), taken, found.tests, *losses)])
            store.refresh_index()
    if as_json:
        context.print_json(_fit_json(found, reason))
        return
    context.print_lines(_fit_lines(found, reason))


def _reason_not_taken(found: Fit, current: Weights, given: Weights | None, *, dry_run: bool) -> str:
    if found.weights is None:
        return f"too few tests: {found.tests} of the {MIN_TESTS} that it takes"
    if found.weights == current:
        return "these weights hold already"
    if given is None and not found.is_better:
        return "the weights that hold predict the last fifth as well"
    return "dry run" if dry_run else ""


def _fit_json(found: Fit, reason: str) -> dict[str, Any]:
    has_losses = found.tests >= MIN_TESTS
    return {
        "tests": found.tests,
        "loss": round(found.loss, 6) if has_losses else None,
        "before": round(found.loss_before, 6) if has_losses else None,
        "taken": not reason,
        "why": reason or None,
        "weights": list(found.weights) if found.weights else None,
    }


def _fit_lines(found: Fit, reason: str) -> list[str]:
    lines = [f"{found.tests:,} tests: first answers to a card on a later day."]
    if found.tests >= MIN_TESTS:
        lines.append(
            f"Log loss on the last fifth of them: {found.loss_before:.4f} before, "
            f"{found.loss:.4f} with the new weights (less is better)."
        )
    taken = "Taken; no date changes.  (flashcards undo takes them back)"
    return [*lines, f"Not taken: {reason}." if reason else taken]


def _read_weights(name: str) -> Weights:
    """Read the weights from a file. Raises FlashcardsError."""
    from flashcards.importers.anki.import_collection import read_presets
    from flashcards.importers.base import ImportSource

    try:
        data = read_regular_file(Path(name))
    except OSError as error:
        raise FlashcardsError(f"{name}: {error.strerror}. Name a file with 21 weights.") from error
    presets = read_presets(ImportSource(name, data))
    if presets:
        return presets[0].weights or DEFAULT_WEIGHTS
    words = re.split(r"[\s,;\[\]]+", data.decode("utf-8", "replace").strip(" \n[],"))
    try:
        weights = tuple(float(word) for word in words)
    except ValueError as error:
        raise FlashcardsError(f"{name}: {error}. It takes 21 numbers, with commas between.") from error
    if not valid_weights(weights):
        raise FlashcardsError(
            f"{name}: these {len(weights)} numbers are not the 21 weights of FSRS-6 within their bounds."
        )
    return weights
