"""Text without what a deck file cannot hold."""

from __future__ import annotations

import re

CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All but tab and newline; a deck file must not contain them."""
SURROGATE = re.compile("[\ud800-\udfff]")
UNCLEAN = re.compile(f"{SURROGATE.pattern}|{CONTROL_CHARACTER.pattern}")


def drop_control_characters(text: str) -> str:
    """Return a text without control characters."""
    return CONTROL_CHARACTER.sub("", text)


def to_one_line(text: str) -> str:
    """Return text on one line."""
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """Remove what a deck file cannot hold: surrogates, controls, CRLF."""
    if text.isascii() and text.isprintable():  # most texts: quicker than the pattern
        return text
    if not UNCLEAN.search(text):
        return text.strip("\n")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return drop_control_characters(SURROGATE.sub("\ufffd", text)).strip("\n")
