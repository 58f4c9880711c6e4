"""Import Mnemosyne exports and databases."""

from collections.abc import Iterator, Mapping

from flashcards.core.cards import Note
from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportedHistory, ImportResult, ImportSource
from flashcards.importers.html.escaping import safe_media_name
from flashcards.importers.mnemosyne.card_types import MnemosyneFact, card_suffix, note_from_fact
from flashcards.importers.mnemosyne.database import database_as_export, is_mnemosyne_database
from flashcards.importers.mnemosyne.schedule import card_history, convert_days_to_seconds
from flashcards.importers.shared.deck_collector import DeckCollector
from flashcards.importers.shared.safe_xml import XmlElement, parse_xml, root_element_name
from flashcards.importers.shared.safe_zip import SafeZip
from flashcards.importers.shared.source_text import read_head, valid_note_id

TITLE = "Mnemosyne cards"
EXTENSIONS = (".cards", ".db")

CARDS_FILE = "cards.xml"
METADATA_FILE, TAG_ENTRY, REPETITION_ENTRY, CARD_ENTRY, FACT_ENTRY = ("METADATA", "10", "9", "6", "16")
"""The file with the deck's name, and the kinds of entries."""
UNTAGGED_NAMES = frozenset({"__UNTAGGED__", "<default>", ""})


def recognises(source: ImportSource) -> bool:
    """Recognise a zip file with cards.xml, or XML by its root element."""
    if source.data.startswith(b"PK"):
        return CARDS_FILE.encode() in source.data[-1 << 20 :] and b"collection.anki" not in source.data
    if is_mnemosyne_database(source):
        return True
    return root_element_name(read_head(source)) in {"openSM2sync", "mnemosyne"}


def read_source(source: ImportSource) -> ImportResult:
    """Return the cards with their schedules. Raises FlashcardsError."""
    if is_mnemosyne_database(source):
        return _read_version_2(source, database_as_export(source), "")
    if not source.data.startswith(b"PK"):
        root = parse_xml(source)
        if root.name == "mnemosyne":
            return _read_version_1(source, root)
        return _read_version_2(source, root, "")
    archive = SafeZip(source)
    names = list(archive.file_names())
    if CARDS_FILE not in names:
        raise FlashcardsError(f"{source.name}: there is no {CARDS_FILE} in it.")
    about = archive.read_file(METADATA_FILE).decode("utf-8", "replace") if METADATA_FILE in names else ""
    imported = _read_version_2(
        source, parse_xml(source, archive.read_file(CARDS_FILE)), _metadata_value(about, "card_set_name")
    )
    media = {safe_media_name(name): name for name in names if name not in {CARDS_FILE, METADATA_FILE}}
    files = {plain: archive.read_file(name) for plain, name in media.items() if plain}
    return ImportResult(imported.decks, imported.skipped, media=files)


def _metadata_value(metadata: str, name: str) -> str:
    lines = (line.partition(":") for line in metadata.split("\n"))
    return next((value.strip() for key, _, value in lines if key.strip() == name), "")


def _read_version_2(source: ImportSource, root: XmlElement, name: str) -> ImportResult:
    """Read Mnemosyne 2: facts, and the cards that ask them."""
    tags = {own: logs[-1].child_text("name") for own, logs in _entries(root, TAG_ENTRY, "o_id").items()}
    facts = {
        own: MnemosyneFact(logs[-1].line, {child.name: child.text for child in logs[-1].children})
        for own, logs in _entries(root, FACT_ENTRY, "o_id").items()
    }
    answers, cards = _entries(root, REPETITION_ENTRY, "o_id"), _entries(root, CARD_ENTRY, "fact")
    decks = DeckCollector(source)
    for own, fact_cards in cards.items():
        if own not in facts:
            decks.skip(fact_cards[0].line, "the text of this card is missing")
        elif isinstance(note := _fact_note(own, facts[own], fact_cards, tags), str):
            decks.skip(facts[own].line, note)
        else:
            decks.add_note(note, dict(_card_histories(note, fact_cards, answers)), deck=name)
    for own, fact in facts.items():
        if own not in cards:
            decks.skip(fact.line, "no card uses this text")
    return decks.result()


def _entries(root: XmlElement, kind: str, attribute: str) -> dict[str, list[XmlElement]]:
    """Return the log entries of a kind, grouped by an attribute."""
    groups: dict[str, list[XmlElement]] = {}
    for log in root.children:
        if log.name == "log" and log.attributes.get("type") == kind:
            groups.setdefault(log.attributes.get(attribute, ""), []).append(log)
    return groups


def _fact_note(
    fact_id: str, fact: MnemosyneFact, fact_cards: list[XmlElement], tags: Mapping[str, str]
) -> Note | str:
    """Return a fact's note, or why there is none."""
    words = (
        tags.get(own.strip(), "") for card in fact_cards for own in card.attributes.get("tags", "").split(",")
    )
    named = tuple(dict.fromkeys(word for word in words if word not in UNTAGGED_NAMES))
    views = {card.attributes.get("fact_v", "") for card in fact_cards}
    kind = fact_cards[0].attributes.get("card_t", "1")
    return note_from_fact(valid_note_id(fact_id), fact, kind, sorted(views), named)


def _card_histories(
    note: Note, fact_cards: list[XmlElement], answers: Mapping[str, list[XmlElement]]
) -> Iterator[tuple[str, ImportedHistory]]:
    """Yield the id suffix and history of each card that was asked."""
    for place, card in enumerate(fact_cards):
        suffix = card_suffix(note, card.attributes.get("fact_v", ""), place, card.child_text("extra"))
        history = card_history(card, answers.get(card.attributes.get("o_id", ""), []))
        if history and suffix is not None:
            yield suffix, history


def _read_version_1(source: ImportSource, root: XmlElement) -> ImportResult:
    """Read Mnemosyne 1: items, with reverse ones under the same id and .inv."""
    items = {item.attributes.get("id", ""): item for item in root.children if item.name == "item"}
    decks = DeckCollector(source)
    for item in items.values():
        convert_days_to_seconds(item, root.attributes.get("time_of_start", ""))
    for own, item in items.items():
        if own.endswith(".inv") and _is_reverse_of(item, items.get(own.removesuffix(".inv"))):
            continue
        other = items.get(f"{own}.inv")
        other = other if _is_reverse_of(item, other) else None
        category = item.child_text("cat")
        named = () if category in UNTAGGED_NAMES else (category,)
        fact = MnemosyneFact(item.line, {"f": item.child_text("Q"), "b": item.child_text("A")})
        views = ["2.1", "2.2"] if other else ["1.1"]
        note = note_from_fact(valid_note_id(own), fact, views[0][0], views, named)
        if isinstance(note, str):
            decks.skip(item.line, note)
            continue
        histories = {"": card_history(item, []), "/r": card_history(other, []) if other else None}
        known = {name: history for name, history in histories.items() if history}
        decks.add_note(note, known)
    return decks.result()


def _is_reverse_of(item: XmlElement, other: XmlElement | None) -> bool:
    if other is None:
        return False
    return item.child_text("Q") == other.child_text("A") and item.child_text("A") == other.child_text("Q")
