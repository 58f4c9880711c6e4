"""The same collection in Anki and here: the figures that both have are the same."""

from __future__ import annotations

import json
import random
import time
from typing import Any

import pytest

from anki_collections import DAY, library
from programs import run

MINUTE = 60


def log_of(rng: random.Random, card: int, today: int) -> tuple[list[tuple[int, ...]], int]:
    """Return the log of a card, as Anki's scheduler writes one, and its interval at the end."""
    at = today - rng.randint(40, 300) * DAY
    rows = [(at, 3, -600, -60, 0, 0), (at + 10 * MINUTE, 3, 1, -600, 2500, 0)]
    interval = 1
    while (at := at + max(1, round(interval * rng.uniform(1, 1.3))) * DAY) < today - DAY:
        ease = rng.choices((1, 2, 3, 4), (15, 10, 60, 15))[0]
        if ease == 1:
            rows += [(at, 1, -600, interval, 2300, 1), (at + 10 * MINUTE, 3, 1, -600, 2300, 2)]
            interval = 1
        else:
            longer = max(interval + 1, int(interval * (1.2, 2.3, 3)[ease - 2]))
            rows.append((at, ease, longer, interval, 2500, 1))
            interval = longer
        if rng.random() < 0.1:  # crammed, with no date changed
            rows.append((at + 30 * MINUTE, 3, interval, interval, 0, 3))
    return [
        (when * 1000 + card, ease, ivl, last, factor, 5000, kind)
        for when, ease, ivl, last, factor, kind in rows
    ], interval


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, dict[str, Any]]:
    """Return Anki's graphs of a made-up collection, and our figures of what it exports."""
    folder, rng = tmp_path_factory.mktemp("both"), random.Random(2)
    own = library(folder)
    noon = int(time.time()) // DAY * DAY + DAY // 2
    for number in range(30):
        log, interval = log_of(rng, number, noon)
        due = own.col.sched.today + rng.randint(-2, interval)
        note = own.add("Basic", "D", Front=f"Q {number}", Back="A")
        card = own.card(note, type=2, queue=2, ivl=interval, factor=2500, reps=5, due=due)
        for at, ease, ivl, last, factor, took, kind in log:
            row = at, card, -1, ease, ivl, last, factor, took, kind
            own.col.db.execute("insert into revlog values (?,?,?,?,?,?,?,?,?)", *row)
    graphs = own.col._backend.graphs(search="", days=0)
    package = own.package("both.apkg")
    assert run(folder / "home", "import", str(package)).returncode == 0
    return graphs, json.loads(run(folder / "home", "stats", "--json").stdout)


def test_retention_is_the_same(both: tuple[Any, dict[str, Any]]) -> None:
    """Passed and failed, of young and of mature cards."""
    graphs, ours = both
    theirs, detail = graphs.true_retention.all_time, ours["retention_detail"]
    assert theirs.mature_passed + theirs.young_passed > 50
    for stage in ("young", "mature"):
        passed, failed = getattr(theirs, f"{stage}_passed"), getattr(theirs, f"{stage}_failed")
        assert (detail[stage]["recalled"], detail[stage]["tests"]) == (passed, passed + failed)


def test_answers_and_forecast_are_the_same(both: tuple[Any, dict[str, Any]]) -> None:
    """Each day's answers, the buttons they were, and what comes due."""
    graphs, ours = both
    theirs = {-day: sum(_counts(n)) for day, n in graphs.reviews.count.items()}
    days = {i: row["reviews"] for i, row in enumerate(reversed(ours["days"])) if row["reviews"]}
    assert days == theirs
    due = graphs.future_due.future_due
    assert [day["due"] for day in ours["forecast"][1:]] == [due.get(i, 0) for i in range(1, 30)]
    assert ours["forecast"][0]["due"] == sum(n for day, n in due.items() if day <= 0)
    assert ours["backlog"] == sum(n for day, n in due.items() if day < 0)


def _counts(answers: Any) -> tuple[int, ...]:
    return answers.learn, answers.relearn, answers.young, answers.mature, answers.filtered
