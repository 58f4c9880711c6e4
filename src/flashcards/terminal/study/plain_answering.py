"""How a card is asked in lines: each line that is read shows more of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from string import ascii_lowercase
from typing import Protocol

from flashcards.core.cards import Card
from flashcards.core.markdown_lists import pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.core.answer_check import Verdict

RULE = "---"


class PlainFace(Protocol):
    """One card being asked."""

    shown: bool
    proposed: int | None
    question: str

    @property
    def prompt(self) -> str:
        """What the next line is for."""

    def takes(self, word: str) -> bool:
        """Tell whether a word that could be a command is an answer here."""

    def take(self, word: str) -> Sequence[str]:
        """Take a line; return what it shows."""

    def hide(self) -> None:
        """Ask anew."""


class PlainReveal:
    """Enter shows the answer; a list comes item by item, "a" shows all of it."""

    proposed: int | None = None

    def __init__(self, card: Card) -> None:
        self.question = card.front
        self._card = card
        self._lead, self._items = pieces(card.back) if card.asking.listed else ("", [])
        self._seen = 0
        self.shown = False

    @property
    def prompt(self) -> str:
        """What Enter shows."""
        if not self._items:
            return "(Enter shows the answer)"
        of = f"{self._seen + 1} of {len(self._items)}"
        return f"(Enter shows item {of}, a shows all)"

    def takes(self, word: str) -> bool:
        """No command is an answer here."""
        return bool(self._items) and word == "a"

    def take(self, word: str) -> Sequence[str]:
        """Show what comes next."""
        if not self._items:
            self.shown = True
            return RULE, self._card.back
        lead = [] if self._seen else [RULE, *([self._lead.rstrip()] if self._lead.strip() else [])]
        end = len(self._items) if word.casefold() == "a" else self._seen + 1
        items = [item.rstrip() for item in self._items[self._seen : end]]
        self._seen = end
        self.shown = end == len(self._items)
        return [*lead, *items]

    def hide(self) -> None:
        """Ask anew."""
        self._seen, self.shown = 0, False


class PlainType:
    """The line is the answer; it is compared, and earns a rating."""

    def __init__(self, card: Card) -> None:
        self.question = card.front
        self._card = card
        self.shown = False
        self.proposed: int | None = None

    prompt = "(type the answer)"

    def takes(self, word: str) -> bool:
        """Tell whether a word is an answer, whatever else it could mean: right, or of one letter.

        Where the answer is a letter, so is a wrong one; what can be done waits until it is shown.
        """
        verdict = self._judge(word)
        return verdict.right or len(verdict.wanted) == len(word) == 1

    def _judge(self, word: str) -> Verdict:
        from flashcards.core.answer_check import judge
        from flashcards.core.answer_text import right_answers

        return judge(word, right_answers(self._card, word), self._card.asking.lenient)

    def take(self, word: str) -> Sequence[str]:
        """Say what differs, and show the back."""
        verdict = self._judge(word)
        self.shown, self.proposed = True, verdict.proposed
        if verdict.right:
            return RULE, "Right.", self._card.back
        marked = "".join(
            run.wanted if run.same else f"[{run.given}|{run.wanted}]" for run in verdict.runs
        )
        return RULE, f"Not quite. [typed|right]: {marked}", self._card.back

    def hide(self) -> None:
        """Ask anew."""
        self.shown, self.proposed = False, None


class PlainChoose:
    """A letter chooses an option, and earns a rating."""

    def __init__(self, card: Card, today: date) -> None:
        from flashcards.core.answer_text import answer_of, options

        self._card = card
        self._options = options(card, today)
        self._right = self._options.index(answer_of(card))
        self._letters = ascii_lowercase[: len(self._options)]
        listed = [f"{a}) {text}" for a, text in zip(self._letters, self._options, strict=True)]
        self.question = "\n".join([card.front, *listed])
        self.shown = False
        self.proposed: int | None = None

    @property
    def prompt(self) -> str:
        """Which letters choose."""
        return f"(a-{self._letters[-1]} chooses, Enter shows the answer)"

    def takes(self, word: str) -> bool:
        """Tell whether a word is one of the letters."""
        return len(word) == 1 and word.casefold() in self._letters

    def take(self, word: str) -> Sequence[str]:
        """Say whether that was right, and show the back."""
        from flashcards.core.answer_check import RIGHT, WRONG

        self.shown = True
        verdict = []
        if self.takes(word):
            right = self._letters.index(word.casefold()) == self._right
            self.proposed = RIGHT if right else WRONG
            verdict = ["Right." if right else f"No: it is {self._letters[self._right]}."]
        return [RULE, *verdict, self._card.back]

    def hide(self) -> None:
        """Ask anew."""
        self.shown, self.proposed = False, None


def plain_face(card: Card, today: date, *, typing: bool) -> PlainFace:
    """Return the way a card is asked; with `typing`, every card that is not chosen is typed."""
    if card.asking.choices:
        return PlainChoose(card, today)
    return PlainType(card) if typing or card.asking.typed else PlainReveal(card)
