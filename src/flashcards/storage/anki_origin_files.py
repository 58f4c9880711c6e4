"""Store what notes need to go back to Anki: a file a note type, a line a note."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from flashcards.core.anki_origin import AnkiOrigin
from flashcards.storage.files import read_if_there

FOLDER = "anki"
_decode_origin = msgspec.json.Decoder(AnkiOrigin).decode


@dataclass(slots=True)
class KeptNotes:
    """The notes of one note type by guid."""

    note_type: Mapping[str, Any] = field(default_factory=dict)
    origins: dict[str, AnkiOrigin] = field(default_factory=dict)

    def add(self, origin: AnkiOrigin) -> None:
        """Add a note as Anki has it now; cards known before stay known."""
        if known := self.origins.get(origin.guid):
            texts, cards = {**known.texts, **origin.texts}, {**known.cards, **origin.cards}
            card_ids = {**known.card_ids, **origin.card_ids}
            awake = tuple(dict.fromkeys((*known.awake, *origin.awake)))
            origin = replace(origin, texts=texts, cards=cards, card_ids=card_ids, awake=awake)
        self.origins[origin.guid] = origin

    def render(self) -> bytes:
        """Return the file content, independent of the order of adding."""
        notes = (self.origins[guid] for guid in sorted(self.origins))
        return msgspec.json.Encoder().encode_lines([{"note_type": self.note_type}, *notes])


def parse_kept(data: bytes) -> KeptNotes:
    """Return the notes in a file, skipping other lines, as git's markers.

    Of two lines about one note, as after a merge, the later change counts.
    """
    kept = KeptNotes()
    for line in data.split(b"\n"):
        try:
            if line.startswith(b'{"note_type":'):
                note_type = msgspec.json.decode(line)["note_type"]
                if note_type.get("mod", 0) >= kept.note_type.get("mod", 0):
                    kept.note_type = note_type
            elif line.startswith(b"{"):
                origin = _decode_origin(line)
                if (known := kept.origins.get(origin.guid)) is None or known.modified <= origin.modified:
                    kept.add(origin)
        except (msgspec.MsgspecError, UnicodeError, AttributeError, TypeError):
            continue
    return kept


def changed_files(
    data_dir: Path, note_types: Mapping[int, Mapping[str, Any]], origins: Mapping[int, list[AnkiOrigin]]
) -> Iterator[tuple[str, bytes | None, bytes]]:
    """Yield (path in the data folder, old content, new content) of changed files."""
    for number, own in origins.items():
        name = f"{FOLDER}/{number}.jsonl"
        before = read_if_there(data_dir / name)
        kept = parse_kept(before or b"")
        kept.note_type = note_types[number]
        for origin in own:
            kept.add(origin)
        if (after := kept.render()) != before:
            yield name, before, after
