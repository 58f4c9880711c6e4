"""The history of a card as lines."""

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from flashcards.core import events
from flashcards.core.card_history import HistoryEntry, IntervalReason
from flashcards.core.events import Review, UndoableEvent
from flashcards.core.format_count import format_count
from flashcards.core.progress import AnswerKind
from flashcards.core.sm2 import next_memory_state
from flashcards.terminal import theme
from flashcards.terminal.text.format import format_duration, format_stability
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize_line

ONE_LINE_COLUMNS = 72  # columns from which an entry takes one line, else two
HISTORY_HEADER = f"{'answered':<16}  rated  {'interval':>9}  {'EF':<11}  why"

EVENT_LABELS: Mapping[type, str] = {
    events.Suspend: "suspended",
    events.Unsuspend: "asked again",
    events.Reset: "reset to new",
}


def answers_summary(history: Sequence[HistoryEntry]) -> str:
    """Return the number of answers, their time, and since when."""
    reviews = [m.event for m in history if m.answer_kind and isinstance(m.event, Review)]
    if not reviews:
        return "No answers yet"
    spent = format_duration(sum(review.ms for review in reviews))
    return f"{format_count(len(reviews), 'answer')} in {spent} since {reviews[0].at:%Y-%m-%d}"


def history_lines(history: Sequence[HistoryEntry], columns: int) -> Iterator[Text]:
    """Yield the history, oldest first; what changed nothing is dimmed."""
    one_line = columns >= ONE_LINE_COLUMNS
    if one_line and any(isinstance(moment.event, Review) for moment in history):
        yield Text(HISTORY_HEADER, theme.CHROME)
    for moment in history:
        is_dimmed = moment.undone or moment.interval_reason in {
            IntervalReason.REPEAT,
            IntervalReason.EARLY,
            IntervalReason.CRAM,
        }
        undone = " (undone)" if moment.undone else ""
        event_line = f"{moment.event.at:%Y-%m-%d %H:%M}  {describe_event(moment.event)}{undone}"
        first, *more = _answer_lines(moment, one_line=one_line) or [event_line]
        rest = [f"  {line}" for line in _wrap_lines(more, columns - 2)]
        for line in (*_wrap_lines([first], columns), *rest):
            yield Text(line, theme.CHROME if is_dimmed else "")


def _wrap_lines(lines: Sequence[str], columns: int) -> list[str]:
    return [piece.plain for line in lines for piece in wrap_text(Text(line.rstrip()), columns)]


def _answer_lines(moment: HistoryEntry, *, one_line: bool) -> list[str]:
    review = moment.event
    if not isinstance(review, Review):
        return []
    when, reason = f"{review.at:%Y-%m-%d %H:%M}", interval_reason(moment)
    days, ease = interval_change(moment)
    if one_line:
        return [f"{when}  {review.rating:>5}  {days:>9}  {ease:<11}  {reason}"]
    if not days:
        return [f"{when}  {review.rating}  {reason}"]
    return [f"{when}  {review.rating}  {days}", f"EF {ease}, {reason}"]


def interval_change(moment: HistoryEntry) -> tuple[str, str]:
    """Return a graded answer's interval, and the ease before and after."""
    if moment.answer_kind is not AnswerKind.GRADED:
        return "", ""
    old_memory, after = moment.before.memory, moment.after.memory
    ease = f"{old_memory.ease / 100:.2f}"
    if after.ease != old_memory.ease:
        ease += f" → {after.ease / 100:.2f}"
    return format_count(after.interval, "day"), ease


def interval_reason(moment: HistoryEntry) -> str:
    """Return briefly why an answer led to its interval."""
    if moment.interval_reason is None:
        return "undone"
    old_memory, after = moment.before.memory, moment.after.memory
    days = old_memory.interval * after.ease / 100
    product = f"{old_memory.interval} × {after.ease / 100:.2f} = {days:.10g}"
    memory = moment.after.fsrs_memory
    stability = f"stability {format_stability(memory[0])}" if memory else ""
    reason = {
        IntervalReason.FORGOT: "forgot: back to 1 day",
        IntervalReason.FIRST: "first recall",
        IntervalReason.SECOND: "second recall in a row",
        IntervalReason.TIMES_EASE: product,
        IntervalReason.CAP: f"{product}, capped",
        IntervalReason.REPEAT: "repeat: no change",
        IntervalReason.EARLY: "early: no change",
        IntervalReason.CRAM: "practice: no change",
        IntervalReason.FSRS: f"FSRS: {stability}",
        IntervalReason.BALANCED: _moved(moment),
    }[moment.interval_reason]
    late = f", {moment.days_late} d late" if moment.days_late else ""
    event = moment.event
    source = event.source if isinstance(event, Review) else ""
    hinted = ", with a hint" if isinstance(event, Review) and event.hinted else ""
    return f"{reason}{late}{hinted}{f' ({sanitize_line(source)})' if source else ''}"


def _moved(moment: HistoryEntry) -> str:
    """Return how far balancing moved the date that SM-2 gave."""
    review, memory = moment.event, moment.before.memory
    if not isinstance(review, Review):
        return ""
    own = next_memory_state(memory, review.rating).interval
    days = moment.after.memory.interval - own
    way = "later" if days > 0 else "earlier"
    return f"{format_count(abs(days), 'day')} {way}: fewer cards that day"


def describe_event(event: UndoableEvent) -> str:
    """Describe an event in a few words."""
    match event:
        case events.Bury():
            description = f"buried until {event.until}"
        case events.Mark():
            description = f"marked: {sanitize_line(event.why)}".rstrip(": ") if event.on else "mark removed"
        case events.SetDue():
            interval = format_count(event.interval, "day")
            description = f"set due {event.due}: interval {interval}, EF {event.ease / 100:.2f}"
        case events.CardLink() if event.old == event.new:
            description = "no longer linked to another card"
        case events.CardLink():
            description = f"continues the history of {sanitize_line(event.old)}"
        case _:
            description = EVENT_LABELS.get(type(event), "planned")
    return description
