"""Today's overview in lines."""

from collections.abc import Iterator, Sequence

from flashcards.core.format_count import format_count
from flashcards.core.today_summary import DueToday, TodaySummary
from flashcards.terminal import theme
from flashcards.terminal.text.format import format_duration, relative_day, sparkline
from flashcards.terminal.text.sanitize import sanitize_line
from flashcards.terminal.text.styled_line import StyledLine
from flashcards.terminal.text.width import display_width, truncate

OTHER_LINES = 5  # lines besides the decks, including the shell prompt after them
CATCH_UP = "flashcards catch-up"
LONG_LABEL_COLUMNS = 60  # columns from which deck lines use the long labels


def today_lines(today: TodaySummary, columns: int, rows: int = 0) -> list[str]:
    """Return due counts, decks, streak, forecast and the next step.

    If `rows` is given, decks that do not fit the screen share a line.
    """
    if not today.due_today.decks:
        return ["You have no decks yet.", today.next_step]
    return [
        due_line(today, columns),
        *_deck_lines(today.due_today, columns, rows),
        streak_line(today, columns),
        upcoming_line(today, columns),
        _next_step_line(today, columns),
    ]


def _next_step_line(today: TodaySummary, columns: int) -> str:
    """Return the next command; after a break also `catch-up`."""
    step = today.next_step
    if not today.due_today.has_backlog or step == CATCH_UP:
        return step
    return _first_that_fits(
        columns, f"{step}   (or spread the old cards over days: {CATCH_UP})", f"{step}, or {CATCH_UP}", step
    )


def style_today_lines(lines: Sequence[str]) -> list[StyledLine]:
    """Style the lines: the first and the command stand out."""
    first, *others, command = lines
    return [StyledLine((first, theme.HEADING)), *map(StyledLine, others), StyledLine((command, theme.RATING))]


def due_line(today: TodaySummary, columns: int) -> str:
    """Return what is due today, and how long it takes."""
    due_today = today.due_today
    some = (
        f", {due_today.reviews_today} today" if due_today.due_over_limit and due_today.reviews_today else ""
    )
    counts = [f"{due_today.due} due{some}", f"{due_today.new} new"]
    if due_today.new_cards_paused:
        counts[1] = "new cards paused"
    if due_today.postponed and due_today.has_cards:
        counts[1] = f"{due_today.postponed} in the backlog, new cards paused"
    if due_today.learning:
        counts.append(f"{due_today.learning} to repeat")
    if due_today.off_until:
        wordings = [f"days off until {due_today.off_until.isoformat()}", "days off"]
    elif due_today.has_cards:
        wordings = [f"about {today.minutes} min", f"{today.minutes} min"]
    elif due_today.due_over_limit:
        wordings = [f"today's review limit of {due_today.review_limit} is reached", "enough for today"]
    elif today.done_today.answers:
        done = today.done_today
        spent = f"{format_count(done.answers, 'answer')} in {format_duration(done.ms)}"
        wordings = [f"done for today: {spent}", "done for today"]
    else:
        wordings = ["nothing due today", "nothing today"]
    return _first_that_fits(columns, "   ".join([*counts, wordings[0]]), ", ".join([*counts, wordings[-1]]))


def _deck_lines(due_today: DueToday, columns: int, screen_rows: int) -> Iterator[str]:
    decks = [(name, counts) for name, counts in due_today.decks.items() if any(counts)]
    decks.sort(key=lambda deck: -sum(deck[1]))
    room = max(2, screen_rows - OTHER_LINES)
    shown = decks if not screen_rows or len(decks) <= room else decks[: room - 1]
    rest = decks[len(shown) :]
    if rest:
        total = [sum(column) for column in zip(*(counts for _, counts in rest), strict=True)]
        shown = [*shown, (f"and {len(rest)} more decks", (total[0], total[1], total[2]))]
    labels = ("due", "new", "to repeat" if columns >= LONG_LABEL_COLUMNS else "again")
    rows = [
        [sanitize_line(name), *(f"{n} {word}" if n else "" for n, word in zip(counts, labels, strict=True))]
        for name, counts in shown
    ]
    yield from _align_columns(rows, columns)


def _align_columns(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Align rows; the first column is cut, empty ones left out."""
    kept = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(display_width, column)) for column in kept]
    name_width = width - sum(size + 2 for size in widths[1:])
    widths[:1] = [min(size, max(8, name_width)) for size in widths[:1]]
    for row in zip(*kept, strict=True):
        name = truncate(row[0], widths[0])
        cells = [cell.rjust(size) for cell, size in zip(row[1:], widths[1:], strict=True)]
        line = "  ".join([name + " " * (widths[0] - display_width(name)), *cells])
        yield truncate(line.rstrip(), width)


def streak_line(today: TodaySummary, columns: int) -> str:
    """Return the streak, and today's answers."""
    done = today.done_today
    if not done.longest_streak:
        return _first_that_fits(columns, "no streak yet: answer a card to start one", "no streak yet")
    longest = "your longest" if done.streak == done.longest_streak else f"best {done.longest_streak}"
    streak_text = f"streak {format_count(done.streak, 'day')} · {longest}"
    if not done.answers:
        return _first_that_fits(columns, f"{streak_text} · no answer yet today", streak_text)
    spent = f"today {format_count(done.answers, 'answer')}"
    return _first_that_fits(
        columns,
        f"{streak_text} · {spent} in {format_duration(done.ms)}",
        f"{streak_text} · {spent}",
        streak_text,
    )


def upcoming_line(today: TodaySummary, columns: int) -> str:
    """Return what is due tomorrow and in the days after."""
    week, due, new = today.upcoming.due_by_day, today.tomorrow_due, today.upcoming.new_tomorrow
    cards = " + ".join(f"{n} {what}" for n, what in ((due, "due"), (new, "new")) if n)
    tomorrow = f"tomorrow {cards}, about {today.tomorrow_minutes} min" if cards else _next_due_text(today)
    if not any(week[1:]):
        return _first_that_fits(columns, tomorrow, f"tomorrow {cards or 'nothing'}")
    then = f"then {' '.join(map(str, week[1:]))}"
    short = f"tomorrow {cards or 'nothing'}"
    bars = sparkline(week)[1:]
    return _first_that_fits(
        columns,
        *(f"{day}   {then}   {bars}" for day in (tomorrow, short)),
        *(f"{day}   {then}" for day in (tomorrow, short)),
        tomorrow,
        short,
    )


def _next_due_text(today: TodaySummary) -> str:
    off_until, next_due = today.due_today.off_until, today.upcoming.next_due
    if off_until and (off_until - today.day).days > 1:
        return f"nothing until {off_until:%a} {off_until.day} {off_until:%b}"
    if next_due is None:
        return "nothing due in the coming days"
    if (next_due - today.day).days <= 1 or any(today.upcoming.due_by_day):
        return "nothing due tomorrow"
    return f"tomorrow nothing, then {relative_day(next_due, today.day)}"


def _first_that_fits(width: int, *wordings: str) -> str:
    """Return the first wording that fits, or the last one, cut."""
    # Our own words are one column per character, so no width tables are needed.
    return next((text for text in wordings if len(text) <= width), f"{wordings[-1][: width - 1]}…")
