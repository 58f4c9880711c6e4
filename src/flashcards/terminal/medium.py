"""What the terminal at hand can show beyond plain letters, so that a card is set for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


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
