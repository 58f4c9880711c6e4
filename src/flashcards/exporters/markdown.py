"""Markdown with Q: and A:, or C: and [gaps], a file for each deck: hashcards and repeater read it.

What they have no sign for stands in a comment before a card, where they do not look.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from flashcards.core.cards import Deck, Note
from flashcards.core.cloze import GAP
from flashcards.core.cloze_brackets import to_brackets
from flashcards.core.deck_yaml import settled
from flashcards.exporters.base import Leaving, named

TITLE = "Markdown with Q: and A:"
ENDINGS = (".md", ".markdown")
TEXT = True
HISTORY = False

LOOKS_LIKE_A_START = re.compile(r"^(?= *(?:[QAC]:|---[ \t]*$|<!-- flashcards: ))", re.MULTILINE)


def write(leaving: Leaving) -> Mapping[str, bytes]:
    """Return a file for each deck."""
    return {
        name: "\n".join(_lines(deck)).encode("utf-8", "replace")
        for name, deck in named(leaving.decks)
    }


def _lines(deck: Deck) -> Iterator[str]:
    yield "---"
    yield f"name = {_toml(deck.name)}"
    if deck.description:
        yield f"description = {_toml(deck.description)}"
    if deck.tags:
        yield f"tags = [{', '.join(map(_toml, deck.tags))}]"
    yield "---"
    bare = Deck(deck.name, (), tags=deck.tags)
    for note in deck.notes:
        yield ""
        yield from _card(settled(deck, bare, note))
        yield ""
        yield "---"
    yield ""


def _toml(text: str) -> str:
    """Return text as TOML has it: JSON's signs do, but for what is no letter at all."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _card(note: Note) -> Iterator[str]:
    sentence = (to_brackets(note.front) or _shown(note.front)) if note.cloze else ""
    said = dict(_said(note, sentence))
    if said:
        yield f"<!-- flashcards: {_json(said)} -->"
    if note.cloze:
        yield _side("C:", sentence)
    else:
        yield _side("Q:", note.front)
        yield _side("A:", note.back or "…")


def _side(start: str, text: str) -> str:
    """Return a side after its sign; more than a line begins on the next one."""
    text = LOOKS_LIKE_A_START.sub(" ", text)
    return f"{start}\n{text}" if "\n" in text else f"{start} {text}"


def _shown(sentence: str) -> str:
    """Return a sentence for other programs, when the comment says the true one."""
    return GAP.sub(lambda found: f"[{found['body'].partition('::')[0]}]", sentence)


def _said(note: Note, sentence: str) -> Iterator[tuple[str, object]]:
    """Yield what Q:, A: and C: cannot say of a note."""
    if note.id:
        yield "id", note.id
    if note.cloze:
        if to_brackets(note.front) is None or _trimmed(sentence):
            yield "cloze", note.front
        if note.back:
            yield "back", note.back
    elif _trimmed(note.front):
        yield "front", note.front
    if not note.cloze and (_trimmed(note.back) or not note.back):
        yield "back", note.back
    switches = ("reverse", note.reverse), ("type", note.typed), ("list", note.listed)
    yield from ((name, on) for name, on in switches if on is not None)
    texts = ("tags", note.tags), ("accept", note.accept), ("choices", note.choices)
    yield from ((name, list(values)) for name, values in texts if values)
    if note.lenient is not None:
        yield "lenient", list(note.lenient)


def _trimmed(text: str) -> bool:
    """Tell whether a side would lose something: white space around it, or line ends like none."""
    return text != text.strip() or "\r" in text or "\x00" in text


def _json(said: Mapping[str, object]) -> str:
    """Return JSON on one line that no comment ends in, and no other sign of a line's end is in."""
    return json.dumps(said).replace(">", "\\u003e")
