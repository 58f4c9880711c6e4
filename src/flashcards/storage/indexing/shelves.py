"""From deck files into the index: which cards are alive, and which are old ones reworded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from zlib import crc32

from flashcards.core.agenda import tie
from flashcards.core.card import Card, CardId, Deck
from flashcards.core.events import Link
from flashcards.core.identity import Text, cards_of, matches, returning
from flashcards.errors import Problem, StoreError
from flashcards.storage.deck_files.decks import load
from flashcards.storage.deck_files.quick_decks import read_own_form
from flashcards.storage.durable import read_regular
from flashcards.storage.indexing.asking_text import asking_as_text
from flashcards.storage.indexing.schema import TAGS
from flashcards.storage.journals.lines import decode

FIND = "SELECT id, deck, front, back, events FROM card"
PUT = """INSERT INTO card
    (id, alive, deck, front, back, tags, note, path, seq, line, identified, tie, asking, kin)
VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    alive = 1, deck = excluded.deck, front = excluded.front, back = excluded.back,
    tags = excluded.tags, note = excluded.note, path = excluded.path, seq = excluded.seq,
    line = excluded.line, identified = excluded.identified, tie = excluded.tie,
    asking = excluded.asking, kin = excluded.kin"""

ASKED = 500
"""Cards that are looked up with one question."""


class Shelves:
    """One catching-up with the deck files that changed."""

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._fresh = not index.execute("SELECT 1 FROM deck LIMIT 1").fetchone()
        self._before: dict[CardId, Text] = {}
        self._decks: list[Deck] = []
        self.unread: list[str] = []
        """Files that could not be read at all: to be tried again the next time."""

    def take(self, changed: Mapping[str, Path]) -> None:
        """Read decks anew, by name; a path that is gone takes its cards off the shelves.

        A file with faults keeps the cards that it had when it was last sound.
        """
        for name, path in changed.items():
            self._index.execute("DELETE FROM problem WHERE path = ?", (name,))
            try:
                deck, problems = load(path, name)
            except FileNotFoundError:
                self._clear(name)
                continue
            self._tell(problems)
            if deck is not None:
                self._clear(name)
                self._decks.append(deck)
            elif not problems[0].line:
                self.unread.append(name)
        for deck in self._decks:
            self._put(deck)
        read_own_form.cache_clear()

    def links(self) -> list[tuple[CardId, CardId]]:
        """Return (old, new) for each card with a history that goes on under another id."""
        lost = self._index.execute("SELECT 1 FROM card WHERE NOT alive AND events > 0 LIMIT 1")
        if not lost.fetchone():
            return []
        after = {card.id for deck in self._decks for card in cards_of(deck)}
        appeared = [
            text for card in sorted(after - self._before.keys()) if (text := self._unknown(card))
        ]
        if not appeared:
            return []
        gone = [text for card, text in self._before.items() if not self._alive(card)]
        found = matches(gone, appeared)
        taken = set(found.values())
        orphans = [
            text for text in self._texts("WHERE NOT alive AND events > 0") if text.card not in found
        ]
        found.update(returning(orphans, [text for text in appeared if text.card not in taken]))
        parted = self._parted()
        return [pair for pair in found.items() if self._has_history(pair[0]) and pair not in parted]

    def _clear(self, name: str) -> None:
        if not self._fresh:
            for text in self._texts("WHERE alive AND path = ?", (name,)):
                self._before[text.card] = text
            self._index.execute("UPDATE card SET alive = 0 WHERE alive AND path = ?", (name,))
        self._index.execute("DELETE FROM deck WHERE path = ?", (name,))

    def _put(self, deck: Deck) -> None:
        self._index.execute(
            "INSERT INTO deck VALUES (?, ?, ?)", (deck.path, deck.name, deck.description)
        )
        cards = list(cards_of(deck))
        size = Counter(card.note for card in cards)
        taken = self._taken(cards)
        rows = (
            _row(card, seq, card.note if size[card.note] > 1 else None)
            for seq, card in enumerate(cards)
            if card.id not in taken
        )
        self._index.executemany(PUT, rows)

    def _taken(self, cards: Sequence[Card]) -> set[CardId]:
        """Return the cards that another file has already, and say so: the first one keeps them."""
        places: dict[CardId, tuple[str, int]] = {}
        for start in range(0, len(cards), ASKED):
            some = [card.id for card in cards[start : start + ASKED]]
            marks = ", ".join("?" * len(some))
            rows = self._index.execute(
                f"SELECT id, path, line FROM card WHERE alive AND id IN ({marks})", some
            )
            places.update((CardId(row[0]), row[1:]) for row in rows)
        for card in cards if places else ():
            if place := places.get(card.id):
                what = f"{card.note!r} is the id of a card at {place[0]}:{place[1]} too"
                remedy = "Give one of them another id; until then only that one is asked."
                self._tell([Problem(card.path, card.line, 1, what, remedy)])
        return set(places)

    def _tell(self, problems: Iterable[Problem]) -> None:
        self._index.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?)",
            [(p.path, p.line, p.column, p.what, p.remedy, p.source) for p in problems],
        )

    def _texts(self, where: str, values: Sequence[str] = ()) -> list[Text]:
        rows = self._index.execute(f"{FIND} {where}", values)
        return [Text(CardId(row[0]), row[1], row[2], row[3]) for row in rows]

    def _alive(self, card: CardId) -> bool:
        found = self._index.execute("SELECT 1 FROM card WHERE id = ? AND alive", (card,))
        return bool(found.fetchone())

    def _unknown(self, card: CardId) -> Text | None:
        found = self._texts("WHERE id = ? AND alive AND events = 0", (card,))
        return found[0] if found else None

    def _has_history(self, card: CardId) -> bool:
        found = self._index.execute("SELECT 1 FROM card WHERE id = ? AND events > 0", (card,))
        return bool(found.fetchone())

    def _parted(self) -> set[tuple[CardId, CardId]]:
        """Return which cards were linked until the person undid it: that stays so."""
        rows = self._index.execute(
            "SELECT line, id IN (SELECT id FROM undone) FROM event WHERE kind = 'link' "
            "ORDER BY hlc, id"
        )
        links = [(decode(line).event, bool(gone)) for line, gone in rows]
        last = {(link.old, link.new): gone for link, gone in links if isinstance(link, Link)}
        return {pair for pair, gone in last.items() if gone}


def _row(card: Card, seq: int, kin: str | None) -> tuple[object, ...]:
    return (
        card.id,
        card.deck,
        card.front,
        card.back,
        TAGS.join(card.tags),
        card.note,
        card.path,
        seq,
        card.line,
        card.identified,
        tie(card.id),
        asking_as_text(card.asking),
        kin,
    )


def sum_of(path: Path) -> int:
    """Return what tells whether a file's bytes are those that were read before; 0 if unreadable."""
    try:
        return crc32(read_regular(path))
    except (OSError, StoreError):
        return 0
