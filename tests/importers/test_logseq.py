"""Logseq's pages: blocks that ask, blocks that answer, and the schedule in their properties."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flashcards.importers import logseq
from flashcards.importers.base import ImportedHistory, ImportedReview, ImportedSchedule
from flashcards.importers.import_formats import load_all_importers, recognise_format
from sources import imported_histories, left_out, notes, read, sides, text

PAGE = """title:: Rivers

- Notes that ask nothing
- Longest river of Africa? #card #geo
  card-last-interval:: 8.3
  card-repeats:: 3
  card-ease-factor:: 2.36
  card-next-schedule:: 2026-12-10T04:00:00.000Z
  card-last-reviewed:: 2026-12-02T08:15:00.000Z
  card-last-score:: 3
  id:: 64a1b2c3
\t- The Nile
- Of Asia? #card
  collapsed:: true
\t- The Yangtze
\t\t- 6,300 km
\t- not the Mekong
\t- How long is that? #card
\t\t- 4,900 km
- {{cloze Budapest \\\\ capital}} lies on the {{cloze Danube}} #card
- Nothing below? #card
"""


def test_a_page() -> None:
    """Cards below a card are their own; one block below is the answer, several are a list."""
    source = text(PAGE, "pages/Geo___Rivers.md")
    assert recognise_format(source, load_all_importers()) == "logseq"
    imported = logseq.read_source(source)
    assert imported.decks[0].name == "Geo::Rivers"
    assert sides(imported) == [
        ("Longest river of Africa?", "The Nile"),
        ("Of Asia?", "- The Yangtze\n  - 6,300 km\n- not the Mekong"),
        ("How long is that?", "4,900 km"),
        ("{{c1::Budapest::capital}} lies on the {{c2::Danube}}", ""),
    ]
    assert notes(imported)[0].tags == ("geo",)
    assert notes(imported)[0].id == "64a1b2c3"
    assert left_out(imported) == [("pages/Geo___Rivers.md:21", "its answer is empty")]


def test_the_schedule() -> None:
    """Day, interval, ease and repeats; and the last answer, whose score is our rating."""
    first, *others = imported_histories(read(logseq, PAGE))
    at = datetime(2026, 12, 2, 8, 15, tzinfo=UTC)
    assert first == {
        "": ImportedHistory(
            [ImportedReview("64a1b2c3 2026-12-02T08:15:00+00:00", at, 3)],
            ImportedSchedule(date(2026, 12, 10), 8, 236, 3),
        )
    }
    assert not any(others)


def test_code_and_depth() -> None:
    """Code is no block, however it looks; what is nested without end is read all the same."""
    page = "- a #card\n  ```\n  - no #card\n  x:: y\n  ```\n\t- b\n"
    ((front, back),) = sides(read(logseq, page))
    assert "x:: y" in front
    assert back == "b"
    deep = "".join("\t" * n + "- x\n" for n in range(2_000))
    assert len(sides(read(logseq, "- a #card\n\t- b\n" + deep))) == 1
