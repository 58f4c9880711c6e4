"""Import Anki packages and collections with their history."""

import io
import shlex
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from flashcards.core.anki_origin import OWN_NOTE_TYPES, AnkiOrigin
from flashcards.core.cards import CardId
from flashcards.core.export_metadata import ANKI_ID_PREFIX
from flashcards.importers.anki.collection_tables import AnkiCollection, SqliteRow, open_collection
from flashcards.importers.anki.fsrs import FsrsPreset, list_presets
from flashcards.importers.anki.metadata import note_from_metadata, read_metadata
from flashcards.importers.anki.notes import FIELD_SEPARATOR, AnkiNote, ParsedNoteType, convert_note
from flashcards.importers.anki.package import COLLECTION_NAMES, SQLITE_MAGIC, ZIP_MAGIC, AnkiPackage
from flashcards.importers.anki.schedule import CollectionCalendar, ReviewLog, card_history, read_review_log
from flashcards.importers.base import (
    ImportedDeck,
    ImportedHistory,
    ImportedNote,
    ImportResult,
    ImportSource,
    SkippedItem,
)
from flashcards.importers.html.tags import html_to_markdown
from flashcards.importers.shared.safe_zip import ZIP_ERRORS

TITLE = "Anki package"
EXTENSIONS: tuple[str, ...] = (".apkg", ".colpkg", ".anki2", ".anki21", ".anki21b")
NUMBER_COLUMNS = ("ord", "did", "odid", "id", "type", "queue", "due", "odue", "ivl", "factor",
"lapses",
           "flags")  # fmt: skip
SELECT_CARDS = (  # whatever type a row says its values have, these are numbers
    f"SELECT nid, {', '.join(f'CAST({name} AS INTEGER)' for name in NUMBER_COLUMNS)}, data "
    "FROM cards ORDER BY nid, ord"
)
SELECT_NOTES = "SELECT id, guid, mid, CAST(mod AS INTEGER), tags, flds, data FROM notes ORDER BY id"
CARD_TYPE_NEW = 0
OCCLUSION_REMARK = "Image occlusion cards, suspended because masks cannot be shown here"


def recognises(source: ImportSource) -> bool:
    """Recognise a package by its collection, a collection by its tables."""
    if source.data.startswith(SQLITE_MAGIC):
        return b"revlog" in source.data[: 1 << 20]
    if not source.data.startswith(ZIP_MAGIC):
        return source.extension == ".anki21b"  # of a package that was unpacked
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            return any(name in COLLECTION_NAMES for name in archive.namelist())
    except ZIP_ERRORS:
        return source.extension in EXTENSIONS  # torn, but the name says what it was


def read_source(source: ImportSource) -> ImportResult:
    """Return the content of a package. Raises FlashcardsError if it cannot be read."""
    package = _package_of(source)
    media: Mapping[str, bytes] = package.open_media() if package else {}
    with _open_source(source, package) as collection:
        reading = _CollectionReader(collection, source.stem or "Anki")
        missing = package.missing_media if package else 0
        reading.lost_counts["Media files that are missing from the package"] += missing
        reading.read_notes()
        presets = list_presets(collection.connection, collection.settings)
        reading.describe_fsrs(presets, source.name)
    decks = tuple(
        ImportedDeck(
            name,
            tuple(note for _, note in sorted(notes, key=lambda pair: pair[0])),
            html_to_markdown(collection.deck_descriptions.get(name, "")),
        )
        for name, notes in reading.decks.items()
    )
    return ImportResult(
        decks,
        tuple(reading.skipped),
        tuple(reading.remarks()),
        media,
        note_types=collection.models,
        lost_histories=reading.lost_histories,
    )


def read_presets(source: ImportSource) -> list[FsrsPreset]:
    """Return the FSRS presets of a package, those with weights first."""
    if not recognises(source):
        return []
    with _open_source(source, _package_of(source)) as collection:
        return list_presets(collection.connection, collection.settings)


def _package_of(source: ImportSource) -> AnkiPackage | None:
    """Return the package a source is or was unpacked from; None for a lone collection."""
    is_alone = source.data.startswith(SQLITE_MAGIC) and not source.read_beside("media")
    return None if is_alone else AnkiPackage(source)


@contextmanager
def _open_source(source: ImportSource, package: AnkiPackage | None) -> Iterator[AnkiCollection]:
    """Open the collection of a package, or a source that is one."""
    with TemporaryDirectory(prefix="flashcards-") as folder:
        path = Path(folder, "collection")
        if package:
            with path.open("wb") as file:
                package.unpack_collection(file)
        with open_collection(path, source) as collection:
            yield collection


