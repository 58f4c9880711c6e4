"""The moves of a session, whatever shows it: each keeps its event first, then changes the hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from flashcards.core.cards import Card, CardId
from flashcards.core.events import Bury, EventId, Flag, Suspend
from flashcards.core.progress import Entry
from flashcards.core.session import Session, Slot, Source, source_of
from flashcards.core.sm2 import RECALLED
from flashcards.errors import StoreError
from flashcards.terminal.study.ports import Desk, TakenBack
from flashcards.terminal.text.format import relative_day

LONGEST_THOUGHT = 60_000
"""Time in ms that one answer counts at most: whoever takes longer has left the desk."""
TROUBLE = 3
"""Lapses from which the summary names a card."""
WORDS = {"flag": "the mark", "link": "the link"}
"""Kinds of event that people have another word for."""
LEECH_AGAIN = 2
"""A leech is told anew after each part of this many of the lapses that made it one."""


class Hand:
    """A session at a desk: what the person can do with the card in hand."""

    def __init__(self, session: Session, desk: Desk, monotonic: Callable[[], float]) -> None:
        self.session = session
        self.desk = desk
        self.spent_ms = 0
        """Time spent on answers in this sitting, in ms."""
        self.told: list[str] = []
        """What happened meanwhile, for the person to be told once."""
        self.leech: Entry | None = None
        """The card that the last rating made a leech."""
        self._monotonic = monotonic
        self._since = monotonic()
        self._today = desk.today()
        self._elsewhere: set[CardId] = set()
        self.entry: Entry | None = None
        self.look()

    @property
    def card(self) -> Card:
        """The card in hand."""
        if self.entry is None:
            raise ValueError("no card is in hand")
        return self.entry.card

    def look(self) -> None:
        """Take the next card up as it is now; what is not to be asked any more is passed over."""
        self._catch_up()
        self.entry = None
        while self.session.current is not None:
            self.entry = self._as_now(self.session.current.card)
            slot = self.session.current
            why = self._out_of(slot, self.entry)
            if self.entry is not None and not why:
                break
            self.told.append(f"{slot.card} {why}: passed over")
            self.entry = None
            self.session.drop()
        self._since = self._monotonic()

    def still_asked(self) -> bool:
        """Tell whether the card in hand is still to be asked; else the next one is in hand."""
        slot = self.session.current
        self._catch_up()
        # One that was reworded is out of the decks under the id it had: shown as it is now.
        if slot is None or not self._out_of(slot, self.desk.entry(slot.card)):
            return True
        self.look()
        return False

    def refresh(self) -> bool:
        """Take the text of the card in hand anew, as after an edit; the clock goes on.

        Tells whether it is still the same card.
        """
        since = self._since
        self._catch_up()
        if self.session.current:
            self._as_now(self.session.current.card)
        before = self.session.current
        self.look()
        same = before is not None and self.session.current == before
        if same:
            self._since = since
        return same

    def _as_now(self, card: CardId) -> Entry | None:
        """Return a card as it is now; the session goes on with the id that it has by now."""
        entry = self.desk.entry(card)
        if entry is None and (new := self.desk.successor(card)) is not None:
            self.session.rename(card, new)
            return self.desk.entry(new)
        return entry

    def _catch_up(self) -> None:
        """Take in what others did, and a new day."""
        try:
            news = self.desk.catch_up()
            self._elsewhere |= news.answered
            self.told += news.told
        except StoreError as error:  # the card in hand can be asked all the same
            self.told.append(str(error))
        if (today := self.desk.today()) != self._today:
            self._today = today
            self.told.append(f"A new day has begun: answers count for {today:%a %d %b}")

    def _out_of(self, slot: Slot, entry: Entry | None) -> str:
        """Return why a card is not to be asked any more; "" when it is."""
        if entry is None:
            return "is in no deck any more"
        progress = entry.progress
        if progress.asleep(self._today):
            return "was suspended" if progress.suspended else "was buried"
        waits = slot.source is Source.AGAIN and progress.to_repeat(
            self._today, self.session.repeat_below
        )
        if slot.card in self._elsewhere and progress.answered == self._today and not waits:
            return "was answered elsewhere"
        return ""

    def thought_ms(self) -> int:
        """Return how long the card has been in hand, in ms, up to a minute."""
        return min(LONGEST_THOUGHT, max(0, int((self._monotonic() - self._since) * 1000)))

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stop the clock of the card in hand for the length of a `with`."""
        began = self._monotonic()
        try:
            yield
        finally:
            self._since += self._monotonic() - began

    def rate(self, rating: int) -> str:
        """Answer the card; return what became of it. Raises StoreError: nothing has changed."""
        before, ms = self.entry, self.thought_ms()
        card = self.card
        self.desk.keep(self.session.answer(rating, self.desk.now(), ms))
        after = self._as_now(card.id)
        told = self._outcome(rating, after)
        self.leech = after if before and after and self._leech_now(before, after) else None
        self._elsewhere.discard(card.id)
        self.session.rate(rating, ms)
        self.spent_ms += ms
        self.look()
        return told

    def _leech_now(self, before: Entry, after: Entry) -> bool:
        lapses, limit = after.progress.memory.lapses, self.desk.leech()
        if lapses == before.progress.memory.lapses or not limit or lapses < limit:
            return False
        return (lapses - limit) % max(1, limit // LEECH_AGAIN) == 0

    def _outcome(self, rating: int, after: Entry | None) -> str:
        if self.session.cram:
            return f"{rating}: practice; its date stays as it is"
        if after is None or after.progress.due is None:
            return f"{rating}: kept"
        due = after.progress.due
        again = "again today, then " if rating < self.session.repeat_below else ""
        return f"{rating}: {again}due {due.isoformat()} ({relative_day(due, self.desk.today())})"

    def suspend(self, card: CardId | None = None) -> str:
        """Stop asking the card in hand, or another one."""
        name = card or self.card.id
        self.desk.keep(Suspend(EventId(""), 0, self.desk.now(), name))
        if self.session.current and name == self.session.current.card:
            self.session.drop()
        self.session.forget(name)
        self.look()
        return "suspended; u takes it back"

    def bury(self) -> str:
        """Leave the card for tomorrow."""
        until = self.desk.today() + timedelta(days=1)
        self.desk.keep(Bury(EventId(""), 0, self.desk.now(), self.card.id, until))
        self.session.drop()
        self.look()
        return "buried until tomorrow; u takes it back"

    def _follow(self) -> None:
        """Take note of all cards of the sitting that go by another id now."""
        for card in self.session.cards:
            self._as_now(card)

    def trouble(self) -> list[Entry]:
        """Return the cards forgotten in this sitting that lapsed most often, three at most."""
        self._follow()
        forgot = {a.slot.card for a in self.session.answers if a.rating < RECALLED}
        found = [entry for card in sorted(forgot) if (entry := self.desk.entry(card))]
        found = [entry for entry in found if entry.progress.memory.lapses >= TROUBLE]
        found.sort(key=lambda entry: -entry.progress.memory.lapses)
        return found[:3]

    def mark(self, why: str, *, on: bool = True) -> str:
        """Mark the card to be mended later, or take the mark off; it stays in hand."""
        self.desk.keep(Flag(EventId(""), 0, self.desk.now(), self.card.id, on, why))
        self.entry = self.desk.entry(self.card.id) or self.entry
        return "marked: flashcards cards is:marked lists it" if on else "the mark is off"

    def undo(self) -> tuple[str, bool]:
        """Take back the last thing done, in this sitting or before, and show its card.

        Also tells whether that was an answer given in this sitting.
        """
        taken = self.desk.take_back()
        if taken is None:
            return "there is nothing to undo", False
        self._follow()
        entry = self.desk.entry(taken.card)
        given_here = taken.answered and any(a.slot.card == taken.card for a in self.session.answers)
        if entry is not None and not entry.progress.asleep(self.desk.today()):
            source = source_of(entry.progress, self.desk.today(), self.session.repeat_below)
            self.session.bring_back(taken.card, source, answered=taken.answered)
        self._elsewhere.discard(taken.card)
        self.leech = None
        self.look()
        return _undone(taken, entry), given_here


def _undone(taken: TakenBack, entry: Entry | None) -> str:
    what = f"the {taken.rating}" if taken.answered else WORDS.get(taken.what, taken.what)
    name = " ".join(entry.card.front.split()) if entry else taken.card
    return (
        f"undone: {what} for {name!r}" if len(name) < 40 else f"undone: {what} for {name[:38]!r}…"
    )
