"""`study --by DATE`: today's share of what an exam needs, and the whole plan in a line or two."""

from __future__ import annotations

from flashcards.cli.queue import Filled, Wanted, session_of, slots_of
from flashcards.core.exam import Exam
from flashcards.core.session import Slot, Source
from flashcards.core.sm2 import Memory
from flashcards.errors import UsageError
from flashcards.storage.questions.choosing import Pool
from flashcards.storage.questions.counts import NO_PLAN
from flashcards.storage.store import Store
from flashcards.terminal.reports import sparks

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
