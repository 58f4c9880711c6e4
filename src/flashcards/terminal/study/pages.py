"""The screens beside the cards: help, a card's history, and the summary at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, zip_longest

from rich.text import Text

from flashcards.core.card_history import Moment
from flashcards.core.key_bindings import ACTIONS, Bindings
from flashcards.core.progress import Entry
from flashcards.core.session import Summary
from flashcards.terminal import theme
from flashcards.terminal.device.line_editor import Line, field
from flashcards.terminal.device.view import MEASURE, Size, View, fitted
from flashcards.terminal.markdown.render import card_text
from flashcards.terminal.reports.card_history import moment_lines, tally
from flashcards.terminal.study.footer import Told, key_line, key_name
from flashcards.terminal.study.footer import told as told_keys
from flashcards.terminal.study.frame import message_lines
from flashcards.terminal.study.ports import Outlook
from flashcards.terminal.text.format import bar, duration, percent, plural, relative_day
from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import cut, wrap

CLOSE = (Told("any key", "back"),)
SCROLL = (Told("↑ ↓", "scroll"), Told("any other key", "back"))
FOUND = (Told("↑ ↓", "pick"), Told("enter", "show"), Told("any key", "back"))
KEYS_WIDE = 24
"""Columns for the keys of an action in the help."""


def help_page(size: Size, keys: Bindings, scroll: int) -> View:
    """Show what each key does, as they are bound now."""
    wide = min(KEYS_WIDE, size.columns // 3)
    lines: list[Text] = []
    for text, group in groupby(ACTIONS, key=lambda action: action.help):
        names = "  ".join(key_name(key) for action in group for key in keys.keys[action.name])
        head = wrap(Text(names, theme.ACCENT), wide - 1)
        body = wrap(Text(text), max(4, size.columns - wide - 2))
        for left, right in zip_longest(head, body, fillvalue=Text()):
            gap = Text(" " * (wide - left.cell_len))
            lines.append(Text.assemble(left, gap, right))
    return _page(size, "Keys", lines, scroll)


def history_page(size: Size, front: str, moments: Sequence[Moment], scroll: int) -> View:
    """Show all that was done to a card, as `show` does, and why each answer gave its interval."""
    lines = [Text(tally(moments), theme.CHROME), *moment_lines(moments, size.columns - 1)]
    return _page(size, safe_line(front), lines, scroll)


def _page(
    size: Size, title: str, lines: list[Text], scroll: int, told: Sequence[Told] = CLOSE
) -> View:
    lines = [Text(" ") + piece for line in lines for piece in wrap(line, size.columns - 1)]
    room = max(1, size.rows - 4)
    most = max(0, len(lines) - room)
    shown = lines[min(scroll, most) :][:room]
    shown += [Text()] * (room - len(shown))
    footer = key_line(size.columns, SCROLL if most and told is CLOSE else told)
    return View(
        fitted([Text(f" {title}", theme.HEADING), Text(), *shown, Text(), footer], size), most
    )


def pause_page(size: Size, done: int, left: int, spent_ms: int) -> View:
    """Show that the clock stands still; the card is covered meanwhile."""
    lines = [
        Text(f"{done} done, {left} to go, {duration(spent_ms)} of thought so far."),
        Text("The clock stands still, and everything is kept.", theme.CHROME),
    ]
    return _page(size, "Paused", lines, 0)


def leech_page(size: Size, entry: Entry, keys: Bindings, scroll: int) -> View:
    """Tell that a card is forgotten again and again, and what can be done about it."""
    card, lapses = entry.card, entry.progress.memory.lapses
    columns = size.measure
    lines = [
        *card_text(card.front, card, size),
        Text("─" * 8, theme.CHROME),
        *card_text(card.back, card, size),
        Text(),
        *wrap(Text(HOW_TO_HELP, theme.CHROME), columns),
    ]
    hints = told_keys([("edit", "rewrite it"), ("suspend", ""), ("show_all", "go on")], keys)
    title = f"Forgotten {plural(lapses, 'time')}: perhaps the card is at fault, not you"
    return _page(size, title, lines, scroll, hints)


HOW_TO_HELP = (
    "Smaller cards, an example, or what it is often taken for help more than more repeats. "
    "Your rating is kept whatever you choose."
)


def found_page(size: Size, words: str, found: Sequence[Entry], at: int) -> View:
    """Show the cards that a search found, one of them picked."""
    room = max(1, size.rows - 4)
    first = max(0, min(at - room // 2, len(found) - room))
    lines = []
    for i, entry in enumerate(found[first : first + room], first):
        front = cut(safe_line(entry.card.front), max(4, size.columns - 3))
        head = ("▸ ", theme.ACCENT) if i == at else "  "
        lines.append(Text.assemble(head, (front, theme.QUESTION if i == at else "")))
    title = f"{plural(len(found), 'card')} with {safe_line(words)!r}"
    return _page(size, title, lines, 0, FOUND)


def card_page(size: Size, entry: Entry, today: date, scroll: int) -> View:
    """Show another card, both sides."""
    card, due = entry.card, entry.progress.due
    when = f"due {relative_day(due, today)}" if due else "new"
    lines = [
        *card_text(card.front, card, size),
        Text("─" * 8, theme.CHROME),
        *card_text(card.back, card, size),
        Text(),
        Text(f"{safe_line(card.deck)} · {when}", theme.CHROME),
    ]
    return _page(size, str(card.id), lines, scroll)


def with_prompt(size: Size, behind: View, prompt: str, line: Line, does: str = "keep") -> View:
    """Show a line to be typed below a frame, where its keys were."""
    text, column = field(line, size.columns - 1, prompt)
    how = key_line(size.columns, (Told("enter", does), Told("escape", "leave it")))
    lines = [*behind.lines[:-2], Text(" ") + text, how]
    return View(
        fitted(lines, size), behind.most, (len(lines) - 2, min(column + 1, size.columns - 1))
    )


def with_message(size: Size, behind: View, message: str) -> View:
    """Show a message below a frame, in the line for messages."""
    lines = [*behind.lines[:-1], Text(f" {message}", theme.WARNING)]
    return View(fitted(lines, size), behind.most)


@dataclass(frozen=True, slots=True)
class SumUp:
    """What the last screen of a sitting tells."""

    summary: Summary
    left: int
    """Cards that are left for today."""
    ahead: Outlook | None
    """None while it is being worked out."""
    trouble: Sequence[Entry] = ()
    message: str = ""
    cram: bool = False
    """Whether it was practice."""


def summary_page(size: Size, told: SumUp, keys: Bindings) -> View:
    """Show what the sitting came to and what tomorrow holds."""
    summary = told.summary
    what = "to practise" if told.cram else "for today"
    done = " Practice done; no date has changed." if told.cram else " Done for today."
    head = f" {plural(told.left, 'card')} left {what}." if told.left else done
    lines = [Text(head, theme.HEADING), *_came_to(size, summary), Text(), *_ahead(told.ahead)]
    if told.trouble:
        lines += [Text(), Text(" Giving trouble:")]
    for entry in told.trouble:
        lapses = f"  {plural(entry.progress.memory.lapses, 'lapse')}"
        front = cut(safe_line(entry.card.front), max(4, min(MEASURE, size.columns - 14)))
        lines.append(Text.assemble(f"  {front}", (lapses, theme.CHROME)))
    more = [("show", "go on")] if told.left else []
    hints = told_keys([*more, ("undo", "undo last"), ("show_all", "close")], keys)
    message = message_lines(told.message, size)
    room = max(1, size.rows - 1 - len(message))
    lines = lines[:room] + [Text()] * (room - len(lines))
    return View(fitted([*lines, *message, key_line(size.columns, hints)], size))


def _came_to(size: Size, summary: Summary) -> list[Text]:
    if not summary.cards:
        return [Text(" No card was answered in this sitting.")]
    share = percent(summary.recalled, summary.first_answers)
    recalled = f" recalled {summary.recalled} of {summary.first_answers} ({share})"
    return [
        Text(f" {plural(summary.cards, 'card')} in {duration(summary.ms)}"),
        Text(recalled if summary.first_answers else ""),
        Text(),
        *_bars(size, summary),
    ]


def _ahead(ahead: Outlook | None) -> list[Text]:
    if ahead is None:
        return [Text(), Text()]
    return [
        Text(
            f" Tomorrow {ahead.tomorrow_due} due + {ahead.tomorrow_new} new, "
            f"about {max(1, ahead.minutes)} min."
        ),
        Text(f" Streak {plural(ahead.streak, 'day')}."),
    ]


def _bars(size: Size, summary: Summary) -> list[Text]:
    most = max(summary.ratings.values(), default=0)
    columns = max(4, min(30, size.columns - 16))
    return [
        Text.assemble(f" {rating} ", (bar(count, most, columns), theme.ACCENT), f" {count}")
        for rating, count in summary.ratings.items()
    ]
