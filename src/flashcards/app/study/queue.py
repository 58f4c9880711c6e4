"""Build the queue of a study session, practice and exams included."""

from collections.abc import Sequence
from datetime import date
from sqlite3 import Connection
from typing import NamedTuple

from flashcards.app.store_scheduler import store_scheduler
from flashcards.core.cards import CardId
from flashcards.core.exam import ExamPlan
from flashcards.core.format_count import format_count
from flashcards.core.interleave_cards import interleave_cards
from flashcards.core.search_query import And, Term, parse_query
from flashcards.core.session import QueuedCard, QueueReason, Session
from flashcards.errors import UsageError
from flashcards.storage.index import due_conditions as index_conditions
from flashcards.storage.index.queries import counts
from flashcards.storage.index.queries.counts import NO_PLAN
from flashcards.storage.index.queries.session_cards import SessionCards
from flashcards.storage.index.queries.today_counts import load_due_today
from flashcards.storage.store import Store
from flashcards.terminal.text.format import sparkline


class StudyRequest(NamedTuple):
    """What the user asked to study; the default is everything."""

    decks: tuple[str, ...] = ()
    search: str = ""
    tag: str = ""
    new: int | None = None  # new cards in this session, instead of the daily limit
    reviews: int | None = None  # due cards in this session, instead of the daily limit
    limit: int | None = None
    order: str = ""
    cram: bool = False
    ahead: int = 0  # practise also what becomes due in this many days
    by: date | None = None  # the day of an exam


class StudyQueue(NamedTuple):
    """A session, and the notes to print before it."""

    session: Session
    notes: tuple[str, ...] = ()


def build_queue(store: Store, request: StudyRequest) -> StudyQueue:
    """Return the session asked for. Raises UsageError for options that exclude each other."""
    modes = [name for name in ("cram", "ahead", "by") if getattr(request, name)]
    if len(modes) > 1:
        raise UsageError(f"--{modes[0]} and --{modes[1]} cannot be combined. Use one of them.")
    return store.query(lambda index: _build_queue(store, index, request))


def _build_queue(store: Store, index: Connection, request: StudyRequest) -> StudyQueue:
    pool = select_cards(store, index, request)
    if request.by:
        return build_exam_queue(store, pool, request)
    if request.cram:
        return _build_cram_queue(pool, request)
    return _build_due_queue(pool, request)


def select_cards(store: Store, index: Connection, request: StudyRequest) -> SessionCards:
    """Return the cards asked for, in the order asked for."""
    today = store.today
    where, values = counts.deck_condition(request.decks)
    conditions, named = [where.removeprefix("AND ") or "1"], dict[str, object](values)
    if request.search or request.tag:
        from flashcards.storage.index.queries.search import build_search_condition

        tags = (Term("tag", "=", request.tag.casefold()),) if request.tag else ()
        query = And((parse_query(request.search, today), *tags))
        found = build_search_condition(index, query, store.search_context)
        conditions.append(found.sql)
        named |= found.values
    order = request.order or ("random" if request.cram else store.settings.session_order(request.decks))
    return SessionCards(index, today.toordinal(), " AND ".join(conditions), named, order)


def make_session(
    pool: SessionCards, request: StudyRequest, slots: Sequence[QueuedCard], *, cram: bool = False
) -> Session:
    """Return a session on the first cards of the queue."""
    limited = slots[: request.limit]
    below = index_conditions.index_settings(pool.connection)[index_conditions.REPEAT_BELOW_SETTING]
    own = pool.repeat_below_by_card([slot.card for slot in limited])
    return Session(limited, below, repeat_below_by_card=own, cram=cram)


def queue_cards(
    pool: SessionCards, due: Sequence[CardId], new: Sequence[CardId], later: Sequence[CardId]
) -> list[QueuedCard]:
    """Queue repeats first, then due cards with new ones interleaved, then the later ones."""
    reasons = dict.fromkeys(new, QueueReason.NEW)
    repeats = [QueuedCard(card, QueueReason.AGAIN) for card in pool.cards_to_repeat()]
    others = (*interleave_cards(due, new), *later)
    return repeats + [QueuedCard(card, reasons.get(card, QueueReason.DUE)) for card in others]


