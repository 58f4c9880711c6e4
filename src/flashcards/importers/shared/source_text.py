"""Bytes as text, whatever they were written with; and what tells where in a file something is."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from flashcards.core.cards import SIBLING
from flashcards.errors import FlashcardsError
from flashcards.importers.base import BroughtDeck, BroughtNote, Skipped, Source
from flashcards.importers.shared.nested_cloze import unnested

LARGEST = 1 << 30
"""Bytes that a text may have."""
MOST_LINES = 5_000_000
"""Lines of a text that is read line by line."""
MOST_NOTES = 3_000_000
"""Notes that one source may make."""
LOOKED_AT = 1 << 18
"""Bytes from the start that tell what a text is."""
UNNAMED = "Imported"
SURE = 8
"""Letters of UTF-16 that are needed to tell it without a mark."""
PLAIN_ENDINGS = ("", ".txt", ".text", ".md", ".markdown", ".mdown", ".mkd", ".rst")
"""Endings of files that may hold anything written; other endings say what they hold."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "Its bytes are not UTF-8: they were read as Windows-1252 (Western European)."
NO_NULS = "It had NUL characters in it: they were left out."
GOOD_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f" + SIBLING + r"]{1,100}")
FILE = re.compile(r"\]\(<?(?![A-Za-z][A-Za-z0-9+.-]*:|#)([^()<>\n]+\.\w{2,5})>?\)")
"""A file that Markdown names."""
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a source, and what was not quite right with its bytes."""

    text: str
    remarks: tuple[str, ...] = ()


def decoded(source: Source, *, newlines: bool = True) -> Decoded:
    """Return the text of a source; with `newlines`, every line ends with LF.

    Raises FlashcardsError when it is too large.
    """
    if len(source.data) > LARGEST:
        raise FlashcardsError(
            f"{named(source)}: this text is larger than {LARGEST >> 30} GiB. Split it."
        )
    text, remark = _characters(source.data)
    remarks = [remark] if remark else []
    if "\x00" in text:
        text = text.replace("\x00", "")
        remarks.append(NO_NULS)
    if newlines and "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if newlines and text.count("\n") > MOST_LINES:
        raise FlashcardsError(f"{named(source)}: it has more than {MOST_LINES:,} lines. Split it.")
    return Decoded(text, tuple(remarks))


def _characters(data: bytes) -> tuple[str, str]:
    encoding = _encoding(data)
    try:
        return data.decode(encoding), ""
    except UnicodeDecodeError:
        pass
    text = data.decode(encoding, "replace")
    bad = text.count("\ufffd")
    good = sum(1 for letter in text if letter > "\x7f") - bad
    if encoding != "utf-8" or good > 3 * bad:
        name = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
        return text, f"{bad} of its bytes are not {name}: � stands for each."
    return _western(data), WESTERN


def _western(data: bytes) -> str:
    """Decode Windows-1252, whose five empty places are taken as Latin-1 has them."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _encoding(data: bytes) -> str:
    for mark, name in BOMS:
        if data.startswith(mark):
            return name
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half < SURE:
        return "utf-8"
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return "utf-8"


@lru_cache(maxsize=1)
def head(source: Source) -> str:
    """Return the first lines of a source, LF at their ends; "" when it is no text at all."""
    data = source.data[:LOOKED_AT]
    if data.startswith((b"PK\x03\x04", b"SQLite format 3", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
        return ""
    if len(source.data) > LOOKED_AT:
        data = data[: data.rfind(b"\n") + 1] or data
    text = _characters(data)[0].removeprefix("\ufeff")
    if len(CONTROL.findall(text)) * 20 > len(text):
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def named(source: Source) -> str:
    """Return a source's name as a message has it."""
    return "standard input" if source.name == "-" else source.name


def skipped(source: Source, line: int, why: str) -> Skipped:
    """Return a piece left out, at a line of the source."""
    return Skipped(f"{named(source)}:{line}", why)


def identifier(text: str) -> str:
    """Return an id as a deck can hold it: the same if it can, else one made of it."""
    text = text.strip()
    if not text or GOOD_ID.fullmatch(text):
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


class Decks:
    """Gathers notes into decks, in the order in which these first come."""

    def __init__(self) -> None:
        self._notes: dict[str, list[BroughtNote]] = {}
        self._files: dict[str, None] = {}
        self._left = MOST_NOTES

    def add(self, deck: str, note: BroughtNote) -> None:
        """Add a note to a deck; as several, where gaps are inside of its gaps.

        Raises FlashcardsError when there are more than anyone has.
        """
        self._left -= 1
        if self._left < 0:
            raise FlashcardsError(f"This has more than {MOST_NOTES:,} cards. Split the file.")
        notes = self._notes.setdefault(deck, [])
        if note.note.cloze:
            notes.extend(unnested(note))
        else:
            notes.append(note)
        for side in (note.note.front, note.note.back):
            if "](" in side:
                self._files |= dict.fromkeys(FILE.findall(side))

    def remarks(self, *, but: str = "\n") -> tuple[str, ...]:
        """Return what to say of the files that notes name and a text has not got, `but` some."""
        files = [n.removeprefix("media/") for n in self._files if not n.startswith(but)]
        if not files:
            return ()
        some = ", ".join(files[:5]) + (", …" if len(files) > 5 else "")
        return (f"These files did not come along; put them into your media folder: {some}.",)

    def __len__(self) -> int:
        return sum(map(len, self._notes.values()))

    def all(self) -> tuple[BroughtDeck, ...]:
        """Return the decks."""
        return tuple(BroughtDeck(name, tuple(notes)) for name, notes in self._notes.items())


def deck_name(source: Source) -> str:
    """Return what a deck is called when its source does not say."""
    return source.stem or UNNAMED
