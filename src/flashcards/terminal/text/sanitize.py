"""Sanitize untrusted text before it reaches the terminal."""

import re
from typing import TextIO

from flashcards.core.clean_text import is_printable

# Control characters except newline and tab, bidi controls that reorder text, invisible characters
# that can hide something, and lone surrogates.
CONTROL_CHARACTERS = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff\U0001d173-\U0001d17a]"
)
# Invisible characters are legitimate where they shape their neighbours: emoji sequences, joiners
# between letters, variation selectors, flag tags. Group 1 is such a use; anything else is escaped.
SHAPING_CHARACTER = "[\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]"
EMOJI_PATTERN = "[\xa9\xae\u203c-\u3299\U0001f000-\U0001faff]"
JOINING_LETTER = "[\u0600-\u109f\u1700-\u18af\u1a00-\u1aaf\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc]"
SHAPING_SEQUENCES = (
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
    f"|{EMOJI_PATTERN}[\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?(?:\u200d{EMOJI_PATTERN}\ufe0f?[\U0001f3fb-\U0001f3ff]?)*"
    f"|{JOINING_LETTER}[\u200c\u200d](?={JOINING_LETTER})"
    f"|{JOINING_LETTER}\u200d(?![\u200c\u200d])"
    "|[0-9#*][\ufe0e\ufe0f]\u20e3?"
    "|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff][\ufe00-\ufe02\U000e0100-\U000e01ef])"
    f"|{SHAPING_CHARACTER}"
)
ASCII_FALLBACKS = str.maketrans(
    {
        "→": "->", "←": "<-", "⇒": "=>", "•": "*", "·": "-", "…": "...", "–": "-", "—": "-",
        "‘": "'", "’": "'", "“": '"', "”": '"', "×": "x", "±": "+/-", "≥": ">=", "≤": "<=",
        "─": "-", "━": "=", "│": "|", "▏": "|", "█": "#", "■": "#",
        "▁": "_", "▂": "_", "▃": "-", "▄": "-", "▅": "=", "▆": "=", "▇": "#",
        "▎": "|", "▍": "|", "▌": "#", "▋": "#", "▊": "#", "▉": "#",
        "░": ".", "▒": "+", "▓": "%", "●": "o", "↑": "^", "↓": "v",
        "┤": "|", "├": "|", "✓": "+", "✗": "x", "›": ">", "▸": ">",
        "⋅": "*", "⚑": "!", "♪": "~", "☐": "[ ]", "☑": "[x]", "\xa0": " ",
    }
)  # fmt: skip


def sanitize(text: str) -> str:
    """Escape characters that control the terminal: ESC becomes <1b>."""
    if text.isascii() and is_printable(text):  # most texts
        return text
    # Invisible characters that shape their neighbours are kept where they do that.
    text = re.sub(CONTROL_CHARACTERS, _escape_character, text.replace("\r\n", "\n"))
    if text.isascii() or not re.search(SHAPING_CHARACTER, text):  # the long pattern takes 3 ms to compile
        return text
    return re.sub(SHAPING_SEQUENCES, lambda match: match[1] or _escape_character(match), text)


def _escape_character(match: re.Match[str]) -> str:
    return f"<{ord(match[0]):02x}>"


def sanitize_line(text: str) -> str:
    """Return sanitized text on one line."""
    return sanitize(" ".join(text.split()))


def to_encoding(text: str, encoding: str | None) -> str:
    """Fit text to an encoding: lookalikes first, then "?"."""
    encoding = encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(ASCII_FALLBACKS).encode(encoding, "replace").decode(encoding)
    return text


def write_line(stream: TextIO, text: str = "") -> None:
    """Write a sanitized line and flush."""
    stream.write(to_encoding(sanitize(text), stream.encoding) + "\n")
    stream.flush()
