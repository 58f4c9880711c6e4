"""Terminals answer when they like; their answers are no keys."""

from __future__ import annotations

import re

import pytest

from flashcards.terminal.device.terminal_replies import PARTIAL_REPLY, parse_reply


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        (b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "light"),
        (b"\x1b]11;rgb:1d/1f/21\x07", "dark"),
        (b"\x1b]11;rgba:fd/f6/e3/ff\x07", "light"),
        (b"\x1b[?62;4;22c", "sixel"),
        (b"\x1b[?64;1;2c", ""),
        (b"\x1b[?4c", ""),
    ],
)
def test_replies_are_understood(typed: bytes, word: str) -> None:
    """Colours by their brightness, abilities by their number; each beginning is waited for."""
    assert parse_reply(typed + b"q") == (word, len(typed))
    for end in range(3, len(typed)):
        assert parse_reply(typed[:end]) is None
        assert re.fullmatch(PARTIAL_REPLY, typed[:end])


@pytest.mark.parametrize("typed", [b"", b"q", b"\x1b", b"\x1b[A", b"\x1b[5~", b"4", b"\x1bOP"])
def test_keys_are_no_replies(typed: bytes) -> None:
    """What a person types is never swallowed."""
    assert parse_reply(typed) is None
