"""Frame of the list of cards: pure, without input or output."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from rich.text import Text

from flashcards.core.fsrs import Model
from flashcards.core.key_bindings import KeyBindings
from flashcards.core.messages import format_count, format_day
from flashcards.core.progress import DEFAULT_MODEL, CardState
from flashcards.core.search_query import SearchContext
from flashcards.terminal import theme
from flashcards.terminal.browse.search_line import SearchLine
from flashcards.terminal.device.line_editor import LineInput, render_input
from flashcards.terminal.device.view import SHORT_SCREEN_ROWS, ScreenSize, ScreenView, fit_lines
from flashcards.terminal.study.footer import key_hint_rows
from flashcards.terminal.study.frame import message_lines
from flashcards.terminal.study.pages import both_sides
from flashcards.terminal.text.format import format_days
from flashcards.terminal.text.key_hints import KeyHint
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import display_width, truncate

WIDE_COLUMNS = 120
"""Columns from which the card is beside the list, not below it."""
NARROW_COLUMNS = 60
MIN_FRONT_COLUMNS = 20
PREFIX_COLUMNS = 3


class Column(NamedTuple):
    """A column of the list."""

    name: str
    width: int
    drop_rank: int
    """Which goes first where the fronts would have too little room."""


COLUMNS = (Column("front", 0, 9), Column("deck", 15, 2), Column("state", 10, 4), Column("due", 10, 5),
           Column("recall", 8, 1), Column("lapses", 8, 3))  # fmt: skip
TYPING_HINTS = (KeyHint("enter", "to the list"), KeyHint("tab", "complete"), KeyHint("esc", "as before"))


@dataclass(frozen=True, slots=True)
class CardList:
    """What a search found, and the part of it that is on the screen."""

    found: int
    total: int
    rows: Sequence[CardState] = ()
    first: int = 0
    """The place of the first row in the list."""
    at: int = 0
    """The place of the cursor in the list."""
    selected_rows: AbstractSet[int] = frozenset()
    """The places of the rows that are selected."""
    selected_count: int = 0
    sort_column: str = ""
    descending: bool = False

    @property
    def current(self) -> CardState | None:
        """The card at the cursor."""
        return self.rows[self.at - self.first] if self.at - self.first < len(self.rows) else None


@dataclass(frozen=True, slots=True)
class BrowseStatus:
    """All else that the frame tells."""

    search: SearchLine
    context: SearchContext
    model: Model = DEFAULT_MODEL
    message: str = ""


class _Layout(NamedTuple):
    is_wide: bool
    list_columns: int
    list_rows: int
    card_columns: int
    card_rows: int
    key_rows: int


def browse_layout(size: ScreenSize) -> _Layout:
    """Return how the screen is shared between the list and the card."""
    key_rows = 2 if size.rows >= SHORT_SCREEN_ROWS and size.columns < WIDE_COLUMNS else 1
    rows = max(1, size.rows - 4 - key_rows)
    if size.columns >= WIDE_COLUMNS:
        card = min(size.columns * 2 // 5, 78)
        return _Layout(True, size.columns - card - 3, rows, card, rows, key_rows)
    card_rows = max(0, rows // 2 - 1) if rows >= 6 else 0
    return _Layout(False, size.columns, rows - card_rows - bool(card_rows), size.columns, card_rows, key_rows)


def render_browse_view(
    size: ScreenSize, cards: CardList, status: BrowseStatus, bindings: KeyBindings
) -> ScreenView:
    """Show the search, the list, the card at the cursor, and the keys."""
    layout = browse_layout(size)
    search_line, cursor = _search_line(size, cards, status.search)
    *notes, note = message_lines(status.message, size)
    body = _fill([_table_header(layout.list_columns, cards), *_table_rows(layout, cards, status)],
                 layout.list_rows + 1)  # fmt: skip
    meaning, *more = status.search.below(size.columns)
    if more:
        body[0] = more[0]
        body[0].truncate(layout.list_columns, overflow="ellipsis")
    card = _card_pane(size, layout, cards, status)
    if layout.is_wide:
        body = _side_by_side(body, card, layout.list_columns)
    elif layout.card_rows:
        body += card
    hints = TYPING_HINTS if status.search.is_typing else browse_hints(bindings)
    keys = _fill(key_hint_rows(size.columns, hints, layout.key_rows), layout.key_rows)
    lines = [search_line, meaning, *body, note, *keys]
    if notes:  # a long message covers the end of the card for once
        lines[-1 - layout.key_rows - len(notes) : -1 - layout.key_rows] = notes
    return ScreenView(fit_lines(lines, size), 0, cursor)


def browse_hints(bindings: KeyBindings) -> list[KeyHint]:
    """Return the keys of the list that have a label, the most needed first."""
    hints = [KeyHint(bindings.first_key(a.name), a.label, a.name) for a in bindings.actions if a.label]
    return [hint for hint in hints if hint.key]


def _fill(lines: Sequence[Text], rows: int) -> list[Text]:
    return [*lines[:rows], *(Text() for _ in range(rows - len(lines)))]


def _search_line(
    size: ScreenSize, cards: CardList, search: SearchLine
) -> tuple[Text, tuple[int, int] | None]:
    """Return the line of the search, how many cards it found at its end, and the cursor if it is there."""
    narrow = size.columns < NARROW_COLUMNS
    figure = f"{cards.total:,}" if narrow else format_count(cards.total, "card")
    if search.text or cards.found != cards.total:
        figure = f"{cards.found:,} of {figure}"
    if cards.selected_count:
        figure = f"{cards.selected_count:,} {'●' if narrow else 'selected ·'} {figure}"
    figure = truncate(figure, size.columns // 2)
    room = max(6, size.columns - display_width(figure) - 3)
    line, column = render_input(search.line if search.is_typing else LineInput("", search.text), room, " / ")
    if not (search.text or search.is_typing):
        line.append("all", theme.CHROME)
    line.truncate(size.columns - display_width(figure) - 2)
    line.append(figure.rjust(size.columns - 1 - line.cell_len + len(figure) - display_width(figure)),
                theme.CHROME)  # fmt: skip
    return line, (0, min(column, size.columns - 1)) if search.is_typing else None


def shown_columns(width: int) -> tuple[Column, ...]:
    """Return the columns that leave the fronts room."""
    shown = tuple(c._replace(width=c.width + 10) if width >= 100 and c.name == "deck" else c for c in COLUMNS)
    while len(shown) > 1 and width - PREFIX_COLUMNS - sum(c.width for c in shown) < MIN_FRONT_COLUMNS:
        shown = tuple(c for c in shown if c.drop_rank != min(c.drop_rank for c in shown))
    return shown


def _table_header(width: int, cards: CardList) -> Text:
    columns = shown_columns(width)
    sign = "▼" if cards.descending else "▲"
    names = [f"{c.name} {sign}" if c.name == cards.sort_column else c.name for c in columns]
    return Text(" " * PREFIX_COLUMNS + _cells(width, columns, names), theme.CHROME)


def _cells(width: int, columns: Sequence[Column], texts: Sequence[str]) -> str:
    """Return the cells of a row, each cut and padded to its column; figures end at the right."""
    front = width - PREFIX_COLUMNS - sum(c.width for c in columns)
    cells = []
    for column, text in zip(columns, texts, strict=True):
        room = (column.width or front) - 1
        cell = truncate(text, max(1, room))
        gap = " " * max(0, room - display_width(cell))
        cells.append(f"{gap}{cell} " if column.name in ("recall", "lapses") else f"{cell}{gap} ")
    return "".join(cells)


def _table_rows(layout: _Layout, cards: CardList, status: BrowseStatus) -> list[Text]:
    columns = shown_columns(layout.list_columns)
    if not cards.rows:
        return [Text("   No card matches." if cards.total else "   There are no cards.", theme.CHROME)]
    lines = []
    for place, entry in enumerate(cards.rows[: layout.list_rows], cards.first):
        values = _row_values(entry, status)
        text = _cells(layout.list_columns, columns, [values[c.name] for c in columns])
        front = layout.list_columns - PREFIX_COLUMNS - sum(c.width for c in columns)
        split = len(truncate(values["front"], front - 1))
        here = place == cards.at
        lines.append(
            Text.assemble(
                ("▸" if here else " ", theme.ACCENT),
                ("● " if place in cards.selected_rows else "  ", theme.ACCENT),
                (text[:split], theme.QUESTION if here else ""),
                (text[split:], "" if here else theme.CHROME),
            )
        )
    return lines


def _row_values(entry: CardState, status: BrowseStatus) -> dict[str, str]:
    progress, today = entry.progress, status.context.today
    recall = progress.chance_of_recall(today, status.model)
    mark = "⚑ " if progress.mark is not None else ""
    return {
        "front": mark + sanitize_line(" ".join(entry.card.front.split())),
        "deck": sanitize_line(entry.card.deck),
        "state": card_state_name(entry, status.context),
        "due": due_label(progress.due, today) if progress.due else "",
        "recall": "" if recall is None else f"{100 * recall:.0f} %",
        "lapses": str(progress.memory.lapses or ""),
    }


def card_state_name(entry: CardState, context: SearchContext) -> str:
    """Return what the list says of a card: hidden, or how far it has come."""
    progress = entry.progress
    if progress.suspended:
        return "suspended"
    return "buried" if progress.is_hidden(context.today) else progress.stage(
        context.today, context.repeat_below
    ).value  # fmt: skip


def due_label(due: date, today: date) -> str:
    """Return a due day in few letters."""
    if due == today:
        return "today"
    return format_day(due) if due.year == today.year else f"{format_day(due)} {due:%y}"


def _card_pane(size: ScreenSize, layout: _Layout, cards: CardList, status: BrowseStatus) -> list[Text]:
    """Return the card at the cursor under a line that tells its deck, tags and schedule."""
    rows = layout.card_rows + (0 if layout.is_wide else 1)
    entry = cards.current
    if entry is None:
        return _fill([Text("─" * layout.card_columns, theme.CHROME)], rows)
    title = truncate(f" {_card_title(entry)} ", layout.card_columns - 4)
    rule = Text("──" + title + "─" * (layout.card_columns - 2 - display_width(title)), theme.CHROME)
    pane = replace(size, columns=layout.card_columns - 1)
    lines = [Text(" ") + line for line in both_sides(entry.card, pane, status.context.today)]
    if len(lines) > rows - 1 > 0:
        more = f" ↓ {format_count(len(lines) - rows + 2, 'more line')}"
        lines = [*lines[: rows - 2], Text(more, theme.ACCENT)]
    return _fill([rule, *lines], rows)


def _card_title(entry: CardState) -> str:
    card, memory = entry.card, entry.progress.memory
    parts = [card.deck, *(f"#{tag}" for tag in card.tags)]
    if entry.progress.due:
        parts += [f"ease {memory.ease / 100:.2f}", format_days(memory.interval)]
    return sanitize_line(" · ".join(parts))


def _side_by_side(left: Sequence[Text], right: Sequence[Text], width: int) -> list[Text]:
    pairs = zip_longest(left, right, fillvalue=Text())
    return [
        Text.assemble(line, " " * max(0, width - line.cell_len), (" │ ", theme.CHROME), other)
        for line, other in pairs
    ]