def _build_due_queue(pool: SessionCards, request: StudyRequest) -> StudyQueue:
    index, today = pool.connection, pool.today_ordinal
    share = counts.load_plan_share(index, today)
    if share.off_until and request.new is None and request.reviews is None and not request.ahead:
        return StudyQueue(Session(()), (_days_off_note(share.off_until),))
    kept = counts.count_backlog(index, today, share)
    all_due = sum(counts.count_due_by_deck(index, today, share).values())
    new, reviews, paused = counts.remaining_limits(index, today, all_due, kept)
    if request.reviews is not None:
        reviews, share = request.reviews, counts.NO_PLAN if share.off_until else share
    if request.new is not None:
        new, paused = request.new, False
    due, backlog = pool.due_cards(reviews, share, at_will=request.reviews is not None)
    new_cards = pool.new_cards(new, at_will=request.new is not None)
    early = pool.cards_becoming_due(request.ahead) if request.ahead else []
    slots = queue_cards(pool, due, new_cards, [*backlog, *early])
    notes = []
    if share.since_day and kept:
        notes.append(
            f"Catching up: {len(due)} due today, then {len(backlog)} of {kept} old cards; new cards pause."
        )
    elif paused:
        notes += _backlog_notes(pool, request, all_due, all_due - len(due))
    if request.ahead:
        cards = format_count(len(early), "card")
        notes.append(f"{cards} before the due date, as practice: the schedule does not change.")
    return StudyQueue(make_session(pool, request, slots), tuple(notes))


def _backlog_notes(pool: SessionCards, request: StudyRequest, due: int, over: int) -> list[str]:
    """Say what a backlog does, and which commands help."""
    has_new = bool(pool.new_cards(1, at_will=True))
    if request.decks or request.search or request.tag:
        due_cards = format_count(due, "due card")
        return [f"New cards are paused: {due_cards} in all decks. (Add some with --new N.)"] * has_new
    ways = ["add some with --new N"] * has_new
    if load_due_today(pool.connection, pool.today_ordinal).has_backlog:
        ways.append("spread it over days with flashcards catch-up")
    if not over:
        return []
    paused = " New cards are paused until it is done" if has_new else ""
    how = f" ({'; '.join(ways)})" if ways else ""
    return [
        f"Backlog: {format_count(over, 'card')} more than today's limit.{paused}{how}"
        + "." * bool(paused or how)
    ]


def _build_cram_queue(pool: SessionCards, request: StudyRequest) -> StudyQueue:
    slots = [QueuedCard(card, QueueReason.DUE) for card in pool.all_cards(request.limit or -1)]
    note = f"Cramming {format_count(len(slots), 'card')}: answers are saved, the schedule does not change."
    return StudyQueue(make_session(pool, request, slots, cram=True), (note,) if slots else ())


def _days_off_note(until: int) -> str:
    day = date.fromordinal(until)
    return (
        f"Days off until {day.isoformat()}: no cards until then. "
        "End them with flashcards vacation --cancel; practise with flashcards study --cram."
    )


MAX_CURVE_DAYS = 30  # the daily load of a longer plan is not shown
NO_LIMIT = 1_000_000


def build_exam_queue(store: Store, pool: SessionCards, request: StudyRequest) -> StudyQueue:
    """Return today's session for an exam. Raises UsageError if its day has passed."""
    day = request.by or store.today
    if day < store.today:
        raise UsageError(f"{day.isoformat()} has passed. --by needs today or a later date.")
    schedules = pool.card_schedules()
    exam = ExamPlan(day, store.today, len(schedules), store.settings.limits.reviews)
    due, backlog = pool.due_cards(NO_LIMIT, NO_PLAN)
    due += backlog
    unseen, new_cards = list[CardId](), list[CardId]()
    if exam.is_final_pass:
        begins = exam.final_pass_start.toordinal()
        cards = pool.cards_not_answered_since(begins)
        share = exam.final_pass_cards_today(len(cards), pool.count_first_seen_today(begins))
        known = set(due)
        unseen = [card for card in cards if card not in known][: max(0, share - len(due))]
    else:
        new = sum(schedule[0] is None for schedule in schedules)
        new_cards = pool.new_cards(exam.new_cards_today(new, pool.count_new_done()), at_will=True)
    slots = queue_cards(pool, due, new_cards, unseen)
    loads = exam.daily_loads(schedules, store_scheduler(store))
    notes = _exam_notes(exam, loads, len(due), len(new_cards), len(unseen))
    return StudyQueue(make_session(pool, request, slots), notes)


def _exam_notes(exam: ExamPlan, day_loads: list[int], due: int, new: int, unseen: int) -> tuple[str, ...]:
    days = (exam.exam_day - exam.today).days
    day_text = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    parts = [(due, "due"), (new, "new"), (unseen, "for the final review")]
    today = " and ".join(f"{n} {label}" for n, label in parts if n) or "nothing more"
    cards = format_count(exam.card_count, "card")
    lines = [f"Exam {exam.exam_day.isoformat()} ({day_text}): {cards}. Today: {today}."]
    if exam.is_final_pass:
        lines.append("Final review: each card once more, hardest last.")
    else:
        last = -(-exam.card_count // exam.final_pass_days)
        begins = exam.final_pass_start.isoformat()
        lines.append(
            f"All cards are introduced by {begins}; then a final review of "
            f"{format_count(last, 'card')} per day."
        )
    if 1 < len(day_loads) <= MAX_CURVE_DAYS:
        lines.append(
            f"Cards per day, if you recall them all: {sparkline(day_loads)}  {' '.join(map(str, day_loads))}"
        )
    return tuple(lines)
