"""Tallies: answers summed by day and hour, kept up by SQLite itself as answers come and go.

Figures are asked of a thousand days, not of a million answers.
"""

from __future__ import annotations

from flashcards.core.progress import MATURE
from flashcards.core.sm2 import RECALLED

IS_YOUNG = f"{{a}}is_retention_test AND {{a}}interval < {MATURE}"
IS_MATURE = f"{{a}}is_retention_test AND {{a}}interval >= {MATURE}"
WAS_RECALLED = f"{{a}}rating >= {RECALLED}"
MEASURES = {
    "answers": "1",
    "ms": "{a}ms",
    "new": "{a}is_new",
    "first": "{a}is_new OR {a}is_retention_test",
    "recalled": f"({{a}}is_new OR {{a}}is_retention_test) AND {WAS_RECALLED}",
    "young": IS_YOUNG,
    "young_recalled": f"{IS_YOUNG} AND {WAS_RECALLED}",
    "mature": IS_MATURE,
    "mature_recalled": f"{IS_MATURE} AND {WAS_RECALLED}",
    **{f"rated_{rating}": f"{{a}}rating = {rating}" for rating in range(1, 6)},
    **{
        f"after_{rating}{ending}": (
            f"{{a}}is_retention_test AND {{a}}previous_rating = {rating}{recalled}"
        )
        for rating in (3, 4, 5)
        for ending, recalled in (("", ""), ("_recalled", f" AND {WAS_RECALLED}"))
    },
}
"""What each measure of a Tally (core/stats) counts of one row of `answer`, named by {a}."""


def measures(alias: str = "") -> dict[str, str]:
    """Return the SQL of each measure for one answer, of a table or row of that name."""
    prefix = f"{alias}." if alias else ""
    return {name: f"({sql.format(a=prefix)})" for name, sql in MEASURES.items()}


def sums(alias: str = "") -> str:
    """Return the columns that add up each measure over rows of `answer`."""
    return ", ".join(f"sum({sql})" for sql in measures(alias).values())


def _trigger(name: str, when: str, row: str, sign: str) -> str:
    changes = ", ".join(f"{name} = {name} {sign} {sql}" for name, sql in measures(row).items())
    place = f"day = {row}.day AND hour = {row}.minute / 60"
    return (
        f"CREATE TRIGGER {name} AFTER {when} ON answer BEGIN "
        f"INSERT OR IGNORE INTO hourly_total (day, hour) VALUES ({row}.day, {row}.minute / 60); "
        f"UPDATE hourly_total SET {changes} WHERE {place}; "
        f"DELETE FROM hourly_total WHERE {place} AND answers = 0; END"
    )


TABLE = (
    "CREATE TABLE hourly_total (day INTEGER NOT NULL, hour INTEGER NOT NULL, "
    + "".join(f"{name} INTEGER NOT NULL DEFAULT 0, " for name in MEASURES)
    + "PRIMARY KEY (day, hour)) WITHOUT ROWID"
)
FILL = f"INSERT INTO hourly_total SELECT day, minute / 60, {sums()} FROM answer GROUP BY 1, 2"
STATEMENTS = (
    TABLE,
    FILL,
    _trigger("answer_inserted", "INSERT", "NEW", "+"),
    _trigger("answer_deleted", "DELETE", "OLD", "-"),
)
"""Run once, at the end of the first filling: later answers keep the tallies up themselves."""
UNDOING = ("DROP TRIGGER answer_inserted", "DROP TRIGGER answer_deleted", "DROP TABLE hourly_total")
"""What takes them away again, before so many answers that adding them up anew is quicker."""
