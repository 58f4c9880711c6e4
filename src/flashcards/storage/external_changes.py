"""An open store beside others: what other windows, editors and machines do to its files meanwhile.

A look costs a few milliseconds at most, for it reads no file: it compares sizes and times.
"""

from __future__ import annotations

from pathlib import Path

from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Undoable
from flashcards.errors import StoreError
from flashcards.storage.index.queries import cards, event_clock
from flashcards.storage.index.sources import JOURNAL, SETTINGS, Signature, sources
from flashcards.storage.store import Store

HIGHEST = 1 << 62
REVIEWED = """SELECT event.id, card.id FROM event JOIN card ON card.key = event.card
WHERE event.hlc > ? AND event.kind = 'review'"""


class Watch:
    """Looks after a store while a session goes on."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._own: set[EventId] = set()
        self._unsettled = False
        self._faults = self._problems()
        store.notices.clear()
        self._seen = self._look()
        self._latest = event_clock.highest(store.index.connection, HIGHEST)

    def keep(self, draft: Undoable) -> None:
        """Keep an event of this session. Raises StoreError."""
        self._own.update(event.id for event in self._store.keep([draft]))
        self._unsettled = True

    def settle(self) -> None:
        """Bring the index up to date with what was kept; an undo, or a summary, need not wait."""
        if self._unsettled:
            self._unsettled = False
            self._store.refresh()

    def catch_up(self) -> tuple[frozenset[CardId], tuple[str, ...]]:
        """Take in what others did since the last look: cards they answered, and what to tell.

        Raises StoreError.
        """
        if not self._changed():
            return frozenset(), ()
        store = self._store
        store.refresh()
        self._seen = self._look()
        rows = store.ask(lambda index: index.execute(REVIEWED, (self._latest,)).fetchall())
        self._latest = store.ask(lambda index: event_clock.highest(index, HIGHEST))
        answered = frozenset(CardId(card) for event, card in rows if event not in self._own)
        before, self._faults = self._faults, self._problems()
        told = [*store.notices, *(f"{fault}: asked as before" for fault in self._faults - before)]
        store.notices.clear()
        return answered, tuple(told)

    def _problems(self) -> set[str]:
        problems = self._store.ask(cards.problems)
        return {str(problem).splitlines()[0] for problem in problems}

    def _changed(self) -> bool:
        pen = self._store.pen
        overtaken = pen is not None and pen.overtaken()
        now = self._look()
        return overtaken or now.keys() != self._seen.keys() or any(map(self._differs, now.items()))

    def _differs(self, found: tuple[str, Signature]) -> bool:
        """Tell whether a file is other than when it was seen, but for what was written here."""
        name, sign = found
        pen, known = self._store.pen, self._seen[name]
        if pen is None or not name.startswith(JOURNAL):
            return sign != known
        return sign[0] not in (known[0], pen.size(self._store.paths.data / Path(name)))

    def _look(self) -> dict[str, Signature]:
        """Return what tells the states of decks and journals; settings hold for a whole session.

        Raises StoreError when a folder cannot be read.
        """
        paths = self._store.paths
        found = sources(str(paths.data), str(paths.settings))
        try:
            return {name: sign for name, _, sign in found if name != SETTINGS}
        except OSError as error:
            raise StoreError(
                f"{error.filename}: {error.strerror}. What others do is not seen until you mend "
                "that; flashcards doctor tells more."
            ) from error
