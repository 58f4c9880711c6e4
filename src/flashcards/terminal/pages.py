"""The screens beside the cards: help, a card's history, and the summary at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.text import Text

from flashcards.core.progress import Step
from flashcards.core.session import Summary
from flashcards.terminal import theme
from flashcards.terminal.columns import wrap
from flashcards.terminal.console import safe_line
from flashcards.terminal.desk import Outlook
from flashcards.terminal.frames import Size, View, fitted, keys
from flashcards.terminal.reports import bar, duration, percent, relative_day, table

HELP = """\
space, enter   show the answer; scroll on when there is more
1 2            forgot: asked again today, and tomorrow
3              recalled with effort: asked again today
4 5            recalled: see the date above the key
u              undo the last thing done, as often as you like
e              edit the card in your editor, and come back to it
s              suspend: stop asking this card
b              bury: leave it for tomorrow
i              this card's history
arrows, page up and down, j, k   scroll
?              these keys
q, escape      end the session; nothing is lost
ctrl-c         leave at once; nothing is lost"""
CLOSE = (("any key", "back"),)
SCROLL = (("↑ ↓", "scroll"), ("any other key", "back"))
LEAVE = (("u", "undo last"), ("enter", "close"))


def help_page(size: Size, scroll: int) -> View:
    """Show what each key does."""
    return _page(size, "Keys", [Text(f" {line}") for line in HELP.split("\n")], scroll)


def history_page(size: Size, front: str, steps: Sequence[Step], today: date, scroll: int) -> View:
    """Show a card's answers, the latest first, and what each did to its schedule."""
    every = 1 if size.columns >= WIDE else 2
    rows = [_answered(step, today)[::every] for step in reversed(steps)]
    lines = [Text(f" {line}") for line in table(HEADER[::every], rows)]
    return _page(size, safe_line(front), lines if rows else [Text(" No answer yet.")], scroll)


def _answered(step: Step, today: date) -> tuple[object, ...]:
    after = step.after
    return (
        step.review.at.strftime("%Y-%m-%d %H:%M"),
        step.kind.value,
        step.review.rating,
        f"{after.memory.ease / 100:.2f}",
        f"{after.memory.interval} d",
        relative_day(after.due, today) if after.due else "",
    )


HEADER = ("answered", "kind", "rating", "EF", "interval", "due")
WIDE = 64
"""Columns from which a history shows all of its columns; below, every other one."""


def _page(size: Size, title: str, lines: list[Text], scroll: int) -> View:
    lines = [piece for line in lines for piece in wrap(line, size.columns)]
    room = max(1, size.rows - 4)
    most = max(0, len(lines) - room)
    shown = lines[min(scroll, most) :][:room]
    shown += [Text()] * (room - len(shown))
    footer = keys(size.columns, SCROLL if most else CLOSE)
    return View(
        fitted([Text(f" {title}", theme.HEADING), Text(), *shown, Text(), footer], size), most
    )


def summary_page(size: Size, summary: Summary, ahead: Outlook, left: int, message: str) -> View:
    """Show what the sitting came to and what tomorrow holds."""
    head = " Done for today." if not left else f" {left} cards are left for today."
    recalled = (
        f" recalled {summary.recalled} of {summary.first_answers} "
        f"({percent(summary.recalled, summary.first_answers)})"
    )
    lines = [
        Text(head, theme.HEADING),
        Text(f" {summary.cards} cards in {duration(summary.ms)}"),
        Text(recalled if summary.first_answers else ""),
        Text(),
        *_bars(size, summary),
        Text(),
        Text(
            f" Tomorrow {ahead.tomorrow_due} due + {ahead.tomorrow_new} new, "
            f"about {max(1, ahead.minutes)} min."
        ),
        Text(f" Streak {ahead.streak} {'day' if ahead.streak == 1 else 'days'}."),
    ]
    if ahead.hardest:
        named = ", ".join(f"{safe_line(card)} ({lapses} lapses)" for card, lapses in ahead.hardest)
        lines += wrap(Text(f" Giving trouble: {named}"), size.columns)
    room = max(1, size.rows - 2)
    lines = lines[:room] + [Text()] * (room - len(lines))
    return View(
        fitted([*lines, Text(f" {message}", theme.WARNING), keys(size.columns, LEAVE)], size)
    )


def _bars(size: Size, summary: Summary) -> list[Text]:
    most = max(summary.ratings.values(), default=0)
    columns = max(4, min(30, size.columns - 16))
    return [
        Text.assemble(f" {rating} ", (bar(count, most, columns), theme.ACCENT), f" {count}")
        for rating, count in summary.ratings.items()
    ]
