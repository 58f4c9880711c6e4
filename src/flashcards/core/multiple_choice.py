"""The options of a card to choose from, in an order that differs each day."""

from datetime import date
from hashlib import blake2b

from flashcards.core.answer_text import answer_text, plain_text
from flashcards.core.cards import Card

MAX_OPTIONS = 26  # each is chosen by one letter


def answer_options(card: Card, day: date, shown: int = 0) -> list[str]:
    """Return a card's options in an order fixed by card, day and `shown`."""
    right = answer_text(card)
    others = [text for text in card.answer_mode.choices if plain_text(text) != plain_text(right)]
    others = others[: MAX_OPTIONS - 1]
    place = f"{card.id}\x1f{day.toordinal()}\x1f{shown}\x1f"

    def shuffled(text: str) -> bytes:  # crc32 would give nearly the same order every day
        return blake2b((place + text).encode("utf-8", "surrogatepass"), digest_size=8).digest()

    return sorted([right, *others], key=shuffled)
