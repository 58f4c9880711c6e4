"""Import SuperMemo's Q:, A:, I: text."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from flashcards.core.cards import Note
from flashcards.importers.base import ImportedHistory, ImportedSchedule, ImportResult, ImportSource
from flashcards.importers.html.tags import html_to_markdown
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS, read_head

TITLE = "SuperMemo text (Q:, A:, I:)"
EXTENSIONS: tuple[str, ...] = ()

LEARNED_LINE = re.compile(
    r"I:\s*REP=(?P<rep>\d{1,4}) LAP=(?P<lap>\d{1,4}) EF=(?P<ef>[\d.]{1,8}) \S+ "
    r"INT=(?P<int>\d{1,5}) LAST=(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{2,4})"
)
CENTURY_PIVOT = 80  # two-digit years below this are 20xx, others 19xx


def recognises(source: ImportSource) -> bool:
    """Recognise a text by its learning data lines."""
    text = read_head(source) if source.extension in PLAIN_TEXT_EXTENSIONS else ""
    lines = text.split("\n")
    return any(line.startswith("I: REP=") for line in lines) and any(line.startswith("Q: ") for line in lines)


def read_source(source: ImportSource) -> ImportResult:
    """Return the items of a text, with their schedules."""
    decks = DeckCollector(source)
    for number, item in _split_items(decks.read_lines()):
        front, back = (html_to_markdown("<br>".join(item.get(side, []))) for side in ("Q", "A"))
        decks.add_complete(Note(front, back, line=number), _card_histories(item.get("I", [])))
    return decks.result()


def _split_items(lines: list[str]) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """Yield each item with its first line's number; Q after another field begins one."""
    item: dict[str, list[str]] = {}
    start = last = 0
    name = ""
    for number, line in enumerate(lines, 1):
        sign, colon, value = line.partition(":")
        if colon and sign in {"Q", "A", "I", "O"}:
            if sign == "Q" and name != "Q" and item:
                yield start, item
                item = {}
            start = start if item else number
            item.setdefault(sign, []).append(value.strip() if sign != "I" else line)
            name, last = sign, number
        elif line.strip() and name in {"Q", "A"} and last == number - 1:
            item[name].append(line.strip())
            last = number
    if item:
        yield start, item


def _card_histories(learned: list[str]) -> dict[str, ImportedHistory]:
    found = LEARNED_LINE.match(learned[0]) if learned else None
    if not found or found["rep"] == "0":
        return {}
    year = int(found["year"])
    if year < 100:
        year += 2000 if year < CENTURY_PIVOT else 1900
    try:
        last = date(year, int(found["month"]), int(found["day"]))
        interval, ease = max(1, int(found["int"])), float(found["ef"])
        due = last + timedelta(days=interval)
    except (ValueError, OverflowError):
        return {}
    schedule = ImportedSchedule.rounded(due, interval, ease, int(found["rep"]), int(found["lap"]))
    return {"": ImportedHistory(schedule=schedule)}
