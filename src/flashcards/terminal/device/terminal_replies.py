"""Parse the terminal's replies to capability queries."""

from __future__ import annotations

import re

TERMINAL_QUERIES = {"background": b"\x1b]11;?\x1b\\", "sixels": b"\x1b[c"}
"""What colour is behind the text (OSC 11), and what can be drawn (DA1)."""
BACKGROUND_REPLY = re.compile(
    rb"\x1b\]11;rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})"
    rb"[^\x07\x1b]*(?:\x07|\x1b\\)"
)
ATTRIBUTES_REPLY = re.compile(rb"\x1b\[\?([\d;]*)c")
PARTIAL_REPLY = re.compile(rb"\x1b(?:\]1?1?;?[^\x07\x1b]{0,40}\x1b?|\[\?[\d;]*)")
"""The beginning of a reply, whose rest is on its way."""
SIXEL_ATTRIBUTE = b"4"
"""The attribute by which a terminal says that it draws sixels."""
REPLY_TIMEOUT = 1.0
"""Seconds to wait for the rest of a reply: none of its digits may become a rating."""


def parse_reply(received: bytes) -> tuple[str, int] | None:
    """Return what a terminal says at the beginning of what was typed, and how many bytes it took.

    It says light or dark, or sixel; "" for what is of no use here. None: these are keys.
    """
    if match := BACKGROUND_REPLY.match(received):
        return _background_brightness(match), match.end()
    if match := ATTRIBUTES_REPLY.match(received):
        return "sixel" if SIXEL_ATTRIBUTE in match[1].split(b";")[1:] else "", match.end()
    return None


def _background_brightness(match: re.Match[bytes]) -> str:
    """Return "light" or "dark" for red, green and blue, as bright as the eye sees them."""
    channels = [int(part, 16) / (16 ** len(part) - 1) for part in match.groups()]
    seen = sum(channel * weight for channel, weight in zip(channels, (0.299, 0.587, 0.114), strict=True))
    return "light" if seen > 0.5 else "dark"
