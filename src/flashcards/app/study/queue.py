"""What a session asks: repeats that wait, then what is due with new cards mixed in, or practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flashcards.core.cards import CardId
from flashcards.core.exam import Exam
from flashcards.core.session import Session, Slot, Source
from flashcards.core.sm2 import Memory
from flashcards.core.study_order import mixed
from flashcards.errors import UsageError
from flashcards.storage.index import conditions as index_conditions
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.counts import NO_PLAN
from flashcards.storage.index.queries.session_cards import Pool
from flashcards.storage.store import Store
from flashcards.terminal.text.format import sparks


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person asked to study; nothing named means everything."""

    decks: tuple[str, ...] = ()
    search: str = ""
    tag: str = ""
    new: int | None = None
    """New cards in this session, whatever the day's limit says."""
    limit: int | None = None
    """Cards in this session."""
    order: str = ""
    cram: bool = False
    ahead: int = 0
    """Days; cards that become due in them are practised too."""
    by: date | None = None
    """The day of an exam."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A session, and what to tell before it begins."""

    session: Session
    notes: tuple[str, ...] = ()


def fill(store: Store, wanted: Wanted) -> Filled:
    """Return today's session. Raises UsageError for wishes that do not go together."""
    chosen = [name for name in ("cram", "ahead", "by") if getattr(wanted, name)]
    if len(chosen) > 1:
        raise UsageError(f"--{chosen[0]} and --{chosen[1]} do not go together. Take one of them.")
    pool = pool_of(store, wanted)
    if wanted.by:
        return for_exam(store, pool, wanted)
    if wanted.cram:
        return _crammed(pool, wanted)
    return _usual(pool, wanted)


def pool_of(store: Store, wanted: Wanted) -> Pool:
    """Return the cards that were asked for, in the order that was asked for."""
    index, today = store.index.connection, store.today
    where, values = counts.among(wanted.decks)
    conditions, named = [where.removeprefix("AND ") or "1"], dict[str, object](values)
    if wanted.search or wanted.tag:
        from flashcards.core.search_query import All, Name, read
        from flashcards.storage.index.queries.search import condition

        tags = (Name("tag", wanted.tag.casefold(), whole=True),) if wanted.tag else ()
        query = All((read(wanted.search, today), *tags))
        found = condition(index, query, today, store.settings.repeat_below, store.settings.leech)
        conditions.append(found.sql)
        named |= found.values
    order = wanted.order or ("random" if wanted.cram else store.settings.order_of(wanted.decks))
    return Pool(index, today.toordinal(), " AND ".join(conditions), named, order)


def session_of(pool: Pool, wanted: Wanted, slots: Sequence[Slot], *, cram: bool = False) -> Session:
    """Return a session on the first so many slots."""
    taken = slots[: wanted.limit]
    below = index_conditions.settings(pool.index)[index_conditions.REPEAT_BELOW]
    own = pool.own_repeats([slot.card for slot in taken])
    return Session(taken, below, own=own, cram=cram)


def slots_of(again: Sequence[CardId], due: Sequence[CardId], new: Sequence[CardId]) -> list[Slot]:
    """Return repeats first, then what is due with the new cards spread among it."""
    known = set(due)
    slots = [Slot(card, Source.AGAIN) for card in again]
    return slots + [
        Slot(card, Source.DUE if card in known else Source.NEW) for card in mixed(due, new)
    ]


