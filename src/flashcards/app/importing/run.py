"""One run of `flashcards import`: plan and apply each source, and report it."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flashcards.app.command_context import CommandContext
from flashcards.app.importing.apply import PlannedEvents, apply_plan, count_events
from flashcards.app.importing.gone_notes import describe_gone, find_gone, suspensions
from flashcards.app.importing.media import MEDIA_NAME, FilesBeside
from flashcards.app.importing.own_deck_files import YAML, DeckFileImporter
from flashcards.app.importing.plan import ImportPlan, ImportPlanner
from flashcards.app.importing.report import SourceReport, first_unrecognised, report_json, report_lines
from flashcards.app.importing.sources import RecognisedSource, RejectedSource, SourceOptions, find_sources
from flashcards.app.progress_bar import ProgressBar
from flashcards.core.format_count import format_count
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, UsageError
from flashcards.importers.base import Importer, ImportResult, TableOptions
from flashcards.importers.csv.split_rows import TYPED_SEPARATORS
from flashcards.importers.import_formats import load_all_importers, resolve_format_name
from flashcards.storage.backups.automatic_backups import MAX_EVENTS_WITHOUT_BACKUP
from flashcards.storage.index.queries import counts
from flashcards.storage.locks import LONG_LOCK_ATTEMPTS, hold_lock
from flashcards.storage.store import Store
from flashcards.storage.store_paths import StorePaths
from flashcards.storage.undo.command_steps import OpenStep, open_step

PLANS = 5  # attempts to plan a source while other programs change the library


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import, as typed by the user; "" where nothing was said."""

    sources: Sequence[str]
    deck: str
    format: str
    separator: str
    row_separator: str
    encoding: str
    has_header: bool | None
    prunes: bool  # whether to suspend cards that are missing in their source
    is_dry_run: bool

    @property
    def table_options(self) -> TableOptions:
        """What was said of a table. Raises UsageError for an unknown encoding."""
        separators = _parse_separator(self.separator), _parse_separator(self.row_separator)
        return TableOptions(self.has_header, *separators, _known_encoding(self.encoding))


def run_import(context: CommandContext, request: ImportRequest, *, as_json: bool) -> bool:
    """Import the sources and report them; tell whether all came in."""
    importers: dict[str, Importer] = {YAML: DeckFileImporter(), **load_all_importers()}
    wanted = resolve_format_name(request.format, importers) if request.format else ""
    gc.disable()  # millions of small values without cycles
    with _open_store(context, dry_run=request.is_dry_run) as store, ProgressBar(context.stderr) as waiting:
        import_run = ImportRun(context, store, importers, waiting, request)
        options = SourceOptions(importers, wanted, request.table_options)
        with open_step(store, "import", _describe_sources(request.sources)) as import_run.step:
            for candidate in find_sources(context, request.sources, options):
                import_run.import_source(candidate)
    import_run.report_unrecognised()
    for notice in store.notices:
        context.print_notice(notice)
    if as_json:
        context.print_json({"sources": [report_json(report) for report in import_run.reports]})
    else:
        backup = str(import_run.backup or "")
        context.print_lines(report_lines(import_run.reports, backup, dry_run=request.is_dry_run))
    return not (import_run.failures or any(report.plan.skipped for report in import_run.reports))


def _describe_sources(sources: Sequence[str]) -> str:
    more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
    return f"{Path(sources[0]).name or sources[0]}{more}"


def _parse_separator(text: str) -> str:
    return TYPED_SEPARATORS.get(text.casefold(), text)


def _known_encoding(name: str) -> str:
    """Return an encoding known to Python. Raises UsageError."""
    try:
        if name:
            "".encode(name)
    except LookupError:
        raise UsageError(f"Unknown encoding {name!r}. Examples: utf-8, cp1251, shift_jis, gb18030.") from None
    return name


@contextmanager
def _open_store(context: CommandContext, *, dry_run: bool) -> Iterator[Store]:
    """Open the store; a dry run without a store uses a temporary one."""
    with TemporaryDirectory() as nowhere:
        if dry_run and not context.paths.format_file.exists() and not context.paths.decks_dir.exists():
            paths = StorePaths(*(Path(nowhere, name) for name in ("data", "config", "state", "cache")))
            context = context._replace(paths=paths, is_folder_named=False)
        with context.open_store(welcome=False, adds=not dry_run) as store:
            yield store


