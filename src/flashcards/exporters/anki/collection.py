"""Write the rows of an Anki collection."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from typing import Any, NamedTuple
from zlib import crc32

import msgspec

from flashcards.core.anki_origin import AnkiReturn
from flashcards.core.cards import CardId, Note
from flashcards.core.decks import Deck
from flashcards.core.events import is_imported
from flashcards.core.export_metadata import METADATA_VERSION, ExportMetadata
from flashcards.core.progress import AnswerKind
from flashcards.core.replay import CardReplay, ReviewStep, replay_card
from flashcards.core.study_days import SECONDS_PER_DAY, study_day
from flashcards.exporters.anki import schema
from flashcards.exporters.anki.markdown_to_html import markdown_to_html
from flashcards.exporters.anki.note_types import note_types_json
from flashcards.exporters.anki.notes import (
    anki_guid,
    card_suffixes,
    choose_note_type,
    field_checksum,
    number_gaps,
    resolve_deck_settings,
)
from flashcards.exporters.base import ExportJob

EASE_BY_RATING = (0, 1, 1, 2, 3, 4)  # Anki's Again to Easy, by our rating; index 0 is unused
LOG_LEARNED, LOG_REVIEWED, LOG_RELEARNED, LOG_CRAMMED = 0, 1, 2, 3
QUEUE_NEW, QUEUE_REVIEW = 0, 2
QUEUE_SUSPENDED, QUEUE_BURIED = -1, -3
FIRST_ROW_ID = 1_577_836_800_000
"""2020 in ms, for Anki takes ids for times. Card ids are hashes, note ids count up."""
ROW_ID_RANGE = 10**11
DAYS_IN_TEN_YEARS = 3_650
NOTES_AT_ONCE = 1_000  # inserted together
MAX_ANSWER_MS = 3_600_000
INSERT_NOTE = f"INSERT INTO notes VALUES ({','.join('?' * 11)})"
INSERT_CARD = f"INSERT INTO cards VALUES ({','.join('?' * 18)})"
INSERT_ANSWER = f"INSERT INTO revlog VALUES ({','.join('?' * 9)})"


class _CardRow(NamedTuple):
    """A card's place: its note and deck rows, and its template."""

    card_id: CardId
    note_row_id: int
    deck_row_id: int
    template_index: int
    known_row_id: int = 0  # its id in the collection it came from
    is_awake: bool = False  # whether it is suspended only here, not in Anki


