"""How a card is asked on the screen: revealed at once, item by item, typed, or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from rich.text import Text

from flashcards.core.bullets import pieces
from flashcards.core.card import Card
from flashcards.terminal.sizes import Size

Hint = tuple[str, str]
"""An action and what the bottom line says it does here; "" for its usual label."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the middle of the screen, line by line."""

    front: Sequence[Text]
    asked: Sequence[Text] = ()
    """What is below the question while it stands alone."""
    answer: Sequence[Text] | None = None
    """What is below the rule; None before there is any."""
    rows: int = 0
    """How many rows that can become: the question has its place from the beginning."""
    wide: int = 0
    """The widest that any of it can be."""
    cursor: tuple[int, int] | None = None
    """Row in `asked`, and column, of the place where typed text goes."""


class Face(Protocol):
    """One card being asked."""

    shown: bool
    """Whether all of the answer is there, so that it can be rated."""
    typing: bool
    """Whether keys are text now."""

    @property
    def proposed(self) -> int | None:
        """The rating that was earned, for one key to take."""

    def sheet(self, size: Size) -> Sheet:
        """Return what is to be seen now."""

    def press(self, key: str, action: str) -> bool:
        """Take a key if it is for this face; tell whether it was."""

    def hints(self) -> Sequence[Hint]:
        """Return what can be done to see more."""

    def hide(self) -> None:
        """Ask anew."""

    def reveal(self) -> None:
        """Show the answer as it is."""


class Reveal:
    """The plain way: the answer is shown and rated; a list can come item by item."""

    typing = False
    proposed = None

    def __init__(self, card: Card) -> None:
        self._card = card
        self._lead, self._items = pieces(card.back) if card.asking.listed else ("", [])
        self._seen = 0
        self.shown = False

    def sheet(self, size: Size) -> Sheet:
        """Return the question, and below it what was revealed so far."""
        card = self._card
        front, back = size.side(card.front, card), size.side(card.back, card)
        seen = back if self.shown else None
        if self._seen and not self.shown:
            seen = size.side(self._lead + "".join(self._items[: self._seen]), card)
        return Sheet(front, answer=seen, rows=len(back), wide=widest([*front, *back]))

    def press(self, key: str, action: str) -> bool:
        """Reveal the next item, or everything."""
        del key
        if self.shown or action not in ("show", "show_all"):
            return False
        self._seen += 1
        self.shown = action == "show_all" or self._seen >= len(self._items)
        return True

    def hints(self) -> Sequence[Hint]:
        """Return how to see more."""
        if not self._items:
            return (("show", ""),)
        return ("show", f"item {self._seen + 1} of {len(self._items)}"), ("show_all", "")

    def hide(self) -> None:
        """Cover the answer."""
        self.shown, self._seen = False, 0

    def reveal(self) -> None:
        """Uncover it."""
        self.shown = True


def face_of(card: Card, today: date, *, typing: bool) -> Face:
    """Return the way a card is asked; with `typing`, every card that is not chosen is typed."""
    if card.asking.choices:
        from flashcards.terminal.face_chosen import Choose  # noqa: PLC0415 (only some cards need it)

        return Choose(card, today)
    if typing or card.asking.typed:
        from flashcards.terminal.face_typed import Type  # noqa: PLC0415 (as above)

        return Type(card)
    return Reveal(card)


def widest(lines: Sequence[Text]) -> int:
    """Return the columns of the widest line."""
    return max((line.cell_len for line in lines), default=0)
