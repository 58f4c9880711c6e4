"""Anki packages and collections of all generations: notes, media, and the whole history."""

from __future__ import annotations

import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from flashcards.importers.anki.collection import Collection, Row, opened
from flashcards.importers.anki.metadata import label_of, labelled
from flashcards.importers.anki.notes import SEPARATOR, AnkiNote, Shape, convert
from flashcards.importers.anki.package import COLLECTIONS, SQLITE, ZIP, Package
from flashcards.importers.anki.schedule import Calendar, Log, life, read_log
from flashcards.importers.base import Brought, BroughtDeck, BroughtNote, Life, Skipped, Source
from flashcards.importers.html import to_markdown
from flashcards.importers.shared.safe_zip import TORN

TITLE = "Anki package"
ENDINGS: tuple[str, ...] = (".apkg", ".colpkg", ".anki2", ".anki21", ".anki21b")
NUMBERS = ("ord", "did", "odid", "id", "type", "queue", "due", "odue", "ivl", "factor", "lapses",
           "flags")  # fmt: skip
CARDS = (  # whatever type a row says its values have, these are numbers
    f"SELECT nid, {', '.join(f'CAST({name} AS INTEGER)' for name in NUMBERS)}, data "
    "FROM cards ORDER BY nid, ord"
)
NOTES = "SELECT id, guid, mid, tags, flds, data FROM notes ORDER BY id"
NEW = 0


def fits(source: Source) -> bool:
    """Tell a package by the collection in it, and a collection by its table of answers."""
    if source.data.startswith(SQLITE):
        return b"revlog" in source.data[: 1 << 20]
    if not source.data.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            return any(name in COLLECTIONS for name in archive.namelist())
    except TORN:
        return source.ending in ENDINGS  # torn, but the name says what it was


def read(source: Source) -> Brought:
    """Return what a package holds. Raises DamagedError when it cannot be read as a whole."""
    with TemporaryDirectory(prefix="flashcards-") as folder:
        path = Path(folder, "collection")
        if source.data.startswith(SQLITE):
            path.write_bytes(source.data)
            media: Mapping[str, bytes] = {}
            missing = 0
        else:
            package = Package(source)
            with path.open("wb") as file:
                package.unpack(package.collection, file)
            media, missing = package.media(), package.missing
        with opened(path, source.name) as collection:
            reading = _Reading(collection, source.stem or "Anki")
            reading.lost["Media files that it names and does not hold"] += missing
            reading.read()
    decks = tuple(
        BroughtDeck(
            name,
            tuple(note for _, note in sorted(notes, key=lambda pair: pair[0])),
            to_markdown(collection.descriptions.get(name, "")),
        )
        for name, notes in reading.decks.items()
    )
    return Brought(decks, tuple(reading.skipped), tuple(reading.remarks()), media)


@dataclass(slots=True)
class _Reading:
    """One pass over the notes of a collection, with the cards of each beside it."""

    collection: Collection
    unnamed: str
    decks: dict[str, list[tuple[tuple[int, int, int], BroughtNote]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    skipped: list[Skipped] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)

    def read(self) -> None:
        """Take in all notes."""
        calendar = Calendar.of(self.collection)
        log = read_log(self.collection, calendar.zone)
        shapes = {number: Shape(kind) for number, kind in self.collection.types.items()}
        cards = _Cards(self.collection.rows(CARDS))
        for number, guid, kind, tags, text, data in self.collection.rows(NOTES):
            own = cards.of(number)
            if not own:
                self.lost["Notes without cards, which Anki does not ask either"] += 1
            elif kind not in shapes:
                self.skipped.append(Skipped(f"note {number}", "its note type is missing"))
            else:
                note = AnkiNote(
                    number,
                    str(guid),
                    tuple(str(text).split(SEPARATOR)),
                    tuple(str(tags).split()),
                    {row[1]: self._life(row, calendar, log) for row in own},
                    self._deck(own[0]),
                )
                label = label_of(data, str(text)) if data else None
                made = (labelled(label, note),) if label else convert(shapes[kind], note)
                self._take(made, note, (0, 0, number) if label else _place(own[0]))
        self.lost["Cards whose note is missing, left out"] += cards.strays()

    def _life(self, row: Row, calendar: Calendar, log: Log) -> Life:
        flags, data = row[12], row[13]
        self.lost["Coloured flags, not carried over"] += bool(flags % 8)
        if isinstance(data, str) and '"s":' in data:
            self.lost[
                "Cards scheduled by FSRS, which go on under SM-2 from their interval, "
                "without stability and difficulty"
            ] += 1
        return life(row[4:12], calendar, log)

    def _deck(self, row: Row) -> str:
        return self.collection.decks.get(row[3] or row[2]) or self.unnamed

    def _take(
        self,
        made_of_it: Iterable[BroughtNote | Skipped],
        note: AnkiNote,
        place: tuple[int, int, int],
    ) -> None:
        for made in made_of_it:
            if isinstance(made, Skipped):
                self.skipped.append(made)
            else:
                self.decks[note.deck].append((place, made))

    def remarks(self) -> Iterator[str]:
        """Yield what could not be carried over."""
        for what, many in self.lost.items():
            if many:
                yield f"{what}: {many:,}"


def _place(row: Row) -> tuple[int, int, int]:
    """Return what sorts notes: what was begun first, then new ones as Anki would ask them."""
    fresh = row[5] == NEW
    return int(fresh), row[8] or row[7] if fresh else 0, row[0]


class _Cards:
    """The rows of cards, handed out note by note as the notes come, in one pass."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self._strays = 0

    def of(self, note: int) -> list[Row]:
        """Return the cards of a note; notes are asked for in the order of their numbers."""
        found: list[Row] = []
        while self._next is not None and self._next[0] <= note:
            if self._next[0] == note:
                found.append(self._next)
            else:
                self._strays += 1
            self._next = next(self._rows, None)
        return found

    def strays(self) -> int:
        """Return how many cards belong to no note that was asked for."""
        return self._strays + sum(1 for _ in self._rows) + (self._next is not None)
