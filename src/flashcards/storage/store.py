"""The store: decks, journal and index as one, to ask what is known and to keep what is done."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from sqlite3 import Connection, DatabaseError
from typing import Self, TypeVar

from flashcards.core.cards import CardId
from flashcards.core.days import study_day
from flashcards.core.events import (
    AboutCard,
    Event,
    EventId,
    Link,
    Review,
    Seen,
    Undo,
    Undoable,
)
from flashcards.core.progress import Entry, Life, Progress, apply, live
from flashcards.errors import StoreError
from flashcards.storage.backups.before_write import Beforehand
from flashcards.storage.index.index import Index
from flashcards.storage.index.queries import cards, event_clock
from flashcards.storage.index.rows import text_sum
from flashcards.storage.known_stores import KnownStore, recall, remember
from flashcards.storage.loss_check import entries, lost
from flashcards.storage.paths import Paths
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store_creation import found_store, only_reads

MANY = 20
"""Events in one write from which it is a bulk change, and backed up before."""
SAID = 3
"""How many of the cards that were found again are named."""
BATCH = 20_000
"""Imported events in one write."""


T = TypeVar("T")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.storage.journal.journal import Journal


class Store:
    """An open store. `notices` has what its person should be told once, `say` tells of a wait."""

    def __init__(  # noqa: PLR0913 (its places, and what it needs of the world)
        self,
        paths: Paths,
        settings: Settings,
        *,
        now: Callable[[], datetime],
        entropy: Callable[[int], bytes] = os.urandom,
        tell: Callable[[str], None] = lambda _: None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.notices: list[str] = []
        self._tell = self.say = tell
        self._now = now
        self._entropy = entropy
        self._pending: dict[CardId, Progress] = {}
        self._texts: dict[CardId, int] = {}
        self._ahead: dict[CardId, int] | None = None
        """By card, the hlc behind which its next event goes; None while no clock was wrong."""
        self._device = ""
        self.pen: Journal | None = None
        self._beforehand = Beforehand(paths, now)
        self._known = recall(paths.known, paths.data)
        self._id = found_store(paths, self._known, now, entropy)
        self.index = Index(paths, settings, tell=self._announce, progress=progress)
        try:
            self.index.refresh()
            self._refuse_loss()
            self._keep_links()
        except BaseException:
            self.index.connection.close()
            raise
        self.index.progress = None  # whoever watched it was waiting for the opening

    def _announce(self, line: str) -> None:
        self.say(line)  # on whatever screen there is by now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def now(self) -> datetime:
        """Return the time, with its offset."""
        return self._now()

    @property
    def today(self) -> date:
        """The study day now."""
        return study_day(self._now(), self.settings.rollover)

    @property
    def untouched(self) -> bool:
        """Whether nothing was ever here: no deck, no event, as far as this machine knows."""
        had = self._known and (self._known.decks or self._known.events)
        return not (had or self._events() or cards.decks(self.index.connection))

    def refresh(self) -> None:
        """Take in what was written since, by anyone."""
        self.index.refresh()
        self._pending.clear()
        self._keep_links()

    def ask(self, question: Callable[[Connection], T]) -> T:
        """Put a question to the index; one that turns out to be torn is done without."""
        try:
            return question(self.index.connection)
        except DatabaseError:
            self.index.renew()
            self.refresh()
            return question(self.index.connection)

    def entry(self, card: CardId) -> Entry | None:
        """Return a card that is in some deck, with its progress; None when it is in none."""
        found = self.ask(lambda index: cards.entry(index, card))
        if found is None or card not in self._pending:
            return found
        return replace(found, progress=self._pending[card])

    def successor(self, card: CardId) -> CardId | None:
        """Return the card that one in no deck any more goes on as; None when there is none."""
        linked = self.ask(lambda index: cards.successor(index, card))
        renamed = self.index.renamed.get(card)
        return linked or (renamed if renamed and self.entry(renamed) else None)

    def life(self, card: CardId) -> Life:
        """Return all that happened to a card."""
        self.refresh()
        events = self.ask(lambda index: cards.events(index, card))
        return live(events, self.settings.rollover)

    def keep(self, drafts: Sequence[Undoable]) -> list[Event]:
        """Append events; they are on the disk when this returns them. Raises StoreError."""
        if len(drafts) > MANY:
            self.back_up()
        extra = [seen for draft in drafts if (seen := self._seen(draft))]
        kept = self._pen().append([*map(self._behind, drafts), *extra])
        for event in kept:
            if isinstance(event, AboutCard) and (entry := self.entry(event.card)):
                now, _ = apply(entry.progress, event, self.settings.rollover)
                self._pending[event.card] = now
        return kept

    def take_in(self, past: Iterable[Event]) -> None:
        """Append events from elsewhere, each with its own id and time. Raises StoreError."""
        from flashcards.storage.journal.journal import IMPORTED

        drafts = iter(past)
        while batch := list(islice(drafts, BATCH)):
            self._pen().append(batch, IMPORTED)

    def _behind(self, draft: Undoable) -> Undoable:
        """Return a draft that counts after all that its card has, however wrong a clock was."""
        if self._ahead is None or draft.hlc or not isinstance(draft, AboutCard):
            return draft
        card = draft.card
        last = self._ahead.get(card) or self.ask(lambda index: event_clock.latest(index, card))
        if last <= event_clock.ceiling(self._now()):
            return draft
        self._ahead[draft.card] = last + 1
        return replace(draft, hlc=last + 1)

    def take_back(self, card: CardId | None = None) -> Undoable | None:
        """Undo the last thing done (to one card, if it is named); None when nothing is left."""
        self.refresh()
        most = event_clock.ceiling(self._now())
        event = self.ask(lambda index: cards.last_undoable(index, most, card))
        if event is None:
            return None
        self._pen().append([Undo(EventId(""), 0, self._now(), event.id)])
        self.refresh()
        return event

    def close(self) -> None:
        """Leave everything as it should be found."""
        self._beforehand.close()
        if self.pen is not None:
            with suppress(StoreError):  # as it was told before
                self.pen.settle()
        for notice in self._beforehand.faults:
            self._tell(notice)
        self.index.refresh()
        self._remember(ends=os.getpid())
        self.index.connection.close()

    def back_up(self) -> Path:
        """Make a backup before a bulk change. Raises StoreError."""
        return self._beforehand.bulk(self.say)

    def expect_writes(self) -> None:
        """Begin today's backup, if there is none yet: something is likely to be written."""
        self._beforehand.begin()

    def before_writing(self) -> None:
        """Wait for today's backup, if there is none yet; whoever writes a deck file calls this.

        A backup that cannot be made keeps nobody from writing: `close` tells of it.
        """
        self._beforehand.wait(self.say)

    def _events(self) -> int:
        return self.ask(cards.event_count)

    def _remember(self, *, begins: int = 0, ends: int = 0) -> None:
        """Note what this store has, so that it is noticed when it has less."""
        known, device = self._known, self._device
        now = KnownStore(self._id, self._events(), len(self.ask(cards.decks)))
        if device:
            now.device, now.n = (
                device,
                self.ask(lambda index: event_clock.written(index, device)[0]),
            )
        elif known:
            now.device, now.n = known.device, known.n
        remember(self.paths.known, self.paths.data, now, begins=begins, ends=ends)

    def _refuse_loss(self) -> None:
        """Stop when events are gone that this machine has seen in this store."""
        known, found = self._known, self._events()
        if known and found < known.events:
            raise lost(self.paths, entries(known.events), f"{found:,}")

    def _pen(self) -> Journal:
        """Return the journal to write to, prepared on the first use; all is backed up by now."""
        self.before_writing()
        if self.pen is None:
            self.pen = self.ask(self._taken_up)
            self._remember(begins=os.getpid())
        return self.pen

    def _taken_up(self, index: Connection) -> Journal:
        from flashcards.storage.device_writer import take_up

        pen, self._device = take_up(
            self.paths,
            self.index,
            now=self._now,
            entropy=self._entropy,
            tell=self._tell,
            read_only=only_reads(self.paths) if event_clock.newer(index) else "",
        )
        if event_clock.beyond(index, event_clock.ceiling(self._now())):
            self._ahead = {}
        return pen

    def _seen(self, draft: Undoable) -> Seen | None:
        """Return the event that keeps a card's text, if the journal has not got it yet."""
        if not isinstance(draft, Review | Link):
            return None
        entry = self.entry(draft.new if isinstance(draft, Link) else draft.card)
        if entry is None:
            return None
        card = entry.card
        total = text_sum(card.deck, card.front, card.back)
        seen = self.ask(lambda index: cards.seen(index, card.id))
        if total in (self._texts.get(card.id), seen):
            return None
        self._texts[card.id] = total
        return Seen(EventId(""), 0, draft.at, card.id, card.deck, card.front, card.back)

    def _keep_links(self) -> None:
        """Note in the journal which cards go on under a new id, and say so."""
        links = self.index.links()
        if not links:
            return
        at = self._now()
        try:
            # With each goes the text of now, so that the next edit can be followed from there.
            self.keep([Link(EventId(""), 0, at, old, new) for old, new in links])
        except StoreError as error:  # they wait in the index, and what only reads goes on
            self.notices.append(str(error))
            return
        self.index.links_are_kept()
        self.index.refresh()
        for _, new in links[:SAID]:
            entry = self.entry(new)
            front = " ".join(entry.card.front.split())[:60] if entry else new
            self.notices.append(f"{front!r}: reworded or moved; its history goes on.")
        if len(links) > SAID:
            self.notices.append(f"So do those of {len(links) - SAID} more. (flashcards undo parts)")
