"""SuperMemo's XML: a tree of elements, of which those with a question and an answer are cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flashcards.core.cards import Note
from flashcards.importers.base import (
    Brought,
    BroughtNote,
    Life,
    Skipped,
    Source,
    Standing,
)
from flashcards.importers.html import to_markdown
from flashcards.importers.shared.safe_xml import Element, root_name, tree
from flashcards.importers.shared.source_text import Decks, deck_name, head, skipped

TITLE = "SuperMemo XML"
ENDINGS: tuple[str, ...] = ()

HARDEST, EASIEST = 1.2, 6.9
"""The ends of the scale of A-factors."""
LEAST_EASE, MOST_EASE = 130, 330
TITLED = 100
"""Letters of a topic's title that still make the name of a deck."""
NO_TOPICS = "Topics and their texts are no cards: only their titles came in, as names of decks."


def fits(source: Source) -> bool:
    """Tell a collection by its first element."""
    return root_name(head(source)) == "SuperMemoCollection"


@dataclass(frozen=True, slots=True)
class _Place:
    """An element, and the titles of the topics it lies in."""

    element: Element
    path: tuple[str, ...]


def read(source: Source) -> Brought:
    """Return the items of a collection, in a deck for each topic. Raises FlashcardsError."""
    decks, left_out, topics = Decks(), list[Skipped](), 0
    for place in _places(tree(source)):
        content = place.element.child("Content")
        if content is None:
            continue
        front, back = (to_markdown(content.said(side)) for side in ("Question", "Answer"))
        if front and back:
            note = Note(front, back, line=place.element.line)
            deck = "::".join(place.path) or deck_name(source)
            decks.add(deck, BroughtNote(note, _lives(place.element)))
        elif place.element.said("Type").casefold() == "item":
            why = "its answer is empty" if front else "its question is empty"
            left_out.append(skipped(source, place.element.line, why))
        else:
            topics += 1
    remarks = (NO_TOPICS,) if topics else ()
    return Brought(decks.all(), tuple(left_out), (*remarks, *decks.remarks()))


def _places(root: Element) -> Iterator[_Place]:
    """Yield every element of a collection, in its order."""
    waiting = [_Place(child, ()) for child in reversed(root.children)]
    while waiting:
        place = waiting.pop()
        if place.element.name != "SuperMemoElement":
            continue
        yield place
        title = " ".join(place.element.said("Title").split())[:TITLED].replace("::", ": ")
        path = (*place.path, title) if title else place.path
        waiting.extend(_Place(child, path) for child in reversed(place.element.children))


def _lives(element: Element) -> dict[str, Life]:
    data = element.child("LearningData")
    standing = _standing(data) if data else None
    return {"": Life(standing=standing)} if standing else {}


def _standing(data: Element) -> Standing | None:
    """Return where a card stood."""
    try:
        interval = int(float(data.said("Interval")))
        day, month, year = (int(part) for part in data.said("LastRepetition").split("."))
        last = date(year, month, day)
        repetitions, lapses = (int(data.said(name) or 0) for name in ("Repetitions", "Lapses"))
        ease = _ease(data.said("AFactor").replace(",", "."))
        due = last + timedelta(days=interval)
    except (ValueError, OverflowError):
        return None
    if interval < 1 or repetitions < 1:
        return None
    return Standing(due, interval, ease, repetitions, max(0, lapses))


def _ease(factor: str) -> int:
    """Return the ease for an A-factor: how easy an item is, on another scale, as Anki takes it."""
    if not factor:
        return 250
    share = (float(factor) - HARDEST) / (EASIEST - HARDEST)
    return round(LEAST_EASE + min(max(share, 0.0), 1.0) * (MOST_EASE - LEAST_EASE))
