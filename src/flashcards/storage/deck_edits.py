"""Changing deck files as text: comments and order stay, and only the cards meant to change do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flashcards.core.asking import own_or
from flashcards.core.bullets import is_list
from flashcards.core.card import LENIENT, Deck, Note
from flashcards.core.identity import note_id
from flashcards.core.pairing import pair
from flashcards.errors import DeckError, Problem
from flashcards.storage.decks import read_deck

PLAIN = re.compile(r"[^\W_](?:[^\n]*[^\s:])?|[^\W_]")
"""Text that could stand without quotes, but for what TROUBLE finds in it."""
TROUBLE = re.compile(r": | #|[\t\x85\u2028\u2029\ufeff]")
UNPRINTABLE = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Merge:
    """A deck file's new text, and how many notes came, changed and stayed."""

    text: str
    added: tuple[Note, ...]
    updated: tuple[Note, ...]
    unchanged: int
    names: tuple[str, ...] = ()
    """The id that each incoming note goes by in the file."""


def merge(text: str, path: str, incoming: Deck) -> Merge:
    """Bring the notes of another deck into a deck file's text; raises DeckError.

    Notes match as `pair` says. Those that only the file has are kept, new ones go to the end.
    """
    deck = _sound(text, path)
    places = pair(deck.name, deck.notes, incoming.notes)
    added, updated, names = [], [], []
    for i, note in enumerate(incoming.notes):
        wanted = settled(incoming, deck, note)
        if i not in places:
            added.append(wanted)
        else:
            before = deck.notes[places[i]]
            wanted = replace(wanted, id=before.id, line=before.line)
            if wanted != settled(deck, deck, before):
                updated.append(wanted)
        names.append(note_id(deck.name, wanted))
    if not added and not updated:
        return Merge(text, (), (), len(incoming.notes), tuple(names))
    changed = {note.line: note for note in updated}
    expected = [changed.get(note.line, note) for note in deck.notes] + added
    new_text = _edited(text, path, deck, changed, added)
    _prove(new_text, path, expected)
    unchanged = len(incoming.notes) - len(added) - len(updated)
    return Merge(new_text, tuple(added), tuple(updated), unchanged, tuple(names))


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


def _sound(text: str, path: str) -> Deck:
    deck, problems = read_deck(text.encode(), path)
    if deck is None:
        raise DeckError(problems)
    return deck


def _prove(text: str, path: str, expected: Sequence[Note]) -> None:
    """Make sure that the new text says what it should, and nothing else has changed."""
    deck, problems = read_deck(text.encode(), path)
    found = [replace(note, line=0) for note in deck.notes] if deck else []
    if found != [replace(note, line=0) for note in expected]:
        what = "this file cannot be changed without touching other cards"
        remedy = 'Write its cards one below the other, each beginning with "- ", and try again.'
        raise DeckError(problems or [Problem(path, 1, 1, what, remedy)])


def _edited(
    text: str, path: str, deck: Deck, changed: Mapping[int, Note], added: Sequence[Note]
) -> str:
    lines = text.split("\n")
    starts = [note.line - 1 for note in deck.notes]
    if not starts:
        return render(replace(deck, notes=tuple(added)))
    indent = _indent(lines[starts[0]], path, deck.notes[0].line)
    ends = [
        _end(lines, start, stop, indent)
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]
    tail = [line for note in added for line in ("", *render_note(note, indent))]
    lines[ends[-1] : ends[-1]] = tail
    for start, end in reversed(list(zip(starts, ends, strict=True))):
        if note := changed.get(start + 1):
            lines[start:end] = render_note(note, indent)
    return "\n".join(lines)


def _indent(line: str, path: str, number: int) -> int:
    """Return the columns before a list's dashes. Raises DeckError for cards written in brackets."""
    dash = re.match(r" *- ", line)
    if not dash:
        what = "the cards of this file are not written one below the other"
        remedy = 'Begin each card on a line of its own with "- ", and try again.'
        raise DeckError([Problem(path, number, 1, what, remedy, line)])
    return len(dash[0]) - 2


def _end(lines: Sequence[str], start: int, stop: int, indent: int) -> int:
    """Return the line behind a note's last one: blank lines and comments after it stay out."""
    end = start + 1
    for i in range(start + 1, stop):
        line = lines[i].rstrip("\r")
        depth = len(line) - len(line.lstrip())
        if line.strip() and depth <= indent:
            break
        if line.strip():
            end = i + 1
    return end


def written(deck: Deck, path: str) -> str:
    """Return a deck as the text of a deck file that was read back and says just that.

    Raises DeckError.
    """
    text = render(deck)
    _prove(text, path, deck.notes)
    return text


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
    for note in deck.notes:
        lines += ["", *render_note(settled(replace(deck, tags=()), deck, note), 2)]
    return "\n".join(lines) + "\n"


def render_note(note: Note, indent: int) -> list[str]:
    """Return the lines of a note whose dash stands after `indent` spaces."""
    lines = [f"{' ' * (indent + 2)}{name}: {value}" for name, value in _fields(note, indent + 2)]
    text = "\n".join(lines)
    return (" " * indent + "- " + text[indent + 2 :]).split("\n")


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