@dataclass(slots=True)
class ImportRun:
    """One run of the command: imports sources and collects reports."""

    context: CommandContext
    store: Store
    importers: dict[str, Importer]
    progress_bar: ProgressBar
    request: ImportRequest
    planner: ImportPlanner = field(init=False)
    step: OpenStep = field(init=False)
    reports: list[SourceReport] = field(default_factory=list)
    unrecognised: list[str] = field(default_factory=list)
    failures: int = 0
    backup: Path | None = None

    def __post_init__(self) -> None:
        self.planner = ImportPlanner(self.store)
        self.store.notify = self.progress_bar.start_stage

    def import_source(self, candidate: RecognisedSource | RejectedSource) -> None:
        """Import a source, or report why not."""
        if isinstance(candidate, RejectedSource):
            self._record_rejected(candidate)
            return
        try:
            self.reports.append(self._import_recognised(candidate))
        except FlashcardsError as error:
            where = "" if candidate.source.name in str(error) else f"{candidate.source.name}: "
            self.context.print_notice(f"flashcards: {where}{error}")
            self.failures += 1

    def report_unrecognised(self) -> None:
        """Report the files of unknown format. Raises FlashcardsError if nothing else was found."""
        if self.reports:  # media files were imported with the cards that link to them
            self.unrecognised = [name for name in self.unrecognised if not MEDIA_NAME.search(name)]
        if not self.unrecognised:
            return
        examples = first_unrecognised(self.unrecognised)
        if not self.reports and not self.failures:
            known = ", ".join(sorted(self.importers))
            raise FlashcardsError(
                f"No file of a known format: {examples}\nName the format with --format NAME ({known})."
            )
        self.context.print_notice(
            f"skipped {format_count(len(self.unrecognised), 'file')}: unknown format: {examples}"
        )

    def _record_rejected(self, rejected: RejectedSource) -> None:
        if rejected.is_named_by_user:
            self.context.print_notice(
                f"flashcards: {rejected.path}{': ' if rejected.path else ''}{rejected.reason}"
            )
            self.failures += 1
        else:
            self.unrecognised.append(rejected.path)

    def _import_recognised(self, recognised: RecognisedSource) -> SourceReport:
        for _ in range(PLANS - 1):
            with suppress(ChangedMeanwhileError):
                return self._try(recognised, self._deck_lock())
            self._plan_anew()
        with self._deck_lock():  # those who kept writing wait now
            self._plan_anew()
            return self._try(recognised, nullcontext())

    def _plan_anew(self) -> None:
        self.store.refresh_index()
        self.planner = ImportPlanner(self.store)

    def _deck_lock(self) -> AbstractContextManager[None]:
        return hold_lock(self.store.paths.deck_lock, LONG_LOCK_ATTEMPTS)

    def _try(self, found: RecognisedSource, deck_lock: AbstractContextManager[None]) -> SourceReport:
        importer = self.importers[found.format]
        self.progress_bar.start_stage(f"Reading {found.source.name}")
        imported = name_after_folder(importer.read_source(found.source), found)
        media_dir = self.store.paths.media_dir
        files = FilesBeside(found.path, found.root, media_dir, keeps_missing=found.format == YAML)
        imported = files.add_to(imported)
        if not imported.decks and not imported.skipped:
            raise FlashcardsError(f"{found.source.name}: no cards found in this {importer.TITLE}.")
        holder = [imported]
        del imported  # so that the planner holds the only reference, and can free it note by note
        plan = self.planner.plan_source(found.source, found.format, holder, self.request.deck)
        if gone := find_gone(self.store, plan):
            plan.remarks.append(describe_gone(gone, is_pruned=self.request.prunes))
        history = self._apply_plan(plan, deck_lock)
        if self.request.prunes and not self.request.is_dry_run:
            self.step.drafts = [*self.step.drafts, *suspensions(self.store, gone)]
        self.planner.record_plan(plan, was_written=not self.request.is_dry_run)
        return SourceReport(plan, importer.TITLE, history.reviews, history.cards_with_history, history.events)

    def _apply_plan(self, plan: ImportPlan, deck_lock: AbstractContextManager[None]) -> PlannedEvents:
        if self.request.is_dry_run or not (
            plan.changed_files or plan.media or any(before != after for _, before, after in plan.kept_files)
        ):
            counted = count_events(self.store, plan)
            if self.request.is_dry_run or not counted.events:
                return counted
        is_large = plan.size > MAX_EVENTS_WITHOUT_BACKUP
        if is_large and self.backup is None and self.store.query(counts.list_deck_names):
            self.progress_bar.start_stage("Making a backup")
            self.backup = self.store.back_up_before_bulk_change()
        self.store.wait_for_backup()
        with deck_lock:
            return apply_plan(self.store, plan, self.step, self.progress_bar)


def name_after_folder(imported: ImportResult, recognised: RecognisedSource) -> ImportResult:
    """Name a deck after its folder unless it has a name of its own."""
    if not recognised.folder:
        return imported
    decks = tuple(
        replace(deck, name=recognised.folder) if deck.name == recognised.source.stem else deck
        for deck in imported.decks
    )
    return replace(imported, decks=decks)
