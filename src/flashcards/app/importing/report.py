"""What `flashcards import` says it did: as JSON, and as a few lines that end in the next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flashcards.app.importing.plan import Page, Plan
from flashcards.core.deck_names import BELOW

SHOWN = 10
"""How many of the skipped cards a person is shown; JSON has them all."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one source."""

    plan: Plan
    title: str
    reviews: int
    """Answers that are new in the history."""
    continuing: int
    """Cards that go on where another program left them."""
    news: int
    """All entries that are new in the history."""

    @property
    def pages(self) -> list[Page]:
        """What came to each deck, whatever files it is in; the fullest first."""
        decks: dict[str, Page] = {}
        for page in self.plan.pages.values():
            one = decks.setdefault(page.deck, Page(page.name, page.deck))
            one.added, one.updated = one.added + page.added, one.updated + page.updated
            one.unchanged += page.unchanged
        return sorted(decks.values(), key=lambda p: -(p.added + p.updated + p.unchanged))

    @property
    def deck(self) -> str:
        """The deck, or what the names of several have in common, else the largest."""
        names = [page.deck for page in self.pages]
        common = _common(names)
        return common or (names[0] if names else "")

    def sums(self) -> tuple[int, int, int]:
        """Return how many cards came, changed, and stayed."""
        pages = self.pages
        return (
            sum(page.added for page in pages),
            sum(page.updated for page in pages),
            sum(page.unchanged for page in pages),
        )


def _common(names: Sequence[str]) -> str:
    """Return the parent that all names share, as "A" of "A::B" and "A"."""
    if not names:
        return ""
    split = [name.split(BELOW) for name in names]
    shared = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return BELOW.join(shared)


def as_fields(report: Report) -> dict[str, Any]:
    """Return the documented fields of a source."""
    added, updated, unchanged = report.sums()
    return {
        "path": report.plan.source.name,
        "format": report.plan.format,
        "deck": report.deck,
        "added": added,
        "updated": updated,
        "unchanged": unchanged,
        "skipped": [{"where": s.where, "why": s.why} for s in report.plan.skipped],
        "history": report.reviews,
        "remarks": report.plan.remarks,
        "decks": [
            {"deck": p.deck, "added": p.added, "updated": p.updated, "unchanged": p.unchanged}
            for p in report.pages
        ],
    }


def lines(reports: Sequence[Report], backup: str, *, dry_run: bool) -> Iterator[str]:
    """Yield the report, and what to do next."""
    for report in reports:
        yield from _source(report)
    if dry_run:
        yield "Nothing was written (--dry-run)."
        return
    if backup:
        yield f"As it was before: flashcards restore --exact {backup}"
    decks = {page.deck for report in reports for page in report.pages}
    if reports:
        shared = _common(sorted(decks))
        yield "Next: flashcards study" + (f' "{shared}"' if shared else "")


def _source(report: Report) -> Iterator[str]:
    added, updated, unchanged = report.sums()
    skipped = report.plan.skipped
    path = report.plan.source.name
    named = report.deck if len(report.pages) == 1 else f"{len(report.pages):,} decks"
    yield f"{'standard input' if path == '-' else path}    {report.title}    {named}"
    tail = f"   {len(skipped):,} skipped" if skipped else ""
    yield f"  {added:,} added   {updated:,} updated   {unchanged:,} unchanged{tail}"
    if report.news and report.reviews + report.continuing:
        kept = f"{report.reviews:,} reviews of history kept: " if report.reviews else ""
        yield f"  {kept}{report.continuing:,} cards continue where they were left"
    for remark in report.plan.remarks:
        yield f"  note     {remark}"
    for piece in skipped[:SHOWN]:
        yield f"  skipped  {piece.where}: {piece.why}"
    if len(skipped) > SHOWN:
        yield f"  skipped  and {len(skipped) - SHOWN:,} more (--json lists all)"
