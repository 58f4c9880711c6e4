"""Parse the terminal's replies to capability queries."""

import re

TERMINAL_QUERIES = {"background": b"\x1b]11;?\x1b\\", "sixels": b"\x1b[c"}
"""The background colour (OSC 11), and the device attributes (DA1)."""
BACKGROUND_REPLY = (
    rb"\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})"
    rb"[^\x07\x1b]*(?:\x07|\x1b\\)"
)
ATTRIBUTES_REPLY = rb"\x1b\[\?([\d;]*)c"
PARTIAL_REPLY = rb"\x1b(?:\]1?1?;?[^\x07\x1b]{0,40}\x1b?|\[\?[\d;]*)"
"""The beginning of a reply whose rest has not arrived."""
SIXEL_ATTRIBUTE = b"4"
REPLY_TIMEOUT = 1.0  # seconds to wait for the rest of a reply, whose digits must not become ratings


def parse_reply(received: bytes) -> tuple[str, int] | None:
    """Parse a terminal's reply at the start of the input.

    Returns light, dark, sixel or "" for nothing of use, and the bytes read; None if these are keys.
    """
    if match := re.match(BACKGROUND_REPLY, received):
        return _background_brightness(match), match.end()
    if match := re.match(ATTRIBUTES_REPLY, received):
        return "sixel" if SIXEL_ATTRIBUTE in match[1].split(b";")[1:] else "", match.end()
    return None


def _background_brightness(match: re.Match[bytes]) -> str:
    """Return "light" or "dark", by perceived brightness (Rec. 601)."""
    channels = [int(part, 16) / (16 ** len(part) - 1) for part in match.groups()]
    seen = sum(channel * weight for channel, weight in zip(channels, (0.299, 0.587, 0.114), strict=True))
    return "light" if seen > 0.5 else "dark"
