"""Report on one card: text, schedule, ratings, history."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from rich.text import Text

from flashcards.core import sm2
from flashcards.core.card_history import HistoryEntry
from flashcards.core.cards import Card
from flashcards.core.format_count import format_count
from flashcards.core.progress import DEFAULT_REPEAT_BELOW, AnswerKind, CardStage, CardState, Progress
from flashcards.core.scheduling import SM2, RatingOutcome, Scheduler, preview_ratings
from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import DEFAULT_CAPABILITIES, Capabilities
from flashcards.terminal.device.view import MAX_TEXT_WIDTH
from flashcards.terminal.markdown.card_text import plain_lines, render_markdown
from flashcards.terminal.reports.describe_history import ONE_LINE_COLUMNS, answers_summary, history_lines
from flashcards.terminal.text.format import format_stability, relative_day
from flashcards.terminal.text.line_breaking import wrap_text
from flashcards.terminal.text.sanitize import sanitize_line


class CardReportOptions(NamedTuple):
    """How a card report is made."""

    today: date
    columns: int
    repeat_below: int = DEFAULT_REPEAT_BELOW
    leech_threshold: int = 0  # lapses that make a card a leech; 0 for never
    max_history: int | None = None  # the latest entries to show; None for all
    capabilities: Capabilities = DEFAULT_CAPABILITIES
    is_in_deck: bool = True
    scheduler: Scheduler = SM2


def card_report_lines(
    card_state: CardState, history: Sequence[HistoryEntry], options: CardReportOptions
) -> Iterator[Text]:
    """Yield the whole report on a card, wrapped."""
    parts = (
        _heading_lines(card_state.card, options),
        _card_text_lines(card_state.card, options),
        _schedule_lines(card_state, options),
        _rating_lines(card_state, options),
        _history_section(card_state.card, history, options),
    )
    for i, part in enumerate(parts):
        if i:
            yield Text()
        for line in part:
            yield from wrap_text(line, options.columns)


def _heading_lines(card: Card, options: CardReportOptions) -> Iterator[Text]:
    yield Text.assemble((sanitize_line(card.id), theme.HEADING), f"   {sanitize_line(card.deck)}")
    if not options.is_in_deck:
        yield Text("No longer in any deck; this is its last known text.", theme.WARNING)
    elif card.path:
        yield Text(f"{sanitize_line(card.path)}:{card.line}", theme.CHROME)
    if card.tags:
        yield Text(f"tags {', '.join(map(sanitize_line, card.tags))}", theme.CHROME)


def _card_text_lines(card: Card, options: CardReportOptions) -> Iterator[Text]:
    columns = min(MAX_TEXT_WIDTH, options.columns)
    front, back = (
        render_markdown(side, columns, options.capabilities, card.path)
        for side in (card.marked_front, card.marked_back)
    )
    for line in front:
        line.stylize(theme.QUESTION)
    yield from front
    wide = max((line.cell_len for line in (*front, *back)), default=8)
    yield Text("─" * max(8, wide), theme.CHROME)
    yield from back
    for name, words in (
        ("also accepted", "; ".join(card.answer_mode.accept)),
        ("other choices", "; ".join(card.answer_mode.choices)),
        ("hint", plain_lines(card.hint)),
        ("note", plain_lines(card.remark)),
    ):
        if words:
            yield Text(f"{name}: {sanitize_line(words)}", theme.CHROME)


def _schedule_lines(card_state: CardState, options: CardReportOptions) -> Iterator[Text]:
    progress, memory = card_state.progress, card_state.progress.memory
    stage = progress.stage(options.today, options.repeat_below)
    if progress.due is None:
        yield Text("New: not answered yet.")
    else:
        name = "To repeat today" if stage is CardStage.LEARNING else stage.value.capitalize()
        yield Text(
            f"{name}: due {relative_day(progress.due, options.today)} ({progress.due}), "
            f"interval {format_count(memory.interval, 'day')}, EF {memory.ease / 100:.2f}, "
            f"{format_count(memory.repetitions, 'recall')} in a row, "
            f"{format_count(memory.lapses, 'lapse')}"
        )
        yield from _memory_lines(progress, options)
    yield from (Text(line, theme.WARNING) for line in _status_lines(card_state, options))


def _memory_lines(progress: Progress, options: CardReportOptions) -> Iterator[Text]:
    recall = progress.chance_of_recall(options.today, options.scheduler.model)
    if progress.fsrs_memory is None or recall is None:
        return
    stability, difficulty = progress.fsrs_memory
    yield Text(
        f"Chance of recall today {recall * 100:.0f} %, stability {format_stability(stability)}, "
        f"difficulty {difficulty:.1f} of 10"
    )
    yield Text(
        f"After an answer it takes about {format_stability(stability)} to fall to 90 % (stability).",
        theme.CHROME,
    )


def _status_lines(card_state: CardState, options: CardReportOptions) -> Iterator[str]:
    progress = card_state.progress
    if progress.suspended:
        yield f"Suspended. To ask it again: flashcards unsuspend {sanitize_line(card_state.card.id)}"
    if progress.buried_until is not None and progress.buried_until > options.today:
        yield f"Buried until {progress.buried_until}"
    if progress.mark is not None:
        yield f"Marked: {sanitize_line(progress.mark)}".rstrip(": ")
    if options.leech_threshold and progress.memory.lapses >= options.leech_threshold:
        yield f"A leech ({options.leech_threshold} or more lapses): try rewriting the card"


def _rating_lines(card_state: CardState, options: CardReportOptions) -> Iterator[Text]:
    """Yield what each rating would do now, computed as study does."""
    day, due = options.today, card_state.progress.due
    outcomes = _preview(card_state, day, options)
    kinds = {offer.answer_kind for offer in outcomes.values()}
    if kinds == {AnswerKind.REPEAT}:
        yield Text(f"A rating now is a repeat: {options.repeat_below} or higher ends the repeats for today.")
        return
    if kinds == {AnswerKind.EARLY} and due is not None:
        yield Text("A rating now would be early and change no date. On the due date:")
        day = due
        outcomes = _preview(card_state, day, options)
    else:
        yield Text("If rated now", theme.HEADING)
    for rating, offer in outcomes.items():
        yield Text.assemble(
            (f" {rating}", theme.RATING_STYLES[rating - 1]), f"  {_rating_line(rating, offer, options)}"
        )


def _preview(card_state: CardState, day: date, options: CardReportOptions) -> dict[int, RatingOutcome]:
    return preview_ratings(card_state.progress, day, options.repeat_below, scheduler=options.scheduler)


def _rating_line(rating: int, outcome: RatingOutcome, options: CardReportOptions) -> str:
    word = "recalled" if rating >= sm2.MIN_RECALLED_QUALITY else "forgot"
    days = format_count(outcome.memory.interval, "day")
    parts = [f"{days:<10}", f"EF {outcome.memory.ease / 100:.2f}"]
    if options.columns >= ONE_LINE_COLUMNS:
        parts = [f"{word:<8}", *parts, f"due {outcome.due}"]
    if outcome.repeats_today:
        parts.append("again that day")
    if outcome.moved_days:
        way = "later" if outcome.moved_days > 0 else "earlier"
        parts.append(f"{format_count(abs(outcome.moved_days), 'day')} {way}: fewer cards that day")
    return "  ".join(parts)


def _history_section(
    card: Card, history: Sequence[HistoryEntry], options: CardReportOptions
) -> Iterator[Text]:
    yield Text(answers_summary(history), theme.HEADING)
    shown = history if options.max_history is None else history[-options.max_history :]
    if hidden := len(history) - len(shown):
        yield Text(
            f"{format_count(hidden, 'earlier event')}: flashcards show {sanitize_line(card.id)} --all",
            theme.CHROME,
        )
    yield from history_lines(shown, options.columns)
