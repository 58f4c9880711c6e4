"""The commands, run as a person or a script runs them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from factories import DECK
from programs import run


def told(home: Path, *words: str, **more: Any) -> Any:
    """Return the JSON that a command prints."""
    found = run(home, *words, "--json", **more)
    assert found.returncode in (0, 1), found.stderr
    return json.loads(found.stdout)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def test_the_first_run_puts_the_bundled_deck_in(tmp_path: Path) -> None:
    """Someone who has nothing yet can study at once, and is told in one line."""
    found = run(tmp_path, "study", text="q\n")
    assert "Transformers, RAG & LoRA, 55 cards" in found.stderr
    assert "[1/20]" in found.stdout
    again = run(tmp_path, "study", text="q\n")
    assert not again.stderr


def test_study_in_a_pipe_gives_the_dates_of_sm2(home: Path) -> None:
    """Over simulated days, each in processes of their own, the dates are those of SM-2."""
    today = date.fromisoformat(told(home, "stats")["forecast"][0]["date"])
    day, shift = today, 0
    for rating, interval in ((4, 1), (5, 6), (3, 15), (4, 37), (1, 1), (4, 1), (4, 6)):
        run(home, "study", "--limit", "1", "--new", "1", text=f"\n{rating}\nq\n", days=shift)
        card = told(home, "show", "dog", days=shift)
        day += timedelta(days=interval)
        assert (card["due"], card["interval"]) == (day.isoformat(), interval)
        shift += interval
    assert card["lapses"] == 1
    assert [given["kind"] for given in card["reviews"]] == ["graded"] * 7


def test_undo_in_a_third_process(home: Path) -> None:
    """The last rating is taken back by a process that did not give it."""
    run(home, "study", text="\n4\n\n2\nq\n")
    assert told(home, "due")["learning"] == 1
    assert "rating 2" in run(home, "undo").stdout
    found = told(home, "due")
    assert (found["learning"], found["new"]) == (0, 3)
    assert "rating 4" in run(home, "undo").stdout
    assert run(home, "undo").stdout == "Nothing to undo.\n"


def test_due_says_what_waits(home: Path) -> None:
    """One line and an exit code for a prompt, documented fields for a script."""
    found = run(home, "due")
    assert (found.stdout, found.returncode) == ("0 due, 4 new\n", 0)
    run(home, "study", text="\n4\n\n4\n\n4\n\n4\n")
    assert run(home, "due").returncode == 1
    assert told(home, "due", days=1) == {
        "due": 4,
        "new": 0,
        "learning": 0,
        "paused": False,
        "later": 0,
        "off_until": None,
        "decks": [{"deck": "French", "due": 4, "new": 0, "learning": 0}],
    }
    assert run(home, "due", "fren", days=1).stdout == "4 due, 0 new\n"
    wrong = run(home, "due", "Frnch")
    assert wrong.returncode == 2
    assert "'French'" in wrong.stderr


def test_show_has_every_documented_field(home: Path) -> None:
    """`show --json` keeps its shape."""
    run(home, "study", text="\n3\nq\n")
    card = told(home, "show", "dog")
    assert {
        "id": "dog",
        "deck": "French",
        "front": "le chien",
        "back": "the dog",
        "tags": ["language"],
        "state": "learning",
        "ease": 2.36,
        "interval": 1,
        "repetitions": 1,
        "lapses": 0,
        "suspended": False,
    }.items() <= card.items()
    (given,) = card["reviews"]
    assert (given["rating"], given["kind"]) == (3, "graded")
    listed = told(home, "cards", "chien")
    assert [c["id"] for c in listed] == ["dog"]
    assert "reviews" not in listed[0]


def test_stats_have_every_documented_field(home: Path) -> None:
    """`stats --json` keeps its shape, and its figures agree with what was done."""
    run(home, "study", text="\n4\n\n1\nq\n")
    run(home, "study", "--new", "0", text="\n2\n\n4\nq\n", days=1)
    found = told(home, "stats", days=1)
    assert found["cards"] == {"total": 4, "new": 2, "young": 2, "mature": 0, "suspended": 0}
    assert found["reviews"] == 4
    assert found["ratings"] == {"1": 1, "2": 1, "3": 0, "4": 2, "5": 0}
    assert found["retention"] == {"young": 0.5, "mature": None, "all": 0.5}
    assert found["streak"] == {"current": 2, "longest": 2}
    assert found["today"]["reviews"] == 2
    assert found["today"]["recalled"] == 0.5
    assert sum(day["reviews"] for day in found["heatmap"]) == 4
    assert found["forecast"][1]["due"] >= 1
    assert found["hardest"][0].keys() >= {"card", "front", "lapses", "ease"}
    assert found["decks"][0].keys() >= {
        "deck", "total", "new", "young", "mature", "suspended", "due", "retention"
    }  # fmt: skip
    assert "Retention" in run(home, "stats").stdout


def test_import_brings_new_cards_and_keeps_progress(home: Path) -> None:
    """A deck brought in again updates its cards, adds new ones, and costs no history."""
    run(home, "study", text="\n4\nq\n")
    source = home / "new.yaml"
    source.write_text(DECK.replace("the dog", "the hound") + "  - front: le cheval\n    back: the horse\n")
    before = (home / "data" / "decks" / "french.yaml").read_text()
    dry = told(home, "import", str(source), "--dry-run")
    assert (home / "data" / "decks" / "french.yaml").read_text() == before
    assert (
        told(home, "import", str(source))
        == dry
        == {
            "sources": [
                {
                    "path": str(source),
                    "format": "yaml",
                    "deck": "French",
                    "added": 1,
                    "updated": 1,
                    "unchanged": 3,
                    "skipped": [],
                    "history": 0,
                    "remarks": [],
                    "decks": [{"deck": "French", "added": 1, "updated": 1, "unchanged": 3}],
                }
            ]
        }
    )
    card = told(home, "show", "dog")
    assert (card["back"], len(card["reviews"])) == ("the hound", 1)


def test_import_takes_folders_and_standard_input(tmp_path: Path) -> None:
    """A folder's decks, and one from a pipe, come in; a first run that imports is no welcome."""
    folder = tmp_path / "mine" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("deck: A\ncards:\n- front: x\n  back: y\n")
    (folder.parent / "b.yml").write_text("deck: B\ncards:\n- front: x\n  back: y\n")
    found = run(tmp_path, "import", str(folder.parent))
    assert found.returncode == 0, found.stderr
    run(tmp_path, "import", "-", text="deck: C\ncards:\n- front: x\n  back: y\n")
    assert {deck["deck"] for deck in told(tmp_path, "decks")} == {"A", "B", "C"}


