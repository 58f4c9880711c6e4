"""The form of deck file that we write ourselves, read five times as quickly as YAML at large.

Only text that means here just what YAML says it means is taken; for anything else, and for any
fault, there is the reader that knows all of YAML and tells faults with their place.
"""

from __future__ import annotations

import re
from functools import lru_cache

from flashcards.core.card_ids import note_id
from flashcards.core.cards import Deck, Note
from flashcards.core.cloze import GAP, is_crowded
from flashcards.core.deck_yaml import TROUBLE, UNPRINTABLE
from flashcards.core.markdown_lists import is_list
from flashcards.storage.decks.copies import deck_name_of
from flashcards.storage.decks.yaml_values import GOOD_ID

QUOTED = r'"(?:[^"\\\n]++|\\["\\nt]|\\x[0-9a-f]{2}|\\u(?!d[89a-f])[0-9a-f]{4})*+"'
"""Possessive: a way back through every letter of a long text would cost gigabytes."""
PLAIN = r"[^\W_](?:[^\n]*[^\s:])?"
LIST = rf"\[(?:[^\W_][\w-]*|{QUOTED})(?:, (?:[^\W_][\w-]*|{QUOTED}))*\]"


def _block(indent: int) -> str:
    pad = " " * (indent + 2)
    return rf"\|\n{pad}[^ \n][^\n]*\n(?:{pad}[^\n]*\n|\n)*|\|2\n(?:{pad}[^\n]*\n|\n)+"


HEAD = re.compile(
    rf"deck: (?P<deck>{QUOTED}|{PLAIN})\n"
    rf"(?:description: (?P<description>{_block(0)}|(?:{QUOTED}|{PLAIN})\n))?"
    rf"(?:tags: (?P<tags>{LIST})\n)?"
    r"cards:\n"
)
VALUE = rf"{_block(4)}|(?:{QUOTED}|{PLAIN})\n"
NOTE = re.compile(
    rf"\n*  - (?:id: (?P<id>{QUOTED}|{PLAIN})\n    )?"
    rf"(?P<kind>front|cloze): (?P<front>{VALUE})"
    rf"(?:    back: (?P<back>{VALUE}))?"
    r"(?:    reverse: (?P<reverse>true|false)\n)?"
    r"(?:    type: (?P<typed>true|false)\n)?"
    r"(?:    list: (?P<listed>true|false)\n)?"
    rf"(?:    tags: (?P<tags>{LIST})\n)?"
)
ITEM = re.compile(rf"{QUOTED}|[^\W_][\w-]*")
ESCAPE = re.compile(r'\\(?:(["\\nt])|x([0-9a-f]{2})|u([0-9a-f]{4}))')
SIGNS = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
SWITCH = {"true": True, "false": False, None: None}


KEPT = 64
"""Decks that were read last: one that is proven before it is written is not read twice."""


class OtherFormError(ValueError):
    """The text is not in the form that we write; it may be sound all the same."""


@lru_cache(KEPT)
def read_own_form(text: str, path: str) -> Deck | None:
    """Return the deck that a text spells; None when it is not in our form, or has a fault."""
    head = HEAD.match(text)
    if head is None or UNPRINTABLE.search(text):
        return None
    try:
        name = " ".join(_value(head["deck"], 2).split()) or deck_name_of(path)
        description = _value(head["description"] or "", 2)
        tags = _tags(head["tags"])
        notes = _notes(text, head.end(), name)
    except OtherFormError:
        return None
    return Deck(name, notes, path, description, tags)


def _notes(text: str, place: int, deck: str) -> tuple[Note, ...]:
    notes = []
    names = set[str]()
    line, counted = 1, 0
    kept: dict[str, tuple[str, ...]] = {}
    while found := NOTE.match(text, place):
        start = text.index("-", place)
        line += text.count("\n", counted, start)
        counted, place = start, found.end()
        note = _note(found, line, kept)
        names.add(note_id(deck, note))
        notes.append(note)
    if text[place:].strip("\n") or len(names) < len(notes) or not notes:
        raise OtherFormError
    return tuple(notes)


def _note(found: re.Match[str], line: int, kept: dict[str, tuple[str, ...]]) -> Note:
    ident, kind, front, back, reverse, typed, listed, tags = found.groups()
    cloze = kind == "cloze"
    front, ident = _value(front, 6), _value(ident or "", 6)
    answer = _value(back or "", 6)
    if tags and tags not in kept:
        kept[tags] = _tags(tags)
    sound = front.strip() and (found["id"] is None or GOOD_ID.fullmatch(ident))
    asked = (GAP.search(front) and reverse != "true") if cloze else back is not None
    if (
        not (sound and asked)
        or (cloze and is_crowded(front))
        or (listed == "true" and not is_list(answer))
    ):
        raise OtherFormError
    return Note(
        front, answer, ident, kept[tags] if tags else (), SWITCH[reverse], cloze, line,
        SWITCH[typed], SWITCH[listed],
    )  # fmt: skip


def _value(written: str, pad: int) -> str:
    """Return the text that a value spells: in a block, between quotes, or plain."""
    if not written:
        return ""
    if written[0] == "|":
        _, _, block = written.partition("\n")
        lines = block.split("\n")
        return "\n".join([line[pad:] for line in lines]).rstrip("\n")
    written = written.rstrip("\n")
    if written[0] == '"':
        return _unquoted(written).rstrip("\n")
    if ": " in written or " #" in written or TROUBLE.search(written):
        raise OtherFormError
    return written


def _unquoted(written: str) -> str:
    text = written[1:-1]
    return ESCAPE.sub(_sign, text) if "\\" in text else text


def _sign(found: re.Match[str]) -> str:
    return SIGNS[found[1]] if found[1] else chr(int(found[2] or found[3], 16))


def _tags(written: str | None) -> tuple[str, ...]:
    if not written:
        return ()
    found = (item[0] for item in ITEM.finditer(written[1:-1]))
    tags = (" ".join((_unquoted(t) if t[0] == '"' else t).split()) for t in found)
    return tuple(dict.fromkeys(tag for tag in tags if tag))
