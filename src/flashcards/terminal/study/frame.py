"""Frame of the study screen: pure, without input or output."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text

from flashcards.core.session import RemainingCounts
from flashcards.terminal import theme
from flashcards.terminal.device.view import SHORT_SCREEN_ROWS, ScreenSize, ScreenView, fit_lines
from flashcards.terminal.markdown.card_text import align_rtl_lines
from flashcards.terminal.study.answering.answer_view import CardLayout
from flashcards.terminal.study.footer import rating_footer_rows
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import truncate


class SessionStatus(NamedTuple):
    """What the header says above every card."""

    deck_name: str
    answered: int  # cards, without repeats
    remaining: RemainingCounts
    time_spent_ms: int
    message: str = ""
    mark_reason: str | None = None  # None if the card is not marked
    is_cram: bool = False


def render_study_view(
    size: ScreenSize, status: SessionStatus, layout: CardLayout, footer: Sequence[Text], scroll: int = 0
) -> ScreenView:
    """Render a card; the question keeps its place when the answer appears."""
    header = _header_lines(size, status)
    top, indent = _card_position(size, layout, len(header))
    body_lines = [Text()] * top + card_lines(layout, size.columns, indent)
    *notes, note = message_lines(status.message, size)
    body_rows = max(1, size.rows - len(header) - len(footer) - len(notes) - 1)
    most = max(0, len(body_lines) - body_rows)
    scroll = min(scroll, most)
    shown = fill_rows(body_lines[scroll:], body_rows)
    if most:
        below = most - scroll
        more = f"↓ {below} more {'line' if below == 1 else 'lines'} " if below else "↑ end "
        note = Text.assemble(note, (more.rjust(size.columns - note.cell_len), theme.ACCENT))
    lines = fit_lines([*header, *shown, *notes, note, *footer], size)
    if layout.cursor is None:
        return ScreenView(lines, most)
    prompt_row = top + max(1, len(layout.question_lines)) + len(layout.hint_lines)
    row = len(header) + prompt_row + layout.cursor[0] - scroll
    is_visible = len(header) <= row < min(len(header) + body_rows, size.rows)
    column = min(indent + layout.cursor[1], size.columns - 1)
    return ScreenView(lines, most, (row, column) if is_visible else None)


def card_lines(layout: CardLayout, columns: int, indent: int) -> list[Text]:
    """Return the visible lines of a card, indented."""
    question = [line.copy() for line in layout.question_lines] or [Text()]
    for line in question:
        line.stylize(theme.QUESTION)
    lines = align_rtl_lines([*question, *layout.hint_lines], layout.max_width)
    if layout.answer_lines is None:
        lines = [*lines, *layout.prompt_lines]
    else:
        rule = Text("─" * min(max(layout.max_width, 8), columns - indent), theme.CHROME)
        lines = [*lines, rule, *align_rtl_lines(layout.answer_lines, layout.max_width)]
    return [Text(" " * indent) + line for line in lines]


def _card_position(size: ScreenSize, layout: CardLayout, header_rows: int) -> tuple[int, int]:
    """Return the rows above a card and the columns left of it."""
    # They depend on all of the card, so that it does not move when more is shown.
    body_rows = size.rows - header_rows - rating_footer_rows(size)
    free = body_rows - max(1, len(layout.question_lines)) - 1 - layout.max_answer_rows
    return max(0, min(free // 2, body_rows // 4)), max(0, (size.columns - layout.max_width) // 2)


def fill_rows(lines: Sequence[Text], rows: int) -> list[Text]:
    """Cut lines to a number of rows, or add blank ones."""
    return [*lines[:rows], *(Text() for _ in range(rows - len(lines)))]


def message_lines(message: str, size: ScreenSize) -> list[Text]:
    """Wrap a message, for an error needs its remedy too."""
    lines = wrap_text(Text(sanitize_line(message), theme.WARNING), max(4, size.columns - 2))
    return [Text(" ") + line for line in lines[: max(1, size.rows // 3)]]


def _header_lines(size: ScreenSize, status: SessionStatus) -> list[Text]:
    total = status.answered + status.remaining.new + status.remaining.due
    repeats = f" + {status.remaining.again}" if status.remaining.again else ""
    figure = f" {status.answered} / {total}{repeats} "
    title_width = size.columns - len(figure) - 2
    bar_width = max(0, min(24, title_width // 3))
    filled = round(bar_width * status.answered / total) if total else 0
    marked = "⚑ " if status.mark_reason is not None and size.rows < SHORT_SCREEN_ROWS else ""
    name = truncate(marked + sanitize_line(status.deck_name), max(4, title_width - bar_width - 1))
    first = Text(f" {name}")
    first.append(" " * max(1, title_width + 2 - first.cell_len - bar_width))
    first.append("━" * filled, theme.ACCENT)
    first.append("─" * (bar_width - filled), theme.CHROME)
    first.append(figure)
    if size.rows < SHORT_SCREEN_ROWS:
        return [first]
    return [first, _counts_line(size, status), Text()]


def _counts_line(size: ScreenSize, status: SessionStatus) -> Text:
    left = status.remaining
    counts_text = f" new {left.new} · again {left.again} · due {left.due}"
    if status.is_cram:
        counts_text = f" practice: schedule unchanged · again {left.again}"
    counts = Text(truncate(counts_text, size.columns - 8), theme.CHROME)
    time = f"{status.time_spent_ms // 60_000} min "
    if status.mark_reason is not None:
        room = size.columns - counts.cell_len - len(time) - 4
        counts.append(f"   {truncate(f'⚑ {sanitize_line(status.mark_reason)}', max(1, room))}", theme.WARNING)
    counts.append(time.rjust(max(len(time) + 1, size.columns - counts.cell_len)), theme.CHROME)
    return counts
