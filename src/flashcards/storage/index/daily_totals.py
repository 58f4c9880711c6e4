"""Answer totals by day and hour, and waiting cards, kept by SQL triggers.

So statistics read a thousand days instead of a million answers.
"""

from flashcards.core.progress import MATURE_INTERVAL
from flashcards.core.sm2 import MIN_RECALLED_QUALITY

YOUNG_CONDITION = f"{{a}}.is_retention_test AND {{a}}.interval < {MATURE_INTERVAL}"
MATURE_CONDITION = f"{{a}}.is_retention_test AND {{a}}.interval >= {MATURE_INTERVAL}"
RECALLED_CONDITION = f"{{a}}.rating >= {MIN_RECALLED_QUALITY}"
MEASURE_TEMPLATES = {
    "answers": "1",
    "ms": "{a}.ms",
    "new_answers": "{a}.is_new",
    "first_answers": "{a}.is_new OR {a}.is_retention_test",
    "first_answers_recalled": f"({{a}}.is_new OR {{a}}.is_retention_test) AND {RECALLED_CONDITION}",
    "young_tests": YOUNG_CONDITION,
    "young_recalled": f"{YOUNG_CONDITION} AND {RECALLED_CONDITION}",
    "mature_tests": MATURE_CONDITION,
    "mature_recalled": f"{MATURE_CONDITION} AND {RECALLED_CONDITION}",
    **{f"rated_{rating}": f"{{a}}.rating = {rating}" for rating in range(1, 6)},
    **{
        f"{name}_after_{rating}": f"{{a}}.is_retention_test AND {{a}}.previous_rating = {rating}{recalled}"
        for rating in (3, 4, 5)
        for name, recalled in (("tests", ""), ("recalled", f" AND {RECALLED_CONDITION}"))
    },
}
"""SQL of each field of ReviewTotals for one row of `answer`, called {a}."""


def _measure_expressions(row: str) -> dict[str, str]:
    """Return the SQL of each field of ReviewTotals for one answer."""
    return {name: f"({sql.format(a=row)})" for name, sql in MEASURE_TEMPLATES.items()}


SUM_COLUMNS = ", ".join(f"sum({sql}) AS {name}" for name, sql in _measure_expressions("answer").items())
"""The fields of ReviewTotals over rows of `answer`."""


def _create_trigger(name: str, operation: str, row: str, sign: str) -> str:
    changes = ", ".join(f"{name} = {name} {sign} {sql}" for name, sql in _measure_expressions(row).items())
    same_hour = f"day = {row}.day AND hour = {row}.minute / 60"
    # The card waited from `waiting_since` until `day`: one more on the first, one fewer on the second.
    return (
        f"CREATE TRIGGER {name} AFTER {operation} ON answer BEGIN "
        f"INSERT OR IGNORE INTO hourly_total (day, hour) VALUES ({row}.day, {row}.minute / 60); "
        f"UPDATE hourly_total SET {changes} WHERE {same_hour}; "
        f"DELETE FROM hourly_total WHERE {same_hour} AND answers = 0; "
        "INSERT INTO waiting_change "
        f"SELECT {row}.waiting_since, {sign}1 WHERE {row}.waiting_since < {row}.day "
        f"UNION ALL SELECT {row}.day, -({sign}1) WHERE {row}.waiting_since < {row}.day "
        "ON CONFLICT (day) DO UPDATE SET cards = cards + excluded.cards; "
        f"DELETE FROM waiting_change WHERE day IN ({row}.day, {row}.waiting_since) AND NOT cards; END"
    )


CREATE_STATEMENTS = (
    "CREATE TABLE hourly_total (day INTEGER NOT NULL, hour INTEGER NOT NULL, "
    + "".join(f"{name} INTEGER NOT NULL DEFAULT 0, " for name in MEASURE_TEMPLATES)
    + "PRIMARY KEY (day, hour)) WITHOUT ROWID",
    f"INSERT INTO hourly_total SELECT day, minute / 60, {SUM_COLUMNS} FROM answer GROUP BY 1, 2",
    # By day, the growth of the number of waiting cards, among those answered since.
    "CREATE TABLE waiting_change (day INTEGER PRIMARY KEY, cards INTEGER NOT NULL)",
    """INSERT INTO waiting_change SELECT change_day, sum(more) FROM (
        SELECT waiting_since AS change_day, count(*) AS more FROM answer WHERE waiting_since < day GROUP BY 1
        UNION ALL SELECT day, -count(*) FROM answer WHERE waiting_since < day GROUP BY 1
    ) GROUP BY 1 HAVING sum(more)""",
    _create_trigger("answer_inserted", "INSERT", "NEW", "+"),
    _create_trigger("answer_deleted", "DELETE", "OLD", "-"),
)
"""Run once after the first filling; from then on, triggers follow the answers."""
DROP_STATEMENTS = (
    "DROP TRIGGER answer_inserted", "DROP TRIGGER answer_deleted", "DROP TABLE hourly_total",
    "DROP TABLE waiting_change",
)  # fmt: skip
"""Run before a bulk load: summing everything again is quicker."""
