"""What a session asks: repeats that wait, then what is due with new cards mixed in, or practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flashcards.core.agenda import mixed
from flashcards.core.card import CardId
from flashcards.core.session import Session, Slot, Source
from flashcards.errors import UsageError
from flashcards.storage.questions import asked, counts
from flashcards.storage.questions.choosing import Pool
from flashcards.storage.store import Store


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
        from flashcards.cli.exam import for_exam  # noqa: PLC0415 (only for those who have one)

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
        from flashcards.core.query import All, Name, read  # noqa: PLC0415 (only for a search)
        from flashcards.storage.questions.finding import condition  # noqa: PLC0415 (only for a search)

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
    below = asked.settings(pool.index)[asked.REPEAT_BELOW]
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
