"""Export Markdown with Q: and A: (hashcards, repeater).

Fields without a notation go into a comment before the card, which those programs ignore.
"""

import json
import re
from collections.abc import Iterator, Mapping

from flashcards.core.cards import NOTE_FIELDS, Note
from flashcards.core.cloze import replace_gaps
from flashcards.core.cloze_brackets import brackets_from_cloze
from flashcards.core.deck_yaml import adapt_note_to_deck
from flashcards.core.decks import Deck
from flashcards.core.markdown_dialect import to_commonmark
from flashcards.exporters.base import ExportJob, name_deck_files

TITLE = "Markdown with Q: and A:"
EXTENSIONS = (".md", ".markdown")
ALLOWS_STDOUT = True
INCLUDES_HISTORY = False

CARD_START = re.compile(r"^(?= *(?:[QAC]:|---[ \t]*$|<!-- flashcards: ))", re.MULTILINE)


def render_files(job: ExportJob) -> Mapping[str, bytes]:
    """Return a file for each deck."""
    return {
        name: "\n".join(_deck_lines(deck)).encode("utf-8", "replace")
        for name, deck in name_deck_files(job.decks)
    }


def _deck_lines(deck: Deck) -> Iterator[str]:
    yield "---"
    yield f"name = {_toml_string(deck.name)}"
    if deck.description:
        yield f"description = {_toml_string(deck.description)}"
    if deck.tags:
        yield f"tags = [{', '.join(map(_toml_string, deck.tags))}]"
    yield "---"
    bare = Deck(deck.name, (), tags=deck.tags)
    for note in deck.notes:
        yield ""
        yield from _note_lines(adapt_note_to_deck(deck, bare, note))
        yield ""
        yield "---"
    yield ""


def _toml_string(text: str) -> str:
    """Return text as a TOML string, which is JSON's except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _note_lines(note: Note) -> Iterator[str]:
    sentence = ""
    if note.cloze:  # the comment has the full sentence where brackets cannot express it
        in_brackets = brackets_from_cloze(note.front)
        sentence = in_brackets or replace_gaps(note.front, lambda gap: f"[{gap.text}]")
    comment = dict(_comment_fields(note, sentence))
    if comment:  # its JSON cannot end it
        yield "<!-- flashcards: {} -->".format(json.dumps(comment).replace(">", "\\u003e"))
    if note.cloze:
        yield _side_text("C:", sentence)
    else:
        yield _side_text("Q:", note.front)
        yield _side_text("A:", note.back or "…")


def _side_text(marker: str, text: str) -> str:
    """Return a side after its marker; several lines begin below it."""
    text = CARD_START.sub(" ", to_commonmark(text))
    return f"{marker}\n{text}" if "\n" in text else f"{marker} {text}"


def _comment_fields(note: Note, sentence: str) -> Iterator[tuple[str, object]]:
    """Yield the fields that Q:, A: and C: cannot express."""
    if note.id:
        yield "id", note.id
    if note.cloze:
        if brackets_from_cloze(note.front) is None or _is_changed(sentence):
            yield "cloze", note.front
        if note.back:
            yield "back", note.back
    elif _is_changed(note.front):
        yield "front", note.front
    if not note.cloze and (_is_changed(note.back) or not note.back):
        yield "back", note.back
    for name in NOTE_FIELDS[3:]:
        value = note.field(name)
        if value not in (None, "", ()) or (name == "lenient" and value is not None):
            yield name, value


def _is_changed(text: str) -> bool:
    """Tell whether a text would be changed by export and import."""
    return text != text.strip() or "\r" in text or "\x00" in text or to_commonmark(text) != text
