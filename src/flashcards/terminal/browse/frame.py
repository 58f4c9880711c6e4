"""Frame of the card list: pure, without input or output."""

from itertools import zip_longest
from typing import NamedTuple

from rich.text import Text

from flashcards.core.date_text import format_day
from flashcards.core.format_count import format_count
from flashcards.core.key_bindings import KeyBindings
from flashcards.core.progress import CardState
from flashcards.terminal import theme
from flashcards.terminal.browse.browse_port import CardListing
from flashcards.terminal.browse.state import BrowseState
from flashcards.terminal.device.line_editor import LineInput, render_input
from flashcards.terminal.device.view import SHORT_SCREEN_ROWS, ScreenSize, ScreenView, fit_lines
from flashcards.terminal.study.footer import key_hint_rows
from flashcards.terminal.study.frame import fill_rows, message_lines
from flashcards.terminal.study.render_pages import both_sides
from flashcards.terminal.text.bidi import reorder_rtl
from flashcards.terminal.text.format import format_days
from flashcards.terminal.text.key_hints import KeyHint
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import display_width, truncate

WIDE_COLUMNS, NARROW_COLUMNS = 120, 60
"""Columns from which the card is beside the list, and below which counts have no words."""
MIN_FRONT_COLUMNS, GOOD_FRONT_COLUMNS, PREFIX_COLUMNS, MORE_DECK_COLUMNS = 20, 36, 3, 10
COLUMN_WIDTHS = {"front": 0, "deck": 15, "state": 10, "due": 10, "recall": 9, "lapses": 9}
"""The front takes the columns the others leave."""
HIDE_ORDER = ("recall", "deck", "lapses", "state", "due")
"""The first of these are dropped first if fronts have too little room."""
TYPING_HINTS = (
    KeyHint("enter", "to the list", "quit"),
    KeyHint("tab", "complete", "tab"),
    KeyHint("esc", "as before", "escape"),
)


class BrowseLayout(NamedTuple):
    """How the list and the card share the screen."""

    is_wide: bool
    list_columns: int
    list_rows: int
    card_columns: int
    card_rows: int
    key_rows: int