@dataclass(slots=True)
class _CollectionReader:
    """Reads the notes of a collection in one pass, with their cards."""

    collection: AnkiCollection
    default_deck_name: str
    decks: dict[str, list[tuple[tuple[int, int, int], ImportedNote]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    skipped: list[SkippedItem] = field(default_factory=list)
    lost_counts: Counter[str] = field(default_factory=Counter)
    lost_histories: Mapping[CardId, ImportedHistory] = field(default_factory=dict)
    fsrs_cards: int = 0  # cards scheduled by FSRS

    def read_notes(self) -> None:
        """Read all notes."""
        calendar = CollectionCalendar.from_collection(self.collection)
        log = read_review_log(self.collection, calendar.timezone)
        models, query = self.collection.models, self.collection.connection.execute
        shapes = {number: ParsedNoteType(model) for number, model in models.items()}
        cards = _CardRows(query(SELECT_CARDS))
        for number, guid, kind, modified, tags, text, data in query(SELECT_NOTES):
            own = cards.rows_of_note(number)
            if not own:
                self.lost_counts["Notes without cards, skipped (Anki does not ask them either)"] += 1
            elif kind not in shapes:
                self.skipped.append(SkippedItem(f"note {number}", "its note type is missing"))
            else:
                fields, tag_names = tuple(str(text).split(FIELD_SEPARATOR)), tuple(str(tags).split())
                histories = {row[1]: self._card_history(row, calendar, log) for row in own}
                card_ids = {row[1]: row[4] for row in own}
                origin = AnkiOrigin(str(guid), number, kind, modified, fields, tag_names, card_ids)
                kept = None if kind in OWN_NOTE_TYPES else origin
                deck = self._deck_name(own[0])
                note = AnkiNote(number, str(guid), fields, tag_names, histories, deck, kept)
                metadata = read_metadata(data, str(text)) if data else None
                if metadata:
                    self._add_imported([note_from_metadata(metadata, note)], deck, (0, 0, number))
                else:
                    self._add_imported(convert_note(shapes[kind], note), deck, _note_sort_key(own[0]))
        self.lost_counts["Cards skipped because their note is missing"] += cards.count_orphans()
        known = {row[0] for row in query("SELECT id FROM cards")}
        self.lost_histories = {
            CardId(f"{ANKI_ID_PREFIX}card-{card}"): ImportedHistory(log.reviews_of_card(card), is_lost=True)
            for card in log.ranges_by_card
            if card not in known
        }
        told = "Answers of cards that were deleted in Anki, kept as history without cards"
        self.lost_counts[told] += sum(len(life.reviews) for life in self.lost_histories.values())

    def _card_history(self, row: SqliteRow, calendar: CollectionCalendar, log: ReviewLog) -> ImportedHistory:
        flags, data = row[12], row[13]
        self.lost_counts["Coloured flags, not imported"] += bool(flags % 8)
        self.fsrs_cards += isinstance(data, str) and '"s":' in data
        return card_history(row, calendar, log)

    def _deck_name(self, row: SqliteRow) -> str:
        return self.collection.deck_names.get(row[3] or row[2]) or self.default_deck_name

    def _add_imported(
        self, imported: Iterable[ImportedNote | SkippedItem], deck: str, sort_key: tuple[int, int, int]
    ) -> None:
        for made in imported:
            if isinstance(made, SkippedItem):
                self.skipped.append(made)
            else:
                self.lost_counts[OCCLUSION_REMARK] += made.was_awake
                self.decks[deck].append((sort_key, made))

    def describe_fsrs(self, presets: Sequence[FsrsPreset], name: str) -> None:
        """Say what happens to cards of FSRS, and how to continue with it."""
        if not self.fsrs_cards and not presets:
            return
        told = "Cards scheduled by FSRS, which keep their dates; their memory comes from their answers"
        if presets:
            first, *others = presets
            which = f" with its preset {first.name}" if others else ""
            told += f". To go on as there{which}: flashcards config set retention {first.retention:g}"
            if first.weights:
                told += f"; flashcards optimize --weights {shlex.quote(name)}"
            told += "; flashcards config set scheduler fsrs"
            if others:
                own = ", own weights"
                listed = ", ".join(
                    f"{one.name} (retention {one.retention:g}{own * bool(one.weights)})" for one in others
                )
                told += f". All decks have one retention here; its other presets are {listed}"
            told += ". Cards"
        self.lost_counts[told] += self.fsrs_cards or 1

    def remarks(self) -> Iterator[str]:
        """Yield what could not be imported."""
        for what, many in self.lost_counts.items():
            if many:
                yield f"{what}: {many:,}"


def _note_sort_key(row: SqliteRow) -> tuple[int, int, int]:
    """Sort notes as Anki asks them: started ones, then new ones."""
    is_new = row[5] == CARD_TYPE_NEW
    return int(is_new), row[8] or row[7] if is_new else 0, row[0]


class _CardRows:
    """Card rows by note, read in one pass beside the notes."""

    def __init__(self, rows: Iterator[SqliteRow]) -> None:
        self._rows = rows
        self._next_row = next(rows, None)
        self._orphan_count = 0

    def rows_of_note(self, note: int) -> list[SqliteRow]:
        """Return the cards of a note; notes must be asked in id order."""
        card_rows: list[SqliteRow] = []
        while self._next_row is not None and self._next_row[0] <= note:
            if self._next_row[0] == note:
                card_rows.append(self._next_row)
            else:
                self._orphan_count += 1
            self._next_row = next(self._rows, None)
        return card_rows

    def count_orphans(self) -> int:
        """Return the number of cards without a note."""
        return self._orphan_count + sum(1 for _ in self._rows) + (self._next_row is not None)
