"""Edit deck files as text, keeping comments and order."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from pathlib import Path

from flashcards.core.card_ids import note_id
from flashcards.core.cards import Note
from flashcards.core.deck_merge.merge_section import rendered_note, with_note
from flashcards.core.deck_merge.sections import DeckText, Lines, Section, indented, split_deck
from flashcards.core.deck_yaml import adapt_note_to_deck, render_deck, render_scalar
from flashcards.core.decks import Deck
from flashcards.core.note_matching import match_notes
from flashcards.errors import DeckError, Problem
from flashcards.storage.decks.deck_header import header_line
from flashcards.storage.decks.reader import parse_deck, verified_decks
from flashcards.storage.files import FileChange, read_regular_file

NOTE_CONTENT = itemgetter(*(place for place, name in enumerate(Note._fields) if name != "line"))
END_COMMENT = re.compile(r"""(?<!['"])[ \t]+#[^'"]*$""")
LIST_HEAD = re.compile(r"cards:(?:[ \t]*\[[ \t]*\])?(?P<comment>[ \t]*(?:[ \t]#.*)?)")
"""The line above the cards, empty list or not."""
Edits = Mapping[int, Note | None]  # new notes by line; None deletes one


@dataclass(frozen=True)
class EditableDeck:
    """A deck file to be changed: its bytes, and its text with normalized newlines."""

    deck: Deck
    data: bytes
    text: str

    @classmethod
    def from_bytes(cls, data: bytes, path: str) -> EditableDeck:
        """Parse a file's bytes. Raises DeckError."""
        deck, problems = parse_deck(data, path)
        if deck is None:
            raise DeckError(problems)
        text = data.decode("utf-8-sig")
        return cls(deck, data, text.replace("\r\n", "\n") if _has_crlf(data) else text)

    @cached_property
    def notes(self) -> dict[str, Note]:
        """The notes by their ids."""
        return dict(zip(self.deck.note_ids, self.deck.notes, strict=True))

    @cached_property
    def sections(self) -> dict[int, Section]:
        """Each note by line, with the comments directly above it. Raises DeckError."""
        pairs = zip(self.deck.notes, _split(self.text, self.deck).notes, strict=True)
        return {note.line: replace(each, comments=_split_comments(each.comments)[1]) for note, each in pairs}

    def has_comments_below(self) -> bool:
        """Tell whether there are comments after the last card."""
        return any(line.strip() for line in _split(self.text, self.deck).end)

    def edited(self, edits: Edits, added: Sequence[Section] = ()) -> bytes:
        """Return the file with notes changed and appended. Raises DeckError."""
        return self.restored(_edit_text(self.text, self.deck, edits, added))

    def restored(self, text: str) -> bytes:
        """Return a new text as bytes, with the file's BOM and CRLF restored."""
        text = text.replace("\n", "\r\n") if _has_crlf(self.data) else text
        bom = BOM_UTF8 if self.data.startswith(BOM_UTF8) else b""
        return bom + text.encode()


@dataclass(frozen=True, slots=True)
class MergeResult:
    """A deck file's new text, and the notes added and updated."""

    text: str
    added: tuple[Note, ...]
    updated: tuple[Note, ...]
    note_ids: tuple[str, ...] = ()  # of the incoming notes, in the file
    former_ids: frozenset[str] = frozenset()  # of the matched notes, until now


def merge_deck(text: str, path: str, incoming_deck: Deck) -> MergeResult:
    """Merge the notes of another deck into a deck file's text. Raises DeckError.

    Notes match as in `match_notes`; unmatched ones are kept, new ones appended.
    """
    deck = EditableDeck.from_bytes(text.encode(), path).deck
    places = match_notes(deck.name, deck.notes, incoming_deck.notes)
    added, updated, note_ids = [], [], []
    for i, incoming in enumerate(incoming_deck.notes):
        note = adapt_note_to_deck(incoming_deck, deck, incoming)
        if i not in places:
            added.append(note)
        else:
            before = deck.notes[places[i]]
            note = note._replace(id=before.id, line=before.line)
            if note != adapt_note_to_deck(deck, deck, before):
                updated.append(note)
        note_ids.append(note_id(deck.name, note))
    if not added and not updated:
        return MergeResult(text, (), (), tuple(note_ids))
    former_ids = frozenset(deck.note_ids[place] for place in places.values())
    changed = {note.line: note for note in updated}
    new_text = _edit_text(text, deck, changed, [_new_section(note) for note in added])
    return MergeResult(new_text, tuple(added), tuple(updated), tuple(note_ids), former_ids)


def append_notes(data: bytes, path: str, notes: Sequence[Note]) -> bytes:
    """Return a deck file with notes appended. Raises DeckError."""
    return EditableDeck.from_bytes(data, path).edited({}, [_new_section(note) for note in notes])


def _has_crlf(data: bytes) -> bool:
    """Tell whether a file has newlines, all of them CRLF."""
    return 0 < data.count(b"\n") == data.count(b"\r\n")


def _verify_notes(text: str, path: str, expected: Sequence[Note]) -> Deck:
    """Return the deck of a text. Raises DeckError unless it has the expected notes."""
    deck, problems = parse_deck(text.encode(), path)
    if not deck or list(map(NOTE_CONTENT, deck.notes)) != list(map(NOTE_CONTENT, expected)):
        what = "this file cannot be changed without changing other cards"
        remedy = 'Write its cards one below the other, each beginning with "- ", and try again.'
        raise DeckError(problems or [Problem(path, 1, 1, what, remedy)])
    verified_decks[path, hash(text)] = deck
    return deck


def _edit_text(text: str, deck: Deck, edits: Edits, added: Sequence[Section]) -> str:
    """Return a deck's text with changes, verified by reading back. Raises DeckError."""
    new = [section.says for section in added if isinstance(section.says, Note)]
    edited = [edits.get(note.line, note) for note in deck.notes]
    expected = [note for note in edited if note is not None] + new
    deck_text = _split(text, deck)
    try:
        new_text = _edited_deck(deck_text, edits, added, with_note).text()
        _verify_notes(new_text, deck.path, expected)
    except DeckError:  # its lines are not in our format: render the changed notes
        pairs = zip(added, new, strict=True)
        rendered = [replace(_new_section(note), comments=section.comments) for section, note in pairs]
        new_text = _edited_deck(deck_text, edits, rendered, rendered_note).text()
        new_text = new_text if deck.notes else render_deck(replace(deck, notes=tuple(new)))
        _verify_notes(new_text, deck.path, expected)
    return new_text


def _edited_deck(
    deck_text: DeckText, edits: Edits, added: Sequence[Section], change: Callable[[Section, Note], Section]
) -> DeckText:
    notes, orphaned = list[Section](), Lines()  # comments that stay above the next note
    for section in deck_text.notes:
        edited = edits.get(section.says.line, section.says) if isinstance(section.says, Note) else None
        comments = _joined(orphaned, section.comments)
        if edited is None:
            orphaned = _split_comments(comments)[0]
            continue
        orphaned = ()
        changed = section if edited is section.says else change(section, edited)
        notes.append(replace(changed, comments=comments))
    indent = deck_text.notes[0].indent if deck_text.notes else 2
    notes += [replace(indented(section, indent), comments=("", *section.comments)) for section in added]
    lines = [_list_head(line, is_empty=not notes) for line in deck_text.head.lines]
    if not deck_text.notes and not any(map(LIST_HEAD.fullmatch, lines)):
        lines.append("cards:")
    head = replace(deck_text.head, lines=tuple(lines))
    return replace(deck_text, head=head, notes=tuple(notes), end=_joined(orphaned, deck_text.end))


def _split(text: str, deck: Deck) -> DeckText:
    """Return a deck's text in its parts. Raises DeckError if notes are not a block list."""
    if (deck_text := split_deck(text, deck)) is None:
        what = "the cards of this file are not a block list"
        remedy = 'Begin each card on a line of its own with "- ", and try again.'
        line = deck.notes[0].line
        raise DeckError([Problem(deck.path, line, 1, what, remedy, text.split("\n")[line - 1])])
    return deck_text


def _split_comments(comments: Lines) -> tuple[Lines, Lines]:
    """Return (comments that stay if the note below goes, comments about it)."""
    blanks = [i for i, line in enumerate(comments) if not line.strip()]
    end = blanks[-1] + 1 if blanks else 0
    above, below = comments[:end], comments[end:]
    return (above if any(line.strip() for line in above) else ()), below


def _joined(orphaned: Lines, comments: Lines) -> Lines:
    """Put orphaned comments, which end in a blank line, above others, with one blank line between."""
    if orphaned and comments and not comments[0].strip():
        return orphaned[:-1] + comments
    return orphaned + comments


def _list_head(line: str, *, is_empty: bool) -> str:
    """Return a head line; the one above the cards says whether there are any."""
    match = LIST_HEAD.fullmatch(line)
    if match is None:
        return line
    return ("cards: []" if is_empty else "cards:") + match["comment"]


def _new_section(note: Note) -> Section:
    return rendered_note(Section((), (), note, 2), note)


def render_verified(deck: Deck, path: str) -> tuple[str, Deck]:
    """Return a deck as text, verified by reading back, and the deck as read. Raises DeckError."""
    text = render_deck(deck)
    return text, _verify_notes(text, path, deck.notes)


def set_in_deck_file(deck_file: Path, name: str, key: str, value: str) -> FileChange:
    """Return the change that sets a deck-wide field. Raises DeckError."""
    data = read_regular_file(deck_file)
    file = EditableDeck.from_bytes(data, name)
    text, lines = file.text, file.text.split("\n")
    new_line = f"{key}: {value if value.startswith('[') else render_scalar(value, 0)}"
    if number := header_line(text, key):
        comment = END_COMMENT.search(lines[number - 1])
        lines[number - 1] = new_line + (comment[0] if comment else "")
    else:  # below the deck's name, else above its cards
        lines.insert(header_line(text, "deck") or max(0, header_line(text, "cards") - 1), new_line)
    new = file.restored("\n".join(lines))
    after, problems = parse_deck(new, name)
    if after is None or len(after.notes) != len(file.deck.notes):
        what = f"{key}: {value} cannot be set for the whole deck"
        raise DeckError(problems or [Problem(name, 1, 1, what, "Edit the file: flashcards edit --deck NAME")])
    return FileChange(deck_file, data, new)
