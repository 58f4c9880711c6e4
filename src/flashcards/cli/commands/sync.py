"""`flashcards sync`: exchange everything with other machines, over git."""

from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext
from flashcards.app.prompts import prompt_line
from flashcards.app.sync import settle, sync_library, unsettled
from flashcards.cli.options import Json
from flashcards.core.deck_merge.conflict_comments import ConflictText
from flashcards.core.format_count import format_count
from flashcards.core.quote_cards import quote_front
from flashcards.storage.sync.sync_run import SyncResult
from flashcards.storage.sync.synced_files import unsyncable_files

EPILOG = "Example: flashcards sync git@example.org:me/cards.git   (afterwards: flashcards sync)"
CHOICES = {"1": False, "2": True}


def command(
    context: CommandContext,
    remote: Annotated[str, typer.Argument(metavar="[REMOTE]")] = "",
    resolve: Annotated[
        bool, typer.Option("--resolve", help="Choose among texts that changed on both sides.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Exchange answers, cards and media with the remote."""
    if resolve:
        _resolve(context, as_json=as_json)
        return
    result = sync_library(context, remote)
    left = sum(1 for _ in unsettled(context))
    if as_json:
        conflicts = [{"path": path, "front": front, "field": name} for path, front, name in result.conflicts]
        kept = [{"path": path, "front": front} for path, front in result.kept]
        ways = {"sent": result.sent._asdict(), "got": result.got._asdict()}
        context.print_json({**ways, "conflicts": conflicts, "kept": kept, "unsettled": left})
        return
    for path in unsyncable_files(context.paths.data_dir):
        context.print(
            f"{path}: not synced: other machines may not allow this name. Rename it and sync again."
        )
    for path, front in result.kept:
        context.print(f"{path}: {quote_front(front)} was deleted on one side and edited on the other: kept")
    context.print(summary(result, left))


def summary(result: SyncResult, left: int) -> str:
    """Return what a sync did, in one line."""
    parts = [
        f"{verb} {' and '.join(amounts)}"
        for verb, way in (("sent", result.sent), ("got", result.got))
        if (amounts := [format_count(n, noun) for n, noun in zip(way, ("answer", "card"), strict=True) if n])
    ]
    line = ", ".join(parts) or "up to date"
    if left:
        line += f"; {format_count(left, 'text')} changed on both sides: flashcards sync --resolve"
    return line


def _resolve(context: CommandContext, *, as_json: bool) -> None:
    if as_json:
        context.print_json([
            {"path": path, "front": kept.front, "field": kept.name, "now": "\n".join(kept.now),
             "other": "\n".join(kept.other)}
            for path, _, kept in unsettled(context)
        ])  # fmt: skip
        return

    def choose(path: str, kept: ConflictText) -> bool | None:
        context.print(f"{path}: {quote_front(kept.front)}" if kept.front else path)
        for number, lines in (("1", kept.now), ("2", kept.other)):
            for i, line in enumerate(lines):
                context.print(f"  {number if i == 0 else ' '}  {line}")
        return CHOICES.get((prompt_line(context, "Keep 1 or 2? (Enter leaves both)") or "").strip())

    settled, left = settle(context, choose)
    context.print(f"{settled} settled, {left} left." if settled or left else "Nothing to settle.")
