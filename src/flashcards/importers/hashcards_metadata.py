"""Read note metadata from a comment before a card."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flashcards.core.cards import Note

COMMENT_PATTERN = re.compile(r"<!-- flashcards: (\{.*\}) -->")


@dataclass(frozen=True, slots=True)
class NoteMetadata:
    """The values of a comment, by field name, and the deck."""

    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def deck(self) -> str:
        """The deck's name, or ""."""
        return self._text_value("deck")

    @property
    def sentence(self) -> str:
        """The sentence with gaps, or ""."""
        return self._text_value("cloze")

    def make_note(self, front: str, back: str, line: int) -> Note:
        """Return a note with a front and a back."""
        front, back = self._text_value("front", front), self._text_value("back", back)
        return self.make_any_note(front, back, line, cloze=False)

    def make_cloze_note(self, sentence: str, line: int) -> Note:
        """Return a note with gaps."""
        return self.make_any_note(
            self._text_value("cloze", sentence), self._text_value("back"), line, cloze=True
        )

    def make_any_note(self, front: str, back: str, line: int, *, cloze: bool) -> Note:
        """Return a note of these sides and all other values."""
        return Note(
            front,
            back,
            id=self._text_value("id"),
            tags=self._text_list("tags") or (),
            reverse=self._boolean_value("reverse"),
            cloze=cloze,
            line=line,
            typed=self._boolean_value("type"),
            listed=self._boolean_value("list"),
            accept=self._text_list("accept") or (),
            choices=self._text_list("choices") or (),
            lenient=self._text_list("lenient"),
            hint=self._text_value("hint"),
            remark=self._text_value("note"),
        )

    def _text_value(self, name: str, otherwise: str = "") -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else otherwise

    def _boolean_value(self, name: str) -> bool | None:
        value = self.values.get(name)
        return value if isinstance(value, bool) else None

    def _text_list(self, name: str) -> tuple[str, ...] | None:
        value = self.values.get(name)
        return tuple(map(str, value)) if isinstance(value, list) else None


def parse_comment(source: str) -> NoteMetadata:
    """Parse a comment's JSON; invalid JSON gives no values."""
    try:
        value = json.loads(source)
    except (ValueError, RecursionError):
        return NoteMetadata()
    return NoteMetadata(value if isinstance(value, dict) else {})