@dataclass(slots=True)
class CollectionWriter:
    """Writes one collection."""

    job: ExportJob
    connection: sqlite3.Connection
    rows: dict[str, list[tuple[Any, ...]]] = field(
        default_factory=lambda: {INSERT_NOTE: [], INSERT_CARD: [], INSERT_ANSWER: []}
    )
    now_seconds: int = field(init=False)
    today: int = field(init=False)  # ordinal, as the next
    day_zero: int = field(init=False)  # the day from which Anki counts due days
    used_ids: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # by table
    deck_ids: dict[str, tuple[int, str]] = field(default_factory=dict)
    kept_note_types: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    note_rows: dict[str, int] = field(default_factory=dict)
    """Ids of the written notes that came from Anki, by guid."""
    position: int = 0  # of the last note, from 1

    def __post_init__(self) -> None:
        self.now_seconds = int(self.job.exported_at.timestamp())
        self.today = study_day(self.job.exported_at, self.job.rollover).toordinal()
        self.day_zero = self.today - DAYS_IN_TEN_YEARS

    def write_all(self) -> None:
        """Fill all tables."""
        for deck in self.job.decks:
            number = self._stable_row_id("deck", f"deck {deck.name}")
            self.deck_ids.setdefault(deck.name, (number, deck.description))
            for own_id, note in zip(deck.note_ids, deck.notes, strict=True):
                self.position += 1
                if returned := self.job.returns.get(own_id):
                    self._write_returned_note(returned, deck, own_id, note)
                else:
                    self._write_note(deck, own_id, note)
                if not self.position % NOTES_AT_ONCE:
                    self._insert_rows()
        self._insert_rows()
        self._write_collection()

    def _insert_rows(self) -> None:
        for statement, rows in self.rows.items():
            self.connection.executemany(statement, rows)
            rows.clear()

    def _write_collection(self) -> None:
        at, rollover, seconds = self.job.exported_at, self.job.rollover, self.now_seconds
        start = at.replace(hour=0, minute=0, second=0, microsecond=0) + rollover
        created = int(start.timestamp()) - ((start - rollover).toordinal() - self.day_zero) * SECONDS_PER_DAY
        fsrs = None if self.job.fsrs_retention is None else (self.job.model.weights, self.job.fsrs_retention)
        hours = int(rollover.total_seconds() // 3600)
        west = -int((at.utcoffset() or timedelta()).total_seconds() // 60)
        row = (
            1, created, seconds * 1000, seconds * 1000, schema.SCHEMA_VERSION, 0, 0, 0,
            schema.collection_settings_json(west, hours, fsrs=fsrs is not None),
            note_types_json(seconds, self.kept_note_types), schema.decks_json(self.deck_ids, seconds),
            schema.deck_settings_json(seconds, fsrs), "{}",
        )  # fmt: skip
        self.connection.execute(f"INSERT INTO col VALUES ({','.join('?' * 13)})", row)

    def _write_note(self, deck: Deck, own_id: str, note: Note) -> None:
        resolved = resolve_deck_settings(deck, note)
        number, deck_number = FIRST_ROW_ID - ROW_ID_RANGE + self.position, self.deck_ids[deck.name][0]
        question = number_gaps(note.front)[0] if note.cloze else note.front
        sides = "\x1f".join(map(markdown_to_html, (question, note.back)))
        keys = dict(card_suffixes(deck, note))
        rated_two: list[int] = []
        repetitions: dict[int, int] = {}
        for template, key in keys.items():
            card_row = _CardRow(CardId(own_id + key), number, deck_number, template)
            repetitions[template], answers_rated_two = self._write_card(card_row)
            rated_two += answers_rated_two
        label = ExportMetadata(
            METADATA_VERSION, own_id, crc32(sides.encode()), resolved, keys, repetitions, tuple(rated_two)
        )
        about = anki_guid(own_id), choose_note_type(resolved).id, self.now_seconds
        self._insert_note(number, about, resolved.tags, sides, msgspec.json.encode(label).decode())

    def _insert_note(
        self, number: int, about: tuple[str, int, int], tags: Sequence[str], fields: str, data: str = ""
    ) -> None:
        """Write a note; `about` is its guid, note type and modification time."""
        first, named = fields.partition("\x1f")[0], " ".join(tag.replace(" ", "_") for tag in tags)
        text = f" {named} " if named else "", fields, first, field_checksum(first)
        self.rows[INSERT_NOTE].append((number, *about, -1, *text, 0, data))

    def _write_returned_note(self, returned: AnkiReturn, deck: Deck, own_id: str, note: Note) -> None:
        """Write the cards of an Anki note, after the note itself."""
        # Anki updates fields only from a newer note, and recognises its cards by their templates.
        origin = returned.origin
        if origin.guid not in self.note_rows:
            self.kept_note_types[origin.type] = returned.note_type
            self.note_rows[origin.guid] = self._unused_row_id("note", origin.id)
            newer = max(self.now_seconds, origin.modified + 1)  # Anki updates only to newer notes
            modified = newer if returned.is_changed else origin.modified
            about, fields = (origin.guid, origin.type, modified), "\x1f".join(origin.fields)
            self._insert_note(self.note_rows[origin.guid], about, origin.tags, fields)
        place = self.note_rows[origin.guid], self.deck_ids[deck.name][0]
        for template, key in card_suffixes(deck, note):
            card_id = CardId(own_id + key)
            number = origin.cards.get(card_id, template if note.cloze else None)
            if number is None or (card_id in origin.cards and number not in origin.card_ids):
                continue  # no template, or the card was deleted in Anki
            known, awake = origin.card_ids.get(number, 0), card_id in origin.awake
            self._write_card(_CardRow(card_id, *place, number, known, awake))

    def _write_card(self, card_row: _CardRow) -> tuple[int, list[int]]:
        """Write a card and its answers; return its repetitions, and the ids of answers rated 2."""
        # A modification time as late as the export's means that nothing was changed here.
        events = self.job.events_of_card(card_row.card_id)
        replay = replay_card(events, self.job.rollover, self.job.model)
        own_ms = max((event.hlc for event in events if not is_imported(event)), default=0)
        modified = min(own_ms // 1000, self.now_seconds - 1) if own_ms else self.now_seconds
        due_day, interval, ease, repetitions, lapses, _, _, is_suspended, buried_until, *_ = replay.numbers
        known, card_id = card_row.known_row_id, card_row.card_id
        number = self._unused_row_id("card", known) if known else self._stable_row_id("card", card_id, "card")
        kind, due, factor = QUEUE_NEW, self.position, 0
        if due_day is not None:
            kind, due, factor = QUEUE_REVIEW, due_day - self.day_zero, ease * 10
        queue = QUEUE_SUSPENDED if is_suspended else QUEUE_BURIED if buried_until > self.today else kind
        row = (
            number, card_row.note_row_id, card_row.deck_row_id, card_row.template_index,
            modified, -1, kind, kind if card_row.is_awake else queue,
            due, interval if kind else 0, factor, len(replay.steps), lapses,
            0, 0, 0, 0, self._fsrs_data(replay),
        )  # fmt: skip
        self.rows[INSERT_CARD].append(row)
        return repetitions, list(self._write_answers(number, replay.steps))

    def _fsrs_data(self, replay: CardReplay) -> str:
        """Return Anki's FSRS data of a card; nothing under SM-2."""
        retention, memory = self.job.fsrs_retention, replay.numbers[10]
        if retention is None or memory is None:
            return ""
        data = {"s": round(memory[0], 4), "d": round(memory[1], 3), "dr": retention}
        answers = [step.review.at.timestamp() for step in replay.steps if not step.review.cram]
        data |= {"decay": self.job.model.weights[20], "lrt": int(answers[-1])} if answers else {}
        return msgspec.json.encode(data).decode()

    def _write_answers(self, card: int, steps: tuple[ReviewStep, ...]) -> Iterator[int]:
        for review, kind, before, after in steps:
            at = self._unused_row_id("answer", round(review.at.timestamp() * 1000))
            _, interval, ease, *_ = after
            row = (
                at, card, -1, EASE_BY_RATING[review.rating], interval, before[1],
                0 if review.cram else ease * 10, min(review.ms, MAX_ANSWER_MS),
                _log_kind(kind, is_new=before[0] is None),
            )  # fmt: skip
            self.rows[INSERT_ANSWER].append(row)
            if review.rating == 2:
                yield at

    def _stable_row_id(self, table: str, *names: str) -> int:
        """Return an id for a card or deck, the same in every export."""
        digest = blake2b("\x1f".join(names).encode("utf-8", "surrogatepass"), digest_size=8)
        number = FIRST_ROW_ID + int.from_bytes(digest.digest(), "big") % ROW_ID_RANGE
        return self._unused_row_id(table, number)

    def _unused_row_id(self, table: str, number: int) -> int:
        used = self.used_ids[table]
        while number in used:
            number += 1
        used.add(number)
        return number


def _log_kind(kind: AnswerKind, *, is_new: bool) -> int:
    if kind is AnswerKind.GRADED:
        return LOG_LEARNED if is_new else LOG_REVIEWED
    return LOG_RELEARNED if kind is AnswerKind.REPEAT else LOG_CRAMMED
