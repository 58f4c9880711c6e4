"""Emacs org files: what org-drill, org-fc, org-srs and anki-editor ask, with their schedules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from flashcards.importers.base import Brought, BroughtNote, Skipped, Source
from flashcards.importers.org.cards import CARD_TAGS, card_of, is_card
from flashcards.importers.org.outline import TAGS, Heading, outline
from flashcards.importers.shared.source_text import (
    PLAIN_ENDINGS,
    Decks,
    deck_name,
    decoded,
    head,
    skipped,
)

TITLE = "org file (org-drill, org-fc, org-srs)"
ENDINGS = (".org",)

PROPERTIES = re.compile(
    r"^[ \t]*:(?:ANKI_NOTE_TYPE|FC_TYPE|DRILL_CARD_TYPE|SRSITEMS|SRSDATA):",
    re.MULTILINE | re.IGNORECASE,
)


def fits(source: Source) -> bool:
    """Tell an org file by headings that are cards."""
    text = head(source) if source.ending in (*PLAIN_ENDINGS, *ENDINGS) else ""
    if PROPERTIES.search(text):
        return True
    titles = (line.rstrip() for line in text.split("\n") if line.startswith("*"))
    tags = (found[1].split(":") for title in titles if (found := TAGS.search(title)))
    return any(CARD_TAGS & set(named) for named in tags)


def read(source: Source) -> Brought:
    """Return the cards of an org file; other headings are left."""
    text = decoded(source)
    lines = text.text.split("\n")
    about = _about(lines)
    reader = _Reader(source, about.get("title", "") or deck_name(source))
    tags = tuple(about.get("filetags", "").replace(":", " ").split())
    for heading in outline(lines):
        reader.heading(heading, tags)
    return Brought(
        reader.decks.all(), tuple(reader.skipped), (*text.remarks, *reader.decks.remarks())
    )


def _about(lines: list[str]) -> dict[str, str]:
    """Return what the keywords above the first heading say."""
    said: dict[str, str] = {}
    for line in lines:
        if line.startswith("* "):
            break
        if line.startswith("#+") and ":" in line:
            name, _, value = line[2:].partition(":")
            said.setdefault(name.strip().casefold(), value.strip())
    return said


@dataclass(slots=True)
class _Reader:
    """Makes notes of headings."""

    source: Source
    deck: str
    decks: Decks = field(default_factory=Decks)
    skipped: list[Skipped] = field(default_factory=list)

    def heading(self, heading: Heading, tags: tuple[str, ...]) -> None:
        """Take a heading if it is a card."""
        if not is_card(heading):
            return
        made = card_of(heading, tuple(tag for tag in tags if tag not in CARD_TAGS))
        if isinstance(made, BroughtNote):
            self.decks.add(heading.said("ANKI_DECK") or self.deck, made)
        else:
            self.skipped.append(skipped(self.source, heading.line, made))
