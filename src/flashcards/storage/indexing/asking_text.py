"""How a card is asked, as the index keeps it: nothing for most cards, else JSON."""

from __future__ import annotations

from flashcards.core.card import PLAINLY, Asking


def asking_as_text(asking: Asking) -> str:
    """Return what `asking_of` reads back."""
    if asking == PLAINLY:
        return ""
    import msgspec  # noqa: PLC0415 (few cards are asked otherwise, and most starts save it)

    return msgspec.json.encode(asking).decode()


def asking_of(text: str) -> Asking:
    """Return how a card is asked. Raises MsgspecError: the index is not ours."""
    if not text:
        return PLAINLY
    import msgspec  # noqa: PLC0415 (as above)

    return msgspec.json.decode(text, type=Asking)
