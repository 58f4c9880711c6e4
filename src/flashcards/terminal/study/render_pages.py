"""Pages of the overlay screens."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby, zip_longest

from rich.text import Text

from flashcards.core.card_history import HistoryEntry
from flashcards.core.cards import Card
from flashcards.core.format_count import format_count
from flashcards.core.key_bindings import KeyBindings
from flashcards.core.progress import CardState
from flashcards.terminal import theme
from flashcards.terminal.device.line_editor import LineInput, render_input
from flashcards.terminal.device.view import ScreenSize, ScreenView, fit_lines
from flashcards.terminal.reports.describe_history import answers_summary, history_lines
from flashcards.terminal.study.answering.make_answer_view import make_answer_view
from flashcards.terminal.study.footer import key_hint_line
from flashcards.terminal.study.frame import card_lines, fill_rows
from flashcards.terminal.text.format import format_duration, relative_day
from flashcards.terminal.text.key_hints import KeyHint, key_label
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import truncate

CLOSE_HINTS = (KeyHint("any key", "back"),)
SCROLL_HINTS = (KeyHint("↑ ↓", "scroll"), KeyHint("any other key", "back"))
SEARCH_HINTS = (KeyHint("↑ ↓", "pick"), KeyHint("enter", "show"), KeyHint("any key", "back"))
HELP_KEYS_WIDTH = 24  # columns of the keys in the help


def help_page(size: ScreenSize, bindings: KeyBindings, scroll: int) -> ScreenView:
    """Render the help: what each key does, as bound now."""
    wide = min(HELP_KEYS_WIDTH, size.columns // 3)
    lines: list[Text] = []
    for text, group in groupby(bindings.actions, key=lambda action: action.help):
        key_names = "  ".join(
            key_label(key) for action in group for key in bindings.keys_by_action[action.name]
        )
        head = wrap_text(Text(key_names, theme.ACCENT), wide - 1)
        body = wrap_text(Text(text), max(4, size.columns - wide - 2))
        for left, right in zip_longest(head, body, fillvalue=Text()):
            gap = Text(" " * (wide - left.cell_len))
            lines.append(Text.assemble(left, gap, right))
    return render_page(size, "Keys", lines, scroll)


def history_page(size: ScreenSize, front: str, history: Sequence[HistoryEntry], scroll: int) -> ScreenView:
    """Render a card's history, with the reason of each interval."""
    lines = [Text(answers_summary(history), theme.CHROME), *history_lines(history, size.columns - 1)]
    return render_page(size, sanitize_line(front), lines, scroll)


def render_page(
    size: ScreenSize, title: str, lines: list[Text], scroll: int, hints: Sequence[KeyHint] = CLOSE_HINTS
) -> ScreenView:
    """Render scrollable lines between a title and key hints."""
    lines = [Text(" ") + piece for line in lines for piece in wrap_text(line, size.columns - 1)]
    body_rows = max(1, size.rows - 4)
    most = max(0, len(lines) - body_rows)
    shown = fill_rows(lines[min(scroll, most) :], body_rows)
    footer = key_hint_line(size.columns, SCROLL_HINTS if most and hints is CLOSE_HINTS else hints)
    return ScreenView(
        fit_lines([Text(f" {title}", theme.HEADING), Text(), *shown, Text(), footer], size), most
    )


def pause_page(size: ScreenSize, answered: int, left: int, time_spent_ms: int) -> ScreenView:
    """Render the pause page, which covers the card."""
    lines = [
        Text(f"{answered} answered, {left} to go, {format_duration(time_spent_ms)} study time so far."),
        Text("The timer is stopped. All answers are saved.", theme.CHROME),
    ]
    return render_page(size, "Paused", lines, 0)


def search_results_page(size: ScreenSize, query: str, cards: Sequence[CardState], at: int) -> ScreenView:
    """Render the cards that a search found."""
    room = max(1, size.rows - 4)
    first = max(0, min(at - room // 2, len(cards) - room))
    lines = []
    for i, entry in enumerate(cards[first : first + room], first):
        front = truncate(sanitize_line(entry.card.front), max(4, size.columns - 3))
        head = ("▸ ", theme.ACCENT) if i == at else "  "
        lines.append(Text.assemble(head, (front, theme.QUESTION if i == at else "")))
    title = f"{format_count(len(cards), 'card')} with {sanitize_line(query)!r}"
    return render_page(size, title, lines, 0, SEARCH_HINTS)


def card_page(
    size: ScreenSize,
    card_state: CardState,
    today: date,
    scroll: int,
    history: Sequence[HistoryEntry] | None = None,
) -> ScreenView:
    """Render both sides of a card, and its history if given."""
    card, due = card_state.card, card_state.progress.due
    when = f"due {relative_day(due, today)}" if due else "new"
    lines = [
        *both_sides(card, size, today),
        Text(),
        Text(f"{sanitize_line(card.deck)} · {when}", theme.CHROME),
    ]
    if history is not None:
        lines += [Text(answers_summary(history), theme.CHROME), *history_lines(history, size.columns - 1)]
    return render_page(size, str(card.id), lines, scroll)


def both_sides(card: Card, size: ScreenSize, today: date) -> list[Text]:
    """Return a card's lines as study shows them after the answer."""
    answer_view = make_answer_view(card, today, typing=False)
    answer_view.show_answer()
    return card_lines(answer_view.complete_layout(size, hint_shown=True), size.columns, 0)


def add_prompt(
    size: ScreenSize, card_view: ScreenView, prompt: str, line: LineInput, does: str = "save"
) -> ScreenView:
    """Replace a frame's key hints by an input line."""
    text, column = render_input(line, size.columns - 1, prompt)
    how = key_hint_line(size.columns, (KeyHint("enter", does), KeyHint("esc", "cancel")))
    lines = [*card_view.lines[:-2], Text(" ") + text, how]
    return ScreenView(
        fit_lines(lines, size), card_view.max_scroll, (len(lines) - 2, min(column + 1, size.columns - 1))
    )


def add_message(size: ScreenSize, view: ScreenView, message: str) -> ScreenView:
    """Replace a frame's last line by a message."""
    lines = [*view.lines[:-1], Text(f" {message}", theme.WARNING)]
    return ScreenView(fit_lines(lines, size), view.max_scroll)
