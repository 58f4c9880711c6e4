"""What Q: and A: have no sign for, read from the comment before a card."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flashcards.core.cards import Note

COMMENT = re.compile(r"<!-- flashcards: (\{.*\}) -->")


@dataclass(frozen=True, slots=True)
class Meta:
    """The comment's values, by their names in a deck file; and the note's own deck."""

    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def deck(self) -> str:
        """Return the deck that the comment names; "" when it names none."""
        return self._text("deck")

    @property
    def sentence(self) -> str:
        """Return the sentence with gaps that the comment has; "" when it has none."""
        return self._text("cloze")

    def note(self, front: str, back: str, line: int) -> Note:
        """Return a note with a front and a back."""
        front, back = self._text("front", front), self._text("back", back)
        return self._made(front, back, line, cloze=False)

    def cloze(self, sentence: str, line: int) -> Note:
        """Return a note with gaps."""
        return self._made(self._text("cloze", sentence), self._text("back"), line, cloze=True)

    def _made(self, front: str, back: str, line: int, *, cloze: bool) -> Note:
        return Note(
            front,
            back,
            id=self._text("id"),
            tags=self._texts("tags") or (),
            reverse=self._switch("reverse"),
            cloze=cloze,
            line=line,
            typed=self._switch("type"),
            listed=self._switch("list"),
            accept=self._texts("accept") or (),
            choices=self._texts("choices") or (),
            lenient=self._texts("lenient"),
        )

    def _text(self, name: str, otherwise: str = "") -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else otherwise

    def _switch(self, name: str) -> bool | None:
        value = self.values.get(name)
        return value if isinstance(value, bool) else None

    def _texts(self, name: str) -> tuple[str, ...] | None:
        value = self.values.get(name)
        return tuple(map(str, value)) if isinstance(value, list) else None


def meta(source: str) -> Meta:
    """Read the JSON of a comment; what is no JSON says nothing."""
    try:
        value = json.loads(source)
    except (ValueError, RecursionError):
        return Meta()
    return Meta(value if isinstance(value, dict) else {})
