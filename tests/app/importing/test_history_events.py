"""What another program knows becomes the same events, however often and wherever it comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from factories import NOON, review
from flashcards.app.importing.history_events import history_events
from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, EventId, Reset, Review, SetDue, Suspend, Unsuspend
from flashcards.core.events import event_order as in_order
from flashcards.core.replay import replay_card
from flashcards.importers.base import ImportedHistory, ImportedReview, ImportedSchedule
from flashcards.storage.journal.record import JournalRecord, decode_record, encode_record

CARD = CardId("c")
DAY = timedelta(days=1)
OLD = ImportedHistory(
    tuple(ImportedReview(f"k{i}", NOON - (20 - i * 5) * DAY, 4, 900) for i in range(3)),
    ImportedSchedule(date(2026, 2, 1), 30, 210, 5, 1),
)


def imported(history: ImportedHistory, before: tuple[CardEvent, ...] = ()) -> list[CardEvent]:
    return history_events("anki", CARD, history, before, NOON)


def progress(events: list[CardEvent]) -> object:
    return replay_card(sorted(events, key=in_order)).progress


def test_the_same_again_adds_nothing() -> None:
    """Ids come from what an event is, so a second import, or machine, has the same ones."""
    first = imported(OLD)
    assert first == imported(OLD)
    assert imported(OLD, tuple(first)) == []
    assert len({event.id for event in first}) == len(first) == 4
    assert all(isinstance(e, Review) and e.source == "anki" for e in first[:3])


def test_only_new_answers_are_added() -> None:
    """A later package adds its later answers, and where the card stands after them."""
    first = imported(OLD)
    more = ImportedReview("k9", NOON - DAY, 5)
    later = ImportedHistory((*OLD.reviews, more), ImportedSchedule(date(2026, 3, 1), 55, 220))
    added = imported(later, tuple(first))
    assert [type(event) for event in added] == [Review, SetDue]
    now = replay_card(sorted([*first, *added], key=in_order)).progress
    assert (now.due, now.memory.interval, now.memory.ease) == (date(2026, 3, 1), 55, 220)


def test_what_was_done_here_since_counts_on_top() -> None:
    """Importing an old package again never outranks a newer answer, or a newer waking."""
    asleep = ImportedHistory(OLD.reviews, OLD.schedule, suspended=True)
    first = imported(asleep)
    awake = Unsuspend(EventId("u"), int(NOON.timestamp() * 1000), NOON, CARD)
    answer = review("c", 2, NOON + 40 * DAY)
    mine = [*first, awake, answer]
    changed = ImportedHistory(OLD.reviews, ImportedSchedule(date(2026, 2, 9), 33), suspended=True)
    again = [*mine, *history_events("anki", CARD, changed, mine, NOON + 50 * DAY)]
    assert progress(again) == replay_card(sorted(again, key=in_order)).progress
    now = replay_card(sorted(again, key=in_order)).progress
    assert not now.suspended
    assert now.memory.interval == 1
    assert now.last_answered == answer.at.date()


def test_answers_that_led_there_need_no_date() -> None:
    """Where SM-2 comes to the same by the answers alone, nothing is set."""
    given_ = tuple(ImportedReview(str(i), NOON - n * DAY, 4) for i, n in enumerate((10, 9, 3)))
    now = replay_card(imported(ImportedHistory(given_))).progress
    assert now.due
    given_schedule = ImportedSchedule(now.due, now.memory.interval, now.memory.ease, 3)
    assert all(isinstance(event, Review) for event in imported(ImportedHistory(given_, given_schedule)))


def test_answers_that_went_out_and_come_back_are_known() -> None:
    """An answer given here that comes back by another program is not counted twice."""
    mine = (review("c", 4, NOON - DAY),)
    back = ImportedHistory((ImportedReview("anki-key", NOON - DAY + timedelta(milliseconds=2), 4),))
    assert imported(back, mine) == []


def test_a_forgotten_card_starts_again() -> None:
    """Its answers stay in the history, and it is new."""
    found = imported(ImportedHistory(OLD.reviews, starts_as_new=True))
    assert isinstance(found[-1], Reset)
    assert replay_card(found).progress.due is None
    assert imported(ImportedHistory(starts_as_new=True)) == []


def test_sleep_without_a_past_lies_before_all_else() -> None:
    """A suspended new card has no time of its own; whatever is done here comes later."""
    (event,) = imported(ImportedHistory(suspended=True))
    assert isinstance(event, Suspend)
    assert event.hlc < 10


def test_answers_of_broken_clocks_are_left_out() -> None:
    """A time that cannot be neither sorts before nor after everything."""
    odd = [datetime(1900, 1, 1, tzinfo=UTC), NOON + 400 * DAY]
    assert imported(ImportedHistory(tuple(ImportedReview(str(at), at, 4) for at in odd))) == []


@given(
    given_schedule=st.builds(
        ImportedSchedule, st.dates(), st.integers(-(2**40), 2**40), st.integers(-(2**70), 2**70),
        st.integers(-5, 2**70), st.integers(-5, 2**70),
    ),
    rating=st.integers(-3, 9), ms=st.integers(-9, 2**60),
    days=st.floats(-9000, 1),
)  # fmt: skip
def test_whatever_comes_can_be_written(
    given_schedule: ImportedSchedule, rating: int, ms: int, days: float
) -> None:
    """No number of another program makes a line that the journal cannot read back."""
    history = ImportedHistory(
        (ImportedReview("k", NOON + days * DAY, rating, ms, ms),), given_schedule, suspended=True
    )
    for number, event in enumerate(imported(history)):
        record = JournalRecord(event, "d", number)
        assert decode_record(encode_record(record)).event.id == event.id
