"""Ingest changed deck files and match edited cards."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from sqlite3 import Connection
from typing import Any
from zlib import crc32

from flashcards.core.card_ids import deck_cards
from flashcards.core.card_matching import (
    CardText,
    match_copied_cards,
    match_edited_cards,
    match_returned_cards,
)
from flashcards.core.cards import Card, CardId, shuffle_key
from flashcards.core.decks import Deck
from flashcards.core.events import CardLink
from flashcards.errors import Problem, StoreError
from flashcards.storage.decks.duplicate_cards import precedence
from flashcards.storage.decks.reader import load_deck, verified_decks
from flashcards.storage.files import read_regular_file
from flashcards.storage.index.build import duplicate_table
from flashcards.storage.index.rows import encode_answer_mode, encode_gaps
from flashcards.storage.index.schema import TAG_SEPARATOR
from flashcards.storage.journal.record import decode_record

Row = tuple[Any, ...]
LOOKUP_BATCH_SIZE = 500  # cards in one query


class DeckIngest:
    """One update from the deck files that changed."""

    def __init__(self, index: Connection, moves: Mapping[CardId, CardId]) -> None:
        self._index = index
        self._moves = moves
        self._is_first_fill = not index.execute("SELECT 1 FROM deck LIMIT 1").fetchone()
        self._texts_before: dict[CardId, CardText] = {}
        self._was: dict[tuple[str, CardId], CardText] = {}  # text of each card in each changed file, before
        self._claims: dict[tuple[str, CardId], CardText] = {}  # the same, now
        self._after = set[CardId]()
        self._repeated = set[CardId]()  # cards in several of these files
        self._stood = set[CardId]()  # cards of these files that an unchanged file had already
        self.renamed: dict[CardId, CardId] = {}  # new id by old one, also of cards without history
        self._read = set[str]()  # files that were read
        self.unreadable_names: list[str] = []  # files to try again next time

    def ingest_decks(self, changed: Mapping[str, Path]) -> None:
        """Read changed decks by name; cards of a missing file leave the index.

        A file with errors keeps the cards of its last valid version.
        """
        new_rows: list[tuple[str, dict[CardId, Row]]] = []
        for name, path in changed.items():
            self._index.execute("DELETE FROM problem WHERE path = ?", (name,))
            try:
                deck, problems = load_deck(path, name)
            except FileNotFoundError:
                self._index.execute("DELETE FROM deck WHERE path = ?", (name,))
                self._remove_rows(name, {})
                continue
            self._insert_problems(problems)
            if deck is not None:
                new_rows.append((name, self._changed_rows(deck)))
                if self._is_first_fill:  # no rows to displace, and all decks would fill the memory
                    self._insert_rows(*new_rows.pop())
            elif not problems[0].line:
                self.unreadable_names.append(name)
        duplicate_table.promote(self._index)
        for name, rows in new_rows:
            self._insert_rows(name, rows)
        verified_decks.clear()  # those of files that were not written
        self._index.execute("DELETE FROM problem WHERE shared")
        self._insert_problems(duplicate_table.problems(self._index), shared=True)

    def find_links(self) -> list[tuple[CardId, CardId]]:
        """Return (old, new) for each card with a history under a new id."""
        lost = self._index.execute("SELECT 1 FROM card WHERE NOT in_deck AND event_count > 0 LIMIT 1")
        orphaned = bool(lost.fetchone())
        if not orphaned and not self._was:
            return []
        came = self._after - self._texts_before.keys() - self._stood
        left = sorted(self._texts_before.keys() - self._after)
        gone = [self._texts_before[card] for card in left if not self._is_in_deck(card)]
        moved = {text.card: self._moves[text.card] for text in gone if self._moves.get(text.card) in came}
        gone, came = [text for text in gone if text.card not in moved], came - set(moved.values())
        new_texts = [text for card in sorted(came) if (text := self._text_without_history(card))]
        found = self.renamed = moved | match_edited_cards(gone, new_texts)
        taken = set(found.values())
        new_texts = [text for text in new_texts if text.card not in taken]
        self._keep_former_texts(new_texts)
        if not orphaned:
            return []
        orphans = self._card_texts("WHERE NOT in_deck AND event_count > 0")
        if new_texts:
            others = [text for text in orphans if text.card not in found]
            found |= match_returned_cards(others, new_texts)
        lost_now = [text for text in gone if text.card not in found and self._has_history(text.card)]
        if lost_now:
            found |= self._continued(lost_now, {new for old, new in found.items() if self._has_history(old)})
        parted = self._undone_links() - moved.items() if found else set()
        return [pair for pair in found.items() if self._has_history(pair[0]) and pair not in parted]

    def _keep_former_texts(self, appeared: list[CardText]) -> None:
        """Keep what edited cards said before: they may be copies of learned ones."""
        cut = [self._was[claim] for claim in sorted(self._was.keys() - self._claims.keys())]
        stayed = [text for text in cut if self._stayed(text.card)] if appeared else []
        renamed = self.renamed | match_edited_cards(stayed, appeared)
        self._index.executemany(
            "INSERT OR IGNORE INTO former_text SELECT ?, front, back FROM former_text WHERE card = ?",
            [(new, old) for old, new in renamed.items()],
        )
        edited = [(text, renamed[text.card]) for text in self._was.values() if text.card in renamed]
        edited += [
            (text, text.card) for claim, text in self._was.items() if self._claims.get(claim, text) != text
        ]
        self._index.executemany(
            "INSERT OR IGNORE INTO former_text SELECT id, ?, ? FROM card WHERE id = ? AND event_count = 0",
            [(text.front, text.back, card) for text, card in edited],
        )

    def _stayed(self, card: CardId) -> bool:
        """Tell whether a card is asked from a file that had it before."""
        rows = self._index.execute("SELECT path FROM card WHERE id = ? AND in_deck", (card,))
        return any(path not in self._read or (path, card) in self._was for (path,) in rows)

    def _continued(self, lost: list[CardText], taken: set[CardId]) -> dict[CardId, CardId]:
        """Return {missing: present} for cards with an unlearned copy, edited or not."""
        unlearned = "WHERE in_deck AND event_count = 0 ORDER BY path, position"
        new = [text for text in self._card_texts(unlearned) if text.card not in taken]
        free = {text.card for text in new}
        rows = self._index.execute("SELECT card, '', front, back FROM former_text")
        former = [text for row in rows if (text := CardText(*row)).card in free]
        lost_cards = {text.card for text in lost}
        files = {path for path, card in self._was if card in lost_cards}
        before = [text for (path, _), text in self._was.items() if path in files]
        rows = self._index.execute("SELECT path, id, deck, front, back FROM card WHERE in_deck ORDER BY path")
        present = ([CardText(*row[1:]) for row in rows] for _, rows in groupby(rows, key=itemgetter(0)))
        return match_copied_cards(lost, new, former, before, present)

    def _changed_rows(self, deck: Deck) -> dict[CardId, Row]:
        """Remove a deck's old cards from the index; return the new rows."""
        row = (deck.path, deck.name, deck.description)
        self._index.execute("INSERT OR REPLACE INTO deck VALUES (?, ?, ?)", row)
        self._read.add(deck.path)
        cards = list(deck_cards(deck))
        size = Counter(map(attrgetter("note_id"), cards))
        rows = {
            card.id: _card_row(card, position, card.note_id if size[card.note_id] > 1 else None)
            for position, card in enumerate(cards)
        }
        self._repeated |= rows.keys() & self._after
        self._after.update(rows)
        if self._is_first_fill:  # nothing to compare it with
            return rows
        self._claims |= {(deck.path, card): CardText(card, *row[1:4]) for card, row in rows.items()}
        return self._remove_rows(deck.path, rows)

    def _remove_rows(self, deck_path: str, new: dict[CardId, Row]) -> dict[CardId, Row]:
        """Remove cards that a file no longer has; return the rows that changed."""
        asked = dict(self._rows("card", "WHERE in_deck AND path = ?", deck_path))
        waiting = dict(self._rows("duplicate", "WHERE path = ?", deck_path))
        for card, row in (waiting | asked).items():
            self._was[deck_path, card] = CardText(card, *row[1:4])
        self._texts_before |= {card: self._was[deck_path, card] for card in asked}
        self._index.execute("DELETE FROM duplicate WHERE path = ?", (deck_path,))
        gone = [(card,) for card in asked if card not in new]
        self._index.executemany("UPDATE card SET in_deck = 0 WHERE id = ?", gone)
        return {card: row for card, row in new.items() if asked.get(card) != row}

    def _insert_rows(self, deck_path: str, rows: dict[CardId, Row]) -> None:
        owners = self._owners([c for c in rows if c in self._repeated or not self._is_first_fill])
        mine = precedence(deck_path)
        before_it = {card for card, path in owners.items() if precedence(path) < mine}
        after_it = [card for card in owners if card not in before_it and owners[card] != deck_path]
        duplicate_table.displace(self._index, after_it)
        asked = [row for card, row in rows.items() if card not in before_it]
        self._index.executemany(duplicate_table.PUT, asked)
        self._index.executemany(duplicate_table.PUT_ASIDE, [rows[card] for card in before_it])

    def _owners(self, cards: Sequence[CardId]) -> dict[CardId, str]:
        """Return the file that each card is asked from."""
        owners: dict[CardId, str] = {}
        for start in range(0, len(cards), LOOKUP_BATCH_SIZE):
            some = cards[start : start + LOOKUP_BATCH_SIZE]
            marks = ", ".join("?" * len(some))
            rows = self._index.execute(f"SELECT id, path FROM card WHERE in_deck AND id IN ({marks})", some)
            owners.update(rows)
        self._stood.update(card for card, path in owners.items() if path not in self._read)
        return owners

    def _rows(self, table: str, condition: str, deck_path: str) -> Iterator[tuple[CardId, Row]]:
        query = f"SELECT {duplicate_table.COLUMNS} FROM {table} {condition}"
        return ((row[0], row) for row in self._index.execute(query, (deck_path,)))

    def _insert_problems(self, problems: Iterable[Problem], *, shared: bool = False) -> None:
        self._index.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(p.path, p.line, p.column, p.message, p.remedy, p.source_line, shared) for p in problems],
        )

    def _card_texts(self, condition: str, values: Sequence[str] = ()) -> list[CardText]:
        rows = self._index.execute(f"SELECT id, deck, front, back FROM card {condition}", values)
        return [CardText(*row) for row in rows]

    def _is_in_deck(self, card_id: CardId) -> bool:
        found = self._index.execute("SELECT 1 FROM card WHERE id = ? AND in_deck", (card_id,))
        return bool(found.fetchone())

    def _text_without_history(self, card_id: CardId) -> CardText | None:
        texts = self._card_texts("WHERE id = ? AND in_deck AND event_count = 0", (card_id,))
        return texts[0] if texts else None

    def _has_history(self, card_id: CardId) -> bool:
        found = self._index.execute("SELECT 1 FROM card WHERE id = ? AND event_count > 0", (card_id,))
        return bool(found.fetchone())

    def _undone_links(self) -> set[tuple[CardId, CardId]]:
        """Return the links that the user undid alone: they are not made again."""
        rows = self._index.execute(
            "SELECT line, id IN (SELECT id FROM undone_event) FROM event "
            "WHERE kind = 'link' AND batch IS NULL ORDER BY hlc, id"
        )
        links = [(decode_record(line).event, bool(gone)) for line, gone in rows]
        last = {(link.old, link.new): gone for link, gone in links if isinstance(link, CardLink)}
        return {pair for pair, gone in last.items() if gone}


def _card_row(card: Card, position: int, note_group: str | None) -> Row:
    has_own_id = int(card.has_own_id)  # sqlite3 takes numbers at once, and looks for an adapter of others
    return (
        card.id, card.deck, card.front, card.back, TAG_SEPARATOR.join(card.tags), card.note_id, card.path,
        position, card.line, has_own_id, shuffle_key(card.id), encode_answer_mode(card.answer_mode),
        encode_gaps(card.front_gaps, card.back_gaps), card.hint, card.remark, note_group,
    )  # fmt: skip


def file_checksum(path: Path) -> int:
    """Return the checksum of a file's bytes; 0 if unreadable."""
    try:
        return crc32(read_regular_file(path))
    except (OSError, StoreError):
        return 0
