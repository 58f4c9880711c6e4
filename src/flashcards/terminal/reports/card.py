"""One card and its life: its text, how it stands, what a rating would do, and all that was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rich.text import Text

from flashcards.core import sm2
from flashcards.core.card_history import Moment
from flashcards.core.cards import Card
from flashcards.core.progress import REPEAT_BELOW, Entry, Kind, Stage
from flashcards.core.study_order import Choice, choices
from flashcards.terminal import theme
from flashcards.terminal.device.capabilities import PLAIN, Medium
from flashcards.terminal.markdown.render import render
from flashcards.terminal.reports.card_history import ROOMY, moment_lines, tally
from flashcards.terminal.text.format import plural, relative_day
from flashcards.terminal.text.sanitize import safe_line
from flashcards.terminal.text.width import wrap

MEASURE = 72
"""The widest that card text is set, in columns."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a card is looked at."""

    today: date
    columns: int
    repeat_below: int = REPEAT_BELOW
    leech: int = 0
    """Lapses that make a card a leech; 0 when none does."""
    latest: int | None = None
    """How many moments to show, the latest ones; None for all."""
    medium: Medium = PLAIN
    """What can be shown there."""
    in_deck: bool = True
    """Whether the card is in a deck now."""


def life_lines(entry: Entry, moments: Sequence[Moment], seen: Seen) -> Iterator[Text]:
    """Yield everything about a card, wrapped to the columns."""
    parts = (
        _head(entry.card, seen),
        _text(entry.card, seen),
        _standing(entry, seen),
        _offers(entry, seen),
        _history(entry.card, moments, seen),
    )
    for i, part in enumerate(parts):
        if i:
            yield Text()
        for line in part:
            yield from wrap(line, seen.columns)


def _head(card: Card, seen: Seen) -> Iterator[Text]:
    yield Text.assemble((safe_line(card.id), theme.HEADING), f"   {safe_line(card.deck)}")
    if not seen.in_deck:
        yield Text("In no deck any more; this is the last text it had.", theme.WARNING)
    elif card.path:
        yield Text(f"{safe_line(card.path)}:{card.line}", theme.CHROME)
    if card.tags:
        yield Text(f"tags {', '.join(map(safe_line, card.tags))}", theme.CHROME)


def _text(card: Card, seen: Seen) -> Iterator[Text]:
    columns = min(MEASURE, seen.columns)
    front, back = (
        render(side, columns, seen.medium, card.path) for side in (card.front, card.back)
    )
    for line in front:
        line.stylize(theme.QUESTION)
    yield from front
    wide = max((line.cell_len for line in (*front, *back)), default=8)
    yield Text("─" * max(8, wide), theme.CHROME)
    yield from back
    for name, words in (("also right", card.asking.accept), ("or", card.asking.choices)):
        if words:
            yield Text(f"{name}: {'; '.join(map(safe_line, words))}", theme.CHROME)


def _standing(entry: Entry, seen: Seen) -> Iterator[Text]:
    progress, memory = entry.progress, entry.progress.memory
    stage = progress.stage(seen.today, seen.repeat_below)
    if progress.due is None:
        yield Text("New: it waits for its first answer.")
    else:
        name = "To repeat today" if stage is Stage.LEARNING else stage.value.capitalize()
        yield Text(
            f"{name}: due {relative_day(progress.due, seen.today)} ({progress.due}), "
            f"interval {plural(memory.interval, 'day')}, EF {memory.ease / 100:.2f}, "
            f"{plural(memory.repetitions, 'recall')} in a row, {plural(memory.lapses, 'lapse')}"
        )
    yield from (Text(line, theme.WARNING) for line in _marks(entry, seen))


def _marks(entry: Entry, seen: Seen) -> Iterator[str]:
    progress = entry.progress
    if progress.suspended:
        yield f"Suspended: flashcards unsuspend {safe_line(entry.card.id)} asks it again"
    if progress.buried is not None and progress.buried > seen.today:
        yield f"Buried until {progress.buried}"
    if progress.flag is not None:
        yield f"Marked: {safe_line(progress.flag)}".rstrip(": ")
    if seen.leech and progress.memory.lapses >= seen.leech:
        yield f"A leech, with {seen.leech} lapses or more: a better question may help"


def _offers(entry: Entry, seen: Seen) -> Iterator[Text]:
    """Yield what each rating would do now: by the call that will do it."""
    day, due = seen.today, entry.progress.due
    offers = choices(entry.progress, day, seen.repeat_below)
    kinds = {offer.kind for offer in offers.values()}
    if kinds == {Kind.REPEAT}:
        yield Text(f"A rating now is a repeat: from {seen.repeat_below} on it ends them for today.")
        return
    if kinds == {Kind.EARLY} and due is not None:
        yield Text("A rating now would be early, and change nothing. On its day:")
        day = due
        offers = choices(entry.progress, day, seen.repeat_below)
    else:
        yield Text("A rating now", theme.HEADING)
    for rating, offer in offers.items():
        yield Text.assemble((f" {rating}", theme.RATING), f"  {_offer(rating, offer, seen)}")


def _offer(rating: int, offer: Choice, seen: Seen) -> str:
    word = "recalled" if rating >= sm2.RECALLED else "forgot"
    days = plural(offer.memory.interval, "day")
    told = [f"{days:<10}", f"EF {offer.memory.ease / 100:.2f}"]
    if seen.columns >= ROOMY:
        told = [f"{word:<8}", *told, f"due {offer.due}"]
    return "  ".join([*told, *(["again that day"] if offer.again else [])])


def _history(card: Card, moments: Sequence[Moment], seen: Seen) -> Iterator[Text]:
    yield Text(tally(moments), theme.HEADING)
    shown = moments if seen.latest is None else moments[-seen.latest :]
    if hidden := len(moments) - len(shown):
        yield Text(f"{hidden} earlier: flashcards show {safe_line(card.id)} --all", theme.CHROME)
    yield from moment_lines(shown, seen.columns)
