"""`flashcards import`: decks come into the library; what is there already keeps its progress."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.app.importing.apply import History, carry_out, count
from flashcards.app.importing.own_deck_files import YAML, OwnDecks
from flashcards.app.importing.plan import Plan, Planner
from flashcards.app.importing.report import Report, as_fields, lines
from flashcards.app.importing.sources import Found, Unfit, Wanted, find
from flashcards.app.progress_bar import Waiting
from flashcards.errors import ChangedMeanwhileError, FlashcardsError
from flashcards.importers import chosen, load_all
from flashcards.importers.base import Asked, Brought, Importer
from flashcards.importers.csv.rows import SIGNS
from flashcards.storage.index.queries import counts
from flashcards.storage.store import Store

FAILED = 1
PLANS = 5
"""How often a source is planned anew when others change the library meanwhile."""

Separator = Annotated[
    str,
    typer.Option(help='What parts fronts from backs: a sign, "tab", "comma"…', metavar="SIGN"),
]
RowSeparator = Annotated[
    str,
    typer.Option(
        help='What parts cards in a set: a sign, "newline", "blank-line".', metavar="SIGN"
    ),
]
IsHeader = Annotated[
    bool | None,
    typer.Option("--header/--no-header", help="Whether a table's first row names its columns."),
]


def command(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")],
    deck: Annotated[str, typer.Option(help="Put the cards into this deck.")] = "",
    format_: Annotated[
        str, typer.Option("--format", help="Take the sources for this format.", metavar="NAME")
    ] = "",
    separator: Separator = "",
    row_separator: RowSeparator = "",
    header: IsHeader = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would come; write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Bring decks in. Cards that are there already are updated and keep their progress."""
    world: Context = context.obj
    importers: dict[str, Importer] = {YAML: OwnDecks(), **load_all()}
    wanted = chosen(format_, importers) if format_ else ""
    gc.disable()  # millions of small values, none of them in a cycle
    with _store(world, dry_run=dry_run) as store, Waiting(world.stderr) as waiting:
        session = Session(world, store, importers, waiting, deck.strip(), dry_run=dry_run)
        asked = Asked(header, _sign(separator), _sign(row_separator))
        for found in find(world, sources, Wanted(importers, wanted, asked)):
            session.take(found)
    session.tell_passed_over()
    for notice in store.notices:
        world.tell(notice)
    if as_json:
        world.print_json({"sources": [as_fields(report) for report in session.reports]})
    else:
        for line in lines(session.reports, str(session.backup or ""), dry_run=dry_run):
            world.print(line)
    if session.faults or any(report.plan.skipped for report in session.reports):
        raise typer.Exit(FAILED)


def _sign(word: str) -> str:
    """Return the sign that a person spelled or typed."""
    return SIGNS.get(word.casefold(), word)


@contextmanager
def _store(world: Context, *, dry_run: bool) -> Iterator[Store]:
    """Open the store; a trial run on a machine that has none yet does not make one."""
    with TemporaryDirectory() as nowhere:
        if dry_run and not world.paths.format.exists() and not world.paths.decks.exists():
            names = ("data", "config", "state", "cache")
            places = {name: Path(nowhere, name) for name in names}
            world = replace(world, paths=replace(world.paths, **places))
        with world.open(welcome=False) as store:
            yield store


@dataclass(slots=True)
class Session:
    """One run of the command: takes source after source, and remembers what came of each."""

    world: Context
    store: Store
    importers: dict[str, Importer]
    waiting: Waiting
    deck: str
    dry_run: bool
    planner: Planner = field(init=False)
    reports: list[Report] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    faults: int = 0
    backup: Path | None = None

    def __post_init__(self) -> None:
        self.planner = Planner(self.store)
        self.store.say = self.waiting.stage

    def take(self, found: Found | Unfit) -> None:
        """Bring a source in; what is wrong with it is told, and the next one goes on."""
        if isinstance(found, Unfit):
            self._refuse(found)
            return
        try:
            self.reports.append(self._bring(found))
        except FlashcardsError as error:
            where = "" if found.source.name in str(error) else f"{found.source.name}: "
            self.world.tell(f"flashcards: {where}{error}")
            self.faults += 1

    def tell_passed_over(self) -> None:
        """Say which files of a folder nobody knew. Raises FlashcardsError when that was all."""
        if not self.passed_over:
            return
        some = ", ".join(self.passed_over[:5]) + (", …" if len(self.passed_over) > 5 else "")
        if not self.reports and not self.faults:
            known = ", ".join(sorted(self.importers))
            raise FlashcardsError(
                f"There is no deck of any known format here: {some}\n"
                f"Say which it is: --format NAME ({known})."
            )
        self.world.tell(f"{len(self.passed_over)} files of no known format passed over: {some}")

    def _refuse(self, found: Unfit) -> None:
        if found.loud:
            self.world.tell(f"flashcards: {found.path}{': ' if found.path else ''}{found.why}")
            self.faults += 1
        else:
            self.passed_over.append(found.path)

    def _bring(self, found: Found) -> Report:
        for _ in range(PLANS - 1):
            with suppress(ChangedMeanwhileError):
                return self._try(found)
            self.store.refresh()
            self.planner = Planner(self.store)
        return self._try(found)

    def _try(self, found: Found) -> Report:
        importer = self.importers[found.format]
        self.waiting.stage(f"Reading {found.source.name}")
        brought = in_folder(importer.read(found.source), found)
        if not brought.decks and not brought.skipped:
            raise FlashcardsError(
                f"{found.source.name}: there is no card in this {importer.TITLE}."
            )
        held = [brought]
        del brought  # so that the planner is the last who has it, and can let go of it
        plan = self.planner.plan(found.source, found.format, held, self.deck)
        history = self._do(plan)
        self.planner.learn(plan, written=not self.dry_run)
        return Report(plan, importer.TITLE, history.reviews, history.cards, history.events)

    def _do(self, plan: Plan) -> History:
        if self.dry_run or not (plan.changes or plan.media):
            counted = count(self.store, plan)
            if self.dry_run or not counted.events:
                return counted
        if self.backup is None and counts.deck_names(self.store.index.connection):
            self.waiting.stage("Making a backup")
            self.backup = self.store.back_up()
        self.store.before_writing()
        return carry_out(self.store, plan, self.waiting)


def in_folder(brought: Brought, found: Found) -> Brought:
    """Return what a source held, its deck named after the folder unless it says its own name."""
    if not found.folder:
        return brought
    decks = tuple(
        replace(deck, name=found.folder) if deck.name == found.source.stem else deck
        for deck in brought.decks
    )
    return replace(brought, decks=decks)
