"""Capabilities of the output: Unicode, right-to-left, images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TextIO

from flashcards.terminal.text.sanitize import to_encoding

if TYPE_CHECKING:
    from flashcards.terminal.device.images import ImageRenderer


class Capabilities(NamedTuple):
    """What can be shown."""

    has_unicode: bool = True
    """Whether there is more than ASCII."""
    reorders_rtl: bool = False
    """Whether the terminal itself sets right-to-left text from right to left."""
    image_drawer: ImageRenderer | None = None
    """None where only text can be shown."""
    is_line_output: bool = False
    """Whether text goes out line by line, to be read aloud: a formula is one line."""


DEFAULT_CAPABILITIES = Capabilities()
NON_ASCII_SAMPLE = "√²∑"
"""What an output must be able to take for mathematics to be set in it."""
RTL_TERMINAL_VARIABLES = ("KONSOLE_VERSION", "MLTERM")
"""Set by terminals that place right-to-left text themselves."""
RTL_OUTSIDE_SCREEN_VARIABLE = "VTE_VERSION"
"""Set by terminals that do so but on a screen of ours, which asks them not to."""


def screen_capabilities(
    encoding: str, environment: Mapping[str, str], image_drawer: ImageRenderer | None = None
) -> Capabilities:
    """Return what our screen can show, by its encoding and by what its terminal says of itself."""
    turns = any(environment.get(name) for name in RTL_TERMINAL_VARIABLES)
    return Capabilities(
        has_unicode=to_encoding(NON_ASCII_SAMPLE, encoding) == NON_ASCII_SAMPLE,
        reorders_rtl=turns or environment.get("TERM_PROGRAM") == "Apple_Terminal",
        image_drawer=image_drawer,
    )


def output_capabilities(stream: TextIO, environment: Mapping[str, str]) -> Capabilities:
    """Return what plain output can show; in a file or pipe, text keeps the order of its letters."""
    found = screen_capabilities(stream.encoding, environment)
    if stream.isatty() and not environment.get(RTL_OUTSIDE_SCREEN_VARIABLE):
        return found
    return found._replace(reorders_rtl=True)
