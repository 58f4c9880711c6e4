"""A set as Quizlet gives it to copy: terms and definitions, with whatever signs part them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flashcards.core.card import Note
from flashcards.errors import FlashcardsError
from flashcards.importers import tables
from flashcards.importers.base import Brought, BroughtNote, Source
from flashcards.importers.rows import SEPARATORS
from flashcards.importers.text import PLAIN_ENDINGS, Decks, deck_name, decoded, head, skipped

TITLE = "Quizlet export (term, separator, definition)"
ENDINGS: tuple[str, ...] = ()

BETWEEN = ("\t", " - ", " – ", " — ", " = ", " | ", ";", ",", ": ")
"""What may part a term from its definition, the likeliest first."""
CLEAR = frozenset({" - ", " – ", " — ", " | ", ";"})
"""Those of them that, once in each row, tell a set; the others are in prose and in sums, too."""
ROWS = ("\n", "\n\n", ";", "|")
FEWEST = 3
"""Rows that are needed to tell a set by its separators."""
LONGEST = 400
"""Letters of a row of a set; prose has longer ones."""
NO_ROWS = re.compile(r"^(?:#|\s*[-*+>] |\s*\d+[.)] |\*\*?|```|<!--|Q:|A:|C:|---)")


@dataclass(frozen=True, slots=True)
class Shape:
    """What parts rows, and what parts the term of each from its definition."""

    row: str
    between: str


def fits(source: Source) -> bool:
    """Tell a set by a separator that stands once in every row; tabs are those of a table."""
    text = head(source).strip() if source.ending in PLAIN_ENDINGS else ""
    return not tables.fits(source) and any(_is_set(text, shape) for shape in _shapes(CLEAR))


def _shapes(between: frozenset[str]) -> Iterator[Shape]:
    for sign in BETWEEN:
        for row in ROWS:
            if sign in between and sign not in row and row not in sign:
                yield Shape(row, sign)
    if between is CLEAR:
        yield Shape(";", ",")


def _is_set(text: str, shape: Shape) -> bool:
    found = [row for row in text.split(shape.row) if row.strip()]
    return len(found) >= FEWEST and all(
        row.count(shape.between) == 1 and len(row) <= LONGEST and not NO_ROWS.match(row)
        and "::" not in row and all(side.strip() for side in row.split(shape.between))
        and (shape.row in "\n\n" or "\n" not in row.strip())
        for row in found
    )  # fmt: skip


def read(source: Source) -> Brought:
    """Return a set's notes. Raises FlashcardsError when nothing parts its terms."""
    text = decoded(source)
    shape = _best(text.text)
    if shape is None:
        raise FlashcardsError(
            f"{source.name}: no sign parts its terms from their definitions. Export it again with "
            "a tab between them, and a new line after each."
        )
    decks, left_out = Decks(), []
    line = 1
    for row in text.text.split(shape.row):
        begins = line + len(row) - len(row.lstrip("\n"))
        line += row.count("\n") + shape.row.count("\n")
        term, sign, definition = (part.strip() for part in row.partition(shape.between))
        if term and definition:
            decks.add(deck_name(source), BroughtNote(Note(term, definition, line=begins)))
        elif row.strip():
            missing = "definition" if term else "term"
            why = f"it has no {missing}" if sign.strip() or sign else f"it has no {shape.between!r}"
            left_out.append(skipped(source, begins, why))
    return Brought(decks.all(), tuple(left_out), (*text.remarks, *decks.remarks()))


def _is_pair(row: str, between: str) -> bool:
    return row.count(between) == 1 and all(side.strip() for side in row.split(between))


def _best(text: str) -> Shape | None:
    """Return the shape by which most rows have one term and one definition."""
    sample = text[: 1 << 16]
    best, most = None, 0.0
    for shape in _shapes(frozenset((*BETWEEN, *SEPARATORS))):
        found = [row for row in sample.split(shape.row) if row.strip()]
        good = sum(_is_pair(row, shape.between) for row in found)
        share = good / len(found) if found else 0.0
        if good and share > most + 0.05:
            best, most = shape, share
    return best or next((s for s in _shapes(frozenset(BETWEEN)) if s.between in sample), None)
