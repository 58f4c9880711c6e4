"""Import hascard decks: definitions, choices, blanks, ordering."""

import re
from collections.abc import Iterator

from flashcards.core.cards import Note
from flashcards.core.markdown_dialect import from_commonmark
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.markdown_notations import MARKDOWN_EXTENSIONS, notation_test
from flashcards.importers.shared.code_fences import FenceTracker
from flashcards.importers.shared.deck_collector import DeckCollector

TITLE = "hascard deck"
EXTENSIONS = MARKDOWN_EXTENSIONS
recognises = notation_test("hascard")

CHOICE_ITEM = re.compile(r"([-*])\s+(.+)")
CHECKBOX_ITEM = re.compile(r"\[([ xX*])\]\s+(.+)")
NUMBERED_ITEM = re.compile(r"(\d{1,4})\.\s+(.+)")
BLANK_PATTERN = re.compile(r"(?<![\\\w])_((?:\\_|[^_\n])+?)(?<!\\)_(?!\w)")


def read_source(source: ImportSource) -> ImportResult:
    """Return the cards: definitions, choices, blanks and orderings."""
    decks = DeckCollector(source, from_commonmark)
    for number, lines in _split_cards(decks.read_lines()):
        decks.add_or_skip(number, _parse_note(number, lines))
    return decks.result()


def _split_cards(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    card, start, fences = list[str](), 0, FenceTracker()
    for number, line in enumerate(lines, 1):
        if not fences.is_in_fence(line) and line.rstrip() == "---":
            if card:
                yield start, card
            card = []
        elif line.strip() or card:
            start = start if card else number
            card.append(line.rstrip())
    if card:
        yield start, card


def _parse_note(line_number: int, lines: list[str]) -> Note | str:
    """Return a card's note, or why there is none."""
    heading = re.match(r"#\s+(.+)", lines[0])
    if not heading:
        return "a card must start with # and its question"
    question, body = heading[1].strip(), "\n".join(lines[1:]).strip()
    shown = re.match(r"(?:!\[[^\]\n]*\]\([^)\n]+\)\s*)+", body)
    if shown:  # an image below the question belongs to it
        question, body = f"{question}\n\n{shown[0].strip()}", body[shown.end() :]
    if not body:
        return "its answer is empty"
    rows = [line for line in body.split("\n") if line.strip()]
    for shape in (_parse_choices, _parse_checkboxes, _parse_ordering):
        if note := shape(question, rows, line_number):
            return note
    return _parse_blanks(question, body, line_number) or Note(question, body, line=line_number)


def _parse_choices(question: str, rows: list[str], line: int) -> Note | None:
    """Return the note of a question with one right choice."""
    matches = [match for row in rows if (match := CHOICE_ITEM.fullmatch(row))]
    right = [match[2] for match in matches if match[1] == "*"]
    wrong = tuple(match[2] for match in matches if match[1] == "-")
    if len(matches) < len(rows) or len(right) != 1 or not wrong:
        return None
    return Note(question, right[0], choices=wrong, line=line)


def _parse_checkboxes(question: str, rows: list[str], line: int) -> Note | None:
    """Return the note of a question with several right choices."""
    matches = [match for row in rows if (match := CHECKBOX_ITEM.fullmatch(row))]
    if len(matches) < len(rows):
        return None
    right = [match[2] for match in matches if match[1] != " "]
    options = "\n".join(f"- {match[2]}" for match in matches)
    back = "\n".join(f"- {option}" for option in right) or "None of them."
    return Note(f"{question}\n\n{options}", back, line=line)


def _parse_ordering(question: str, rows: list[str], line: int) -> Note | None:
    """Return the note of items to put into order."""
    matches = [match for row in rows if (match := NUMBERED_ITEM.fullmatch(row))]
    places = [int(match[1]) for match in matches]
    in_order = list(range(1, len(rows) + 1))
    if len(matches) < len(rows) or sorted(places) != in_order or places == in_order:
        return None
    shown = "\n".join(f"- {match[2]}" for match in matches)
    ordered = sorted(matches, key=lambda match: int(match[1]))
    back = "\n".join(f"{match[1]}. {match[2]}" for match in ordered)
    return Note(f"{question}\n\n{shown}", back, line=line)


def _parse_blanks(question: str, body: str, line: int) -> Note | None:
    """Return the note of a text with blanks; alternatives go below the answer."""
    also = list[str]()

    def gap(found: re.Match[str]) -> str:
        first, *others = (part.strip() for part in found[1].replace("\\_", "_").split("|"))
        if others:
            also.append(f"{first}: also {', '.join(others)}")
        return "{{" + first + "}}"

    text = BLANK_PATTERN.sub(gap, body)
    if text == body:
        return None
    return Note(f"{question}\n\n{text}", "\n".join(also), cloze=True, line=line)
