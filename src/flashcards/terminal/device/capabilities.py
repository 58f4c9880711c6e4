"""Capabilities of the output: Unicode, right-to-left, images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TextIO

from flashcards.terminal.text.sanitize import to_encoding

if TYPE_CHECKING:
    from flashcards.terminal.text.styled_line import FrameLine


@dataclass(frozen=True, slots=True)
class ImageBox:
    """The place that a picture takes, and the name under which it is drawn there."""

    name: str
    columns: int
    rows: int


class ImageDrawer(Protocol):
    """Where pictures come from."""

    def image_box(self, source: str, deck_path: str, columns: int) -> ImageBox | None:
        """Return the place for a picture named in a deck file; None when it cannot be shown."""

    def set_screen_rows(self, rows: int) -> None:
        """Take the rows of the screen: no picture takes more than its share of them."""

    def draw_sequences(self, lines: Sequence[FrameLine]) -> str:
        """Return what draws the pictures of a page."""

    def invalidate(self) -> None:
        """Draw all again on the next page."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be shown."""

    has_unicode: bool = True
    """Whether there is more than ASCII."""
    reorders_rtl: bool = False
    """Whether the terminal itself sets right-to-left text from right to left."""
    image_drawer: ImageDrawer | None = None
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
    encoding: str, environment: Mapping[str, str], image_drawer: ImageDrawer | None = None
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
    return replace(found, reorders_rtl=True)
