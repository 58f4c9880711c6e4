"""hascard's text: cards that begin with a heading, rules between them, choices and gaps in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flashcards.core.cards import Note
from flashcards.importers.base import Brought, BroughtNote, Source
from flashcards.importers.notations import HASCARD, MARKDOWN_ENDINGS, notation
from flashcards.importers.shared.code_fences import Fences
from flashcards.importers.shared.source_text import Decks, deck_name, decoded, skipped

TITLE = "hascard deck"
ENDINGS = MARKDOWN_ENDINGS

CHOICE = re.compile(r"([-*])\s+(.+)")
BOX = re.compile(r"\[([ xX*])\]\s+(.+)")
PLACE = re.compile(r"(\d{1,4})\.\s+(.+)")
BLANK = re.compile(r"(?<![\\\w])_((?:\\_|[^_\n])+?)(?<!\\)_(?!\w)")


def fits(source: Source) -> bool:
    """Tell cards with headings and rules between them."""
    return notation(source) == HASCARD


def read(source: Source) -> Brought:
    """Return the cards: definitions, choices, blanks to fill, lists to put into order."""
    text = decoded(source)
    decks, left_out = Decks(), []
    for number, lines in _cards(text.text.split("\n")):
        note, why = _note(number, lines)
        if note is None:
            left_out.append(skipped(source, number, why))
        else:
            decks.add(deck_name(source), BroughtNote(note))
    return Brought(decks.all(), tuple(left_out), (*text.remarks, *decks.remarks()))


def _cards(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of each card, with the number of the first."""
    card, start, fences = list[str](), 0, Fences()
    for number, line in enumerate(lines, 1):
        if not fences.holds(line) and line.rstrip() == "---":
            if card:
                yield start, card
            card = []
        elif line.strip() or card:
            start = start if card else number
            card.append(line.rstrip())
    if card:
        yield start, card


def _note(number: int, lines: list[str]) -> tuple[Note | None, str]:
    heading = re.match(r"#\s+(.+)", lines[0])
    if not heading:
        return None, "a card begins with # and its question"
    question, body = heading[1].strip(), "\n".join(lines[1:]).strip()
    shown = re.match(r"(?:!\[[^\]\n]*\]\([^)\n]+\)\s*)+", body)
    if shown:  # a picture below the question belongs to it
        question, body = f"{question}\n\n{shown[0].strip()}", body[shown.end() :]
    if not body:
        return None, "its answer is empty"
    rows = [line for line in body.split("\n") if line.strip()]
    for shape in (_choices, _boxes, _order):
        if note := shape(question, rows, number):
            return note, ""
    return _blanks(question, body, number) or Note(question, body, line=number), ""


def _choices(question: str, rows: list[str], line: int) -> Note | None:
    """Return the note of a question with one right choice, marked *, among wrong ones."""
    found = [match for row in rows if (match := CHOICE.fullmatch(row))]
    right = [match[2] for match in found if match[1] == "*"]
    wrong = tuple(match[2] for match in found if match[1] == "-")
    if len(found) < len(rows) or len(right) != 1 or not wrong:
        return None
    return Note(question, right[0], choices=wrong, line=line)


def _boxes(question: str, rows: list[str], line: int) -> Note | None:
    """Return the note of a question with several right choices: all are shown with it."""
    found = [match for row in rows if (match := BOX.fullmatch(row))]
    if len(found) < len(rows):
        return None
    right = [match[2] for match in found if match[1] != " "]
    options = "\n".join(f"- {match[2]}" for match in found)
    back = "\n".join(f"- {option}" for option in right) or "None of them."
    return Note(f"{question}\n\n{options}", back, line=line)


def _order(question: str, rows: list[str], line: int) -> Note | None:
    """Return the note of things to put into order: shown as they stand, answered in order."""
    found = [match for row in rows if (match := PLACE.fullmatch(row))]
    places = [int(match[1]) for match in found]
    if len(found) < len(rows) or sorted(places) != list(range(1, len(rows) + 1)):
        return None
    if places == sorted(places):
        return None
    shown = "\n".join(f"- {match[2]}" for match in found)
    ordered = sorted(found, key=lambda match: int(match[1]))
    back = "\n".join(f"{match[1]}. {match[2]}" for match in ordered)
    return Note(f"{question}\n\n{shown}", back, line=line)


def _blanks(question: str, body: str, line: int) -> Note | None:
    """Return the note of a text with blanks; what else may fill one stands below the answer."""
    also = list[str]()

    def gap(found: re.Match[str]) -> str:
        first, *others = (part.strip() for part in found[1].replace("\\_", "_").split("|"))
        if others:
            also.append(f"{first}: also {', '.join(others)}")
        return "{{" + first + "}}"

    text = BLANK.sub(gap, body)
    if text == body:
        return None
    return Note(f"{question}\n\n{text}", "\n".join(also), cloze=True, line=line)
