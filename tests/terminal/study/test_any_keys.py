"""Any keys in any order, on a real store: every frame fits, and what the screen counts is kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories import Clock, open_store, put_deck
from flashcards.app.study.store_ports import StoreDesk
from flashcards.core.cards import CardId
from flashcards.core.key_bindings import ACTIONS, bindings
from flashcards.core.session import Session, Slot, Source
from flashcards.storage.index.queries import cards
from flashcards.storage.store import Store
from flashcards.terminal.device.line_editor import PASTED
from flashcards.terminal.device.view import Size, View
from flashcards.terminal.study.actions import Hand
from flashcards.terminal.study.screen_loop import Study

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
        *(key for action in ACTIONS for key in action.keys if action.name not in ("edit", "open")),
        *"abcxyz", "resize", "back", "ctrl-u", f"{PASTED}Rome", *(["enter", "space"] * 4),
    ]
)  # fmt: skip


class Keyboard:
    """Types a list of keys, then leaves."""

    def __init__(self, keys: list[str]) -> None:
        self._keys = iter(keys)

    def read(self, *, pasting: bool = False, idle: Callable[[], None] | None = None) -> str:
        if idle:
            idle()
        key = next(self._keys, "eof")
        return "" if key.startswith(PASTED) and not pasting else key

    def suspended(self) -> nullcontext[None]:
        return nullcontext()


class Screen:
    """Checks that each frame fits, and keeps the last."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.last = View([])

    def draw(self, view: View) -> None:
        assert len(view.lines) <= self.size.rows
        assert all(line.cell_len <= self.size.columns for line in view.lines)
        if view.cursor:
            row, column = view.cursor
            assert 0 <= row < self.size.rows
            assert 0 <= column < self.size.columns
        self.last = view


def sit(store: Store, keys: list[str], size: Size) -> Session:
    entries = [e.card.id for e in cards.entries(store.index.connection)]
    session = Session(
        Slot(next(card for card in entries if card.startswith(name)), Source.NEW) for name in NAMES
    )
    hand = Hand(session, StoreDesk(store), lambda: 0.0)
    Study(hand, Keyboard(keys), Screen(size), bindings(), typing=False).run(None)  # type: ignore[arg-type]  # of our own make
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
    session = sit(store, keys, Size(columns, rows))
    counted: dict[CardId, list[int]] = {}
    for given_answer in session.answers:
        counted.setdefault(given_answer.slot.card, []).append(given_answer.rating)
    kept = {
        entry.card.id: [step.review.rating for step in store.life(entry.card.id).steps]
        for entry in list(cards.entries(store.index.connection))
    }
    assert counted == {card: ratings for card, ratings in kept.items() if ratings}
    store.close()
