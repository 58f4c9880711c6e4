"""The moves of a session at a desk: the clock, a new day, others' answers, leeches."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desks import Desk
from factories import NOON, card
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.core.session import QueuedCard, QueueReason, Session
from flashcards.core.today_summary import MAX_ANSWER_MS
from flashcards.errors import StoreError
from flashcards.terminal.study.actions import StudyActions
from flashcards.terminal.study.study_port import StoreChanges


class Watch:
    """A monotonic clock that a test sets, in seconds."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def at_desk(*names: str) -> tuple[StudyActions, Desk, Watch]:
    """Return a hand with new cards of these names."""
    desk, watch = Desk(*(card(f"front {name}", "back", name) for name in names)), Watch()
    slots = [QueuedCard(CardId(name), QueueReason.NEW) for name in names]
    return StudyActions(Session(slots), desk, watch), desk, watch


def answered_elsewhere(desk: Desk, name: str, rating: int = 4) -> None:
    desk.kept.append(Review(EventId(name), 0, desk.now(), CardId(name), rating, 0))
    desk.news = StoreChanges(frozenset({CardId(name)}))


def test_time_away_is_no_thought() -> None:
    """What passes during a pause is not counted, and no answer counts more than a minute."""
    hand, _, watch = at_desk("a")
    watch.at = 5
    with hand.clock_paused():
        watch.at = 500
    watch.at += 2
    assert hand.answer_time_ms() == 7000
    watch.at += 3600
    assert hand.answer_time_ms() == MAX_ANSWER_MS


def test_a_clock_that_goes_back_gives_no_time() -> None:
    """Whatever the clock does, thought is never less than nothing."""
    hand, _, watch = at_desk("a")
    watch.at = -50
    assert hand.answer_time_ms() == 0


def test_a_new_day_is_told_and_counts() -> None:
    """After the rollover answers belong to the new day, and a card due on it is graded."""
    hand, desk, _ = at_desk("a", "b")
    hand.rate_card(2)
    desk.at += timedelta(days=1)
    hand.rate_card(4)
    assert any("A new study day has started" in told for told in hand.notices)
    assert hand.current_card.id == "a"
    hand.rate_card(5)
    entry = desk.card_state(CardId("a"))
    assert entry
    assert entry.progress.due == desk.today() + timedelta(days=1)


def test_what_was_answered_elsewhere_is_passed_over() -> None:
    """The next card is taken instead, and that is said."""
    hand, desk, _ = at_desk("a", "b", "c")
    answered_elsewhere(desk, "b")
    hand.rate_card(4)
    assert hand.current_card.id == "c"
    assert hand.notices == ['"front b" skipped: it was answered elsewhere']


def test_the_card_in_hand_can_be_answered_twice() -> None:
    """Whoever has it before their eyes may rate it; it is a repeat or early, and counts so."""
    hand, desk, _ = at_desk("a", "b")
    answered_elsewhere(desk, "a", 2)
    assert hand.current_card.id == "a"
    hand.rate_card(4)
    assert hand.current_card.id == "b"


def test_what_was_undone_elsewhere_is_asked() -> None:
    """News of an answer that is no more keep no card back."""
    hand, desk, _ = at_desk("a", "b")
    desk.news = StoreChanges(frozenset({CardId("b")}))
    hand.rate_card(4)
    assert hand.current_card.id == "b"


def test_a_card_deleted_meanwhile_is_passed_over() -> None:
    """It is said, and the session goes on to its end."""
    hand, desk, _ = at_desk("a", "b")
    del desk.cards[CardId("b")]
    hand.rate_card(4)
    assert hand.card_state is None
    assert hand.notices == ["b skipped: it is no longer in any deck"]


@pytest.mark.parametrize(("lapses", "told"), [(7, False), (8, True), (9, False), (12, True)])
def test_when_a_leech_is_told(lapses: int, told: bool) -> None:  # noqa: FBT001 (a table)
    """At eight lapses, and again after every four more."""
    hand, desk, _ = at_desk("a")
    for _ in range(lapses - 1):
        desk.kept.append(Review(EventId(""), 0, desk.at, CardId("a"), 1, 0))
        desk.at += timedelta(days=1)
    hand.load_current_card()
    hand.rate_card(1)
    assert (hand.new_leech is not None) == told


def test_an_undo_says_what_it_took_back() -> None:
    """The rating and the front; and that it was given in this sitting."""
    hand, desk, _ = at_desk("a", "b")
    desk.kept.append(Review(EventId(""), 0, NOON - timedelta(days=3), CardId("b"), 5, 0))
    hand.rate_card(2)
    assert hand.undo_last() == ('undone: 2 for "front a"', True)
    assert hand.undo_last() == ('undone: 5 for "front b"', False)
    assert hand.undo_last() == ("nothing to undo", False)


def test_news_that_cannot_be_had_stop_nothing() -> None:
    """A fault while looking around is told; the card can be asked."""
    hand, desk, _ = at_desk("a", "b")

    def broken() -> StoreChanges:
        raise StoreError("the journal cannot be read")

    desk.poll_changes = broken  # type: ignore[method-assign]  # this desk is the test's own
    hand.rate_card(4)
    assert hand.current_card.id == "b"
    assert hand.notices == ["the journal cannot be read"]


def test_trouble_is_what_was_forgotten_now() -> None:
    """Cards forgotten in this sitting with three lapses or more, the worst first."""
    hand, desk, _ = at_desk("a", "b", "c")
    for name, lapses in (("a", 2), ("b", 4), ("c", 9)):
        for i in range(lapses):
            at = NOON - timedelta(days=30 - i)
            desk.kept.append(Review(EventId(""), 0, at, CardId(name), 1, 0))
    hand.load_current_card()
    for rating in (1, 2, 5):
        hand.rate_card(rating)
    assert [entry.card.id for entry in hand.hardest_cards()] == ["b", "a"]


def test_a_control_character_is_told_once_of_a_deck() -> None:
    """Its cards are asked all the same; another deck's is told of too."""
    desk = Desk(
        card("half \x0crac{1}{2}", "0.5", "a", path="decks/m.yaml"),
        card("b", "x\x1by", "b", path="decks/m.yaml"),
        card("tab\t and\nline", "c", "c", path="decks/n.yaml"),
        card("d", "\x9b", "d", path="decks/o.yaml"),
    )
    slots = [QueuedCard(name, QueueReason.NEW) for name in desk.cards]
    hand = StudyActions(Session(slots), desk, Watch())
    for _ in slots:
        hand.rate_card(5)
    assert [notice.partition(": ")[0] for notice in hand.notices] == ["decks/m.yaml:0", "decks/o.yaml:0"]
