"""Links between cards: the history of a card moves on to a new id."""

from flashcards.core.cards import CardId
from flashcards.core.events import CardEvent, CardLink, event_order


def move_history(
    link: CardLink, owners: dict[CardId, CardId], histories: dict[CardId, list[CardEvent]]
) -> None:
    """Move the history of `link.old` to `link.new`, updating the owners."""
    source = current_owner(link.old, owners)
    owners.pop(link.new, None)  # from now on its history is its own
    if link.new in (link.old, source):
        return
    owners[source] = link.new
    moved = histories.pop(source, [])
    if moved:
        histories[link.new] = sorted([*histories.get(link.new, []), *moved], key=event_order)


def current_owner(card: CardId, owners: dict[CardId, CardId]) -> CardId:
    """Return the card that owns the history of `card` now."""
    while card in owners:
        card = owners[card]
    return card
