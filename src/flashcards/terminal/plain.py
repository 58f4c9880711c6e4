"""`study --plain`: a session in lines, for pipes and screen readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from flashcards.core.session import Session
from flashcards.errors import StoreError
from flashcards.terminal.console import write_line
from flashcards.terminal.desk import Desk
from flashcards.terminal.hand import Hand
from flashcards.terminal.reports import duration, percent

ASK = "How well did you know this? 1 Not at all, 2, 3, 4, 5 Perfectly (1-2 forgot, 3-5 recalled)"
WORDS = "Enter shows the answer; then 1-5, u undo, s suspend, b bury, q quit."
END = "q"
BEFORE = ("u", "s", "b", "q")
"""What can be said before the answer is shown; anything else shows it."""


def study_in_lines(  # noqa: PLR0913 (a session, a desk, two streams, a clock, a limit)
    session: Session,
    desk: Desk,
    stdin: TextIO | None,
    stdout: TextIO | None,
    *,
    monotonic: Callable[[], float],
    until_ms: int | None = None,
) -> None:
    """Run a session on two text streams; each rating is on the disk before it is acknowledged."""
    _Lines(Hand(session, desk, monotonic), stdin, stdout).run(until_ms)


class _Lines:
    def __init__(self, hand: Hand, stdin: TextIO | None, stdout: TextIO | None) -> None:
        self._hand = hand
        self._stdin = stdin
        self._stdout = stdout

    def run(self, until_ms: int | None) -> None:
        while self._hand.entry is not None:
            if until_ms is not None and self._hand.spent_ms >= until_ms:
                break
            if not self._one_card():
                break
        self._sum_up()

    def _one_card(self) -> bool:
        """Ask one card; False ends the session."""
        card = self._hand.card
        left = self._hand.session.remaining.total
        done = len(self._hand.session.answers)
        self._say(f"[{done + 1}/{done + left}] {card.deck}")
        self._say(card.front)
        word = self._read("(Enter shows the answer)")
        if word is not None and word not in BEFORE:
            self._say("---")
            self._say(card.back)
            word = self._read(ASK)
            while word == "":
                word = self._read(ASK)
        while word is not None and word != END:
            if self._obey(word):
                return True
            word = self._read(f"{word!r} is nothing that can be done here. {WORDS}")
        return False

    def _obey(self, word: str) -> bool:
        """Do what a word says; False when it says nothing."""
        hand = self._hand
        moves = {"u": hand.undo, "s": hand.suspend, "b": hand.bury}
        try:
            if word in moves:
                self._say(moves[word]())
            elif word in {"1", "2", "3", "4", "5"}:
                self._say(hand.rate(int(word)))
            else:
                return False
        except StoreError as error:
            self._say(str(error))
        return True

    def _read(self, prompt: str) -> str | None:
        """Return one line without its ends, in lower case; None at the end of input."""
        self._say(prompt)
        line = self._stdin.readline() if self._stdin is not None else ""
        return line.strip().casefold() if line else None

    def _say(self, text: str) -> None:
        if self._stdout is not None:
            write_line(self._stdout, text)

    def _sum_up(self) -> None:
        summary = self._hand.session.summary()
        share = percent(summary.recalled, summary.first_answers)
        self._say(
            f"{summary.cards} cards in {duration(summary.ms)}, "
            f"recalled {summary.recalled} of {summary.first_answers} ({share})."
        )
        ahead = self._hand.desk.outlook()
        self._say(f"Tomorrow: {ahead.tomorrow_due} due, {ahead.tomorrow_new} new.")
