"""Frame of the home: pure, and drawn without rich for a fast start."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flashcards.core.deck_tree import DeckRow, deck_tree
from flashcards.core.format_count import format_count
from flashcards.core.key_bindings import HOME_ACTIONS, KeyAction
from flashcards.core.today_summary import TodaySummary
from flashcards.terminal import theme
from flashcards.terminal.device.view import SHORT_SCREEN_ROWS, ScreenSize, ScreenView, fit_lines
from flashcards.terminal.reports.today_lines import due_line, streak_line, upcoming_line
from flashcards.terminal.text.key_hints import KeyHint, fit_key_hints
from flashcards.terminal.text.line_breaking import wrap_words
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.styled_line import StyledLine
from flashcards.terminal.text.width import display_width, truncate

MAX_WIDTH = 100  # columns beyond which a line is hard to follow
MIN_NAME_WIDTH, MIN_COUNT_COLUMNS = 12, 2
NO_DECKS = "No decks yet: i imports, a adds cards."


HIDE_ORDER = ("import", "stats", "sync", "add", "catch-up", "browse", "help")


class HomeStatus(NamedTuple):
    """What the home shows."""

    today: TodaySummary
    learned: Mapping[str, tuple[int, int]] | None = None
    """(learned, all) cards of each deck; None while they are counted."""
    sync: str | None = None  # the last sync and what waits for the next; None without a remote

    @property
    def actions(self) -> list[KeyAction]:
        """The actions possible now."""
        has = {
            "study": bool(self.today.due_today.decks),
            "catch-up": self.today.offers_catch_up,
            "sync": self.sync is not None,
        }
        return [action for action in HOME_ACTIONS if has.get(action.name, True)]


def home_decks(home: HomeStatus) -> list[DeckRow]:
    """Return the deck tree with (due, new, to repeat, learned, all)."""
    learned = home.learned or {}
    decks = home.today.due_today.decks
    return deck_tree({name: (*counts, *learned.get(name, (0, 0))) for name, counts in decks.items()})


def render_home(
    size: ScreenSize, home: HomeStatus, decks: Sequence[DeckRow], at: int, message: str = ""
) -> ScreenView:
    """Render today's counts, the decks around the picked one, and the keys."""
    width = min(size.columns, MAX_WIDTH) - 2
    gap = [StyledLine()] if size.rows >= SHORT_SCREEN_ROWS else []
    top = [_head_line(home.today, width), *gap]
    hints = [KeyHint(one.default_keys[0], one.label, one.name) for one in home.actions if one.label]
    words = wrap_words(sanitize_line(message), max(4, size.columns - 2))[: max(1, size.rows // 3)]
    bottom = [
        *gap,
        *_ahead_lines(home, width),
        *(StyledLine((f" {line}", theme.WARNING)) for line in words if line),
        *gap,
        fit_key_hints(size.columns, hints, HIDE_ORDER),
    ]
    room = max(1, size.rows - len(top) - len(bottom) - 1)
    rows = _table_lines(
        home, decks, at, width, "Deck" if len(decks) <= room else f"Deck {at + 1} of {len(decks)}"
    )
    first = max(0, min(at - room // 2, len(decks) - room))
    shown = [*rows[:1], *rows[1 + first : 1 + first + room]] if decks else [StyledLine(f" {NO_DECKS}")]
    spare = size.rows - len(top) - len(shown) - len(bottom)
    above = [StyledLine() for _ in range(max(0, spare))]
    return ScreenView(fit_lines([*top, *shown, *bottom[:-1], *above, bottom[-1]], size))


def _head_line(today: TodaySummary, width: int) -> StyledLine:
    due = due_line(today, width)
    streak = streak_line(today, max(0, width - len(due) - 3))
    if "…" in streak:
        return StyledLine((f" {due}", theme.HEADING))
    return StyledLine((f" {due}", theme.HEADING), (streak.rjust(width - len(due)), theme.CHROME))


def _ahead_lines(home: HomeStatus, width: int) -> list[StyledLine]:
    lines = []
    if home.today.due_today.decks:
        lines.append(StyledLine(f" {upcoming_line(home.today, width)}"))
    if home.today.offers_catch_up:
        cards = format_count(home.today.due_today.overdue, "card")
        text = f" {cards} from before: c spreads them over days"
        lines.append(StyledLine((text if len(text) <= width else f" {cards} from before (c)", theme.WARNING)))
    if home.sync:
        lines.append(StyledLine((f" {home.sync}", theme.CHROME)))
    return lines


def _table_lines(
    home: HomeStatus, decks: Sequence[DeckRow], at: int, width: int, title: str
) -> list[StyledLine]:
    columns = _count_columns(home, decks)
    names = [f"{'  ' * deck.depth}{sanitize_line(deck.label)}" for deck in decks]
    wanted = max([MIN_NAME_WIDTH, *map(display_width, (title, *names))])
    while True:
        sizes = [max(map(len, column)) for column in columns]
        room = width - 2 - sum(size + 3 for size in sizes)
        if room >= min(wanted, MIN_NAME_WIDTH) or len(columns) == MIN_COUNT_COLUMNS:
            break
        columns.pop()
    heads, *rows = zip(*columns, strict=True)
    name_width = max(4, min(room, wanted))

    def line(name: str, counts: Sequence[str]) -> str:
        name = truncate(name, name_width)
        figures = "".join(f"   {count.rjust(size)}" for count, size in zip(counts, sizes, strict=True))
        return f"{name}{' ' * (name_width - display_width(name))}{figures}"

    lines = [StyledLine((f"   {line(title, heads)}", theme.CHROME))]
    for i, (deck, name) in enumerate(zip(decks, names, strict=True)):
        style = theme.QUESTION if i == at else "" if any(deck.counts[:3]) else theme.CHROME
        lines.append(StyledLine((" ▸ " if i == at else "   ", theme.ACCENT), (line(name, rows[i]), style)))
    return lines


def _count_columns(home: HomeStatus, decks: Sequence[DeckRow]) -> list[list[str]]:
    """Return the count columns with their headings, dispensable ones last."""

    def column(head: str, at: int) -> list[str]:
        return [head, *(f"{deck.counts[at]:,}" if deck.counts[at] else "-" for deck in decks)]

    columns = [column("due", 0), column("new", 1)]
    if any(deck.counts[2] for deck in decks):
        columns.append(column("again", 2))
    known = home.learned is not None
    learned = [f"{deck.counts[3]:,} of {deck.counts[4]:,}" if known else "" for deck in decks]
    return [*columns, ["learned", *learned]]
