"""CueCards' XML: a question and an answer in the attributes of each card."""

from __future__ import annotations

from flashcards.core.cards import Note
from flashcards.importers.base import Brought, BroughtNote, Source
from flashcards.importers.html import to_markdown
from flashcards.importers.shared.safe_xml import root_name, tree
from flashcards.importers.shared.source_text import Decks, deck_name, head, skipped

TITLE = "CueCards XML"
ENDINGS = (".wcu",)


def fits(source: Source) -> bool:
    """Tell a file by its first element."""
    return root_name(head(source)) == "CueCards"


def read(source: Source) -> Brought:
    """Return the cards of a file. Raises FlashcardsError when it is no XML."""
    decks, left_out = Decks(), []
    for card in tree(source).all("Card"):
        front, back = (
            to_markdown(card.attributes.get(side, "")) for side in ("Question", "Answer")
        )
        if front and back:
            decks.add(deck_name(source), BroughtNote(Note(front, back, line=card.line)))
        else:
            why = "its answer is empty" if front else "its question is empty"
            left_out.append(skipped(source, card.line, why))
    return Brought(decks.all(), tuple(left_out), decks.remarks())
