"""Mnemosyne's cards: a zip file with cards.xml and pictures, the XML alone, or its own library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flashcards.errors import FlashcardsError
from flashcards.importers.base import Brought, BroughtNote, Skipped, Source
from flashcards.importers.html.escaping import media_name
from flashcards.importers.mnemosyne.cards import Fact, note_of
from flashcards.importers.mnemosyne.database import is_library, library
from flashcards.importers.mnemosyne.schedule import dated, life_of
from flashcards.importers.shared.safe_xml import Element, root_name, tree
from flashcards.importers.shared.safe_zip import Archive
from flashcards.importers.shared.source_text import Decks, deck_name, head, identifier, skipped

TITLE = "Mnemosyne cards"
ENDINGS = (".cards", ".db")

CARDS = "cards.xml"
DECK, TAG, REPETITION, CARD, FACT = "METADATA", "10", "9", "6", "16"
"""The file with the deck's name, and what kinds of entries are."""
NO_TAG = frozenset({"__UNTAGGED__", "<default>", ""})


def fits(source: Source) -> bool:
    """Tell a zip file that names cards.xml, or XML with one of Mnemosyne's first elements."""
    if source.data.startswith(b"PK"):
        return CARDS.encode() in source.data[-1 << 20 :] and b"collection.anki" not in source.data
    if is_library(source):
        return True
    return root_name(head(source)) in {"openSM2sync", "mnemosyne"}


def read(source: Source) -> Brought:
    """Return the cards with what is known of their schedule. Raises FlashcardsError."""
    if is_library(source):
        return _new(source, library(source), "")
    if not source.data.startswith(b"PK"):
        root = tree(source)
        return _old(source, root) if root.name == "mnemosyne" else _new(source, root, "")
    archive = Archive(source)
    names = list(archive.names())
    if CARDS not in names:
        raise FlashcardsError(f"{source.name}: there is no {CARDS} in it.")
    about = archive.read(DECK).decode("utf-8", "replace") if DECK in names else ""
    brought = _new(source, tree(source, archive.read(CARDS)), _said(about, "card_set_name"))
    return Brought(brought.decks, brought.skipped, media=_media(archive, names))


def _said(about: str, name: str) -> str:
    lines = (line.partition(":") for line in about.split("\n"))
    return next((value.strip() for key, _, value in lines if key.strip() == name), "")


def _media(archive: Archive, names: list[str]) -> Mapping[str, bytes]:
    """Return the other files of an archive, each by its own last name."""
    found = {media_name(name): name for name in names if name not in {CARDS, DECK}}
    return {plain: archive.read(name) for plain, name in found.items() if plain}


def _new(source: Source, root: Element, name: str) -> Brought:
    """Read Mnemosyne 2: facts, and the cards that ask them one way or the other."""
    logs = [child for child in root.children if child.name == "log"]
    tags = {log.attributes.get("o_id", ""): log.said("name") for log in logs if _is(log, TAG)}
    facts = {
        log.attributes.get("o_id", ""): Fact(
            log.line, {child.name: child.text for child in log.children}
        )
        for log in logs
        if _is(log, FACT)
    }
    answers: dict[str, list[Element]] = {}
    cards: dict[str, list[Element]] = {}
    for log in logs:
        if _is(log, REPETITION):
            answers.setdefault(log.attributes.get("o_id", ""), []).append(log)
        elif _is(log, CARD):
            cards.setdefault(log.attributes.get("fact", ""), []).append(log)
    decks, left_out = Decks(), list[Skipped]()
    deck = name or deck_name(source)
    for fact, asked in cards.items():
        if fact not in facts:
            left_out.append(skipped(source, asked[0].line, "this card has lost its text"))
            continue
        for brought, why in _notes(fact, facts[fact], asked, tags, answers):
            if brought is None:
                left_out.append(skipped(source, facts[fact].line, why))
            else:
                decks.add(deck, brought)
    for fact in facts.keys() - cards.keys():
        left_out.append(skipped(source, facts[fact].line, "no card asks this text"))
    return Brought(decks.all(), tuple(left_out), decks.remarks())


def _is(log: Element, kind: str) -> bool:
    return log.attributes.get("type") == kind


def _notes(
    ident: str,
    fact: Fact,
    asked: list[Element],
    tags: Mapping[str, str],
    answers: Mapping[str, list[Element]],
) -> Iterator[tuple[BroughtNote | None, str]]:
    """Yield the note of a fact, with the life of each of its cards."""
    words = (tags.get(own, "") for card in asked for own in _ids(card))
    named = tuple(dict.fromkeys(word for word in words if word not in NO_TAG))
    views = {card.attributes.get("fact_v", ""): card for card in asked}
    kind = asked[0].attributes.get("card_t", "1")
    made = note_of(identifier(ident), fact, kind, sorted(views), named)
    if made.note is None:
        yield None, made.why
        return
    lives = {}
    for place, card in enumerate(asked):
        own = made.sibling(card.attributes.get("fact_v", ""), place, card.said("extra"))
        life = life_of(card, answers.get(card.attributes.get("o_id", ""), []))
        if life and own is not None:
            lives[own] = life
    yield BroughtNote(made.note, lives), ""


def _ids(card: Element) -> list[str]:
    return [own.strip() for own in card.attributes.get("tags", "").split(",")]


def _old(source: Source, root: Element) -> Brought:
    """Read Mnemosyne 1: items, the other way round beside them under the same id and .inv."""
    items = {item.attributes.get("id", ""): item for item in root.children if item.name == "item"}
    decks, left_out = Decks(), list[Skipped]()
    for item in items.values():
        dated(item, root.attributes.get("time_of_start", ""))
    for own, item in items.items():
        if own.endswith(".inv") and _turned(item, items.get(own.removesuffix(".inv"))):
            continue
        other = items.get(f"{own}.inv")
        other = other if _turned(item, other) else None
        category = item.said("cat")
        named = () if category in NO_TAG else (category,)
        fact = Fact(item.line, {"f": item.said("Q"), "b": item.said("A")})
        views = ["2.1", "2.2"] if other else ["1.1"]
        made = note_of(identifier(own), fact, views[0][0], views, named)
        if made.note is None:
            left_out.append(skipped(source, item.line, made.why))
            continue
        lives = {"": life_of(item, []), "/r": life_of(other, []) if other else None}
        known = {name: life for name, life in lives.items() if life}
        decks.add(deck_name(source), BroughtNote(made.note, known))
    return Brought(decks.all(), tuple(left_out))


def _turned(item: Element, other: Element | None) -> bool:
    """Tell whether one item is just the other the other way round."""
    if other is None:
        return False
    return item.said("Q") == other.said("A") and item.said("A") == other.said("Q")
