"""`flashcards doctor`: is the store sound? It only reads."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterator
from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.storage.doctor.checks import examine
from flashcards.storage.doctor.snapshot import Finding, admit
from flashcards.storage.known_stores import forget
from flashcards.storage.settings.settings import read_settings

UNSOUND = 1


def command(
    context: typer.Context,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take the store as it is: forget that it had more.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Examine the store: every fault with its place, what it costs, and what mends it."""
    world: Context = context.obj
    if accept:
        forget(world.paths)
        world.print("The store is taken as it is.")
    settings = read_settings(world.paths.settings)
    with world.waiting("Examining the store"):
        found = [*examine(admit(world.paths, settings, world.now())), *_surroundings(world)]
    faults = [finding for finding in found if not finding.harmless]
    if as_json:
        world.print_json({"sound": not faults, "findings": [_fields(f) for f in found]})
    else:
        for finding in found:
            world.print(
                f"{'note ' if finding.harmless else 'FAULT'} {finding.where}: {finding.what}"
            )
            world.print(f"      costs {finding.costs}.  {finding.remedy}")
        world.print(f"{len(faults)} faults." if faults else "The store is sound.")
    if faults:
        raise typer.Exit(UNSOUND)


def _surroundings(world: Context) -> Iterator[Finding]:
    """Yield what of the terminal and the locale makes screens poorer."""
    if os.environ.get("TERM", "dumb") == "dumb":
        remedy = "Use a terminal with TERM set to study on a screen."
        yield Finding("TERM", "no screen, only lines", "looks", remedy, harmless=True)
    encoding = getattr(world.stdout, "encoding", "") or locale.getencoding()
    if encoding.casefold().replace("-", "") != "utf8":
        yield Finding(
            "locale", f"the output is {encoding}, not UTF-8", "some signs are shown as others",
            "export LC_ALL=C.UTF-8", harmless=True,
        )  # fmt: skip


def _fields(finding: Finding) -> dict[str, object]:
    return {
        "where": finding.where,
        "what": finding.what,
        "costs": finding.costs,
        "remedy": finding.remedy,
        "harmless": finding.harmless,
    }
