"""`study --plain`: a session in lines, for pipes and screen readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from flashcards.core.events import Review
from flashcards.core.progress import Entry
from flashcards.core.session import Session
from flashcards.errors import FlashcardsError, StoreError
from flashcards.terminal.study.actions import Hand
from flashcards.terminal.study.plain_answering import PlainFace, plain_face
from flashcards.terminal.study.ports import Desk
from flashcards.terminal.text.format import duration, percent, plural
from flashcards.terminal.text.sanitize import safe_line, write_line

ASK = "How well did you know this? 1 Not at all, 2, 3, 4, 5 Perfectly (1-2 forgot, 3-5 recalled)"
WORDS = (
    "Enter shows the answer; then 1-5, u undo, s suspend, b bury, m WHY mark, r hide, "
    "/ WORDS look up, i history, q quit."
)
END = "q"
BEFORE = ("u", "s", "b", "q", "?", "h", "i", "m", "e", "p")
"""What can be said before the answer is shown; anything else shows it."""


def study_in_lines(  # noqa: PLR0913 (a session, a desk, two streams, a clock, what was asked for)
    session: Session,
    desk: Desk,
    stdin: TextIO | None,
    stdout: TextIO | None,
    *,
    monotonic: Callable[[], float],
    until_ms: int | None = None,
    typing: bool = False,
) -> None:
    """Run a session on two text streams; each rating is on the disk before it is acknowledged."""
    _Lines(Hand(session, desk, monotonic), stdin, stdout, typing=typing).run(until_ms)


class _Lines:
    def __init__(
        self, hand: Hand, stdin: TextIO | None, stdout: TextIO | None, *, typing: bool
    ) -> None:
        self._hand = hand
        self._stdin = stdin
        self._stdout = stdout
        self._typing = typing
        hand.desk.when_waiting(lambda line: self._say(f"({line})"))

    def run(self, until_ms: int | None) -> None:
        while self._hand.entry is not None:
            if until_ms is not None and self._hand.spent_ms >= until_ms:
                break
            if not self._one_card():
                break
        self._sum_up()

    def _one_card(self) -> bool:
        """Ask one card; False ends the session."""
        told, self._hand.told = self._hand.told, []
        for line in told:
            self._say(f"({line})")
        card, session = self._hand.card, self._hand.session
        left, done = session.remaining.total, len(session.answers)
        self._say(f"[{done + 1}/{done + left}] {card.deck}")
        face = plain_face(card, self._hand.desk.today(), typing=self._typing)
        self._say(face.question)
        word = self._shown(face)
        while word is not None and word.casefold() != END:
            done_with = self._obey(word, face)
            if done_with:
                return True
            if done_with is None:
                word = f"{safe_line(word)!r} is nothing that can be done here. {WORDS}"
                word = self._read(word)
            else:
                word = self._ask(face)
        return False

    def _shown(self, face: PlainFace) -> str | None:
        """Show the answer step by step; return the word that comes after it, or instead of it."""
        while not face.shown:
            word = self._read(face.prompt)
            if word is None or (_is_command(word) and not face.takes(word)):
                return word
            for line in face.take(word):
                self._say(line)
        return self._ask(face)

    def _ask(self, face: PlainFace) -> str | None:
        """Read what to do; Enter takes a rating that was proposed, and else asks again."""
        if not face.shown:
            return self._shown(face)
        offer = f"{ASK}; Enter takes {face.proposed}" if face.proposed else ASK
        word = self._read(offer)
        while word == "" and not face.proposed:
            word = self._read(offer)
        return str(face.proposed) if word == "" else word

    def _obey(self, word: str, face: PlainFace) -> bool | None:
        """Do what a word says: True when the next card comes, None when it says nothing."""
        hand = self._hand
        name, _, rest = word.partition(" ")
        moves = {"u": lambda: hand.undo()[0], "s": hand.suspend, "b": hand.bury}
        try:
            if word.casefold() in moves:
                self._say(moves[word.casefold()]())
                return True
            if word in {"1", "2", "3", "4", "5"} and face.shown:
                self._say(hand.rate(int(word)))
                self._tell_of_a_leech()
                return True
            return self._beside(name.casefold(), rest.strip(), face)
        except StoreError as error:
            self._say(str(error))
            return True

    def _beside(self, name: str, rest: str, face: PlainFace) -> bool | None:
        """Do what leaves the card in hand; None when the word says nothing."""
        hand = self._hand
        if name == "m":
            self._say(hand.mark(rest, on=True))
        elif name == "r":
            face.hide()
            self._say(face.question)
        elif name in ("?", "h"):
            self._say(WORDS)
        elif name == "i":
            self._tell_history()
        elif name == "e":
            self._say(f"{hand.card.path}:{hand.card.line}: edit it there; it is noticed.")
        elif name == "p":
            with hand.away():
                self._read("Paused: the clock stands still. Enter goes on.")
        elif name.startswith("/"):
            self._look_up(f"{name[1:]} {rest}".strip())
        else:
            return None
        return False

    def _look_up(self, words: str) -> None:
        try:
            with self._hand.away():
                found = self._hand.desk.find(words) if words else []
        except FlashcardsError as error:
            self._say(str(error))
            return
        for entry in found[:10]:
            self._say(f"{safe_line(entry.card.front)} -> {safe_line(entry.card.back)}")
        if len(found) != 1:
            self._say(f"{plural(len(found), 'card')}.")

    def _tell_history(self) -> None:
        told = [moment for moment in self._hand.desk.moments(self._hand.card.id) if moment.kind]
        for moment in told[-10:]:
            due = moment.after.due.isoformat() if moment.after.due else ""
            rating = moment.event.rating if isinstance(moment.event, Review) else ""
            self._say(f"{moment.event.at:%Y-%m-%d %H:%M}: {rating}, due {due}")
        if not told:
            self._say("No answer yet.")

    def _tell_of_a_leech(self) -> None:
        leech: Entry | None = self._hand.leech
        if leech is not None:
            self._say(
                f"Forgotten {leech.progress.memory.lapses} times: perhaps the card is at fault. "
                f"It is at {leech.card.path}:{leech.card.line}; "
                f"flashcards suspend {leech.card.id} stops asking it."
            )

    def _read(self, prompt: str) -> str | None:
        """Return one line without its ends; None at the end of input."""
        self._say(prompt)
        line = self._stdin.readline() if self._stdin is not None else ""
        return line.strip() if line else None

    def _say(self, text: str) -> None:
        if self._stdout is not None:
            write_line(self._stdout, text)

    def _sum_up(self) -> None:
        for line in self._hand.told:
            self._say(f"({line})")
        summary = self._hand.session.summary()
        share = percent(summary.recalled, summary.first_answers)
        self._say(
            f"{plural(summary.cards, 'card')} in {duration(summary.ms)}, "
            f"recalled {summary.recalled} of {summary.first_answers} ({share})."
        )
        ahead = self._hand.desk.outlook()
        self._say(f"Tomorrow: {ahead.tomorrow_due} due, {ahead.tomorrow_new} new.")


def _is_command(word: str) -> bool:
    name = word.partition(" ")[0].casefold()
    return word.casefold() in BEFORE or (name == "m" and " " in word) or name.startswith("/")
