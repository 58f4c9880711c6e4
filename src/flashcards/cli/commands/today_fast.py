"""`flashcards` alone: today in six lines, quickly enough to ask for at every turn."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import timedelta

from flashcards.app import clock
from flashcards.app.terminal_width import columns
from flashcards.core.today import Today
from flashcards.storage.base_dirs import INDEX, SETTINGS, find_places
from flashcards.storage.index.queries.fast_path import glance
from flashcards.terminal.text.sanitize import write_line

FAULTS = "Some deck files have faults; their cards are asked as they were.  flashcards check"


def answer_quickly(data_dir: str | None, *, as_json: bool) -> int | None:
    """Answer from the index alone; None when the store must be brought up to date first."""
    data, config, _, cache = find_places(data_dir)
    found = glance(data, f"{config}/{SETTINGS}", f"{cache}/{INDEX}")
    if found is None:
        return None
    with found:
        today, faults = found.today(clock.now()), found.faults()
    answer(today, faults=faults, as_json=as_json)
    return 0


def answer(found: Today, *, faults: int, as_json: bool) -> None:
    """Write today's lines, or its JSON."""
    if sys.stdout is not None:
        write: Callable[[Today], None] = _write_json if as_json else _write_lines
        write(found)
    if faults and sys.stderr is not None:
        write_line(sys.stderr, FAULTS)


def _write_lines(found: Today) -> None:
    from flashcards.terminal.reports.today import emphasised, today_lines

    lines = today_lines(found, columns())
    if sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        sys.stdout.write(emphasised(lines, os.environ, sys.stdout.encoding))
        return
    for line in lines:
        write_line(sys.stdout, line)


def _write_json(found: Today) -> None:
    import json

    sys.stdout.write(json.dumps(as_fields(found), indent=2).replace("\x7f", "\\u007f") + "\n")


def as_fields(found: Today) -> dict[str, object]:
    """Return the documented JSON of `today`."""
    waiting, done, ahead = found.waiting, found.done, found.ahead
    days = [(found.day + timedelta(days=n)).isoformat() for n in range(1, len(ahead.week) + 1)]
    return {
        "date": found.day.isoformat(),
        "due": waiting.due,
        "new": waiting.new,
        "learning": waiting.learning,
        "paused": waiting.paused,
        "later": waiting.later,
        "off_until": waiting.off_until.isoformat() if waiting.off_until else None,
        "minutes": found.minutes,
        "done": {"answers": done.answers, "minutes": round(done.ms / 60_000, 1)},
        "streak": {"current": done.streak, "longest": done.best},
        "tomorrow": {
            "due": found.tomorrow_due,
            "new": ahead.new,
            "minutes": found.tomorrow_minutes,
        },
        "week": [{"date": day, "due": due} for day, due in zip(days, ahead.week, strict=True)],
        "next_due": ahead.next_due.isoformat() if ahead.next_due else None,
        "decks": [
            {"deck": name, "due": due, "new": new, "learning": learning}
            for name, (due, new, learning) in waiting.decks.items()
        ],
        "next": found.next_step,
    }
