"""Decode source text, and convert parts of it."""

import codecs
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from hashlib import blake2b

from flashcards.core.cards import VALID_NOTE_ID
from flashcards.core.format_count import format_count
from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportSource
from flashcards.importers.shared.encodings import choose_encoding

MAX_TEXT_BYTES = 1 << 30
MAX_LINES = 5_000_000
HEAD_BYTES = 1 << 18  # bytes examined to recognise a format
MIN_UTF16_LETTERS = 8  # letters needed to recognise UTF-16 without a byte order mark
PLAIN_TEXT_EXTENSIONS = ("", ".txt", ".text", ".md", ".markdown", ".mdown", ".mkd", ".rst")
"""Endings of files that may contain any text format; others imply one."""
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODING_REMARK = "The file is not UTF-8; it was read as {}. Where letters are wrong: --encoding NAME."
ENCODING_NAMES = {"cp1252": "Windows-1252 (Western European)"}
NUL_REMARK = "NUL characters were removed."
DATE_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}")
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decode_text(source: ImportSource, *, newlines: bool = True) -> tuple[str, list[str]]:
    """Return the text of a source, and remarks on its decoding; with `newlines`, lines end with LF.

    Raises FlashcardsError if it is too large, or its encoding is unclear.
    """
    if len(source.data) > MAX_TEXT_BYTES:
        raise FlashcardsError(
            f"{display_name(source)}: this text is larger than {MAX_TEXT_BYTES >> 30} GiB. Split it."
        )
    text, remark = _decode_bytes(source.data, source.options.encoding)
    if text is None:
        raise FlashcardsError(f"{display_name(source)}: {remark}")
    remarks = [remark] if remark else []
    if "\x00" in text:
        text = text.replace("\x00", "")
        remarks.append(NUL_REMARK)
    if newlines and "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if newlines and text.count("\n") > MAX_LINES:
        raise FlashcardsError(f"{display_name(source)}: it has more than {MAX_LINES:,} lines. Split it.")
    return text, remarks


def _decode_bytes(data: bytes, encoding: str = "") -> tuple[str | None, str]:
    """Return the text and a remark, or None and why it cannot be decoded."""
    encoding = encoding or _detect_encoding(data)
    try:
        return data.decode(encoding), ""
    except UnicodeDecodeError:
        pass
    text = data.decode(encoding, "replace")
    bad = text.count("\ufffd")
    good = sum(1 for letter in text if letter > "\x7f") - bad
    # Mostly valid UTF-8 with some damaged bytes is still UTF-8.
    if encoding != "utf-8" or good > 3 * bad:
        name = "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
        return text, f"{format_count(bad, 'byte')} not in {name}; replaced with �."
    chosen, close = choose_encoding(data)
    if not chosen:
        names = " or ".join(close) or "cp1252"
        hint = f"Name its encoding: --encoding {names.split()[0]}"
        return None, f"it is not UTF-8, and could be {names}. {hint}"
    remark = ENCODING_REMARK.format(ENCODING_NAMES.get(chosen, chosen))
    return data.decode(chosen, "replace"), remark


def _detect_encoding(data: bytes) -> str:
    for mark, name in BOMS:
        if data.startswith(mark):
            return name
    sample = data[:4096]
    # UTF-16 of mostly Latin text has a zero in every other byte.
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half < MIN_UTF16_LETTERS:
        return "utf-8"
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return "utf-8"


@lru_cache(maxsize=1)
def read_head(source: ImportSource) -> str:
    """Return the first lines of a source, or "" if it is not text."""
    data = source.data[:HEAD_BYTES]
    if data.startswith((b"PK\x03\x04", b"SQLite format 3", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
        return ""
    if len(source.data) > HEAD_BYTES:
        data = data[: data.rfind(b"\n") + 1] or data
    text = _decode_bytes(data, source.options.encoding)[0] or data.decode("latin-1")
    text = text.removeprefix("\ufeff")
    if len(re.findall(CONTROL_CHARACTER, text)) * 20 > len(text):
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def display_name(source: ImportSource) -> str:
    """Return a source's name for messages."""
    return "standard input" if source.name == "-" else source.name


def convert_parts(
    pattern: re.Pattern[str],
    text: str,
    convert: Callable[[re.Match[str]], str],
    *,
    between: Callable[[str], str],
) -> str:
    """Convert the matches of a pattern by one function, the text between by another."""
    pieces, place = list[str](), 0
    for match in pattern.finditer(text):
        pieces += [between(text[place : match.start()]), convert(match)]
        place = match.end()
    return "".join([*pieces, between(text[place:])])


def join_paragraphs(*parts: str) -> str:
    """Join the non-empty texts as paragraphs."""
    return "\n\n".join(part for part in parts if part)


def valid_note_id(text: str) -> str:
    """Return an id valid in a deck file: the same, or a hash of it."""
    text = text.strip()
    if not text or VALID_NOTE_ID.fullmatch(text):
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def parse_date(text: str) -> date | None:
    """Return the first date such as 2026-03-31 in a text; None if there is none."""
    found = DATE_PATTERN.search(text)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def parse_number(text: str | None, limit: float = 100_000) -> float | None:
    """Parse a number of a size below `limit`, else return None."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if abs(value) < limit else None
