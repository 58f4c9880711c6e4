"""From deck files into the index: which cards are alive, and which are old ones reworded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from zlib import crc32

from flashcards.core.study_order import tie
from flashcards.core.cards import Card, CardId, Deck
from flashcards.core.events import Link
from flashcards.core.card_ids import Text, cards_of, copies, matches, returning
from flashcards.errors import Problem, StoreError
from flashcards.storage.decks.copies import precedence
from flashcards.storage.decks.reader import load
from flashcards.storage.decks.fast_reader import read_own_form
from flashcards.storage.files import read_regular
from flashcards.storage.index.build import duplicates
from flashcards.storage.index.rows import asking_as_text
from flashcards.storage.index.schema import TAGS
from flashcards.storage.journal.record import decode

Row = tuple[object, ...]
ASKED = 500
"""Cards that are looked up with one question."""


class Shelves:
    """One catching-up with the deck files that changed."""

    def __init__(self, index: Connection) -> None:
        self._index = index
        self._fresh = not index.execute("SELECT 1 FROM deck LIMIT 1").fetchone()
        self._before: dict[CardId, Text] = {}
        self._was: dict[tuple[str, CardId], Text] = {}
        """What each file that changed had said of each card."""
        self._claims = set[tuple[str, CardId]]()
        self._after = set[CardId]()
        self._stood = set[CardId]()
        """Cards of these files that a file which did not change had already."""
        self.renamed: dict[CardId, CardId] = {}
        """Cards that go on under another id, those without a history too."""
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
        duplicates.promote(self._index)
        for deck in self._decks:
            self._put(deck)
        read_own_form.cache_clear()
        self._index.execute("DELETE FROM problem WHERE shared")
        self._tell(duplicates.problems(self._index), shared=True)

    def links(self) -> list[tuple[CardId, CardId]]:
        """Return (old, new) for each card with a history that goes on under another id."""
        lost = self._index.execute(
            "SELECT 1 FROM card WHERE NOT in_deck AND event_count > 0 LIMIT 1"
        )
        orphaned = bool(lost.fetchone())
        if not orphaned and not self._was:
            return []
        came = self._after - self._before.keys() - self._stood
        appeared = [text for card in sorted(came) if (text := self._unknown(card))]
        left = sorted(self._before.keys() - self._after)
        gone = [self._before[card] for card in left if not self._alive(card)]
        found = self.renamed = matches(gone, appeared)
        taken = set(found.values())
        appeared = [text for text in appeared if text.card not in taken]
        self._note_reworded(appeared)
        if not orphaned:
            return []
        orphans = self._texts("card", "WHERE NOT in_deck AND event_count > 0")
        if appeared:
            others = [text for text in orphans if text.card not in found]
            found |= returning(others, appeared)
        lost_now = [text for text in gone if text.card not in found]
        found |= self._standing(lost_now, set(found.values()))
        parted = self._parted() if found else set()
        return [pair for pair in found.items() if self._has_history(pair[0]) and pair not in parted]

    def _note_reworded(self, appeared: list[Text]) -> None:
        """Note which cards are others, reworded, that some other file still has as they were."""
        cut = [self._was[claim] for claim in sorted(self._was.keys() - self._claims)]
        stayed = [text for text in cut if self._stayed(text.card)] if appeared else []
        self._index.executemany(
            "INSERT OR IGNORE INTO reworded VALUES (?, ?)", matches(stayed, appeared).items()
        )

    def _stayed(self, card: CardId) -> bool:
        """Tell whether a card is asked from a file that had it before."""
        rows = self._index.execute("SELECT path FROM card WHERE id = ? AND in_deck", (card,))
        read = {deck.path for deck in self._decks}
        return any(path not in read or (path, card) in self._was for (path,) in rows)

    def _standing(self, gone: list[Text], taken: set[CardId]) -> dict[CardId, CardId]:
        """Return which cards, in no file any more, go on as one that was there beside them."""
        gone = [text for text in gone if self._has_history(text.card)]
        found: dict[CardId, CardId] = {}
        for text in gone:
            rows = self._index.execute(
                "SELECT card.id FROM reworded JOIN card ON card.id = new "
                "WHERE old = ? AND in_deck ORDER BY path",
                (text.card,),
            ).fetchall()
            self._index.execute("DELETE FROM reworded WHERE old = ?", (text.card,))
            if new := next((CardId(card) for (card,) in rows if card not in taken), None):
                found[text.card] = new
                taken.add(new)
        if len(found) < len(gone):
            known = self._texts("card", "WHERE in_deck AND event_count = 0 ORDER BY path, position")
            rest = [text for text in gone if text.card not in found]
            found |= copies(rest, [text for text in known if text.card not in taken])
        return found

    def _clear(self, name: str) -> None:
        if not self._fresh:
            for text in self._texts("card", "WHERE in_deck AND path = ?", (name,)):
                self._before[text.card] = self._was[name, text.card] = text
            for text in self._texts("duplicate", "WHERE path = ?", (name,)):
                self._was[name, text.card] = text
            self._index.execute("DELETE FROM duplicate WHERE path = ?", (name,))
            self._index.execute("UPDATE card SET in_deck = 0 WHERE in_deck AND path = ?", (name,))
        self._index.execute("DELETE FROM deck WHERE path = ?", (name,))

    def _put(self, deck: Deck) -> None:
        self._index.execute(
            "INSERT INTO deck VALUES (?, ?, ?)", (deck.path, deck.name, deck.description)
        )
        cards = list(cards_of(deck))
        self._after.update(card.id for card in cards)
        self._claims.update((deck.path, card.id) for card in cards)
        size = Counter(card.note for card in cards)
        owners = self._owners(cards)
        mine = precedence(deck.path)
        before_it = {card for card, path in owners.items() if precedence(path) < mine}
        duplicates.displace(self._index, owners.keys() - before_it)
        rows: tuple[list[Row], list[Row]] = [], []
        for seq, card in enumerate(cards):
            kin = card.note if size[card.note] > 1 else None
            rows[card.id in before_it].append(_row(card, seq, kin))
        self._index.executemany(duplicates.PUT, rows[False])
        self._index.executemany(duplicates.PUT_ASIDE, rows[True])

    def _owners(self, cards: Sequence[Card]) -> dict[CardId, str]:
        """Return the files that cards are asked from already."""
        owners: dict[CardId, str] = {}
        for start in range(0, len(cards), ASKED):
            some = [card.id for card in cards[start : start + ASKED]]
            marks = ", ".join("?" * len(some))
            rows = self._index.execute(
                f"SELECT id, path FROM card WHERE in_deck AND id IN ({marks})", some
            )
            owners.update(rows)
        read = {deck.path for deck in self._decks}
        self._stood.update(card for card, path in owners.items() if path not in read)
        return owners

    def _tell(self, problems: Iterable[Problem], *, shared: bool = False) -> None:
        self._index.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(p.path, p.line, p.column, p.what, p.remedy, p.source, shared) for p in problems],
        )

    def _texts(self, table: str, where: str, values: Sequence[str] = ()) -> list[Text]:
        rows = self._index.execute(f"SELECT id, deck, front, back FROM {table} {where}", values)
        return [Text(CardId(row[0]), row[1], row[2], row[3]) for row in rows]

    def _alive(self, card: CardId) -> bool:
        found = self._index.execute("SELECT 1 FROM card WHERE id = ? AND in_deck", (card,))
        return bool(found.fetchone())

    def _unknown(self, card: CardId) -> Text | None:
        found = self._texts("card", "WHERE id = ? AND in_deck AND event_count = 0", (card,))
        return found[0] if found else None

    def _has_history(self, card: CardId) -> bool:
        found = self._index.execute("SELECT 1 FROM card WHERE id = ? AND event_count > 0", (card,))
        return bool(found.fetchone())

    def _parted(self) -> set[tuple[CardId, CardId]]:
        """Return which cards were linked until the person undid it: that stays so."""
        rows = self._index.execute(
            "SELECT line, id IN (SELECT id FROM undone_event) FROM event WHERE kind = 'link' "
            "ORDER BY hlc, id"
        )
        links = [(decode(line).event, bool(gone)) for line, gone in rows]
        last = {(link.old, link.new): gone for link, gone in links if isinstance(link, Link)}
        return {pair for pair, gone in last.items() if gone}


def _row(card: Card, seq: int, kin: str | None) -> Row:
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
