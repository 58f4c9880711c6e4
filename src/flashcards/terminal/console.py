"""The one gate from any text to the terminal: what comes out can be read, and steers nothing."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

# Control characters but newline and tab; what reorders text (bidi marks, embeddings, isolates);
# what shows nothing and can hide something; and halves of surrogate pairs.
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u00ad\u034f\u115f\u1160\u180b-\u180f\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff\U0001d173-\U0001d17a]"
)
LOOKALIKES = str.maketrans(
    {
        "→": "->", "←": "<-", "⇒": "=>", "•": "*", "·": "-", "…": "...", "–": "-", "—": "-",
        "‘": "'", "’": "'", "“": '"', "”": '"', "×": "x", "±": "+/-", "≥": ">=", "≤": "<=",
        "─": "-", "━": "=", "│": "|", "▏": "|", "█": "#", "▁": "_", "▃": "-", "▅": "=", "▇": "#",
        "⋅": "*", "⚑": "!",
    }
)  # fmt: skip
"""What stands for a sign where the terminal knows only ASCII."""


def safe(text: str) -> str:
    """Return text whose steering characters are spelled out: ESC becomes <1b>, U+202E <202e>."""
    text = text.replace("\r\n", "\n")
    return STEERING.sub(lambda found: f"<{ord(found[0]):02x}>", text)


def safe_line(text: str) -> str:
    """Return safe text on one line."""
    return safe(" ".join(text.split()))


def encodable(text: str, encoding: str | None) -> str:
    """Return text that an output of this encoding can take; lookalikes first, then "?"."""
    encoding = encoding or "ascii"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.translate(LOOKALIKES)
        try:
            return text.encode(encoding, "replace").decode(encoding)
        except LookupError:
            return text.encode("ascii", "replace").decode("ascii")
    return text


def write_line(stream: TextIO, text: str = "") -> None:
    """Write safe lines at once, whatever the stream's encoding."""
    stream.write(encodable(safe(text), stream.encoding) + "\n")
    stream.flush()
