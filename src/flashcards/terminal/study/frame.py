"""What each screen of a session shows, as lines of text: pure, so that it can be read in a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from flashcards.core.session import Remaining
from flashcards.terminal import theme
from flashcards.terminal.device.view import SHORT, Size, View, fitted
from flashcards.terminal.study.answering.base import Sheet
from flashcards.terminal.study.footer import Offer, Told, key_line, rating_rows, ratings
from flashcards.terminal.text.bidi import aligned
from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import cut, wrap


@dataclass(frozen=True, slots=True)
class Status:
    """What stands above every card."""

    deck: str
    done: int
    remaining: Remaining
    spent_ms: int
    message: str = ""
    mark: str | None = None
    """Why the card was marked; None when it is not."""
    cram: bool = False
    """Whether this is practice."""


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below every card: what can be done, and what each rating would do."""

    keys: Sequence[Told]
    offer: Offer | None = None
    """None before the answer is there."""


def page(size: Size, status: Status, sheet: Sheet, foot: Foot, scroll: int = 0) -> View:
    """Show a card; what comes below the question leaves it where it was."""
    footer = ratings(size, foot.offer) if foot.offer else []
    footer = [*footer, key_line(size.columns, foot.keys)]
    top, left = _place(size, sheet)
    middle = [Text()] * top + _moved(aligned(_questioned(sheet.front), sheet.wide), left)
    first = len(middle)
    if sheet.answer is None:
        middle += _moved(sheet.asked, left)
    else:
        wide = max(sheet.wide, 8)
        rule = Text("─" * min(wide, size.columns - left), theme.CHROME)
        middle += _moved([rule, *aligned(sheet.answer, sheet.wide)], left)
    cursor = sheet.cursor and (first + sheet.cursor[0], left + sheet.cursor[1])
    return _framed(size, status, middle, footer, scroll, cursor)


def _questioned(front: Sequence[Text]) -> list[Text]:
    lines = [line.copy() for line in front] or [Text()]
    for line in lines:
        line.stylize(theme.QUESTION)
    return lines


def _place(size: Size, sheet: Sheet) -> tuple[int, int]:
    """Return the rows above a card and the columns left of it, whatever of it is shown."""
    room = size.rows - header_rows(size) - rating_rows(size)
    free = room - max(1, len(sheet.front)) - 1 - sheet.rows
    return max(0, min(free // 2, room // 4)), max(0, (size.columns - sheet.wide) // 2)


def _moved(lines: Sequence[Text], left: int) -> list[Text]:
    return [Text(" " * left) + line for line in lines]


def _framed(  # noqa: PLR0913, PLR0917 (the parts of a page, from top to bottom)
    size: Size,
    status: Status,
    middle: list[Text],
    footer: list[Text],
    scroll: int,
    cursor: tuple[int, int] | None,
) -> View:
    """Put the header above and the footer below the part of the middle that fits."""
    header = _header(size, status)
    *notes, note = message_lines(status.message, size)
    room = max(1, size.rows - len(header) - len(footer) - len(notes) - 1)
    most = max(0, len(middle) - room)
    scroll = min(scroll, most)
    shown = middle[scroll : scroll + room]
    shown += [Text()] * (room - len(shown))
    if most:
        below = most - scroll
        more = f"↓ {below} more {'line' if below == 1 else 'lines'} " if below else "↑ the end "
        note = Text.assemble(note, (more.rjust(size.columns - note.cell_len), theme.ACCENT))
    place = cursor and (len(header) + cursor[0] - scroll, min(cursor[1], size.columns - 1))
    inside = place is not None and len(header) <= place[0] < min(len(header) + room, size.rows)
    return View(
        fitted([*header, *shown, *notes, note, *footer], size), most, place if inside else None
    )


def message_lines(message: str, size: Size) -> list[Text]:
    """Return a message in one line or more: what is wrong needs its remedy too."""
    lines = wrap(Text(safe_line(message), theme.WARNING), max(4, size.columns - 2))
    return [Text(" ") + line for line in lines[: max(1, size.rows // 3)]]


def header_rows(size: Size) -> int:
    """Return the rows above the middle."""
    return 1 if size.rows < SHORT else 3


def _header(size: Size, status: Status) -> list[Text]:
    """Return the deck and the progress; one line of it when rows are few."""
    total = status.done + status.remaining.total
    figure = f" {status.done} / {total} "
    room = size.columns - len(figure) - 2
    columns = max(0, min(24, room // 3))
    filled = round(columns * status.done / total) if total else 0
    marked = "⚑ " if status.mark is not None and size.rows < SHORT else ""
    name = cut(marked + safe_line(status.deck), max(4, room - columns - 1))
    first = Text(f" {name}")
    first.append(" " * max(1, room + 2 - first.cell_len - columns))
    first.append("━" * filled, theme.ACCENT)
    first.append("─" * (columns - filled), theme.CHROME)
    first.append(figure)
    if size.rows < SHORT:
        return [first]
    return [first, _counts(size, status), Text()]


def _counts(size: Size, status: Status) -> Text:
    left = status.remaining
    told = f" new {left.new} · again {left.again} · due {left.due}"
    if status.cram:
        told = f" practice: no date changes · again {left.again}"
    counts = Text(cut(told, size.columns - 8), theme.CHROME)
    time = f"{status.spent_ms // 60_000} min "
    if status.mark is not None:
        room = size.columns - counts.cell_len - len(time) - 4
        counts.append(f"   {cut(f'⚑ {safe_line(status.mark)}', max(1, room))}", theme.WARNING)
    counts.append(time.rjust(max(len(time) + 1, size.columns - counts.cell_len)), theme.CHROME)
    return counts
