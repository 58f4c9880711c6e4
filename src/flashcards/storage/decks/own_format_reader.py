"""Fast reader for the deck format that we write.

It accepts only text that full YAML reads the same way; everything else, and every error, is left to the
YAML reader, which reports errors with their place.
"""

import re
from functools import lru_cache

from flashcards.core.cards import VALID_NOTE_ID, Note
from flashcards.core.clean_text import is_printable
from flashcards.core.cloze import find_gaps, has_too_many_gaps
from flashcards.core.decks import Deck
from flashcards.core.markdown_lists import is_list
from flashcards.storage.decks.conflict_copies import deck_name_of

QUOTED_PATTERN = r'"(?:[^"\\\n]++|\\["\\nt]|\\x[0-9a-f]{2}|\\u(?!d[89a-f])[0-9a-f]{4})*+"'
"""Possessive: backtracking over a long text would take gigabytes."""
PLAIN_PATTERN = r"[^\W_](?:[^\n]*[^\s:])?"
LIST_PATTERN = rf"\[(?:[^\W_][\w-]*|{QUOTED_PATTERN})(?:, (?:[^\W_][\w-]*|{QUOTED_PATTERN}))*\]"


def _block_pattern(indent: int) -> str:
    pad = " " * (indent + 2)
    return rf"\|\n{pad}[^ \n][^\n]*\n(?:{pad}[^\n]*\n|\n)*|\|2\n(?:{pad}[^\n]*\n|\n)+"


DECK_HEADER_REGEX = re.compile(
    rf"deck: (?P<deck>{QUOTED_PATTERN}|{PLAIN_PATTERN})\n"
    "(?:description: "
    rf"(?P<description>{_block_pattern(0)}|(?:{QUOTED_PATTERN}|{PLAIN_PATTERN})\n))?"
    rf"(?:tags: (?P<tags>{LIST_PATTERN})\n)?"
    r"cards:\n"
)
VALUE_PATTERN = rf"{_block_pattern(4)}|(?:{QUOTED_PATTERN}|{PLAIN_PATTERN})\n"
NOTE_REGEX = re.compile(
    rf"\n*  - (?:id: (?P<id>{QUOTED_PATTERN}|{PLAIN_PATTERN})\n    )?"
    rf"(?P<kind>front|cloze): (?P<front>{VALUE_PATTERN})"
    rf"(?:    back: (?P<back>{VALUE_PATTERN}))?"
    rf"(?:    hint: (?P<hint>{VALUE_PATTERN}))?"
    rf"(?:    note: (?P<remark>{VALUE_PATTERN}))?"
    r"(?:    reverse: (?P<reverse>true|false)\n)?"
    r"(?:    type: (?P<typed>true|false)\n)?"
    r"(?:    list: (?P<listed>true|false)\n)?"
    rf"(?:    tags: (?P<tags>{LIST_PATTERN})\n)?"
)
LIST_ITEM_REGEX = re.compile(rf"{QUOTED_PATTERN}|[^\W_][\w-]*")
ESCAPE_REGEX = re.compile(r'\\(?:(["\\nt])|x([0-9a-f]{2})|u([0-9a-f]{4}))')
ESCAPED_CHARACTERS = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}
BOOLEAN_WORDS = {"true": True, "false": False, "": None}


class UnsupportedFormatError(ValueError):
    """The text is not in our own format; it may be valid YAML."""


@lru_cache(8)  # a command may read a file several times
def read_own_format(text: str, path: str) -> Deck | None:
    """Return the deck of a text in our own format; else None."""
    head = DECK_HEADER_REGEX.match(text)
    if head is None or not is_printable(text):
        return None
    try:
        name = " ".join(_parse_value(head["deck"], 2).split()) or deck_name_of(path)
        description = _parse_value(head["description"] or "", 2)
        tags = _parse_tags(head["tags"])
        deck = Deck(name, _parse_notes(text, head.end()), path, description, tags)
    except UnsupportedFormatError:
        return None
    return deck if len(set(deck.note_ids)) == len(deck.notes) else None


def _parse_notes(text: str, offset: int) -> tuple[Note, ...]:
    notes = []
    line, counted = 1, 0
    tags_by_text: dict[str, tuple[str, ...]] = {}  # many cards have the same tags
    while match := NOTE_REGEX.match(text, offset):
        start = text.index("-", offset)
        line += text.count("\n", counted, start)
        counted, offset = start, match.end()
        notes.append(_parse_note(match, line, tags_by_text))
    if text[offset:].strip("\n") or not notes:
        raise UnsupportedFormatError
    return tuple(notes)


def _parse_note(match: re.Match[str], line: int, tags_by_text: dict[str, tuple[str, ...]]) -> Note:
    own_id, kind, front, back, hint, remark, reverse, typed, listed, tags = match.groups("")
    cloze, front, answer = kind == "cloze", _parse_value(front, 6), _parse_value(back, 6)
    if tags and tags not in tags_by_text:
        tags_by_text[tags] = _parse_tags(tags)
    if own_id:
        own_id = _parse_value(own_id, 6)
        if not VALID_NOTE_ID.fullmatch(own_id):
            raise UnsupportedFormatError
    if cloze and (not find_gaps(front) or has_too_many_gaps(front) or reverse == "true"):
        raise UnsupportedFormatError
    if not (front.strip() and (cloze or back)) or (listed == "true" and not is_list(answer)):
        raise UnsupportedFormatError
    return Note(
        front, answer, own_id, tags_by_text[tags] if tags else (), BOOLEAN_WORDS[reverse], cloze, line,
        BOOLEAN_WORDS[typed], BOOLEAN_WORDS[listed], (), (), None,
        hint and _parse_value(hint, 6), remark and _parse_value(remark, 6),
    )  # fmt: skip


def _parse_value(source_text: str, indent: int) -> str:
    """Return the text of a block, quoted or plain value; tabs and the like are nowhere in the file."""
    first = source_text[:1]
    if first == "|":
        _, _, block = source_text.partition("\n")
        lines = block.split("\n")
        return "\n".join([line[indent:] for line in lines]).rstrip("\n")
    source_text = source_text.rstrip("\n")
    if first == '"':
        return _unquote(source_text).rstrip("\n")
    if ": " in source_text or " #" in source_text:
        raise UnsupportedFormatError
    return source_text


def _unquote(quoted: str) -> str:
    text = quoted[1:-1]
    if "\\" not in text:
        return text
    return ESCAPE_REGEX.sub(
        lambda match: ESCAPED_CHARACTERS[match[1]] if match[1] else chr(int(match[2] or match[3], 16)), text
    )


def _parse_tags(list_text: str | None) -> tuple[str, ...]:
    if not list_text:
        return ()
    items = LIST_ITEM_REGEX.findall(list_text[1:-1])
    tags = (" ".join((_unquote(item) if item[0] == '"' else item).split()) for item in items)
    return tuple(dict.fromkeys(tag for tag in tags if tag))
