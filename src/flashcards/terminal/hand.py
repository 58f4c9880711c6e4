"""The moves of a session, whatever shows it: each keeps its event first, then changes the hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flashcards.core.card import Card
from flashcards.core.events import Bury, EventId, Suspend
from flashcards.core.progress import Entry
from flashcards.core.session import Session, source_of
from flashcards.terminal.desk import Desk
from flashcards.terminal.reports import relative_day

LONGEST_THOUGHT = 60_000
"""Time in ms that one answer counts at most: whoever takes longer has left the desk."""


class Hand:
    """A session at a desk: what the person can do with the card in hand."""

    def __init__(self, session: Session, desk: Desk, monotonic: Callable[[], float]) -> None:
        self.session = session
        self.desk = desk
        self.spent_ms = 0
        """Time spent on answers in this sitting, in ms."""
        self._monotonic = monotonic
        self._since = monotonic()
        self.entry: Entry | None = None
        self.look()

    @property
    def card(self) -> Card:
        """The card in hand."""
        if self.entry is None:
            raise ValueError("no card is in hand")
        return self.entry.card

    def look(self) -> None:
        """Look the card in hand up anew; cards that are gone meanwhile are passed over."""
        self.entry = None
        while self.session.current is not None:
            self.entry = self.desk.entry(self.session.current.card)
            if self.entry is not None:
                break
            self.session.drop()
        self._since = self._monotonic()

    def thought_ms(self) -> int:
        """Return how long the card has been in hand, in ms, up to a minute."""
        return min(LONGEST_THOUGHT, max(0, int((self._monotonic() - self._since) * 1000)))

    def rate(self, rating: int) -> str:
        """Answer the card; return what became of it. Raises StoreError: nothing has changed."""
        card, ms = self.card, self.thought_ms()
        answer = self.session.answer(rating, self.desk.now(), ms)
        self.desk.keep(answer)
        told = self._outcome(rating, self.desk.entry(card.id))
        self.session.rate(rating, ms)
        self.spent_ms += ms
        self.look()
        return told

    def _outcome(self, rating: int, after: Entry | None) -> str:
        if self.session.cram:
            return f"{rating}: practice; its date stays as it is"
        if after is None or after.progress.due is None:
            return f"{rating}: kept"
        due = after.progress.due
        again = "again today, then " if rating < self.session.repeat_below else ""
        return f"{rating}: {again}due {due.isoformat()} ({relative_day(due, self.desk.today())})"

    def suspend(self) -> str:
        """Stop asking the card."""
        self.desk.keep(Suspend(EventId(""), 0, self.desk.now(), self.card.id))
        return self._put_away("suspended")

    def bury(self) -> str:
        """Leave the card for tomorrow."""
        until = self.desk.today() + timedelta(days=1)
        self.desk.keep(Bury(EventId(""), 0, self.desk.now(), self.card.id, until))
        return self._put_away("buried until tomorrow")

    def _put_away(self, what: str) -> str:
        self.session.drop()
        self.look()
        return f"{what}; u takes it back"

    def undo(self) -> str:
        """Take back the last thing done, in this sitting or before, and show its card."""
        taken = self.desk.take_back()
        if taken is None:
            return "there is nothing to undo"
        entry = self.desk.entry(taken.card)
        if entry is not None and not entry.progress.asleep(self.desk.today()):
            source = source_of(entry.progress, self.desk.today(), self.session.repeat_below)
            self.session.bring_back(taken.card, source, answered=taken.answered)
        self.look()
        return f"undone: {taken.what} of {taken.card}"
