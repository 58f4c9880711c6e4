"""Read our own metadata back from exported Anki notes."""

from collections.abc import Sequence
from zlib import crc32

import msgspec

from flashcards.core.export_metadata import METADATA_VERSION, ExportMetadata
from flashcards.importers.anki.notes import AnkiNote
from flashcards.importers.base import ImportedHistory, ImportedNote

METADATA_START = '{"flashcards":'


def read_metadata(data: object, text: str) -> ExportMetadata | None:
    """Return a note's metadata; None without, or if its text has changed."""
    if not isinstance(data, str) or not data.startswith(METADATA_START):
        return None
    try:
        metadata = msgspec.json.decode(data, type=ExportMetadata)
    except (msgspec.MsgspecError, UnicodeError):
        return None
    whole = metadata.flashcards == METADATA_VERSION and metadata.sum == crc32(text.encode("utf-8", "replace"))
    return metadata if whole else None


def note_from_metadata(metadata: ExportMetadata, note: AnkiNote) -> ImportedNote:
    """Return the described note with the histories from Anki."""
    histories = {
        metadata.keys[number]: _restore_lost_details(history, metadata.repetitions.get(number), metadata.twos)
        for number, history in note.histories.items()
        if number in metadata.keys
    }
    return ImportedNote(metadata.note, histories, note.origin, {key: n for n, key in metadata.keys.items()})


def _restore_lost_details(
    history: ImportedHistory, repetitions: int | None, rated_two: Sequence[int]
) -> ImportedHistory:
    """Restore what Anki cannot store: repetitions and ratings of 2."""
    if history.schedule and repetitions is not None:
        history = history._replace(schedule=history.schedule._replace(repetitions=repetitions))
    if not rated_two:
        return history
    given = frozenset(rated_two)
    reviews = tuple(
        past._replace(rating=2) if int(past.unique_key.rpartition("-")[2]) in given else past
        for past in history.reviews
    )
    return history._replace(reviews=reviews)
