"""Import org files: org-drill, org-fc, org-srs, anki-editor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flashcards.importers.base import ImportedNote, ImportResult, ImportSource
from flashcards.importers.org.cards import CARD_TAGS, is_card, note_from_heading
from flashcards.importers.org.outline import HEADING_TAGS, OrgHeading, parse_headings
from flashcards.importers.shared.source_text import (
    PLAIN_TEXT_EXTENSIONS,
    DeckCollector,
    decode_text,
    default_deck_name,
    read_head,
)

TITLE = "org file (org-drill, org-fc, org-srs)"
EXTENSIONS = (".org",)

CARD_PROPERTY = re.compile(
    r"^[ \t]*:(?:ANKI_NOTE_TYPE|FC_TYPE|DRILL_CARD_TYPE|SRSITEMS|SRSDATA):", re.MULTILINE | re.IGNORECASE
)


def recognises(source: ImportSource) -> bool:
    """Recognise an org file by headings that are cards."""
    text = read_head(source) if source.extension in (*PLAIN_TEXT_EXTENSIONS, *EXTENSIONS) else ""
    if CARD_PROPERTY.search(text):
        return True
    titles = (line.rstrip() for line in text.split("\n") if line.startswith("*"))
    tags = (found[1].split(":") for title in titles if (found := HEADING_TAGS.search(title)))
    return any(CARD_TAGS & set(named) for named in tags)


def read_source(source: ImportSource) -> ImportResult:
    """Return the cards of an org file; other headings are ignored."""
    text = decode_text(source)
    lines = text.text.split("\n")
    about = _read_keywords(lines)
    reader = _OrgReader(DeckCollector(source), about.get("title", "") or default_deck_name(source))
    tags = tuple(about.get("filetags", "").replace(":", " ").split())
    for heading in parse_headings(lines):
        reader.read_heading(heading, tags)
    return reader.decks.result(text.remarks)


def _read_keywords(lines: list[str]) -> dict[str, str]:
    keywords: dict[str, str] = {}
    for line in lines:
        if line.startswith("* "):
            break
        if line.startswith("#+") and ":" in line:
            name, _, value = line[2:].partition(":")
            keywords.setdefault(name.strip().casefold(), value.strip())
    return keywords


@dataclass(slots=True)
class _OrgReader:
    """Converts headings to notes."""

    decks: DeckCollector
    deck: str

    def read_heading(self, heading: OrgHeading, tags: tuple[str, ...]) -> None:
        """Add a heading's note if it is a card."""
        if not is_card(heading):
            if signs := [name for name in ("DRILL_CARD_TYPE", "ANKI_NOTE_ID") if name in heading.properties]:
                why = f"it has {signs[0]}, but is no card: no :drill: tag and no ANKI_NOTE_TYPE"
                self.decks.skip(heading.line, why)
            return
        made = note_from_heading(heading, tuple(tag for tag in tags if tag not in CARD_TAGS))
        if isinstance(made, ImportedNote):
            self.decks.add_note(heading.property_value("ANKI_DECK") or self.deck, made)
        else:
            self.decks.skip(heading.line, made)
