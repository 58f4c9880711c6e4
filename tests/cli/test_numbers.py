"""Numbers and hints hold: a user simulated over weeks, and the scenes that once failed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from programs import environment, run

DRIVER = """
import contextlib, datetime, io, json, re, sys
import flashcards.app.clock as clock
from flashcards.cli.main import run_command_line
real, told = clock.now, []
def play(words, typed):
    out, sys.stdin = io.StringIO(), io.StringIO(typed)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = run_command_line(words)
    return code, out.getvalue()
for days, words, typed in json.load(sys.stdin):
    clock.now = lambda: real() + datetime.timedelta(days=days)
    if words:
        told.append(play(words, typed))
    else:
        hints = {hint for _, out in told[-2:] for hint in re.findall(typed, out)}
        told.append((0, json.dumps({hint: play(hint.split(), "")[1] for hint in sorted(hints)})))
json.dump(told, sys.stdout)
"""
"""Runs commands in one process, each with its clock some days ahead.

A step without words runs what the two before it told to type, found by a pattern.
"""
SIBLINGS = "deck: Reversed\nreverse: true\ncards:\n" + "".join(
    f"- {{id: r{n}, front: front {n}, back: back {n}}}\n" for n in range(14)
)
HINT = r"flashcards ((?:study|catch-up|stats)(?: --[a-z-]+(?: \d+)?)*)"


def play(home: Path, steps: Sequence[tuple[int, list[str], str]]) -> list[tuple[int, str]]:
    """Run commands on their days; return the exit code and the output of each."""
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input=json.dumps(steps), capture_output=True, text=True, env=environment(home),
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [(code, out) for code, out in json.loads(done.stdout)]


def put(home: Path, **decks: str) -> None:
    folder = home / "data" / "decks"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in decks.items():
        (folder / f"{name}.yaml").write_text(text)


def plain_deck(name: str, count: int) -> str:
    return f"deck: {name}\ncards:\n" + "".join(
        f"- {{id: {name.lower()}{n}, front: q{n}, back: a{n}}}\n" for n in range(count)
    )


def answers(rating: int, count: int = 60) -> str:
    return f"\n{rating}\n" * count


def due(home: Path, days: int, *words: str) -> dict[str, Any]:
    return dict(json.loads(run(home, "due", "--json", *words, days=days).stdout))


def test_a_user_over_weeks_is_told_what_holds(tmp_path: Path) -> None:
    """What tomorrow was said to hold comes true, and every hint, run as printed, does something."""
    put(tmp_path, reversed=SIBLINGS, plain=plain_deck("Plain", 25))
    days = [*range(16), 18, 19, 20, 41, 42, 43]
    steps = [
        step
        for day in days
        for step in (
            (day, ["due", "--json"], ""),
            (day, ["study"], answers(4 if day % 5 else 5)),
            (day, ["study"], ""),
            (day, ["today"], ""),
            (day, [], HINT),
        )
    ]
    found = play(tmp_path, [*steps, (days[-1] + 1, ["due", "--json"], "")])
    met = set()
    for place, day in enumerate(days):
        (_, studied), *_, (_, hints), (_, then) = found[5 * place + 1 : 5 * place + 6]
        told = re.search(r"Tomorrow: (\d+) due, (\d+) new", studied)
        if told and day + 1 in days:
            waiting = json.loads(then)
            assert (waiting["due"], waiting["new"]) == (int(told[1]), int(told[2])), day
        for hint, out in json.loads(hints).items():
            met.add(hint)
            assert not re.search("Nothing is due|no backlog|No card|error", out), (day, hint, out)
            assert hint == "stats" or re.search(r"\[1/|\[again|Backlog:", out), (day, hint, out)
    assert met >= {"study --new 10", "stats"}


def test_more_new_cards_are_offered_only_where_there_are_some(tmp_path: Path) -> None:
    """With all cards met, or behind their siblings, nothing speaks of new ones (scene 20)."""
    put(tmp_path, reversed=SIBLINGS)
    study, again, today = (out for _, out in play(
        tmp_path, [(0, ["study"], answers(4)), (0, ["study"], ""), (0, ["today"], "")]
    ))  # fmt: skip
    assert "14 cards" in study
    assert "Nothing is due now." in again
    assert "--new" not in again + today
    assert today.rstrip().endswith("flashcards stats")


def test_a_day_without_work_does_not_end_a_streak(tmp_path: Path) -> None:
    """Days on which no card was due are passed over; one on which a card was due is not (scene 21)."""
    put(tmp_path, plain=plain_deck("Plain", 3))
    steps = [(day, ["study"], answers(5)) for day in (0, 1, 7)]
    *_, idle = play(tmp_path, [*steps, (8, ["today", "--json"], "")])
    assert json.loads(idle[1])["streak"] == {"current": 3, "longest": 3}
    (_, stats), (_, rested), (_, late) = play(
        tmp_path,
        [(8, ["stats", "--json"], ""), (22, ["today", "--json"], ""), (60, ["today", "--json"], "")],
    )
    assert json.loads(stats)["streak"] == {"current": 3, "longest": 3}
    assert json.loads(rested)["streak"]["current"] == 3
    assert json.loads(late)["streak"] == {"current": 0, "longest": 3}
    *_, (_, more) = play(tmp_path, [(60, ["study"], answers(5)), (60, ["today", "--json"], "")])
    assert json.loads(more)["streak"] == {"current": 1, "longest": 3}


def first_fronts(out: str) -> list[str]:
    return re.findall(r"^q\d+$", out, re.MULTILINE)


def test_ties_change_with_the_day_and_only_with_it(tmp_path: Path) -> None:
    """Cards that are due together come in another order on another day, alike anywhere (scene 23)."""
    there, here = tmp_path / "there", tmp_path / "here"
    for home in (there, here):
        put(home, plain=plain_deck("Plain", 12))
    learn = (0, ["study"], answers(4))
    orders = [first_fronts(play(home, [learn, (1, ["study"], answers(4))])[1][1]) for home in (there, here)]
    assert orders[0] == orders[1]
    later = first_fronts(play(there, [(7, ["study"], answers(4))])[0][1])
    assert sorted(later) == sorted(orders[0])
    assert later != orders[0]


def test_decks_share_the_new_cards_of_a_day(tmp_path: Path) -> None:
    """Each deck gets its part, the rest of the day too, and the list shows what a deck has (scene 24)."""
    put(tmp_path, **{f"d{n}": plain_deck(f"D{n}", 30) for n in range(3)})
    shares = [deck["new"] for deck in due(tmp_path, 0)["decks"]]
    assert sorted(shares) == [6, 7, 7]
    studied = play(tmp_path, [(0, ["study", "--limit", "7"], answers(4))])[0][1]
    assert {deck for deck in ("D0", "D1", "D2") if f"] {deck}" in studied} == {"D0", "D1", "D2"}
    assert [d["new"] for d in due(tmp_path, 0)["decks"]] == [
        share - studied.count(f"] D{n}") for n, share in enumerate(shares)
    ]
    listed = json.loads(run(tmp_path, "decks", "--json").stdout)
    assert sum(deck["new"] for deck in listed) == 83
    assert sum(deck["new_today"] for deck in listed) == 13


def test_a_days_limit_of_reviews_is_lifted_for_once(tmp_path: Path) -> None:
    """The hint at the limit does what it says, and the setting stays (scene 25)."""
    put(tmp_path, plain=plain_deck("Plain", 30))
    (tmp_path / "config" / "flashcards").mkdir(parents=True)
    (tmp_path / "config" / "flashcards" / "config.toml").write_text("new_per_day = 30\nreviews_per_day = 5\n")
    found = play(tmp_path, [
        (0, ["study"], answers(4)), (1, ["study"], answers(4)), (1, ["study"], ""),
        (1, ["study", "--reviews", "10"], answers(4)), (2, ["study"], answers(4)),
    ])  # fmt: skip
    assert "5 cards in" in found[1][1]
    assert "25 more cards due. To continue now: flashcards study --reviews 10" in found[2][1]
    assert "10 cards in" in found[3][1]
    assert "5 cards in" in found[4][1]


def test_after_a_break_today_offers_a_plan(tmp_path: Path) -> None:
    """Long overdue cards bring `catch-up` to today and the session, and the bars agree (scene 26)."""
    put(tmp_path, plain=plain_deck("Plain", 30))
    (tmp_path / "config" / "flashcards").mkdir(parents=True)
    (tmp_path / "config" / "flashcards" / "config.toml").write_text(
        "new_per_day = 30\nreviews_per_day = 10\n"
    )
    _, (_, today), (_, as_json), (_, study), (_, plan) = play(tmp_path, [
        (0, ["study"], answers(4)), (90, ["today"], ""), (90, ["today", "--json"], ""),
        (90, ["study"], ""), (90, ["catch-up"], ""),
    ])  # fmt: skip
    assert "flashcards catch-up" in today
    assert "catch-up" in study
    assert "Backlog: 30 cards" in plan
    found = json.loads(as_json)
    assert [day["due"] for day in found["week"]] == [20, 10, 0, 0, 0, 0, 0]
    assert found["tomorrow"]["due"] == 20


def test_choices_have_another_order_at_each_showing(tmp_path: Path) -> None:
    """Shown again on the same day, also by another session, the right letter moves (scene 27)."""
    put(tmp_path, chosen="deck: C\ncards:\n- {id: c, front: q, back: right, choices: [b, c, d, e]}\n")
    found = play(tmp_path, [(0, ["study"], answers(1, 12)), (0, ["study"], answers(1, 12))])
    right = [letter for _, out in found for letter in re.findall(r"^([a-e])\) right$", out, re.MULTILINE)]
    assert len(right) >= 24
    assert len(set(right)) == 5
    assert right[:12] != right[12:24]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["studi"], "There is no command 'studi'. Did you mean study? See flashcards --help"),
        (["stuuudiee"], "There is no command 'stuuudiee'. See flashcards --help"),
        (["study", "--revews", "3"],
         "There is no option --revews. Did you mean --reviews? See flashcards study --help"),
        (["study", "--revolution"], "There is no option --revolution. See flashcards study --help"),
        (["show"], "CARD is missing. See flashcards show --help"),
        (["show", "a", "b"], "'b' is more than this command takes. See flashcards show --help"),
        (["study", "-n", "0"],
         "--limit must be a whole number from 1 on, not '0'. See flashcards study --help"),
        (["study", "--new", "x"],
         "--new must be a whole number from 0 on, not 'x'. See flashcards study --help"),
        (["sync", "--resolve=x"], "--resolve takes no value. See flashcards sync --help"),
        (["add", "--deck"], "--deck needs a value. See flashcards add --help"),
        (["study", "--\x1b[31m"], "There is no option --<1b>[31m. See flashcards study --help"),
    ],
)  # fmt: skip
def test_the_parser_speaks_as_we_do(tmp_path: Path, words: list[str], told: str) -> None:
    """A usage error is one line in our voice, exit 2, with a suggestion only for a slip."""
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"flashcards: {told}\n")


def test_statistics_in_a_pipe_leave_out_what_is_empty(tmp_path: Path) -> None:
    """Before the first answer there is no map, no histogram, no line that says nothing yet."""
    put(tmp_path, plain=plain_deck("Plain", 3))
    (_, before), _, (_, after) = play(
        tmp_path, [(0, ["stats"], ""), (0, ["study"], answers(4)), (0, ["stats"], "")]
    )
    assert not re.search(r"RETENTION|TIME|FORECAST|No answers|Nothing|Mon ", before)
    assert re.search(r"Cards      3\n.*\n. new 3 100 %", before)
    assert "Answers by rating" in after


def test_the_first_of_two_machines_decides_a_day(tmp_path: Path) -> None:
    """Answered on both on one study day, the first answer counts, in whichever order they meet (scene 28)."""
    homes = [tmp_path / name for name in ("a", "b")]
    for home, rating in zip(homes, (5, 1), strict=True):
        put(home, one=plain_deck("One", 1))
        play(home, [(0, ["study", "--plain"], f"\n{rating}\nq\n")])
    journals = [home / "data" / "journal" for home in homes]
    said = [(path, path.read_bytes()) for folder in journals for path in folder.iterdir()]
    for path, data in said:
        for folder in journals:
            (folder / path.name).write_bytes(data)
    for home in homes:
        card = json.loads(run(home, "show", "one0", "--json").stdout)
        assert (card["interval"], card["ease"], card["lapses"]) == (1, 2.6, 0)
        assert [(one["rating"], one["kind"]) for one in card["reviews"]] == [(5, "graded"), (1, "early")]
        today = json.loads(run(home, "stats", "--json").stdout)["today"]
        assert (today["reviews"], today["recalled"]) == (2, 1)
