"""What each screen of a session shows, as lines of text: pure, so that it can be read in a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rich.text import Text

from flashcards.core.agenda import Choice
from flashcards.core.card import Card
from flashcards.core.progress import Kind
from flashcards.core.session import Remaining
from flashcards.terminal import theme
from flashcards.terminal.bidi import aligned
from flashcards.terminal.columns import cut
from flashcards.terminal.console import safe_line
from flashcards.terminal.markdown import render
from flashcards.terminal.medium import PLAIN, Medium
from flashcards.terminal.reports import span

MEASURE = 72
"""The widest that card text is set, in columns: longer lines are hard to read."""
SHORT = 18
"""Rows below which the frame around a card gives way to it."""
ASKING = (
    ("space", "show answer"), ("u", "undo"), ("e", "edit"), ("s", "suspend"), ("b", "bury"),
    ("i", "history"), ("?", "keys"), ("q", "quit"),
)  # fmt: skip
RATING = (
    ("1-5", "rate"), ("u", "undo"), ("e", "edit"), ("s", "suspend"), ("b", "bury"),
    ("i", "history"), ("?", "keys"), ("q", "quit"),
)  # fmt: skip
LESS_NEEDED = ("i", "b", "s", "e", "u")
"""Keys that leave the bottom line first when it is too narrow; `?` tells them all."""


@dataclass(frozen=True, slots=True)
class Size:
    """Columns and rows of the terminal."""

    columns: int
    rows: int
    medium: Medium = PLAIN
    """What can be shown there."""


@dataclass(frozen=True, slots=True)
class Status:
    """What stands above every card."""

    deck: str
    done: int
    remaining: Remaining
    spent_ms: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What each rating would do, as seen on a study day."""

    choices: Mapping[int, Choice]
    today: date


@dataclass(frozen=True, slots=True)
class View:
    """A frame and how far its middle can be scrolled, in rows."""

    lines: list[Text]
    most: int = 0


def question(size: Size, status: Status, card: Card) -> View:
    """Show a card's front, alone."""
    footer = [keys(size.columns, ASKING)]
    front, _, top, left = _placed(size, card)
    return _framed(size, status, [Text()] * top + _moved(front, left), footer, 0)


def answer(size: Size, status: Status, card: Card, offer: Offer, scroll: int) -> View:
    """Show the back below the front, which stays where it was, and what each rating would do."""
    footer = [*ratings(size, offer), keys(size.columns, RATING)]
    front, back, top, left = _placed(size, card)
    wide = max(line.cell_len for line in (*front, *back, Text(" " * 8)))
    rule = Text("─" * min(wide, size.columns - left), theme.CHROME)
    middle = [Text()] * top + _moved([*front, rule, *back], left)
    return _framed(size, status, middle, footer, scroll)


