"""Decks as the text of deck files: YAML that reads back as just what it was made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flashcards.core.cards import LENIENT, Deck, Note, own_or
from flashcards.core.markdown_lists import is_list

PLAIN = re.compile(r"[^\W_](?:[^\n]*[^\s:])?|[^\W_]")
"""Text that could stand without quotes, but for what TROUBLE finds in it."""
TROUBLE = re.compile(r": | #|[\t\x85\u2028\u2029\ufeff]")
UNPRINTABLE = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def settled(incoming: Deck, deck: Deck, note: Note) -> Note:
    """Return a note that says itself what its own deck says and the other deck does not."""
    said = dict.fromkeys((*incoming.tags, *note.tags))
    tags = tuple(tag for tag in said if tag not in deck.tags)
    lenient = own_or(note.lenient, own_or(incoming.lenient, LENIENT))
    return replace(
        note,
        tags=tags,
        reverse=None if note.cloze else _unless(note.reverse, incoming.reverse, deck.reverse),
        typed=None if note.choices else _unless(note.typed, incoming.typed, deck.typed),
        listed=_unless(note.listed, incoming.listed, deck.listed) if is_list(note.back) else None,
        lenient=None if lenient == own_or(deck.lenient, LENIENT) else lenient,
    )


def _unless(own: bool | None, usual: bool, usual_there: bool) -> bool | None:  # noqa: FBT001
    """Return what a note must say in another deck to stay as it is; None for nothing."""
    said = own_or(own, usual)
    return None if said == usual_there else said


def render(deck: Deck) -> str:
    """Return a deck as the text of a deck file."""
    lines = [f"deck: {scalar(deck.name, 0)}"]
    if deck.description:
        lines.append(f"description: {scalar(deck.description, 0)}")
    if deck.tags:
        lines.append(f"tags: {_list(deck.tags)}")
    lines += [f"{name}: true" for name, on in _switches(deck) if on]
    if deck.lenient is not None:
        lines.append(f"lenient: {_list(deck.lenient)}")
    lines.append("cards:" if deck.notes else "cards: []")
    tagless = replace(deck, tags=())
    for note in deck.notes:
        says_more = deck.tags or _says(note)
        lines += ["", *render_note(settled(tagless, deck, note) if says_more else note, 2)]
    return "\n".join(lines) + "\n"


def _says(note: Note) -> bool:
    """Tell whether a note says anything that its deck could have said for it."""
    said = note.reverse, note.typed, note.listed, note.lenient
    return said != (None, None, None, None)


def render_note(note: Note, indent: int) -> list[str]:
    """Return the lines of a note whose dash stands after `indent` spaces."""
    pad = " " * (indent + 2)
    text = "\n".join([f"{pad}{name}: {value}" for name, value in _fields(note, indent + 2)])
    return f"{pad[2:]}- {text[indent + 2 :]}".split("\n")


def _fields(note: Note, indent: int) -> Iterator[tuple[str, str]]:
    if note.id:
        yield "id", scalar(note.id, indent)
    yield ("cloze" if note.cloze else "front"), scalar(note.front, indent)
    if note.back or not note.cloze:
        yield "back", scalar(note.back, indent)
    for name, on in _switches(note):
        if on is not None:
            yield name, str(on).lower()
    if note.lenient is not None:
        yield "lenient", _list(note.lenient)
    for name, texts in (("accept", note.accept), ("choices", note.choices)):
        if texts:
            yield name, _list(texts)
    if note.tags:
        yield "tags", _list(note.tags)


def _switches(said: Note | Deck) -> tuple[tuple[str, bool | None], ...]:
    return ("reverse", said.reverse), ("type", said.typed), ("list", said.listed)


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(_in_brackets(value) for value in values)}]"


def _in_brackets(value: str) -> str:
    return value if re.fullmatch(r"[^\W_][\w-]*", value) else quoted(value)


def scalar(text: str, indent: int) -> str:
    """Return a text as YAML that reads back as just that text, after a name at `indent` spaces."""
    if text.isascii() and text.isprintable():  # most are: no pattern needs to look
        plain = text[:1].isalnum() and text[-1] not in " :" and ": " not in text
        return text if plain and " #" not in text else quoted(text)
    if UNPRINTABLE.search(text):
        return quoted(text)
    if "\n" in text:
        # A first line that begins with a space (or is empty) needs to be told the indentation.
        head = "|2" if text[0] in " \n" else "|"
        pad = "\n" + " " * (indent + 2)
        return head + "".join(pad + line if line else "\n" for line in text.split("\n"))
    if PLAIN.fullmatch(text) and not TROUBLE.search(text):
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Return a text between double quotes, on one line, what cannot be seen spelled out."""
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    )
    return '"' + UNPRINTABLE.sub(_escape, escaped) + '"'


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"  # half of a pair: no text at all
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
