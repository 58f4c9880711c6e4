"""`flashcards doctor`: check the data folder, without changing it."""

import locale
import os
from collections.abc import Iterator
from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext
from flashcards.cli.options import Json
from flashcards.core.format_count import format_count
from flashcards.errors import EXIT_PROBLEMS
from flashcards.storage.doctor.data_checks import run_checks
from flashcards.storage.doctor.snapshot import DoctorFinding, take_snapshot
from flashcards.storage.known_stores import forget_known_store
from flashcards.storage.settings.settings import read_settings

FINDING_FIELDS = ("where", "what", "costs", "remedy", "harmless")  # the names in JSON of a finding's values


def command(
    context: CommandContext,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept the data folder as it is, even if history is missing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check the data folder, and report each problem with its fix."""
    context.print_new_folder(adds=False)
    if accept:
        forget_known_store(context.paths)
        context.print("The data folder was accepted as it is.")
    settings = read_settings(context.paths.settings_file)
    with context.progress_bar("Checking the data folder"):
        findings = [
            *run_checks(take_snapshot(context.paths, settings, context.now())),
            *_terminal_findings(context),
        ]
    faults = [finding for finding in findings if not finding.is_harmless]
    if as_json:
        fields = [dict(zip(FINDING_FIELDS, finding, strict=True)) for finding in findings]
        context.print_json({"sound": not faults, "findings": fields})
    else:
        for finding in findings:
            context.print(
                f"{'note   ' if finding.is_harmless else 'PROBLEM'} {finding.location}: {finding.description}"
            )
            context.print(f"      effect: {finding.impact}. Fix: {finding.remedy}")
        context.print(f"{format_count(len(faults), 'problem')} found." if faults else "No problems found.")
    if faults:
        raise typer.Exit(EXIT_PROBLEMS)


def _terminal_findings(context: CommandContext) -> Iterator[DoctorFinding]:
    """Yield what in the terminal and locale limits the display."""
    if os.environ.get("TERM", "dumb") == "dumb":
        yield DoctorFinding(
            "TERM", "the study screen cannot be shown, only plain lines", "plain display",
            "Use a terminal with TERM set to study on a screen.", is_harmless=True,
        )  # fmt: skip
    encoding = getattr(context.stdout, "encoding", "") or locale.getencoding()
    if encoding.casefold().replace("-", "") != "utf8":
        yield DoctorFinding(
            "locale", f"the output is {encoding}, not UTF-8", "some characters are replaced",
            "export LC_ALL=C.UTF-8", is_harmless=True,
        )  # fmt: skip
