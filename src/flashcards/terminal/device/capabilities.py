"""What the terminal at hand can show beyond plain letters, so that a card is set for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TextIO

from rich.text import Text

from flashcards.terminal.text.sanitize import encodable


@dataclass(frozen=True, slots=True)
class Room:
    """The place that a picture takes, and the name under which it is drawn there."""

    name: str
    columns: int
    rows: int


class Pictures(Protocol):
    """Where pictures come from."""

    def room(self, source: str, home: str, columns: int) -> Room | None:
        """Return the place for a picture named in a deck file; None when it cannot be shown."""

    def fit(self, rows: int) -> None:
        """Take the rows of the screen: no picture takes more than its share of them."""

    def sequences(self, lines: list[Text]) -> str:
        """Return what draws the pictures of a page."""

    def forget(self) -> None:
        """Draw all anew on the next page."""


@dataclass(frozen=True, slots=True)
class Medium:
    """What can be shown."""

    unicode: bool = True
    """Whether there is more than ASCII."""
    reorders: bool = False
    """Whether the terminal itself sets right-to-left text from right to left."""
    pictures: Pictures | None = None
    """None where only text can be shown."""


PLAIN = Medium()
BEYOND_ASCII = "√²∑"
"""What an output must be able to take for mathematics to be set in it."""
TURNING = ("KONSOLE_VERSION", "MLTERM")
"""Set by terminals that place right-to-left text themselves."""
TURNING_UNLESS_ASKED = "VTE_VERSION"
"""Set by terminals that do so but on a screen of ours, which asks them not to."""


def screen_medium(
    encoding: str, environment: Mapping[str, str], pictures: Pictures | None = None
) -> Medium:
    """Return what our screen can show, by its encoding and by what its terminal says of itself."""
    turns = any(environment.get(name) for name in TURNING)
    return Medium(
        unicode=encodable(BEYOND_ASCII, encoding) == BEYOND_ASCII,
        reorders=turns or environment.get("TERM_PROGRAM") == "Apple_Terminal",
        pictures=pictures,
    )


def printed_medium(stream: TextIO, environment: Mapping[str, str]) -> Medium:
    """Return what plain output can show; in a file or pipe, text keeps the order of its letters."""
    found = screen_medium(stream.encoding, environment)
    if stream.isatty() and not environment.get(TURNING_UNLESS_ASKED):
        return found
    return replace(found, reorders=True)
