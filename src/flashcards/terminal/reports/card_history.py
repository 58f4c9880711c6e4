"""What was done to a card, a line each: the answer, its interval and ease, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from flashcards.core.card_history import Moment, Rule
from flashcards.core.events import (
    Bury,
    Flag,
    Link,
    Reset,
    Review,
    SetDue,
    Suspend,
    Undoable,
    Unsuspend,
)
from flashcards.terminal import theme
from flashcards.terminal.text.format import duration, plural
from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import wrap

ROOMY = 72
"""Columns from which a moment has one line; below, it has two."""
HEADER = f"{'answered':<16}  rated  {'interval':>9}  {'EF':<11}  why"

PLAIN: Mapping[type, str] = {
    Suspend: "suspended",
    Unsuspend: "asked again",
    Reset: "reset: starts again as new",
}
"""What needs no more words."""


def tally(moments: Sequence[Moment]) -> str:
    """Return how many answers there were, how long they took, and since when."""
    given = [m.event for m in moments if m.kind and isinstance(m.event, Review)]
    if not given:
        return "No answer yet"
    spent = duration(sum(review.ms for review in given))
    return f"{plural(len(given), 'answer')} in {spent} since {given[0].at:%Y-%m-%d}"


def moment_lines(moments: Sequence[Moment], columns: int) -> Iterator[Text]:
    """Yield what was done, oldest first; what changed nothing stands back."""
    roomy = columns >= ROOMY
    if roomy and any(isinstance(moment.event, Review) for moment in moments):
        yield Text(HEADER, theme.CHROME)
    for moment in moments:
        quiet = moment.undone or moment.rule in {Rule.REPEAT, Rule.EARLY, Rule.CRAM}
        first, *more = _answered(moment, roomy=roomy) or _done(moment)
        rest = [f"  {line}" for line in _wrapped(more, columns - 2)]
        for line in (*_wrapped([first], columns), *rest):
            yield Text(line, theme.CHROME if quiet else "")


def _wrapped(lines: Sequence[str], columns: int) -> list[str]:
    return [piece.plain for line in lines for piece in wrap(Text(line.rstrip()), columns)]


def _answered(moment: Moment, *, roomy: bool) -> list[str]:
    """Return the lines of an answer; none for what is no answer."""
    review = moment.event
    if not isinstance(review, Review):
        return []
    when, told = f"{review.at:%Y-%m-%d %H:%M}", why(moment)
    days, ease = changes(moment)
    if roomy:
        return [f"{when}  {review.rating:>5}  {days:>9}  {ease:<11}  {told}"]
    if not days:
        return [f"{when}  {review.rating}  {told}"]
    return [f"{when}  {review.rating}  {days}", f"EF {ease}, {told}"]


def changes(moment: Moment) -> tuple[str, str]:
    """Return the interval that a graded answer gave, and the ease before and after it."""
    if moment.before == moment.after or moment.rule is Rule.REPEAT:
        return "", ""
    before, after = moment.before.memory, moment.after.memory
    ease = f"{before.ease / 100:.2f}"
    if after.ease != before.ease:
        ease += f" → {after.ease / 100:.2f}"
    return plural(after.interval, "day"), ease


def why(moment: Moment) -> str:
    """Return in few words why an answer led to its interval."""
    if moment.rule is None:
        return "undone"
    before, after = moment.before.memory, moment.after.memory
    days = before.interval * after.ease / 100
    product = f"{before.interval} × {after.ease / 100:.2f} = {days:.10g}"
    told = {
        Rule.FORGOT: "forgot: back to 1 day",
        Rule.FIRST: "first recall",
        Rule.SECOND: "second in a row",
        Rule.TIMES_EASE: product,
        Rule.CAP: f"{product}, capped",
        Rule.REPEAT: "repeat: no change",
        Rule.EARLY: "early: no change",
        Rule.CRAM: "practice: no change",
    }[moment.rule]
    late = f", {moment.days_late} d late" if moment.days_late else ""
    source = moment.event.source if isinstance(moment.event, Review) else ""
    return f"{told}{late}{f' ({safe_line(source)})' if source else ''}"


def _done(moment: Moment) -> list[str]:
    """Return the line of what is no answer."""
    undone = " (undone)" if moment.undone else ""
    return [f"{moment.event.at:%Y-%m-%d %H:%M}  {what(moment.event)}{undone}"]


def what(event: Undoable) -> str:
    """Return in few words what was done."""
    match event:
        case Bury():
            told = f"buried until {event.until}"
        case Flag():
            told = f"marked: {safe_line(event.why)}".rstrip(": ") if event.on else "mark taken off"
        case SetDue():
            interval = plural(event.interval, "day")
            told = f"set due {event.due}: interval {interval}, EF {event.ease / 100:.2f}"
        case Link() if event.old == event.new:
            told = "its own card again"
        case Link():
            told = f"went on from {safe_line(event.old)}"
        case _:
            told = PLAIN.get(type(event), "planned")
    return told