def _placed(size: Size, card: Card) -> tuple[list[Text], list[Text], int, int]:
    """Return both sides, and the rows above and columns left of them, the same for both screens."""
    columns = max(8, min(MEASURE, size.columns - 2))
    front = render(card.front, columns, size.medium, card.path) or [Text()]
    back = render(card.back, columns, size.medium, card.path)
    for line in front:
        line.stylize(theme.QUESTION)
    wide = max(line.cell_len for line in (*front, *back))
    front, back = aligned(front, wide), aligned(back, wide)
    room = size.rows - len(_header(size, Status("", 0, Remaining(0, 0, 0), 0))) - _rating_rows(size)
    free = room - len(front) - 1 - len(back)
    return front, back, max(0, min(free // 2, room // 4)), max(0, (size.columns - wide) // 2)


def _moved(lines: Sequence[Text], left: int) -> list[Text]:
    return [Text(" " * left) + line for line in lines]


def _framed(
    size: Size, status: Status, middle: list[Text], footer: list[Text], scroll: int
) -> View:
    """Put the header above and the footer below the part of the middle that fits."""
    header = _header(size, status)
    room = max(1, size.rows - len(header) - len(footer) - 1)
    most = max(0, len(middle) - room)
    scroll = min(scroll, most)
    shown = middle[scroll : scroll + room]
    shown += [Text()] * (room - len(shown))
    note = Text(f" {safe_line(status.message)}", theme.WARNING)
    if most:
        below = most - scroll
        more = f"↓ {below} more lines " if below else "↑ the end "
        note = Text.assemble(note, (more.rjust(size.columns - note.cell_len), theme.ACCENT))
    return View(fitted([*header, *shown, note, *footer], size), most)


def fitted(lines: list[Text], size: Size) -> list[Text]:
    """Return the lines cut to the screen; the last ones stay, for they tell the keys."""
    if len(lines) > size.rows:
        lines = lines[: size.rows - 1] + lines[-1:]
    for line in lines:
        line.truncate(size.columns, overflow="ellipsis")
    return lines


def _header(size: Size, status: Status) -> list[Text]:
    """Return the deck and the progress; one line of it when rows are few."""
    total = status.done + status.remaining.total
    figure = f" {status.done} / {total} "
    room = size.columns - len(figure) - 2
    columns = max(0, min(24, room // 3))
    filled = round(columns * status.done / total) if total else 0
    name = cut(safe_line(status.deck), max(4, room - columns - 1))
    first = Text(f" {name}")
    first.append(" " * max(1, room + 2 - first.cell_len - columns))
    first.append("━" * filled, theme.ACCENT)
    first.append("─" * (columns - filled), theme.CHROME)
    first.append(figure)
    if size.rows < SHORT:
        return [first]
    left = status.remaining
    counts = Text(f" new {left.new} · again {left.again} · due {left.due}", theme.CHROME)
    time = f"{status.spent_ms // 60_000} min "
    counts.append(time.rjust(max(len(time) + 1, size.columns - counts.cell_len)), theme.CHROME)
    return [first, counts, Text()]


def _rating_rows(size: Size) -> int:
    return 7 if size.rows >= SHORT else 4


def ratings(size: Size, offer: Offer) -> list[Text]:
    """Return the five keys, each with its label and the date it would give."""
    wide = max(4, min(15, (size.columns - 2) // 5))
    left = " " * min(2, max(0, size.columns - 5 * wide))
    labels = {1: "1 Not at all", 5: "5 Perfectly"} if wide >= 13 else {}
    keys_line, outcomes, dates = Text(left), Text(left), Text(left)
    for rating, choice in offer.choices.items():
        keys_line.append(labels.get(rating, str(rating)).ljust(wide), theme.RATING)
        outcomes.append(_outcome(choice, offer.today, wide).ljust(wide))
        dates.append(_date(choice, offer.today, wide).ljust(wide), theme.CHROME)
    forgot = "─ forgot ".ljust(2 * wide - 2, "─") + "┤"
    recalled = "├" + " recalled ─".rjust(3 * wide - 2, "─")
    ruler = Text(left + forgot + recalled, theme.CHROME)
    if size.rows < SHORT:
        return [keys_line, outcomes]
    title = Text(" How well did you know this?")
    if not labels:
        title.append(" 1 Not at all … 5 Perfectly" if size.columns >= 56 else "", theme.CHROME)
    return [title, keys_line, outcomes, dates, ruler]


def _outcome(choice: Choice, today: date, wide: int) -> str:
    days = span((choice.due - today).days) if choice.due else ""
    if choice.again:
        return "again"
    if choice.kind is not Kind.GRADED:
        return "done" if wide < 10 else "done today"
    return days if len(days) < wide else days.replace(" days", "d").replace(" day", "d")


def _date(choice: Choice, today: date, wide: int) -> str:
    """Return the day itself; with the year where it is another."""
    if choice.due is None:
        return ""
    if wide < 8:
        return choice.due.strftime("%m-%d")
    return choice.due.strftime("%d %b" if choice.due.year == today.year else "%d %b %y")


def keys(columns: int, wanted: Sequence[tuple[str, str]]) -> Text:
    """Return the bottom line: the keys that fit, the most needed ones first."""
    shown = list(wanted)
    for less in (*LESS_NEEDED, ""):
        line = Text(" ")
        for key, what in shown:
            line.append(key, theme.ACCENT)
            line.append(f" {what}   ", theme.CHROME)
        line.rstrip()
        if line.cell_len <= columns:
            break
        shown = [pair for pair in shown if pair[0] != less]
    return line
