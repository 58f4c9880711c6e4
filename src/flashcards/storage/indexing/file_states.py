"""A file as the index knows it, and what is said when it is no longer so, or cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from flashcards.errors import StoreError
from flashcards.storage.indexing.sources import NOTHING, Signature


@dataclass(frozen=True, slots=True)
class Known:
    """How far a file was read, and what tells whether that much of it is still the same."""

    signature: Signature
    trusted: bool
    end: int = 0
    lines: int = 0
    sum: int = 0
    """CRC-32 of the bytes up to `end`."""
    tail: int = 0
    """CRC-32 of the last of them."""


UNKNOWN = Known(NOTHING, trusted=False)


class StaleError(Exception):
    """The index does not fit what is on the disk, so it is made anew."""


def unreadable(path: object, error: OSError) -> StoreError:
    """Return the message for a part of the store that cannot be read."""
    return StoreError(
        f"{path}: this part of your store cannot be read ({error.strerror}). Nothing was written. "
        "Mend its permissions, or move it away and run flashcards restore; flashcards doctor "
        "tells more."
    )
