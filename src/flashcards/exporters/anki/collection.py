"""The rows of an Anki collection: where every card stands, and how it came there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from zlib import crc32

import msgspec

from flashcards.core.card_ids import note_id
from flashcards.core.cards import CardId, Deck, Note
from flashcards.core.days import study_day
from flashcards.core.export_metadata import LABEL, Label
from flashcards.core.progress import Kind, Life, Progress, Step, live
from flashcards.exporters.anki import schema
from flashcards.exporters.anki.markdown_to_html import to_html
from flashcards.exporters.anki.notes import (
    cards_by_number,
    checksum,
    guid_of,
    model_of,
    numbered,
    settled,
)
from flashcards.exporters.base import Leaving

EASES = (0, 1, 1, 2, 3, 4)
"""Again, Hard, Good and Easy, by our ratings."""
LEARNED, REVIEWED, RELEARNED, CRAMMED = 0, 1, 2, 3
NEW, REVIEW = 0, 2
SUSPENDED, BURIED = -1, -3
FIRST_NUMBER = 1_577_836_800_000
"""2020 in ms: numbers look like times to Anki. A card's comes from its id; notes are in order."""
SPREAD = 10**11
TEN_YEARS = 3_650
MOST_MS = 3_600_000
NOTE = f"INSERT INTO notes VALUES ({','.join('?' * 11)})"
CARD = f"INSERT INTO cards VALUES ({','.join('?' * 18)})"
ANSWER = f"INSERT INTO revlog VALUES ({','.join('?' * 9)})"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a card is: its note's number and its deck's, its template, its turn among new ones."""

    card: CardId
    note: int
    deck: int
    template: int
    position: int


@dataclass(slots=True)
class Packing:
    """One collection on its way out."""

    leaving: Leaving
    connection: sqlite3.Connection
    at: int = field(init=False)
    """Now, in seconds."""
    today: date = field(init=False)
    first: date = field(init=False)
    """The day that Anki counts due days from."""
    used: set[int] = field(default_factory=set)
    decks: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.at = int(self.leaving.at.timestamp())
        self.today = study_day(self.leaving.at, self.leaving.rollover)
        self.first = self.today - timedelta(days=TEN_YEARS)

    def pack(self) -> None:
        """Fill all tables."""
        position = 0
        for deck in self.leaving.decks:
            number = self._number(f"deck {deck.name}")
            self.decks.setdefault(deck.name, (number, deck.description))
            for note in deck.notes:
                position += 1
                self._note(deck, note, position)
        self._collection()

    def _collection(self) -> None:
        at, rollover, seconds = self.leaving.at, self.leaving.rollover, self.at
        start = at.replace(hour=0, minute=0, second=0, microsecond=0) + rollover
        created = int(start.timestamp()) - ((start - rollover).date() - self.first).days * 86_400
        west = -int((at.utcoffset() or timedelta()).total_seconds() // 60)
        row = (
            1, created, seconds * 1000, seconds * 1000, schema.VERSION, 0, 0, 0,
            schema.settings(west, int(rollover.total_seconds() // 3600)),
            schema.models(seconds), schema.decks(self.decks, seconds),
            schema.deck_settings(seconds), "{}",
        )  # fmt: skip
        self.connection.execute(f"INSERT INTO col VALUES ({','.join('?' * 13)})", row)

    def _note(self, deck: Deck, note: Note, position: int) -> None:
        own, said = note_id(deck.name, note), settled(deck, note)
        number, deck_number = FIRST_NUMBER - SPREAD + position, self.decks[deck.name][0]
        question = numbered(note.front)[0] if note.cloze else note.front
        sides = "\x1f".join(map(to_html, (question, note.back)))
        keys = dict(cards_by_number(said))
        twos: list[int] = []
        repetitions: dict[int, int] = {}
        for template, key in keys.items():
            place = _Place(CardId(own + key), number, deck_number, template, position)
            life = live(self.leaving.events(place.card), self.leaving.rollover)
            repetitions[template] = life.now.memory.repetitions
            twos += self._card(place, life)
        first = sides.partition("\x1f")[0]
        tags = " ".join(tag.replace(" ", "_") for tag in said.tags)
        label = Label(LABEL, own, crc32(sides.encode()), said, keys, repetitions, tuple(twos))
        row = (
            number, guid_of(own), model_of(said).id, self.at, -1, f" {tags} " if tags else "",
            sides, first, checksum(first), 0, msgspec.json.encode(label).decode(),
        )  # fmt: skip
        self.connection.execute(NOTE, row)

    def _card(self, place: _Place, life: Life) -> list[int]:
        """Write a card and its answers; return the numbers of those that were rated 2."""
        now, number = life.now, self._number(place.card, "card")
        kind = NEW if now.due is None else REVIEW
        due = (now.due - self.first).days if now.due else place.position
        interval, factor = (now.memory.interval, now.memory.ease * 10) if kind else (0, 0)
        row = (
            number, place.note, place.deck, place.template, self.at, -1, kind,
            self._queue(now, kind), due, interval, factor, len(life.steps), now.memory.lapses,
            0, 0, 0, 0, "",
        )  # fmt: skip
        self.connection.execute(CARD, row)
        return list(self._answers(number, life.steps))

    def _queue(self, now: Progress, kind: int) -> int:
        if now.suspended:
            return SUSPENDED
        return BURIED if now.asleep(self.today) else kind

    def _answers(self, card: int, steps: tuple[Step, ...]) -> Iterator[int]:
        for step in steps:
            at = self._free(int(step.review.at.timestamp() * 1000))
            row = (
                at, card, -1, EASES[step.review.rating], step.after.memory.interval,
                step.before.memory.interval,
                0 if step.review.cram else step.after.memory.ease * 10,
                min(step.review.ms, MOST_MS), _kind(step),
            )  # fmt: skip
            self.connection.execute(ANSWER, row)
            if step.review.rating == 2:
                yield at

    def _number(self, *names: str) -> int:
        """Return a number for a card or a deck: the same in every export."""
        digest = blake2b("\x1f".join(names).encode("utf-8", "surrogatepass"), digest_size=8)
        return self._free(FIRST_NUMBER + int.from_bytes(digest.digest(), "big") % SPREAD)

    def _free(self, number: int) -> int:
        while number in self.used:
            number += 1
        self.used.add(number)
        return number


def _kind(step: Step) -> int:
    """Return Anki's word for what an answer was for."""
    if step.kind is Kind.GRADED:
        return LEARNED if step.before.due is None else REVIEWED
    return RELEARNED if step.kind is Kind.REPEAT else CRAMMED