def browse_layout(size: ScreenSize) -> BrowseLayout:
    """Divide a screen between the list and the card."""
    is_wide = size.columns >= WIDE_COLUMNS
    key_rows = 2 if size.rows >= SHORT_SCREEN_ROWS else 1
    rows = max(1, size.rows - 4 - key_rows)
    if is_wide:
        card = min(size.columns * 2 // 5, 78)
        return BrowseLayout(is_wide, size.columns - card - 3, rows, card, rows + 1, key_rows)
    card_rows = rows // 2 if rows >= 6 else 0
    return BrowseLayout(is_wide, size.columns, rows - card_rows, size.columns, card_rows, key_rows)


def render_browse_view(size: ScreenSize, state: BrowseState, bindings: KeyBindings) -> ScreenView:
    """Render the search, the list, the current card and the keys."""
    layout = browse_layout(size)
    search_line, column = _search_line(size, state)
    meaning, *more = state.search.below(size.columns)
    table = _table_lines(layout, state, turns=not size.capabilities.reorders_rtl)
    body = fill_rows([*(more or table[:1]), *table[1:]], layout.list_rows + 1)
    body[0].truncate(layout.list_columns, overflow="ellipsis")
    card = _card_lines(size, layout, state)
    if layout.is_wide:
        body = [
            Text.assemble(
                line, " " * max(0, layout.list_columns - line.cell_len), (" │ ", theme.CHROME), other
            )
            for line, other in zip_longest(body, card, fillvalue=Text())
        ]
    else:
        body += card
    *notes, note = message_lines(state.message, size)
    body[len(body) - len(notes) :] = notes  # a long message covers the end of the card
    hints = TYPING_HINTS if state.search.is_typing else browse_hints(bindings)
    keys = key_hint_rows(size.columns, hints, layout.key_rows)
    cursor = (0, min(column, size.columns - 1)) if state.search.is_typing else None
    return ScreenView(fit_lines([search_line, meaning, *body, note, *keys], size), 0, cursor)


def browse_hints(bindings: KeyBindings) -> list[KeyHint]:
    """Return the hints of labelled keys, most needed first."""
    labelled = [(bindings.first_key(action.name), action) for action in bindings.actions if action.label]
    return [KeyHint(key, action.label, action.name) for key, action in labelled if key]


def _search_line(size: ScreenSize, state: BrowseState) -> tuple[Text, int]:
    """Return the search with its number of matches, and the cursor's column."""
    narrow, search = size.columns < NARROW_COLUMNS, state.search
    figure = f"{state.listing.total:,}" if narrow else format_count(state.listing.total, "card")
    if search.text or len(state.listing.keys) != state.listing.total:
        figure = f"{len(state.listing.keys):,} of {figure}"
    if state.selected:
        figure = f"{len(state.selected):,} {'●' if narrow else 'selected ·'} {figure}"
    figure = truncate(figure, size.columns // 2)
    room = size.columns - display_width(figure) - 2
    line, column = render_input(
        search.line if search.is_typing else LineInput("", search.text), max(6, room - 1), " / "
    )
    if not (search.text or search.is_typing):
        line.append("all", theme.CHROME)
    line.truncate(room)
    line.append(" " * (room - line.cell_len + 1) + figure, theme.CHROME)
    return line, column


def shown_columns(width: int, sort_column: str) -> dict[str, int]:
    """Return the columns that fit, with widths; the sorted one always stays."""
    widths = dict(COLUMN_WIDTHS)
    wanted = max(MIN_FRONT_COLUMNS, min(GOOD_FRONT_COLUMNS, width // 2))
    for name in HIDE_ORDER:
        if width - PREFIX_COLUMNS - sum(widths.values()) < wanted and name != sort_column:
            del widths[name]
    left = width - PREFIX_COLUMNS - sum(widths.values())
    if left > 2 * MIN_FRONT_COLUMNS + MORE_DECK_COLUMNS and "deck" in widths:
        widths["deck"] += MORE_DECK_COLUMNS
        left -= MORE_DECK_COLUMNS
    return {**widths, "front": left}


def _table_lines(layout: BrowseLayout, state: BrowseState, *, turns: bool) -> list[Text]:
    widths = shown_columns(layout.list_columns, state.sort_column)
    sign = "▼" if state.descending else "▲"
    names = {name: f"{name} {sign}" if name == state.sort_column else name for name in widths}
    lines = [Text(" " * PREFIX_COLUMNS + "".join(_cells(widths, names, turns=False)), theme.CHROME)]
    if not state.rows:
        lines.append(Text("   No card matches." if state.listing.total else "   No cards yet.", theme.CHROME))
    for place, entry in enumerate(state.rows[: layout.list_rows], state.first):
        front, *others = _cells(widths, _row_values(entry, state.listing), turns=turns)
        here = place == state.at
        lines.append(
            Text.assemble(
                ("▸" if here else " ", theme.ACCENT),
                ("● " if state.listing.keys[place] in state.selected else "  ", theme.ACCENT),
                (front, theme.QUESTION if here else ""),
                ("".join(others), "" if here else theme.CHROME),
            )
        )
    return lines


def _cells(widths: dict[str, int], values: dict[str, str], *, turns: bool) -> list[str]:
    """Return a row's cells, cut and padded; numbers are right-aligned."""
    cells = []
    for name, width in widths.items():
        cell = truncate(values[name], max(1, width - 1))
        gap = " " * (width - 1 - display_width(cell))
        cell = reorder_rtl(Text(cell)).plain if turns else cell
        cells.append(f"{gap}{cell} " if name in ("recall", "lapses") else f"{cell}{gap} ")
    return cells


def _row_values(entry: CardState, listing: CardListing) -> dict[str, str]:
    progress, today = entry.progress, listing.context.today
    recall, due = progress.chance_of_recall(today, listing.model), progress.due
    stage = progress.stage(today, listing.context.repeat_below).value
    hidden = "suspended" if progress.suspended else "buried" if progress.is_hidden(today) else ""
    year = f" {due:%y}" if due and due.year != today.year else ""
    return {
        "front": sanitize_line("⚑ " * (progress.mark is not None) + " ".join(entry.card.front.split())),
        "deck": sanitize_line(entry.card.deck),
        "state": hidden or stage,
        "due": "" if due is None else "today" if due == today else format_day(due) + year,
        "recall": "" if recall is None else f"{100 * recall:.0f} %",
        "lapses": str(progress.memory.lapses or ""),
    }


def _card_lines(size: ScreenSize, layout: BrowseLayout, state: BrowseState) -> list[Text]:
    entry, columns, rows = state.current, layout.card_columns, layout.card_rows
    if entry is None:
        return fill_rows([Text("─" * columns, theme.CHROME)], rows)
    card, memory = entry.card, entry.progress.memory
    known = [f"ease {memory.ease / 100:.2f}", format_days(memory.interval)] if entry.progress.due else []
    title = sanitize_line(" · ".join([card.deck, *(f"#{tag}" for tag in card.tags), *known]))
    head = f"── {truncate(title, columns - 6)} "
    lines = [Text(head + "─" * (columns - display_width(head)), theme.CHROME)]
    pane = size._replace(columns=columns - 1)
    lines += [Text(" ") + line for line in both_sides(card, pane, state.listing.context.today)]
    if len(lines) > rows > 1:
        more = f" ↓ {format_count(len(lines) - rows + 1, 'more line')}"
        lines = [*lines[: rows - 1], Text(more, theme.ACCENT)]
    return fill_rows(lines, rows)
