"""Import CueCards XML."""

from flashcards.core.cards import Note
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.html.tags import html_to_markdown
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.safe_xml import parse_xml, root_element_name
from flashcards.importers.shared.source_text import read_head

TITLE = "CueCards XML"
EXTENSIONS = (".wcu",)


def recognises(source: ImportSource) -> bool:
    """Recognise a file by its root element."""
    return root_element_name(read_head(source)) == "CueCards"


def read_source(source: ImportSource) -> ImportResult:
    """Return the cards of a file. Raises FlashcardsError if it is not XML."""
    decks = DeckCollector(source)
    for card in parse_xml(source).descendants_named("Card"):
        front, back = (html_to_markdown(card.attributes.get(side, "")) for side in ("Question", "Answer"))
        decks.add_complete(Note(front, back, line=card.line))
    return decks.result()
