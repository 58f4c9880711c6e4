"""Which cards share a history, as the index has it: those that links join."""

from __future__ import annotations

from sqlite3 import Connection


def kin_of(index: Connection, key: int) -> set[int]:
    """Return all cards that links join, however indirectly, to one."""
    found, waiting = {key}, [key]
    while waiting:
        one = waiting.pop()
        rows = index.execute(
            "SELECT new FROM card_link WHERE old = ? UNION SELECT old FROM card_link WHERE new = ?",
            (one, one),
        )
        more = {other for (other,) in rows} - found
        found |= more
        waiting += more
    return found


def linked_to_itself(index: Connection, kin: set[int]) -> bool:
    """Tell whether the only one of some kin has a link to itself."""
    (key,) = kin
    found = index.execute("SELECT 1 FROM card_link WHERE old = ? AND new = ?", (key, key))
    return bool(found.fetchone())
