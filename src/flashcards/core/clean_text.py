"""Text without what a deck file cannot hold."""

import re

CONTROL_CHARACTER = r"[\x00-\x08\x0b-\x1f\x7f-\x9f]"
"""All but tab and newline; a deck file must not contain them."""
SURROGATE = "[\ud800-\udfff]"
UNCLEAN = f"{SURROGATE}|{CONTROL_CHARACTER}"
UNPRINTABLE = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
PRINTABLE_ASCII = bytes(range(32, 127)) + b"\n"


def drop_control_characters(text: str) -> str:
    """Return a text without control characters."""
    return re.sub(CONTROL_CHARACTER, "", text)


def to_one_line(text: str) -> str:
    """Return text on one line."""
    return " ".join(clean_text(text).split())


def is_printable(text: str) -> bool:
    """Tell whether all characters but newlines can be shown, so that none must be escaped."""
    if text.isascii():  # nearly all texts: quicker than the pattern
        return not text.encode().translate(None, PRINTABLE_ASCII)
    return not re.search(UNPRINTABLE, text)


def clean_text(text: str) -> str:
    """Remove what a deck file cannot hold: surrogates, controls, CRLF."""
    if text.isascii() and text.isprintable():  # most texts: quicker than the pattern
        return text
    if is_printable(text) or not re.search(UNCLEAN, text):
        return text.strip("\n")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return drop_control_characters(re.sub(SURROGATE, "\ufffd", text)).strip("\n")
