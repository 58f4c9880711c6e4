"""Import SuperMemo XML."""

from collections.abc import Iterator
from datetime import date, timedelta

from flashcards.core.cards import Note
from flashcards.importers.base import ImportedHistory, ImportedSchedule, ImportResult, ImportSource
from flashcards.importers.html.tags import html_to_markdown
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.safe_xml import XmlElement, parse_xml, root_element_name
from flashcards.importers.shared.source_text import read_head

TITLE = "SuperMemo XML"
EXTENSIONS: tuple[str, ...] = ()

MIN_A_FACTOR, MAX_A_FACTOR = 1.2, 6.9
MIN_EASE, MAX_EASE = 130, 330
MAX_TITLE_LENGTH = 100  # characters of a topic's title used as the deck's name
TOPICS_REMARK = "Topics are not cards: only their titles were imported, as deck names."


def recognises(source: ImportSource) -> bool:
    """Recognise a collection by its root element."""
    return root_element_name(read_head(source)) == "SuperMemoCollection"


def read_source(source: ImportSource) -> ImportResult:
    """Return the items of a collection, a deck per topic. Raises FlashcardsError."""
    decks = DeckCollector(source)
    for element, topic_names in _walk_elements(parse_xml(source)):
        content = element.first_child("Content")
        if content is None:
            continue
        front, back = (html_to_markdown(content.child_text(side)) for side in ("Question", "Answer"))
        if (front and back) or element.child_text("Type").casefold() == "item":
            note = Note(front, back, line=element.line)
            decks.add_complete(note, _card_histories(element), deck="::".join(topic_names))
        else:
            decks.remarks = [TOPICS_REMARK]
    return decks.result()


def _walk_elements(root: XmlElement) -> Iterator[tuple[XmlElement, tuple[str, ...]]]:
    waiting = [(child, tuple[str, ...]()) for child in reversed(root.children)]
    while waiting:
        element, topics = waiting.pop()
        if element.name != "SuperMemoElement":
            continue
        yield element, topics
        title = " ".join(element.child_text("Title").split())[:MAX_TITLE_LENGTH].replace("::", ": ")
        path = (*topics, title) if title else topics
        waiting.extend((child, path) for child in reversed(element.children))


def _card_histories(element: XmlElement) -> dict[str, ImportedHistory]:
    if (data := element.first_child("LearningData")) is None:
        return {}
    try:
        interval = int(float(data.child_text("Interval")))
        day, month, year = (int(part) for part in data.child_text("LastRepetition").split("."))
        last = date(year, month, day)
        repetitions, lapses = (int(data.child_text(name) or 0) for name in ("Repetitions", "Lapses"))
        ease = _ease_from_a_factor(data.child_text("AFactor").replace(",", "."))
        due = last + timedelta(days=interval)
    except (ValueError, OverflowError):
        return {}
    if interval < 1 or repetitions < 1:
        return {}
    schedule = ImportedSchedule(due, interval, ease, repetitions, max(0, lapses))
    return {"": ImportedHistory(schedule=schedule)}


def _ease_from_a_factor(a_factor: str) -> int:
    """Map an A-factor linearly to an ease, as Anki does."""
    if not a_factor:
        return 250
    share = (float(a_factor) - MIN_A_FACTOR) / (MAX_A_FACTOR - MIN_A_FACTOR)
    return round(MIN_EASE + min(max(share, 0.0), 1.0) * (MAX_EASE - MIN_EASE))
