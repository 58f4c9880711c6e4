"""The moves of a session at a desk: the clock, a new day, others' answers, leeches."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories import NOON, card
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.core.session import QueuedCard, QueueReason, Session
from flashcards.core.today_summary import MAX_ANSWER_MS
from flashcards.errors import StoreError
from flashcards.terminal.study.actions import StudyActions
from flashcards.terminal.study.study_port import StoreChanges
from memory_study_port import MemoryStudyPort


class Watch:
    """A monotonic clock that a test sets, in seconds."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def actions_with(*names: str) -> tuple[StudyActions, MemoryStudyPort, Watch]:
    """Return a hand with new cards of these names."""
    port, watch = MemoryStudyPort(*(card(f"front {name}", "back", name) for name in names)), Watch()
    slots = [QueuedCard(CardId(name), QueueReason.NEW) for name in names]
    return StudyActions(Session(slots), port, watch), port, watch


def answered_elsewhere(port: MemoryStudyPort, name: str, rating: int = 4) -> None:
    port.kept.append(Review(EventId(name), 0, port.now(), CardId(name), rating, 0))
    port.news = StoreChanges(frozenset({CardId(name)}))


def test_time_away_is_no_thought() -> None:
    """What passes during a pause is not counted, and no answer counts more than a minute."""
    study_actions, _, watch = actions_with("a")
    watch.at = 5
    with study_actions.clock_paused():
        watch.at = 500
    watch.at += 2
    assert study_actions.answer_time_ms() == 7000
    watch.at += 3600
    assert study_actions.answer_time_ms() == MAX_ANSWER_MS


def test_a_clock_that_goes_back_gives_no_time() -> None:
    """Whatever the clock does, thought is never less than nothing."""
    study_actions, _, watch = actions_with("a")
    watch.at = -50
    assert study_actions.answer_time_ms() == 0


def test_a_new_day_is_told_and_counts() -> None:
    """After the rollover answers belong to the new day, and a card due on it is graded."""
    study_actions, port, _ = actions_with("a", "b")
    study_actions.rate_card(2)
    port.at += timedelta(days=1)
    study_actions.rate_card(4)
    assert any("A new study day has started" in told for told in study_actions.notices)
    assert study_actions.current_card.id == "a"
    study_actions.rate_card(5)
    entry = port.card_state(CardId("a"))
    assert entry
    assert entry.progress.due == port.today() + timedelta(days=1)


def test_what_was_answered_elsewhere_is_passed_over() -> None:
    """The next card is taken instead, and that is said."""
    study_actions, port, _ = actions_with("a", "b", "c")
    answered_elsewhere(port, "b")
    study_actions.rate_card(4)
    assert study_actions.current_card.id == "c"
    assert study_actions.notices == ['"front b" skipped: it was answered elsewhere']


def test_the_card_in_hand_can_be_answered_twice() -> None:
    """Whoever has it before their eyes may rate it; it is a repeat or early, and counts so."""
    study_actions, port, _ = actions_with("a", "b")
    answered_elsewhere(port, "a", 2)
    assert study_actions.current_card.id == "a"
    study_actions.rate_card(4)
    assert study_actions.current_card.id == "b"


def test_what_was_undone_elsewhere_is_asked() -> None:
    """News of an answer that is no more keep no card back."""
    study_actions, port, _ = actions_with("a", "b")
    port.news = StoreChanges(frozenset({CardId("b")}))
    study_actions.rate_card(4)
    assert study_actions.current_card.id == "b"


def test_a_card_deleted_meanwhile_is_passed_over() -> None:
    """It is said, and the session goes on to its end."""
    study_actions, port, _ = actions_with("a", "b")
    del port.cards[CardId("b")]
    study_actions.rate_card(4)
    assert study_actions.card_state is None
    assert study_actions.notices == ["b skipped: it is no longer in any deck"]


@pytest.mark.parametrize(("lapses", "told"), [(7, False), (8, True), (9, False), (12, True)])
def test_when_a_leech_is_told(lapses: int, told: bool) -> None:  # noqa: FBT001 (a table)
    """At eight lapses, and again after every four more."""
    study_actions, port, _ = actions_with("a")
    for _ in range(lapses - 1):
        port.kept.append(Review(EventId(""), 0, port.at, CardId("a"), 1, 0))
        port.at += timedelta(days=1)
    study_actions.load_current_card()
    study_actions.rate_card(1)
    assert (study_actions.new_leech is not None) == told


def test_an_undo_says_what_it_took_back() -> None:
    """The rating and the front; and that it was given in this sitting."""
    study_actions, port, _ = actions_with("a", "b")
    port.kept.append(Review(EventId(""), 0, NOON - timedelta(days=3), CardId("b"), 5, 0))
    study_actions.rate_card(2)
    assert study_actions.undo_last() == ('undone: 2 for "front a"', True)
    assert study_actions.undo_last() == ('undone: 5 for "front b"', False)
    assert study_actions.undo_last() == ("nothing to undo", False)


def test_news_that_cannot_be_had_stop_nothing() -> None:
    """A fault while looking around is told; the card can be asked."""
    study_actions, port, _ = actions_with("a", "b")

    def broken() -> StoreChanges:
        raise StoreError("the journal cannot be read")

    port.poll_changes = broken  # type: ignore[method-assign]  # this desk is the test's own
    study_actions.rate_card(4)
    assert study_actions.current_card.id == "b"
    assert study_actions.notices == ["the journal cannot be read"]


def test_trouble_is_what_was_forgotten_now() -> None:
    """Cards forgotten in this sitting with three lapses or more, the worst first."""
    study_actions, port, _ = actions_with("a", "b", "c")
    for name, lapses in (("a", 2), ("b", 4), ("c", 9)):
        for i in range(lapses):
            at = NOON - timedelta(days=30 - i)
            port.kept.append(Review(EventId(""), 0, at, CardId(name), 1, 0))
    study_actions.load_current_card()
    for rating in (1, 2, 5):
        study_actions.rate_card(rating)
    assert [entry.card.id for entry in study_actions.hardest_cards()] == ["b", "a"]


def test_a_control_character_is_told_once_of_a_deck() -> None:
    """Its cards are asked all the same; another deck's is told of too."""
    port = MemoryStudyPort(
        card("half \x0crac{1}{2}", "0.5", "a", path="decks/m.yaml"),
        card("b", "x\x1by", "b", path="decks/m.yaml"),
        card("tab\t and\nline", "c", "c", path="decks/n.yaml"),
        card("d", "\x9b", "d", path="decks/o.yaml"),
    )
    slots = [QueuedCard(name, QueueReason.NEW) for name in port.cards]
    study_actions = StudyActions(Session(slots), port, Watch())
    for _ in slots:
        study_actions.rate_card(5)
    assert [notice.partition(": ")[0] for notice in study_actions.notices] == [
        "decks/m.yaml:0",
        "decks/o.yaml:0",
    ]
