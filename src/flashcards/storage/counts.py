"""What is due, straight from the index: bare of imports, so that a prompt can ask every time."""

from __future__ import annotations

from flashcards.core.limits import left_today
from flashcards.storage.siblings import APART_NEW, COUNT_APART, NOT_ANSWERED, SETTING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Connection

NEW_LIMIT, REVIEW_LIMIT, REPEAT_BELOW = "new_per_day", "reviews_per_day", "repeat_below"

DUE = """SELECT deck, {count} FROM card
WHERE alive AND due IS NOT NULL AND due <= :today AND NOT suspended AND buried <= :today
{apart} GROUP BY deck"""
LEARNING = """SELECT deck, count(*) FROM card
WHERE alive AND answered = :today AND rating < :below AND NOT suspended AND buried <= :today
GROUP BY deck"""
NEW = """SELECT deck, count(*) FROM (
    SELECT deck FROM card
    WHERE alive AND due IS NULL AND NOT suspended AND buried <= :today {only} {apart}
    ORDER BY path, seq LIMIT :limit
) GROUP BY deck"""
DONE = """SELECT coalesce(sum(fresh), 0), count(*) - coalesce(sum(fresh), 0) FROM answer
WHERE day = ? AND NOT imported AND kind = 0"""
DECKS = "SELECT name FROM deck GROUP BY name ORDER BY min(path)"


class Counts:
    """How many cards wait today, in all and by deck."""

    def __init__(self, paused: bool, decks: dict[str, tuple[int, int, int]]) -> None:  # noqa: FBT001
        self.paused = paused
        """Whether a backlog keeps new cards back."""
        self.decks = decks
        """(due, new, learning) of each deck, in the library's order."""
        self.due, self.new, self.learning = (
            sum(deck[i] for deck in decks.values()) for i in range(3)
        )

    @property
    def anything(self) -> bool:
        """Whether there is something to study."""
        return bool(self.due or self.new or self.learning)


def count(index: Connection, today: int, only: Sequence[str] = ()) -> Counts:
    """Return what waits on the study day `today` (an ordinal), in the decks `only` or in all."""
    limits = settings(index)
    due = due_by_deck(index, today)
    new_done, reviews_done = done(index, today)
    allowed, _, paused = left_today(
        limits[NEW_LIMIT], limits[REVIEW_LIMIT], sum(due.values()), new_done, reviews_done
    )
    # Only placeholders are put into the text; the names go in as values.
    wanted = {f"deck{i}": name for i, name in enumerate(only)}
    marks = ",".join(f":{place}" for place in wanted)
    apart = APART_NEW if limits[SETTING] else ""
    query = NEW.format(only=f"AND deck IN ({marks})" if only else "", apart=apart)
    new = dict(index.execute(query, {"today": today, "limit": allowed, **wanted}))
    values = {"today": today, "below": limits[REPEAT_BELOW]}
    learning = dict(index.execute(LEARNING, values))
    names = only or deck_names(index)
    return Counts(
        paused,
        {name: (due.get(name, 0), new.get(name, 0), learning.get(name, 0)) for name in names},
    )


def due_by_deck(index: Connection, today: int) -> dict[str, int]:
    """Return how many cards of each deck are due on the study day `today` or before."""
    apart = settings(index)[SETTING]
    query = DUE.format(
        count=COUNT_APART if apart else "count(*)", apart=NOT_ANSWERED if apart else ""
    )
    return dict(index.execute(query, {"today": today}))


def deck_names(index: Connection) -> list[str]:
    """Return the names of all decks, in the library's order."""
    return [name for (name,) in index.execute(DECKS)]


def settings(index: Connection) -> dict[str, int]:
    """Return the settings that the index was made under."""
    return dict(index.execute("SELECT name, value FROM meta WHERE typeof(value) = 'integer'"))


def done(index: Connection, today: int) -> tuple[int, int]:
    """Return how many new cards and how many reviews got their first answer today."""
    new, reviews = index.execute(DONE, (today,)).fetchone()
    return new, reviews
