"""Render decks and notes as deck-file YAML."""

import re
from collections.abc import Sequence
from dataclasses import replace

from flashcards.core.cards import DEFAULT_LENIENCY, Note
from flashcards.core.clean_text import UNPRINTABLE, is_printable
from flashcards.core.decks import Deck, value_or_default
from flashcards.core.markdown_lists import is_list

PLAIN_SCALAR = re.compile(r"[^\W_](?:[^\n]*[^\s:])?|[^\W_]")  # needs no quotes unless NEEDS_QUOTES matches
PLAIN_WORD = re.compile(r"[^\W_][\w-]*")
NEEDS_QUOTES = re.compile(r": | #|[\t\x85\u2028\u2029\ufeff]")


def adapt_note_to_deck(source_deck: Deck, deck: Deck, note: Note) -> Note:
    """Return a note with the same effective settings in another deck."""
    all_tags = dict.fromkeys((*source_deck.tags, *note.tags))
    lenient = value_or_default(note.lenient, value_or_default(source_deck.lenient, DEFAULT_LENIENCY))

    def override(name: str) -> bool | None:
        effective: bool = value_or_default(getattr(note, name), getattr(source_deck, name))
        return None if effective == getattr(deck, name) else effective

    return note._replace(
        tags=tuple(tag for tag in all_tags if tag not in deck.tags),
        reverse=None if note.cloze else override("reverse"),
        typed=None if note.choices else override("typed"),
        listed=override("listed") if is_list(note.back) else None,
        lenient=None if lenient == value_or_default(deck.lenient, DEFAULT_LENIENCY) else lenient,
    )


def render_deck(deck: Deck) -> str:
    """Return a deck as the text of a deck file."""
    lines = [f"deck: {render_scalar(deck.name, 0)}"]
    if deck.description:
        lines.append(f"description: {render_scalar(deck.description, 0)}")
    if deck.tags:
        lines.append(f"tags: {flow_list(deck.tags)}")
    lines += [f"{name}: true" for name, on in _boolean_fields(deck) if on]
    if deck.lenient is not None:
        lines.append(f"lenient: {flow_list(deck.lenient)}")
    lines.append("cards:" if deck.notes else "cards: []")
    tagless = replace(deck, tags=())
    for note in deck.notes:
        needs_adapting = deck.tags or note.has_own_mode
        lines += "", render_note(adapt_note_to_deck(tagless, deck, note) if needs_adapting else note, 2)
    return "\n".join(lines) + "\n"


def render_note(note: Note, indent: int) -> str:
    """Return the lines of a note, its dash after `indent` spaces."""
    pad = "\n" + " " * (indent + 2)
    return f"{pad[1:-2]}- {pad.join([f'{name}: {value}' for name, value in note_fields(note, indent + 2)])}"


def note_fields(note: Note, indent: int) -> list[tuple[str, str]]:
    """Return (name, value as YAML) of each field of a note."""
    question = "cloze" if note.cloze else "front"
    sides = (
        ("id", note.id),
        (question, note.front),
        ("back", note.back),
        ("hint", note.hint),
        ("note", note.remark),
    )
    needed = () if note.cloze else ("front", "back")
    fields = [(name, render_scalar(text, indent)) for name, text in sides if text or name in needed]
    if note.has_own_mode:
        fields += [(name, str(on).lower()) for name, on in _boolean_fields(note) if on is not None]
        lists = ("accept", note.accept), ("choices", note.choices)
        fields += [("lenient", flow_list(note.lenient))] if note.lenient is not None else []
        fields += [(name, flow_list(texts)) for name, texts in lists if texts]
    return [*fields, ("tags", flow_list(note.tags))] if note.tags else fields


def _boolean_fields(item: Note | Deck) -> tuple[tuple[str, bool | None], ...]:
    return ("reverse", item.reverse), ("type", item.typed), ("list", item.listed)


def flow_list(values: Sequence[str]) -> str:
    """Return texts as a YAML list in brackets."""
    return f"[{', '.join(v if PLAIN_WORD.fullmatch(v) else quote_scalar(v) for v in values)}]"


def render_scalar(text: str, indent: int) -> str:
    """Return a text as YAML that reads back unchanged."""
    if text.isascii() and text.isprintable():  # nearly all texts: quicker than the patterns
        plain = text[:1].isalnum() and text[-1] not in " :" and ": " not in text
        return text if plain and " #" not in text else quote_scalar(text)
    if not is_printable(text):
        return quote_scalar(text)
    if "\n" in text:
        # YAML guesses the indentation from the first line, unless it is given.
        head = "|2" if text[0] in " \n" else "|"
        pad = "\n" + " " * (indent + 2)
        return head + "".join(pad + line if line else "\n" for line in text.split("\n"))
    if PLAIN_SCALAR.fullmatch(text) and not NEEDS_QUOTES.search(text):
        return text
    return quote_scalar(text)


def quote_scalar(text: str) -> str:
    """Return a text in double quotes on one line, escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + re.sub(UNPRINTABLE, _escape_character, escaped) + '"'


def _escape_character(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"  # half of a pair: no text at all
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