def test_a_faulty_import_changes_nothing(home: Path) -> None:
    """The fault is told with its place; sound sources still come in; the exit code says so."""
    bad = home / "bad.yaml"
    bad.write_text("deck: Bad\ncards:\n- front: What is a: b?\n  back: c\n")
    good = home / "good.yaml"
    good.write_text("deck: Good\ncards:\n- front: a\n  back: b\n")
    found = run(home, "import", str(bad), str(good))
    assert found.returncode == 1
    assert f'{bad}:3:10: this value needs quotes, because of ": "' in found.stderr
    assert "Nothing was changed." in found.stderr
    assert [deck["deck"] for deck in told(home, "decks")] == ["French", "Good"]


def test_an_id_of_another_deck_is_refused(home: Path) -> None:
    """Two cards with one id never come to be."""
    found = run(home, "import", "-", text="deck: X\ncards:\n- id: dog\n  front: a\n  back: b\n")
    assert found.returncode == 1
    assert "decks/french.yaml:4" in found.stderr


def test_suspend_unsuspend_and_reset(home: Path) -> None:
    """Each is one event, shows in the card, and can be undone."""
    run(home, "study", text="\n4\nq\n")
    run(home, "suspend", "dog", "cat")
    assert told(home, "show", "dog")["suspended"]
    assert told(home, "due", days=1)["due"] == 0
    run(home, "unsuspend", "dog")
    assert not told(home, "show", "dog")["suspended"]
    run(home, "reset", "dog")
    assert told(home, "show", "dog")["state"] == "new"
    run(home, "undo")
    assert told(home, "show", "dog")["state"] == "young"


def test_check_tells_faults_with_their_place(home: Path) -> None:
    """A sound library is 0; a fault is 1, with path, line and column."""
    assert run(home, "check").returncode == 0
    (home / "data" / "decks" / "bad.yaml").write_text("cards:\n- fornt: a\n")
    found = run(home, "check")
    assert found.returncode == 1
    assert "decks/bad.yaml:2:3: unknown key 'fornt'" in found.stderr
    assert told(home, "check")["problems"][0]["line"] == 2
    study = run(home, "study", text="\n4\nq\n")
    assert "decks/bad.yaml:2:3" in study.stderr
    assert "due" in study.stdout


