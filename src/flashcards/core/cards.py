"""Notes and cards, and how a card is answered."""

import re
from collections.abc import Callable
from typing import NamedTuple, NewType, Self
from zlib import crc32

from flashcards.core.cloze import ANSWERED_GAP, ASKED_GAP, Spans, mark_gaps

CardId = NewType("CardId", str)

ATTRIBUTES = {"type": "typed", "list": "listed", "note": "remark", "deck": "name"}
"""Fields of a deck file with another name in Note or Deck."""
NOTE_FIELDS = (
    "id", "front", "back", "tags", "reverse", "type", "list", "accept", "choices", "hint", "note", "lenient",
)  # fmt: skip
"""All fields of a note in a deck file; a cloze has its sentence in `front`."""

SIBLING_SEPARATOR = "/"  # between note id and card key; a note's own id must not contain it
REVERSE_KEY = SIBLING_SEPARATOR + "r"  # suffix of a reversed card's id
VALID_NOTE_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f" + SIBLING_SEPARATOR + r"]{1,100}")


LENIENCY_KINDS = ("case", "accents", "punctuation", "articles", "numbers")
"""What can be overlooked in a typed answer; extra spaces always are."""
DEFAULT_LENIENCY = ("case", "punctuation")


class AnswerMode(NamedTuple):
    """How a card is answered: revealed, typed, chosen, item by item."""

    typed: bool = False
    accept: tuple[str, ...] = ()  # other right answers
    choices: tuple[str, ...] = ()  # wrong options, shown with the right one
    listed: bool = False  # whether list items are revealed one by one
    lenient: tuple[str, ...] = DEFAULT_LENIENCY  # some of LENIENCY_KINDS
    answer: str = ""  # if it is not the back: the text of the gaps


REVEAL = AnswerMode()


class Note(NamedTuple):  # quick to create: an import makes a million
    """One entry of a deck file, exactly as written there, in Markdown.

    A cloze note has its sentence with gaps in `front`, and its extra text in `back`.
    """

    front: str
    back: str = ""
    id: str = ""  # its own id; if "", the fingerprint is used
    tags: tuple[str, ...] = ()  # without the deck's
    reverse: bool | None = None  # None, here and below, uses the deck's setting
    cloze: bool = False
    line: int = 0  # first line in its file, from 1; 0 without a file
    typed: bool | None = None  # `type` in a deck file
    listed: bool | None = None  # `list` in a deck file
    accept: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    lenient: tuple[str, ...] | None = None
    hint: str = ""  # shown before the answer on request
    remark: str = ""  # `note` in a deck file: shown after the answer

    def field(self, name: str) -> object:
        """Return the value of a field by its name in a deck file."""
        value: object = getattr(self, ATTRIBUTES.get(name, name))
        return value

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """Front, back, hint and remark."""
        return self.front, self.back, self.hint, self.remark

    def map_texts(self, change: Callable[[str], str]) -> Self:
        """Return the note with a function applied to its texts."""
        texts = self.texts
        front, back, hint, remark = changed = tuple(map(change, texts))
        if changed == texts:
            return self
        return self._replace(front=front, back=back, hint=hint, remark=remark)

    @property
    def text_length(self) -> int:
        """The total length of all that is shown or accepted."""
        shown = len(self.front) + len(self.back) + len(self.hint) + len(self.remark)
        return shown + sum(map(len, self.accept + self.choices))

    @property
    def has_own_mode(self) -> bool:
        """Whether it says how its cards are answered, or that there is a reverse one."""
        own = self.reverse, self.typed, self.listed, self.lenient, self.accept, self.choices
        return own != (None, None, None, None, (), ())


class Card(NamedTuple):
    """One question and its answer, in Markdown."""

    id: CardId
    deck: str
    front: str
    back: str
    tags: tuple[str, ...] = ()
    note_id: str = ""  # shared by siblings
    path: str = ""  # relative to the library
    line: int = 0  # first line of its note in the file, from 1
    has_own_id: bool = False  # whether the note's id was written by hand
    answer_mode: AnswerMode = REVEAL
    front_gaps: Spans = ()  # shown as […] or a hint
    back_gaps: Spans = ()
    hint: str = ""
    remark: str = ""

    @property
    def marked_front(self) -> str:
        """The front with marks around its gaps, for the screen."""
        return mark_gaps(self.front, self.front_gaps, ASKED_GAP)

    @property
    def marked_back(self) -> str:
        """The back with marks around its filled gaps, for the screen."""
        return mark_gaps(self.back, self.back_gaps, ANSWERED_GAP)


def shuffle_key(card: CardId) -> int:
    """Return a fixed pseudo-random position of a card."""
    return crc32(card.encode())
