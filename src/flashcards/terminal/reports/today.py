"""`flashcards` alone: today in at most six lines that fit the width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from flashcards.core.today import Today, Waiting
from flashcards.terminal.text.format import duration, plural, relative_day, sparks
from flashcards.terminal.text.sanitize import encodable, safe, safe_line
from flashcards.terminal.text.width import cut, width
from flashcards.terminal.theme import chosen, codes

ROWS = 2
"""Lines that decks may take."""
ROOMY = 60
"""Columns from which a deck's line has room for long words."""


def today_lines(found: Today, columns: int) -> list[str]:
    """Return what waits, in which decks, the streak, what lies ahead, and the next step."""
    if not found.waiting.decks:
        return ["Your library has no decks yet.", found.next_step]
    lines = [_headline(found, columns), *_decks(found.waiting, columns)]
    lines += [_streak(found, columns), _ahead(found, columns), found.next_step]
    return lines


def emphasised(lines: Sequence[str], environment: Mapping[str, str], encoding: str) -> str:
    """Return the lines for a terminal: the first stands out, and the command at the end.

    Nobody waits for the terminal to tell its background: where it is unknown, no colour is.
    """
    palette, unsure = chosen("auto", environment)
    styles = ["heading", *[""] * (len(lines) - 2), "rating"]
    shown = ""
    for line, style in zip(lines, styles, strict=True):
        switch = codes(style, "mono" if unsure else palette)
        gated = encodable(safe(line), encoding)
        shown += f"\x1b[{switch}m{gated}\x1b[0m\n" if switch else f"{gated}\n"
    return shown


def _headline(found: Today, columns: int) -> str:
    waiting = found.waiting
    some = f", {waiting.reviews} today" if waiting.left_over and waiting.reviews else ""
    counts = [f"{waiting.due} due{some}", f"{waiting.new} new"]
    if waiting.paused:
        counts[1] = "new cards pause"
    if waiting.later and waiting.anything:
        counts[1] = f"{waiting.later} old ones later, new cards pause"
    if waiting.learning:
        counts.append(f"{waiting.learning} to repeat")
    if waiting.off_until:
        told = [f"days off until {waiting.off_until.isoformat()}", "days off"]
    elif waiting.anything:
        told = [f"about {found.minutes} min", f"{found.minutes} min"]
    elif waiting.left_over:
        told = [f"today's {waiting.limit} reviews are done", "enough for today"]
    elif found.done.answers:
        spent = f"{plural(found.done.answers, 'answer')} in {duration(found.done.ms)}"
        told = [f"done for today: {spent}", "done for today"]
    else:
        told = ["nothing waits today", "nothing today"]
    return _fitting(columns, "   ".join([*counts, told[0]]), ", ".join([*counts, told[-1]]))


def _decks(waiting: Waiting, columns: int) -> Iterator[str]:
    """Yield a line for each deck in which something waits; the last has those that find no room."""
    found = [(name, counts) for name, counts in waiting.decks.items() if any(counts)]
    found.sort(key=lambda deck: -sum(deck[1]))
    shown = found if len(found) <= ROWS else found[: ROWS - 1]
    rest = found[len(shown) :]
    if rest:
        total = [sum(column) for column in zip(*(counts for _, counts in rest), strict=True)]
        shown = [*shown, (f"and {len(rest)} more decks", (total[0], total[1], total[2]))]
    words = ("due", "new", "to repeat" if columns >= ROOMY else "again")
    rows = [
        [
            safe_line(name),
            *(f"{n} {word}" if n else "" for n, word in zip(counts, words, strict=True)),
        ]
        for name, counts in shown
    ]
    yield from _columns(rows, columns)


def _columns(rows: Sequence[Sequence[str]], columns: int) -> Iterator[str]:
    """Yield rows of which the first cell gives way; columns without a word are left out."""
    kept = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(width, column)) for column in kept]
    room = columns - sum(size + 2 for size in widths[1:])
    widths[:1] = [min(size, max(8, room)) for size in widths[:1]]
    for row in zip(*kept, strict=True):
        name = cut(row[0], widths[0])
        cells = [cell.rjust(size) for cell, size in zip(row[1:], widths[1:], strict=True)]
        line = "  ".join([name + " " * (widths[0] - width(name)), *cells])
        yield cut(line.rstrip(), columns)


def _streak(found: Today, columns: int) -> str:
    done = found.done
    if not done.best:
        return _fitting(columns, "no streak yet: one answer begins it", "no streak yet")
    longest = "your longest" if done.streak == done.best else f"best {done.best}"
    told = f"streak {plural(done.streak, 'day')} · {longest}"
    if not done.answers:
        return _fitting(columns, f"{told} · no answer yet today", told)
    spent = f"today {plural(done.answers, 'answer')}"
    return _fitting(columns, f"{told} · {spent} in {duration(done.ms)}", f"{told} · {spent}", told)


def _ahead(found: Today, columns: int) -> str:
    week, due, new = found.ahead.week, found.tomorrow_due, found.ahead.new
    cards = " + ".join(f"{n} {what}" for n, what in ((due, "due"), (new, "new")) if n)
    tomorrow = f"tomorrow {cards}, about {found.tomorrow_minutes} min" if cards else _later(found)
    if not any(week):
        return _fitting(columns, tomorrow, f"tomorrow {cards or 'nothing'}")
    first, last = (found.day + timedelta(days=n) for n in (1, len(week)))
    numbers = f"{first:%a} {' '.join(map(str, week))} {last:%a}"
    bars = f"week {sparks(week)}"
    return _fitting(
        columns,
        f"{tomorrow}   {bars} {numbers}",
        f"{tomorrow}   {bars} {sum(week)} due",
        f"week {numbers}",
        bars,
    )


def _later(found: Today) -> str:
    off_until, next_due = found.waiting.off_until, found.ahead.next_due
    if off_until and (off_until - found.day).days > 1:
        return f"nothing until {off_until:%a} {off_until.day} {off_until:%b}"
    if next_due is None:
        return "nothing is due in the days to come"
    if (next_due - found.day).days <= 1:
        return "tomorrow nothing"
    return f"tomorrow nothing, then {relative_day(next_due, found.day)}"


def _fitting(columns: int, *wordings: str) -> str:
    """Return the first wording that fits; the last is cut where even that does not.

    They are our own, each sign one column wide: so the tables of wide signs need not be loaded.
    """
    fits = next((text for text in wordings if len(text) <= columns), "")
    return fits or f"{wordings[-1][: columns - 1]}…"
