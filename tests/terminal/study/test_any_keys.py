"""Any keys in any order, on a real store: every frame fits, and what the screen counts is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import Clock, open_store, put_deck
from flashcards.app.study.store_study_port import StorePort
from flashcards.core.cards import CardId
from flashcards.core.key_bindings import KEY_ACTIONS, resolve_bindings
from flashcards.core.session import QueuedCard, QueueReason, Session
from flashcards.storage.index.queries import cards
from flashcards.storage.store import Store
from flashcards.terminal.device.line_editor import PASTE_PREFIX
from flashcards.terminal.device.view import ScreenSize, ScreenView
from flashcards.terminal.study.actions import StudyActions
from flashcards.terminal.study.page_loop import PageTerminal
from flashcards.terminal.study.screen_loop import StudyLoop
from replay_oracle import replay_card_history

DECK = """deck: Ways
cards:
  - {id: typed, front: Capital?, back: Rome, type: true}
  - {id: chosen, front: Bird?, back: robin, choices: [bat, bee]}
  - {id: listed, front: Colours?, list: [red, green, blue]}
  - {id: gap, cloze: "The {{heart}} pumps {{blood}}."}
  - {id: plain, front: le chien, back: the dog}
"""
NAMES = ("typed", "chosen", "listed", "gap", "plain")
KEYS = st.sampled_from(
    [
        *(
            key
            for action in KEY_ACTIONS
            if action.name not in ("edit", "open")
            for key in action.default_keys
        ),
        *"abcxyz", "resize", "back", "ctrl-u", f"{PASTE_PREFIX}Rome", *(["enter", "space"] * 4),
    ]
)  # fmt: skip


class Keyboard:
    """Types a list of keys, then leaves."""

    def __init__(self, keys: list[str]) -> None:
        self._keys = iter(keys)

    def read_key(self, *, accept_paste: bool = False, on_idle: Callable[[], None] | None = None) -> str:
        if on_idle:
            on_idle()
        key = next(self._keys, "eof")
        return "" if key.startswith(PASTE_PREFIX) and not accept_paste else key

    def suspended_terminal(self) -> nullcontext[None]:
        return nullcontext()


class Screen:
    """Checks that each frame fits, and keeps the last."""

    def __init__(self, size: ScreenSize) -> None:
        self.size = size
        self.last = ScreenView([])

    def draw_view(self, view: ScreenView) -> None:
        assert len(view.lines) <= self.size.rows
        assert all(line.cell_len <= self.size.columns for line in view.lines)
        if view.cursor:
            row, column = view.cursor
            assert 0 <= row < self.size.rows
            assert 0 <= column < self.size.columns
        self.last = view


def sit(store: Store, keys: list[str], size: ScreenSize) -> Session:
    entries = [e.card.id for e in cards.card_states(store.index.connection)]
    session = Session(
        QueuedCard(next(card for card in entries if card.startswith(name)), QueueReason.NEW) for name in NAMES
    )
    study_actions = StudyActions(session, StorePort(store), lambda: 0.0)
    terminal = PageTerminal(Keyboard(keys), Screen(size), resolve_bindings())  # type: ignore[arg-type]  # of our own make
    StudyLoop(study_actions, terminal, typing=False).run(None)
    return session


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(KEYS, max_size=60), st.integers(10, 100), st.integers(3, 30))
def test_whatever_is_pressed_is_kept_and_fits(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], columns: int, rows: int
) -> None:
    """The answers that count in the sitting are the answers in the journal, card by card."""
    folder = tmp_path_factory.mktemp("keys")
    put_deck(folder, DECK)
    store = open_store(folder, Clock())
    session = sit(store, keys, ScreenSize(columns, rows))
    counted: dict[CardId, list[int]] = {}
    for given_answer in session.given_ratings:
        counted.setdefault(given_answer.queued_card.card, []).append(given_answer.rating)
    kept = {
        entry.card.id: [step.review.rating for step in replay_card_history(store, entry.card.id).steps]
        for entry in list(cards.card_states(store.index.connection))
    }
    assert counted == {card: ratings for card, ratings in kept.items() if ratings}
    store.close()
