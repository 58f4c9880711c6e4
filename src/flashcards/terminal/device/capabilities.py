"""Capabilities of the output: Unicode, right-to-left, images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TextIO

from flashcards.terminal.text.sanitize import to_encoding

if TYPE_CHECKING:
    from flashcards.terminal.device.images import ImageRenderer


class Capabilities(NamedTuple):
    """What an output can show."""

    has_unicode: bool = True
    reorders_rtl: bool = False  # whether the terminal itself reorders right-to-left text
    image_drawer: ImageRenderer | None = None  # None where only text can be shown
    is_line_output: bool = False  # whether output is lines, perhaps read aloud: formulas stay on one line


DEFAULT_CAPABILITIES = Capabilities()
NON_ASCII_SAMPLE = "√²∑"  # an encoding that can write this can show formulas
RTL_TERMINAL_VARIABLES = ("KONSOLE_VERSION", "MLTERM")
"""Set by terminals that reorder right-to-left text themselves."""
RTL_OUTSIDE_SCREEN_VARIABLE = "VTE_VERSION"
"""Set by terminals that reorder too, except on our full screens, which switch it off."""


def screen_capabilities(
    encoding: str, environment: Mapping[str, str], image_drawer: ImageRenderer | None = None
) -> Capabilities:
    """Return what our full screens can show on this terminal."""
    turns = any(environment.get(name) for name in RTL_TERMINAL_VARIABLES)
    return Capabilities(
        has_unicode=to_encoding(NON_ASCII_SAMPLE, encoding) == NON_ASCII_SAMPLE,
        reorders_rtl=turns or environment.get("TERM_PROGRAM") == "Apple_Terminal",
        image_drawer=image_drawer,
    )


def output_capabilities(stream: TextIO, environment: Mapping[str, str]) -> Capabilities:
    """Return what plain output can show; files keep logical order."""
    capabilities = screen_capabilities(stream.encoding, environment)
    if stream.isatty() and not environment.get(RTL_OUTSIDE_SCREEN_VARIABLE):
        return capabilities
    return capabilities._replace(reorders_rtl=True)
