"""A set as Quizlet gives it to copy: terms and definitions, with whatever signs part them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flashcards.core.cards import Note
from flashcards.errors import FlashcardsError
from flashcards.importers import csv as importers_csv
from flashcards.importers.base import Asked, Brought, BroughtNote, Source
from flashcards.importers.csv.rows import SEPARATORS, runs_on
from flashcards.importers.shared.source_text import (
    PLAIN_ENDINGS,
    Decks,
    deck_name,
    decoded,
    head,
    skipped,
)

TITLE = "Quizlet export (term, separator, definition)"
ENDINGS: tuple[str, ...] = ()
PARTED = "Its terms were parted from their definitions at {!r}; --separator says otherwise."

BETWEEN = ("\t", " - ", " – ", " — ", " = ", " | ", " : ", ";", ", ", ",", ": ")
"""What may part a term from its definition, the likeliest first."""
CLEAR = frozenset({" - ", " – ", " — ", " = ", " | ", ";"})
"""Those of them that, once in each row, tell a set."""
WEAK = frozenset({" : ", ", ", ","})
"""Those that tell it where all rows are short, too; the others are in prose, and in lists."""
ROWS = ("\n", "\n\n", ";", "|")
FEWEST = 3
"""Rows that are needed to tell a set by its separators."""
LONGEST, SHORT, WORDS = 400, 120, 6
"""Letters of a row of a set, of a short one, and words of its term; prose has more."""
NO_ROWS = re.compile(r"^(?:#|\s*[-*+>] |\s*\d+[.)] |\*\*?|```|<!--|Q:|A:|C:|---)")
ENDS = (".", "!", "?", ",", ":")


@dataclass(frozen=True, slots=True)
class Shape:
    """What parts rows, and what parts the term of each from its definition."""

    row: str
    between: str


def fits(source: Source) -> bool:
    """Tell a set by a separator that stands once in every row; tabs are those of a table.

    Raises FlashcardsError where two separators do.
    """
    text = head(source).strip() if source.ending in PLAIN_ENDINGS else ""
    asked = source.asked
    if asked.separator or asked.between:
        told = all(sign in text for sign in (asked.separator, asked.between))
        return bool(text) and told and not importers_csv.fits(source)
    return runs_on(text) or (not importers_csv.fits(source) and bool(_told(source, text)))


def _told(source: Source, text: str) -> Shape | None:
    """Return the shape that all rows of a text have; raises FlashcardsError for two of them."""
    for signs in (CLEAR, WEAK):
        found: dict[str, Shape] = {}
        for shape in _shapes(signs):
            if _is_set(text, shape):
                found.setdefault(shape.between.strip(), shape)
        if len(found) > 1:
            one, other = (repr(shape.between) for shape in list(found.values())[:2])
            raise FlashcardsError(
                f"{source.name}: its terms may end at {one}, or at {other}. Say where: "
                f"--separator {one}, or --separator {other}."
            )
        if found:
            return next(iter(found.values()))
    return None


def _shapes(between: frozenset[str]) -> list[Shape]:
    shapes = [
        Shape(row, sign)
        for sign in BETWEEN
        for row in ROWS
        if sign in between and sign not in row and row not in sign
    ]
    # "a,b;c,d" has both signs as often as rows: it is a set of pairs, and not of lists.
    return sorted(shapes, key=lambda shape: shape.row != "\n")


def _is_set(text: str, shape: Shape) -> bool:
    found = [row for row in text.split(shape.row) if row.strip()]
    return len(found) >= FEWEST and all(
        row.count(shape.between) == 1 and len(row) <= LONGEST and not NO_ROWS.match(row)
        and "::" not in row and all(side.strip() for side in row.split(shape.between))
        and (shape.row in "\n\n" or "\n" not in row.strip())
        and (shape.between not in WEAK or _is_short(row.strip(), shape.between))
        for row in found
    )  # fmt: skip


def _is_short(row: str, between: str) -> bool:
    return (
        len(row) <= SHORT
        and not row.endswith(ENDS)
        and len(row.partition(between)[0].split()) <= WORDS
    )


def read(source: Source) -> Brought:
    """Return a set's notes. Raises FlashcardsError when nothing parts its terms."""
    text = decoded(source)
    shape = _best(text.text, source.asked)
    if shape is None:
        raise FlashcardsError(
            f"{source.name}: no sign parts its terms from their definitions. Say which one does: "
            '--separator " = ", and --row-separator where a line is not a row.'
        )
    decks, left_out = Decks(), []
    for begins, row in _rows(text.text, shape.row):
        term, sign, definition = (part.strip() for part in row.partition(shape.between))
        if term and definition:
            decks.add(deck_name(source), BroughtNote(Note(term, definition, line=begins)))
        elif row.strip():
            missing = "definition" if term else "term"
            why = f"it has no {missing}" if sign.strip() or sign else f"it has no {shape.between!r}"
            left_out.append(skipped(source, begins, why))
    plain = shape.between == "\t" or source.asked.separator
    said = () if plain else (PARTED.format(shape.between),)
    return Brought(decks.all(), tuple(left_out), (*text.remarks, *said, *decks.remarks()))


def _rows(text: str, between: str) -> Iterator[tuple[int, str]]:
    """Yield each row with the number of the line that it begins on."""
    line = 1
    for row in text.split(between):
        yield line + len(row) - len(row.lstrip("\n")), row
        line += row.count("\n") + between.count("\n")


def _is_pair(row: str, between: str) -> bool:
    return row.count(between) == 1 and all(side.strip() for side in row.split(between))


def _best(text: str, asked: Asked) -> Shape | None:
    """Return the shape by which most rows have one term and one definition."""
    sample = text[: 1 << 16]
    shapes = [
        Shape(asked.between or row, sign)
        for sign in ([asked.separator] if asked.separator else (*BETWEEN, *SEPARATORS))
        for row in ROWS
        if sign not in (asked.between or row) and (asked.between or row) not in sign
    ]
    best, most = None, 0.0
    for shape in shapes:
        found = [row for row in sample.split(shape.row) if row.strip()]
        good = sum(_is_pair(row, shape.between) for row in found)
        share = good / len(found) if found else 0.0
        if good and share > most + 0.05:
            best, most = shape, share
    return best or next((shape for shape in shapes if shape.between in sample), None)
