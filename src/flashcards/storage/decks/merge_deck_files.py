"""Merge the deck files of two sides, verified by reading back."""

from collections.abc import Mapping
from dataclasses import replace

from flashcards.core.cards import Note
from flashcards.core.deck_merge.conflict_comments import conflict_texts, settle
from flashcards.core.deck_merge.merge_decks import DeckMerge, Side, merge_decks
from flashcards.core.deck_merge.sections import DeckText, is_mergeable, split_deck
from flashcards.core.deck_yaml import render_deck
from flashcards.core.decks import Deck
from flashcards.errors import DeckError, FlashcardsError, Problem
from flashcards.storage.decks.reader import parse_deck

Files = Mapping[str, bytes]


def merge_deck_files(base: Files, one: Side[bytes], other: Side[bytes]) -> DeckMerge[bytes]:
    """Merge two sides' deck files; the result does not depend on their order.

    Raises DeckError if a changed file is not a valid deck.
    """
    if base in (one.decks, other.decks):
        return DeckMerge(dict(other.decks if one.decks == base else one.decks))
    versions = base, one.decks, other.decks
    paths = base.keys() | one.decks.keys() | other.decks.keys()
    changed = {path for path in paths if len({files.get(path) for files in versions}) > 1}
    parsed = [{path: parse(files[path], path) for path in files.keys() & changed} for files in versions]
    base_decks, one_decks, other_decks = parsed
    one_side = Side(one_decks, one.at, one.held_since)
    other_side = Side(other_decks, other.at, other.held_since)
    merged = merge_decks(base_decks, one_side, other_side, _read_note)
    merged_files = {path: base[path] for path in paths - changed}
    for path, deck in merged.decks.items():
        # A file whose text is that of a side keeps its bytes: its BOM and line ends.
        pairs = zip(versions, parsed, strict=True)
        same = [files[path] for files, decks in pairs if path in decks and decks[path].text() == deck.text()]
        merged_files[path] = max(same) if same else _verified(deck, path)
    return DeckMerge(merged_files, merged.conflicts, merged.kept)


def merge_edit(path: str, before: bytes, theirs: bytes, mine: bytes) -> bytes:
    """Merge another program's changes of a deck file with an editor's.

    Raises FlashcardsError if both changed one text, or a file is not a valid deck.
    """
    sides = Side({path: theirs}, 1, lambda *_: 1), Side({path: mine}, 2, lambda *_: 2)
    try:
        merged = merge_deck_files({path: before}, *sides)
    except DeckError as error:
        after = "Another program has changed this deck while your editor was open."
        raise DeckError(error.problems, after) from error
    for conflict in merged.conflicts:
        front = " ".join(conflict.front.split())[:60]
        what = f"the {conflict.name} of the card {front!r}" if front else "what is above the cards"
        raise FlashcardsError(
            f"{path}: another program has changed {what} while your editor was open, and so have you."
        )
    return merged.decks[path]


def parse(data: bytes, path: str) -> DeckText:
    """Return a deck file in its parts, in our own format if need be. Raises DeckError."""
    deck, problems = parse_deck(data, path)
    if deck is None:
        raise DeckError(problems)
    parts = split_deck(data.decode("utf-8-sig").replace("\r\n", "\n"), deck)
    return parts if parts and is_mergeable(parts) else _rendered(deck, path)


def _rendered(deck: Deck, path: str) -> DeckText:
    text = render_deck(deck)
    again, problems = parse_deck(text.encode(), path)
    parts = split_deck(text, again) if again else None
    if parts is None:
        raise DeckError(problems or [Problem(path, 1, 1, "this deck cannot be merged")])
    return parts


def _read_note(lines: str) -> Note | None:
    deck, _ = parse_deck(f"deck: note\ncards:\n{lines}\n".encode(), "note")
    return deck.notes[0] if deck and len(deck.notes) == 1 else None


def _verified(merged: DeckText, path: str) -> bytes:
    """Return a merged deck's bytes, in our own format if they do not read back."""
    text = merged.text().encode()
    deck, _ = parse_deck(text, path)
    notes = tuple(part.says for part in merged.notes if isinstance(part.says, Note))
    if deck and [note._replace(line=0) for note in deck.notes] == [note._replace(line=0) for note in notes]:
        return text
    rendered = _rendered(replace(merged.deck, notes=notes), path)
    pairs = zip(rendered.notes, merged.notes, strict=True)
    sections = tuple(replace(part, comments=before.comments) for part, before in pairs)
    head = replace(rendered.head, comments=merged.head.comments)
    return replace(rendered, head=head, notes=sections).text().encode()


def settle_text(data: bytes, path: str, which: int, *, take_other: bool) -> bytes:
    """Return a deck file with one conflict text removed or used. Raises DeckError."""
    parts = parse(data, path)
    text = settle(parts, conflict_texts(parts)[which], take_other=take_other).text().encode()
    parse(text, path)  # raises DeckError if it is no longer a deck
    return text