def _usual(pool: Pool, wanted: Wanted) -> Filled:
    index, today = pool.index, pool.today
    share = counts.share_of(index, today)
    if share.off_until and wanted.new is None and not wanted.ahead:
        return Filled(Session(()), (_days_off(share.off_until),))
    kept = counts.waiting_late(index, today, share)
    everywhere = sum(counts.due_by_deck(index, today, share).values())
    new, reviews, paused = counts.allowance(index, today, everywhere, late=kept)
    if wanted.new is not None:
        new, paused = wanted.new, False
    due, late = pool.due(reviews, share)
    fresh = pool.new(new, at_will=wanted.new is not None)
    slots = slots_of(pool.again(), due, fresh) + [Slot(card, Source.DUE) for card in late]
    notes = []
    if share.since and kept:
        notes.append(
            f"Catching up: {len(due)} due today, then {len(late)} of {kept} old ones; "
            "new cards pause."
        )
    elif paused and not wanted.decks and not wanted.search and not wanted.tag:
        notes.append(
            f"A backlog: {everywhere - len(due)} more cards are due than today's limit takes. "
            "New cards pause until it is gone (--new N brings some all the same; "
            "flashcards catch-up spreads it over days)."
        )
    elif paused and pool.new(1, at_will=True):
        notes.append(f"New cards pause: {everywhere} cards are due in all.  (--new N brings some.)")
    if wanted.ahead:
        early = [Slot(card, Source.DUE) for card in pool.becoming_due(wanted.ahead)]
        slots += early
        cards = "1 card comes" if len(early) == 1 else f"{len(early)} cards come"
        notes.append(f"{cards} ahead of the date: practice, no date changes.")
    return Filled(session_of(pool, wanted, slots), tuple(notes))


def _crammed(pool: Pool, wanted: Wanted) -> Filled:
    slots = [Slot(card, Source.DUE) for card in pool.everything(wanted.limit or -1)]
    cards = "1 card" if len(slots) == 1 else f"{len(slots)} cards"
    note = f"Cramming {cards}: your answers are kept, no date changes."
    return Filled(session_of(pool, wanted, slots, cram=True), (note,) if slots else ())


def _days_off(until: int) -> str:
    day = date.fromordinal(until)
    return (
        f"Days off until {day.isoformat()}: nothing is asked before. "
        "flashcards catch-up ends them today; study --cram practises."
    )


SHOWN = 30
"""Days of which the load is shown; a longer plan is told without its curve."""
ALL = 1_000_000


def for_exam(store: Store, pool: Pool, wanted: Wanted) -> Filled:
    """Return today's session for an exam. Raises UsageError when its day is over."""
    day = wanted.by or store.today
    if day < store.today:
        raise UsageError(f"{day.isoformat()} is over. --by takes a day that is still to come.")
    schedules = pool.schedules()
    exam = Exam(day, store.today, len(schedules), store.settings.limits.reviews)
    due, late = pool.due(ALL, NO_PLAN)
    due += late
    unseen: list[Slot] = []
    fresh = []
    if exam.passing:
        begins = exam.pass_begins.toordinal()
        cards = pool.unseen(begins)
        share = exam.pass_today(len(cards), pool.seen_first_today(begins))
        known = set(due)
        more = [card for card in cards if card not in known]
        unseen = [Slot(card, Source.DUE) for card in more[: max(0, share - len(due))]]
    else:
        new = sum(found[0] is None for found in schedules)
        fresh = pool.new(exam.new_today(new, pool.new_done()), at_will=True)
    slots = slots_of(pool.again(), due, fresh) + unseen
    loads = exam.loads((due, Memory(*memory)) for due, *memory in schedules)
    notes = _told(exam, loads, len(due), len(fresh), len(unseen))
    return Filled(session_of(pool, wanted, slots), notes)


def _told(exam: Exam, loads: list[int], due: int, new: int, unseen: int) -> tuple[str, ...]:
    days = (exam.day - exam.today).days
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    parts = [(due, "due"), (new, "new"), (unseen, "to see again")]
    today = " and ".join(f"{n} {what}" for n, what in parts if n) or "nothing more"
    lines = [f"By {exam.day.isoformat()} ({when}): {exam.cards} cards. Today {today}."]
    if exam.passing:
        lines.append("The last pass: each card once more, the hardest last.")
    else:
        last = -(-exam.cards // exam.pass_days)
        lines.append(
            f"All are met by {exam.pass_begins.isoformat()}; then a last pass, {last} a day."
        )
    if 1 < len(loads) <= SHOWN:
        lines.append(
            f"Cards a day, if you recall them: {sparks(loads)}  {' '.join(map(str, loads))}"
        )
    return tuple(lines)
