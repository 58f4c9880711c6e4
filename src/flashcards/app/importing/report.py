"""Report of an import, as text and JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any

from flashcards.app.importing.plan import DeckFileChange, ImportPlan
from flashcards.core.deck_names import SUBDECK_SEPARATOR
from flashcards.core.format_count import format_count

MAX_SKIPPED_SHOWN = 10  # JSON has all of them
MAX_UNRECOGNISED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What was imported from one source."""

    plan: ImportPlan
    title: str
    reviews: int  # new answers in the history
    continuing_cards: int  # cards that continue with another program's schedule
    new_events: int  # all new events in the history

    @property
    def deck_changes(self) -> list[DeckFileChange]:
        """The changes by deck rather than file, the largest first."""
        decks: dict[str, DeckFileChange] = {}
        for change in self.plan.deck_files.values():
            total = decks.setdefault(change.deck_name, DeckFileChange(change.path, change.deck_name))
            total.added, total.updated = total.added + change.added, total.updated + change.updated
            total.unchanged += change.unchanged
        return sorted(decks.values(), key=lambda p: -(p.added + p.updated + p.unchanged))

    @property
    def deck_name(self) -> str:
        """The deck, or the common parent of several, else the largest."""
        names = [page.deck_name for page in self.deck_changes]
        return _common_parent(names) or (names[0] if names else "")

    def count_cards(self) -> tuple[int, int, int]:
        """Return the number of added, updated and unchanged cards."""
        counts = [(page.added, page.updated, page.unchanged) for page in self.plan.deck_files.values()]
        added, updated, unchanged = map(sum, zip((0, 0, 0), *counts, strict=True))
        return added, updated, unchanged


def _common_parent(names: Sequence[str]) -> str:
    """Return the parent that all names share, as "A" of "A::B" and "A"."""
    return SUBDECK_SEPARATOR.join(commonprefix([name.split(SUBDECK_SEPARATOR) for name in names]))  # noqa: RUF071 (of lists)


def first_unrecognised(paths: Sequence[str]) -> str:
    """Return the first files of unknown format, as a notice names them."""
    return ", ".join(paths[:MAX_UNRECOGNISED_SHOWN]) + ", …" * (len(paths) > MAX_UNRECOGNISED_SHOWN)


def report_json(report: SourceReport) -> dict[str, Any]:
    """Return the documented fields of a source."""
    added, updated, unchanged = report.count_cards()
    return {
        "path": report.plan.source.name,
        "format": report.plan.format,
        "deck": report.deck_name,
        "added": added,
        "updated": updated,
        "unchanged": unchanged,
        "skipped": [{"where": s.location, "why": s.reason} for s in report.plan.skipped],
        "history": report.reviews,
        "remarks": report.plan.remarks,
        "decks": [
            {"deck": p.deck_name, "added": p.added, "updated": p.updated, "unchanged": p.unchanged}
            for p in report.deck_changes
        ],
    }


def report_lines(reports: Sequence[SourceReport], backup: str, *, dry_run: bool) -> Iterator[str]:
    """Yield the report, and what to do next."""
    for report in reports:
        yield from _source_lines(report)
    if dry_run:
        yield "Nothing was written (--dry-run)."
        return
    if any(report.plan.changed_files or report.new_events for report in reports):
        yield "To go back: flashcards undo" + (f"   (a backup from before is {backup})" if backup else "")
    decks = {page.deck_name for report in reports for page in report.deck_changes}
    if reports:
        shared = _common_parent(sorted(decks))
        yield "Next: flashcards study" + (f' "{shared}"' if shared else "")


def _source_lines(report: SourceReport) -> Iterator[str]:
    added, updated, unchanged = report.count_cards()
    skipped = report.plan.skipped
    path = report.plan.source.name
    named = report.deck_name if len(report.deck_changes) == 1 else f"{len(report.deck_changes):,} decks"
    yield f"{'standard input' if path == '-' else path}    {report.title}    {named}"
    tail = f"   {len(skipped):,} skipped" if skipped else ""
    yield f"  {added:,} added   {updated:,} updated   {unchanged:,} unchanged{tail}"
    if report.new_events and report.reviews + report.continuing_cards:
        kept = f"{format_count(report.reviews, 'review')} imported; " if report.reviews else ""
        continues = "continues" if report.continuing_cards == 1 else "continue"
        yield f"  {kept}{format_count(report.continuing_cards, 'card')} {continues} with the old schedule"
    for remark in report.plan.remarks:
        yield f"  note     {remark}"
    for piece in skipped[:MAX_SKIPPED_SHOWN]:
        yield f"  skipped  {piece.location}: {piece.reason}"
    if len(skipped) > MAX_SKIPPED_SHOWN:
        yield f"  skipped  and {len(skipped) - MAX_SKIPPED_SHOWN:,} more (--json lists all of them)"
