"""The summary of a session, as a page and as the line left on the terminal."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text

from flashcards.core.format_count import format_count
from flashcards.core.key_bindings import KeyBindings
from flashcards.core.progress import CardState
from flashcards.core.session import SessionResults
from flashcards.core.today_summary import TodaySummary
from flashcards.terminal import theme
from flashcards.terminal.device.view import MAX_TEXT_WIDTH, ScreenSize, ScreenView, fit_lines
from flashcards.terminal.study.footer import key_hint_line, key_hints
from flashcards.terminal.study.frame import fill_rows, message_lines
from flashcards.terminal.text.format import format_answered, format_percent, text_bar
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.width import truncate

CONTINUE_KEY = "c"  # continues from the summary: not a key that is pressed by habit


class SessionSummary(NamedTuple):
    """What the summary page says of a session."""

    totals: SessionResults
    cards_left: int  # cards left for today
    today: TodaySummary | None  # None while it is computed
    hardest_cards: Sequence[CardState] = ()
    message: str = ""
    is_cram: bool = False
    can_undo: bool = True


def closing_line(summary: SessionSummary) -> str:
    """Return the line left on the terminal, or "" without answers."""
    totals, today = summary.totals, summary.today
    if not totals.cards:
        return ""
    line = f"{format_answered(totals.cards, totals.repeats, totals.ms)}, "
    line += f"recalled {totals.recalled} of {totals.cards}."
    if today is None:
        return line
    streak = format_count(today.done_today.streak, "day")
    return f"{line} Tomorrow {today.tomorrow_due} due. Streak {streak}."


def summary_page(size: ScreenSize, summary: SessionSummary, bindings: KeyBindings) -> ScreenView:
    """Render the results of the session and tomorrow's forecast."""
    totals = summary.totals
    purpose = "to practise" if summary.is_cram else "for today"
    done = " Practice done; the schedule is unchanged." if summary.is_cram else " Done for today."
    head = f" {format_count(summary.cards_left, 'card')} left {purpose}." if summary.cards_left else done
    results, tomorrow = _result_lines(size, totals), _tomorrow_lines(summary.today)
    lines = [Text(head, theme.HEADING), *results, Text(), *tomorrow]
    if summary.hardest_cards:
        lines += [Text(), Text(" Hardest cards:")]
    for entry in summary.hardest_cards:
        lapses = f"  {format_count(entry.progress.memory.lapses, 'lapse')}"
        front = truncate(sanitize_line(entry.card.front), max(4, min(MAX_TEXT_WIDTH, size.columns - 14)))
        lines.append(Text.assemble(f"  {front}", (lapses, theme.CHROME)))
    more = [(f"'{CONTINUE_KEY}", "continue")] if summary.cards_left else []
    undo = [("undo", "undo last")] if summary.can_undo else []
    hints = key_hints([*more, *undo, ("show_all", "close")], bindings)
    message = message_lines(summary.message, size)
    room = max(1, size.rows - 1 - len(message))
    return ScreenView(
        fit_lines([*fill_rows(lines, room), *message, key_hint_line(size.columns, hints)], size)
    )


def _result_lines(size: ScreenSize, totals: SessionResults) -> list[Text]:
    if not (totals.cards or totals.repeats):
        return [Text(" No cards were answered in this session.")]
    share = format_percent(totals.recalled, totals.cards)
    answered = Text(f" {format_answered(totals.cards, totals.repeats, totals.ms)}")
    recalled = Text(f" recalled {totals.recalled} of {totals.cards} ({share})")
    return [answered, recalled, Text(), *_rating_bars(size, totals)] if totals.cards else [answered]


def _tomorrow_lines(today: TodaySummary | None) -> list[Text]:
    if today is None:
        return [Text(), Text()]
    cards = f"{today.tomorrow_due} due + {today.upcoming.new_tomorrow} new"
    return [
        Text(f" Tomorrow: {cards}, about {max(1, today.tomorrow_minutes)} min."),
        Text(f" Streak {format_count(today.done_today.streak, 'day')}."),
    ]


def _rating_bars(size: ScreenSize, totals: SessionResults) -> list[Text]:
    most = max(totals.ratings.values(), default=0)
    columns = max(4, min(30, size.columns - 16))
    return [
        Text.assemble(
            f" {rating} ", (text_bar(count, most, columns), theme.RATING_STYLES[rating - 1]), f" {count}"
        )
        for rating, count in totals.ratings.items()
    ]
