"""`flashcards doctor`: check the data folder, without changing it."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterator
from typing import Annotated

import typer

from flashcards.app.context import CommandContext
from flashcards.storage.doctor.checks import run_checks
from flashcards.storage.doctor.snapshot import DoctorFinding, take_snapshot
from flashcards.storage.known_stores import forget_known_store
from flashcards.storage.settings.settings import read_settings

EXIT_PROBLEMS = 1


def command(
    typer_context: typer.Context,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take the store as it is: forget that it had more.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Examine the store: every fault with its place, what it costs, and what mends it."""
    context: CommandContext = typer_context.obj
    context.print_new_folder(adds=False)
    if accept:
        forget_known_store(context.paths)
        context.print("The store is taken as it is.")
    settings = read_settings(context.paths.settings_file)
    with context.progress_bar("Examining the store"):
        findings = [
            *run_checks(take_snapshot(context.paths, settings, context.now())),
            *_terminal_findings(context),
        ]
    faults = [finding for finding in findings if not finding.is_harmless]
    if as_json:
        context.print_json({"sound": not faults, "findings": [_finding_json(f) for f in findings]})
    else:
        for finding in findings:
            context.print(
                f"{'note ' if finding.is_harmless else 'FAULT'} {finding.location}: {finding.description}"
            )
            context.print(f"      costs {finding.impact}.  {finding.remedy}")
        context.print(f"{len(faults)} faults." if faults else "The store is sound.")
    if faults:
        raise typer.Exit(EXIT_PROBLEMS)


def _terminal_findings(context: CommandContext) -> Iterator[DoctorFinding]:
    """Yield what of the terminal and the locale makes screens poorer."""
    if os.environ.get("TERM", "dumb") == "dumb":
        remedy = "Use a terminal with TERM set to study on a screen."
        yield DoctorFinding("TERM", "no screen, only lines", "looks", remedy, is_harmless=True)
    encoding = getattr(context.stdout, "encoding", "") or locale.getencoding()
    if encoding.casefold().replace("-", "") != "utf8":
        yield DoctorFinding(
            "locale", f"the output is {encoding}, not UTF-8", "some signs are shown as others",
            "export LC_ALL=C.UTF-8", is_harmless=True,
        )  # fmt: skip


def _finding_json(finding: DoctorFinding) -> dict[str, object]:
    return {
        "where": finding.location,
        "what": finding.description,
        "costs": finding.impact,
        "remedy": finding.remedy,
        "harmless": finding.is_harmless,
    }
