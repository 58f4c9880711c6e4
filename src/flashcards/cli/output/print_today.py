"""Output of `today`: lines or JSON."""

import os
import sys
from datetime import timedelta

from flashcards.app.terminal_width import terminal_width
from flashcards.cli.output.print_due import due_fields, json_text
from flashcards.core.today_summary import TodaySummary
from flashcards.terminal.device.screen import write_styled_lines
from flashcards.terminal.reports.today_lines import style_today_lines, today_lines
from flashcards.terminal.text.sanitize import write_line

NO_READABLE_DECKS = "None of your decks can be read. See: flashcards check"
FAULTS_NOTICE = (
    "Some deck files have errors; their cards are asked as in the last valid version. See: flashcards check"
)


def print_today(today: TodaySummary, *, faults: int, as_json: bool) -> None:
    """Print today's lines or JSON, and warn of unreadable decks."""
    unreadable = bool(faults and not today.due_today.decks)
    if unreadable and not as_json:
        write_line(sys.stdout, NO_READABLE_DECKS)
    else:
        sys.stdout.write(json_text(today_json(today))) if as_json else _write_lines(today)
    if faults and not unreadable:
        write_line(sys.stderr, FAULTS_NOTICE)


def _write_lines(today: TodaySummary) -> None:
    rows = os.get_terminal_size(sys.stdout.fileno()).lines if sys.stdout.isatty() else 0
    lines = style_today_lines(today_lines(today, terminal_width(), rows))
    write_styled_lines(sys.stdout, lines, "auto", os.environ)


def today_json(today: TodaySummary) -> dict[str, object]:
    """Return the documented JSON of `today`."""
    done, ahead, shared = today.done_today, today.upcoming, due_fields(today.due_today)
    decks = shared.pop("decks")
    days = [(today.day + timedelta(days=n)).isoformat() for n in range(1, len(ahead.due_by_day) + 1)]
    return {
        "date": today.day.isoformat(),
        **shared,
        "minutes": today.minutes,
        "done": {"answers": done.answers, "minutes": round(done.ms / 60_000, 1)},
        "streak": {"current": done.streak, "longest": done.longest_streak},
        "tomorrow": {"due": today.tomorrow_due, "new": ahead.new_tomorrow, "minutes": today.tomorrow_minutes},
        "week": [{"date": day, "due": due} for day, due in zip(days, ahead.due_by_day, strict=True)],
        "next_due": ahead.next_due.isoformat() if ahead.next_due else None,
        "decks": decks,
        "next": today.next_step,
    }
