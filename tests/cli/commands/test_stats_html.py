"""`flashcards stats --html FILE`: where the page goes, and what it never replaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import DECK
from programs import run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK, two of them answered."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    run(tmp_path, "study", text="\n4\n\n2\nq\n")
    return tmp_path


def test_the_page_is_written_and_written_again(home: Path) -> None:
    """A second time it replaces itself, whole; nothing else is left in the folder."""
    folder = home / "out"
    folder.mkdir()
    target = folder / "stats.html"
    for _ in range(2):
        found = run(home, "stats", "--html", str(target))
        assert found.returncode == 0, found.stderr
        assert found.stdout.startswith(f"{target}: ")
        text = target.read_text(encoding="utf-8")
        assert text.startswith("<!DOCTYPE html>")
        assert text.endswith("</html>")
    assert list(folder.iterdir()) == [target]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_file_of_yours_stays(home: Path) -> None:
    """What the program did not make is replaced only when told to."""
    target = home / "notes.html"
    target.write_text("mine")
    refused = run(home, "stats", "--html", str(target))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert target.read_text() == "mine"
    assert run(home, "stats", "--html", str(target), "--force").returncode == 0
    assert "Your statistics" in target.read_text()


@pytest.mark.parametrize(("where", "told"), [("", "this is a folder"), ("none/x.html", "no such folder")])
def test_no_place_for_a_page(home: Path, where: str, told: str) -> None:
    """A folder, or one that is not there, is told with what to do."""
    found = run(home, "stats", "--html", str(home / where))
    assert found.returncode == 1
    assert told in found.stderr


def test_it_goes_down_a_pipe_and_keeps_to_what_was_asked(home: Path) -> None:
    """With - it is the output; the scope is in its head, and counts."""
    whole = run(home, "stats", "--html", "-").stdout
    none = run(home, "stats", "fren", "--since", "2099-01-01", "--html", "-").stdout
    assert '<b><data value="2">2</data></b>' in whole
    assert "· French · since 2099-01-01</p>" in none
    assert '<b><data value="2">2</data></b>' not in none
