"""What a study screen needs of the world, answered from the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from flashcards.core.cards import Card, CardId
from flashcards.core.events import Link, Plan, Review, Undoable
from flashcards.core.progress import Entry
from flashcards.errors import FlashcardsError
from flashcards.storage.external_changes import Watch
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries.today import look
from flashcards.storage.store import Store
from flashcards.terminal.study.ports import News, Outlook, TakenBack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from flashcards.core.card_history import Moment

MOST_FOUND = 100


class StoreDesk:
    """A desk whose drawers are the store's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watch = Watch(store)

    def entry(self, card: CardId) -> Entry | None:
        """Return a card and its progress; None when it is in no deck any more."""
        return self._store.entry(card)

    def successor(self, card: CardId) -> CardId | None:
        """Return the id that a card, in no deck by its own any more, goes on under."""
        return self._store.successor(card)

    def keep(self, draft: Undoable) -> None:
        """Put an event on the disk. Raises StoreError when it is not there."""
        self._watch.keep(draft)

    def take_back(self) -> TakenBack | None:
        """Undo the last thing done."""
        from flashcards.storage.journal.record import kind_of

        event = self._store.take_back()
        if event is None:
            return None
        if isinstance(event, Plan):
            return TakenBack(CardId("the backlog"), kind_of(event), answered=False)
        card = event.new if isinstance(event, Link) else event.card
        if isinstance(event, Review):
            return TakenBack(card, kind_of(event), answered=True, rating=event.rating)
        return TakenBack(card, kind_of(event), answered=False)

    def moments(self, card: CardId) -> Sequence[Moment]:
        """Return all that was done to a card."""
        from flashcards.core.card_history import story
        from flashcards.storage.index.queries.card_history import everything

        self._store.refresh()
        done = self._store.ask(lambda index: everything(index, card))
        return story(done, self._store.settings.rollover)

    def ready_to_edit(self) -> None:
        """Wait until today's backup is there."""
        self._store.before_writing()

    def edit(self, card: Card) -> str:
        """Open the card's deck file in the person's editor, at the card; return what to tell."""
        from flashcards.app.edit_cards import edit_deck

        try:
            message = edit_deck(self._store.paths, card.path, card.line)
        except (OSError, FlashcardsError) as error:
            message = str(error)
        self._store.refresh()
        problems = [p for p in self._store.ask(cards.problems) if p.path == card.path]
        return message or "".join(f"{problem}\n" for problem in problems[:1])

    def now(self) -> datetime:
        """Return the time."""
        return self._store.now()

    def today(self) -> date:
        """Return the study day."""
        return self._store.today

    def catch_up(self) -> News:
        """Take in what others wrote since the last look."""
        return News(*self._watch.catch_up())

    def picture(self, source: str, home: str) -> Path | None:
        """Return the file of a picture that a deck file names."""
        from flashcards.storage.decks.media_lookup import find_picture

        return find_picture(self._store.paths.data, source, home)

    def open_picture(self, path: Path) -> str:
        """Open a picture in the system's viewer."""
        from flashcards.app.external_programs import open_picture

        return open_picture(path)

    def when_waiting(self, show: Callable[[str], None]) -> None:
        """Have it shown when a write waits for a backup."""
        self._store.say = show

    def settle(self) -> None:
        """Begin today's backup, and bring the index up to date with what was kept."""
        self._store.expect_writes()
        self._watch.settle()

    def find(self, words: str) -> list[Entry]:
        """Return the first cards that a search finds. Raises UsageError."""
        from flashcards.storage.index.queries.search import find_entries

        today, below, leech = self.today(), self._store.settings.repeat_below, self.leech()
        return self._store.ask(
            lambda index: list(islice(find_entries(index, words, today, below, leech), MOST_FOUND))
        )

    def leech(self) -> int:
        """Return the lapses that make a card a leech."""
        return self._store.settings.leech

    def outlook(self) -> Outlook:
        """Return what tomorrow holds."""
        self._store.refresh()

        return outlook(self._store)


def outlook(store: Store) -> Outlook:
    """Return what tomorrow holds, how long it takes, and how long the streak is."""
    found = store.ask(lambda index: look(index, store.today))
    return Outlook(
        tomorrow_due=found.tomorrow_due,
        tomorrow_new=found.ahead.new,
        minutes=found.tomorrow_minutes,
        streak=found.done.streak,
    )
