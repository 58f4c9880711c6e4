"""Answer a shell's completion request in plain text that no shell evaluates."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping

from flashcards.cli.completion.scripts import SCRIPTS
from flashcards.cli.completion.tab_completions import Completions
from flashcards.cli.parser import offers
from flashcards.cli.unparsed_words import extract_option
from flashcards.storage.base_dirs import DATA_DIR_VARIABLE
from flashcards.terminal.text.sanitize import sanitize, sanitize_line

LINE, PART = "_FLASHCARDS_LINE", "_FLASHCARDS_PART"
"""Variables set by our scripts: the line up to the cursor, and the part bash replaces."""
PIECE = re.compile(
    r"""'(?P<single>[^']*)(?P<end>'?)|"(?P<double>(?:[^"\\]|\\.)*)\\?(?P<close>"?)"""
    r"""|\\(?P<escaped>.?)|(?P<bare>[^\s'"\\]+)""",
    re.DOTALL,
)
WORD = re.compile(r"""(?:'[^']*'?|"(?:[^"\\]|\\.)*\\?"?|\\.?|[^\s'"\\])+""", re.DOTALL)
NEEDS_BACKSLASH = re.compile(r"[^\w./,+@%:=-]")
LONGEST = 60


def answer(asked: str) -> int:
    """Print a shell's completions at the cursor, or its script."""
    kind, _, shell = asked.rpartition("_")
    if shell not in SCRIPTS or kind not in ("", "source"):
        return 1
    if kind:
        return _write([SCRIPTS[shell]])
    words, raw = split_line(os.environ.get(LINE, ""))
    found = _offers(words, plain(raw))
    if shell == "bash":
        return _write(_replies(found, raw, os.environ.get(PART, "")))
    return _write("\t".join(filter(None, offer)) for offer in found)


def split_line(line: str) -> tuple[list[str], str]:
    """Return the words before the cursor, and the unfinished one as typed."""
    found = list(WORD.finditer(line))
    raw = found.pop()[0] if found and found[-1].end() == len(line) else ""
    words = [plain(word[0]) for word in found]
    return words[1:], raw


def plain(raw: str) -> str:
    """Unquote a word, whose last quote may be open; nothing is expanded."""
    return "".join(
        (piece["single"] or "")
        + re.sub(r'\\(["\\$`])', r"\1", piece["double"] or "")
        + (piece["escaped"] or "")
        + (piece["bare"] or "")
        for piece in PIECE.finditer(raw)
    )


def _offers(words: list[str], incomplete: str) -> Completions:
    """Return printable candidates with their descriptions."""
    words, data_dir = extract_option(words)
    if data_dir:
        os.environ[DATA_DIR_VARIABLE] = data_dir
    option, sign, _ = incomplete.partition("=")
    lead = option + sign if sign and option.startswith("-") else ""
    return [
        (lead + value, sanitize_line(description)[:LONGEST])
        for value, description in offers(words, incomplete)
        if (lead + value).startswith(incomplete) and sanitize(value) == value
        if not re.search(r"[\t\r\n]", value)
    ]


def _replies(found: Completions, raw: str, part: str) -> Iterator[str]:
    """Yield what bash puts in place of `part`, the typed end of the word."""
    if not raw.endswith(part):
        return
    lead = plain(raw.removesuffix(part))
    pieces = list(PIECE.finditer(raw))
    quote = _open_quote(pieces[-1]) if pieces else ""
    for value, _ in found:
        if value.startswith(lead):
            reply = QUOTED[quote](value.removeprefix(lead))
            # Readline takes an open quote at the start or end of a reply for its own.
            yield quote * reply.startswith(quote) + reply + quote * reply.endswith(quote)


def _open_quote(piece: re.Match[str]) -> str:
    if piece["single"] is not None:
        return "" if piece["end"] else "'"
    return '"' if piece["double"] is not None and not piece["close"] else ""


QUOTED: Mapping[str, Callable[[str], str]] = {
    "": lambda text: NEEDS_BACKSLASH.sub(r"\\\g<0>", text),
    "'": lambda text: text.replace("'", "'\\''"),
    '"': lambda text: re.sub(r'["\\$`]', r"\\\g<0>", text).replace("!", '"\\!"'),
}
"""Escapes text for bash, by the open quote; `!` cannot be escaped inside double quotes."""


def _write(lines: Iterator[str] | list[str]) -> int:
    """Write lines in the file system's encoding, leaving out what it cannot encode."""
    for line in lines:
        try:
            sys.stdout.buffer.write(os.fsencode(line) + b"\n")
        except UnicodeEncodeError:
            continue
    return 0
