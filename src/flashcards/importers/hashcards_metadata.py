"""Read note metadata from a comment before a card."""

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

    def make_note(self, front: str, back: str, line: int, *, cloze: bool = False) -> Note:
        """Return a note of these sides and all other values."""
        return Note(
            front,
            back,
            id=self.text_value("id"),
            tags=self._text_list("tags") or (),
            reverse=self._boolean_value("reverse"),
            cloze=cloze,
            line=line,
            typed=self._boolean_value("type"),
            listed=self._boolean_value("list"),
            accept=self._text_list("accept") or (),
            choices=self._text_list("choices") or (),
            lenient=self._text_list("lenient"),
            hint=self.text_value("hint"),
            remark=self.text_value("note"),
        )

    def text_value(self, name: str, otherwise: str = "") -> str:
        """Return a text value, or the default."""
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
        return NoteMetadata(json.loads(source))
    except (ValueError, RecursionError):
        return NoteMetadata()
