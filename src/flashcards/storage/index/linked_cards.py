"""Cards whose histories are joined by links."""

from sqlite3 import Connection


def linked_cards(index: Connection, card_key: int) -> set[int]:
    """Return all cards linked to a card, directly or indirectly."""
    linked, remaining = {card_key}, [card_key]
    while remaining:
        current = remaining.pop()
        query = "SELECT new FROM card_link WHERE old = ? UNION SELECT old FROM card_link WHERE new = ?"
        rows = index.execute(query, (current, current))
        new_keys = {other for (other,) in rows} - linked
        linked |= new_keys
        remaining += new_keys
    return linked


def is_linked_to_itself(index: Connection, linked_keys: set[int]) -> bool:
    """Tell whether the only card of a group is linked to itself."""
    (key,) = linked_keys
    rows = index.execute("SELECT 1 FROM card_link WHERE old = ? AND new = ?", (key, key))
    return bool(rows.fetchone())
