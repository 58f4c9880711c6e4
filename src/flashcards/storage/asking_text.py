"""How a card is asked, as the index keeps it: nothing for most cards, else JSON."""

from __future__ import annotations

import msgspec

from flashcards.core.card import PLAINLY, Asking


def asking_as_text(asking: Asking) -> str:
    """Return what `asking_of` reads back."""
    return "" if asking == PLAINLY else msgspec.json.encode(asking).decode()


def asking_of(text: str) -> Asking:
    """Return how a card is asked. Raises MsgspecError: the index is not ours."""
    return msgspec.json.decode(text, type=Asking) if text else PLAINLY
