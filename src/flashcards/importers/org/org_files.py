"""Import org files: org-drill, org-fc, org-srs, anki-editor."""

import re

from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.org.cards import CARD_TAGS, is_card, note_from_heading
from flashcards.importers.org.outline import HEADING_TAGS, parse_headings
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.source_text import PLAIN_TEXT_EXTENSIONS, read_head

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
    decks = DeckCollector(source)
    lines = decks.read_lines()
    about = _read_keywords(lines)
    decks.default_deck = about.get("title", "") or decks.default_deck
    tags = tuple(tag for tag in about.get("filetags", "").replace(":", " ").split() if tag not in CARD_TAGS)
    for heading in parse_headings(lines):
        if is_card(heading):
            note, histories = note_from_heading(heading, tags)
            decks.add_complete(note, histories, deck=heading.property_value("ANKI_DECK"))
        elif signs := [name for name in ("DRILL_CARD_TYPE", "ANKI_NOTE_ID") if name in heading.properties]:
            why = f"it has {signs[0]}, but is no card: no :drill: tag and no ANKI_NOTE_TYPE"
            decks.skip(heading.line, why)
    return decks.result()


def _read_keywords(lines: list[str]) -> dict[str, str]:
    keywords: dict[str, str] = {}
    for line in lines:
        if line.startswith("* "):
            break
        if line.startswith("#+") and ":" in line:
            name, _, value = line[2:].partition(":")
            keywords.setdefault(name.strip().casefold(), value.strip())
    return keywords