def test_check_tells_warnings_and_is_content(home: Path) -> None:
    """What is legal and surely not meant is told, with exit 0; a folder stands for its decks."""
    folder = home / "data" / "decks" / "more"
    folder.mkdir()
    (folder / "w.yaml").write_text("cards:\n- front: cat # 1\n  back: Katze\n")
    found = run(home, "check", str(folder))
    assert found.returncode == 0
    assert "w.yaml:2:14: warning: " in found.stderr
    assert found.stdout == "1 deck, 1 note: no errors, 1 warning.\n"
    report = told(home, "check", str(folder))
    assert (report["problems"], report["warnings"][0]["line"]) == ([], 2)
    (folder / "f.yaml").write_text('cards:\n- front: "$\\frac12$"\n  back: half\n')
    assert run(home, "check", str(folder)).returncode == 1
    assert "rac12" in run(home, "cards").stdout


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_check_settles_git_conflicts(home: Path, side: str) -> None:
    """One side of each conflict is kept, to the byte, the base of it left out."""
    path = home / "data" / "decks" / "c.yaml"
    path.write_text(
        "cards:\n- front: Q\n<<<<<<< HEAD\n  back: ours\n||||||| base\n  back: z\n=======\n"
        "  back: theirs\n>>>>>>> b\n"
    )
    assert "git left a conflict" in run(home, "check").stderr
    assert run(home, "check", "--fix", side).returncode == 0
    assert path.read_text() == f"cards:\n- front: Q\n  back: {side}\n"


def test_a_missing_card_is_told(home: Path) -> None:
    """An unknown name, and one that could be several, say what to write."""
    assert "No card matches 'wolf'" in run(home, "show", "wolf").stderr
    assert "matches several cards" in run(home, "show", "le ch").stderr


def test_today_ends_with_the_next_step(home: Path) -> None:
    """`flashcards` alone says what waits, and what to type next."""
    lines = run(home).stdout.splitlines()
    assert lines[0].startswith("0 due   4 new")
    assert lines[-1] == "flashcards study"
    assert len(lines) <= 6


def test_limits_of_the_day_and_of_the_command(home: Path) -> None:
    """Settings limit the day, --new and --limit the session, --tag chooses."""
    (home / "config" / "flashcards").mkdir(parents=True)
    (home / "config" / "flashcards" / "config.toml").write_text("new_per_day = 2\n")
    assert told(home, "due")["new"] == 2
    assert "[1/3]" in run(home, "study", "--new", "3").stdout
    assert "[1/1]" in run(home, "study", "--limit", "1").stdout
    assert "No card matches" in run(home, "study", "--tag", "verbs").stdout
    assert "[1/2]" in run(home, "study", "--tag", "LANGUAGE").stdout


def test_a_mistyped_setting_is_told(home: Path) -> None:
    """A setting that does not exist says what was meant."""
    (home / "config" / "flashcards").mkdir(parents=True)
    (home / "config" / "flashcards" / "config.toml").write_text("new_per_dya = 2\n")
    found = run(home, "due")
    assert found.returncode == 1
    assert "Did you mean new_per_day?" in found.stderr


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_another_data_folder_can_be_named(home: Path, *, after: bool) -> None:
    """`--data-dir` counts wherever it stands, and over the environment."""
    other = ["--data-dir", str(home / "other")]
    assert "Welcome" in run(home, "study", *other).stderr
    words = ["due", *other] if after else [*other, "due"]
    assert run(home, *words).stdout == "0 due, 20 new\n"
    assert (home / "other" / "format.json").exists()
    assert run(home, f"--data-dir={home / 'other'}", "decks").stdout.count("Transformers") == 1
    assert run(home, "due").stdout == "0 due, 4 new\n"


def test_backup_restore_and_doctor(home: Path) -> None:
    """What a backup has comes back after a loss, and the doctor says when all is well."""
    run(home, "study", text="\n4\nq\n")
    assert run(home, "backup").returncode == 0
    for path in (home / "data" / "journal").iterdir():
        path.unlink()
    lost = run(home, "study", text="\n4\n")
    assert lost.returncode == 1
    assert "flashcards restore" in lost.stderr
    assert "Welcome" not in lost.stderr
    assert run(home, "doctor").returncode == 1
    assert "Restored 2 events" in run(home, "restore").stdout
    assert run(home, "doctor").returncode == 0
    assert len(told(home, "show", "dog")["reviews"]) == 1
    assert "Nothing was changed" in run(home, "restore", "--exact", text="n\n").stdout
    assert run(home, "restore", "--exact", text="y\n").returncode == 0
    assert len(told(home, "show", "dog")["reviews"]) == 1


def test_the_doctors_word_can_be_overruled(home: Path) -> None:
    """A store that is meant to have less is taken as it is."""
    run(home, "study", text="\n4\nq\n")
    for path in (home / "data" / "journal").iterdir():
        path.unlink()
    assert run(home, "due").returncode == 1
    assert run(home, "doctor", "--accept").returncode == 0
    assert run(home, "due").stdout == "0 due, 4 new\n"
