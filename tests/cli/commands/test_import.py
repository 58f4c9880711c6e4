"""`flashcards import` and `export` as a person or a script runs them."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import time
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from anki_collections import packed
from factories import DECK
from flashcards.app import progress_bar
from flashcards.app.progress_bar import ProgressBar
from flashcards.core.cards import CardId, Note
from flashcards.core.decks import Deck
from flashcards.core.events import CardEvent, EventId, Review, Suspend
from flashcards.errors import FlashcardsError
from flashcards.exporters.anki import package as anki
from flashcards.exporters.base import ExportJob
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.import_formats import recognise_format
from programs import command, environment, run

ONE = "deck: X\ncards:\n- front: ab\n  back: c\n"
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def told(home: Path, *words: str, code: int = 0, text: str = "") -> Any:
    """Return the JSON that a command prints."""
    found = run(home, *words, "--json", text=text)
    assert found.returncode == code, found.stderr
    return json.loads(found.stdout)


def package(path: Path, answers: int = 2, back: str = "b", **media: bytes) -> Path:
    """Write a package for Anki: two cards, one answered on some days, one suspended."""
    step = timedelta(days=7) if answers < 5 else timedelta(minutes=1)
    at = [NOW - timedelta(days=30) + i * step for i in range(answers)]
    events: dict[str, list[CardEvent]] = {
        "one": [
            Review(EventId(str(i)), int(t.timestamp() * 1000), t, CardId("one"), 4, 900)
            for i, t in enumerate(at)
        ],
        "two": [Suspend(EventId("s"), 5, NOW, CardId("two"))],
    }
    picture = "![](media/a.png)" if media else back
    notes = Note("a", picture, id="one"), Note("c", "d", id="two", tags=("t",))
    deck = Deck("Packed::Words", notes)
    named = {name.replace("_", "."): data for name, data in media.items()}
    leaving = ExportJob((deck,), lambda card: events.get(card, []), NOW, media=named)
    path.write_bytes(anki.render_files(leaving)["Packed::Words"])
    return path


def test_a_package_comes_with_its_history(home: Path) -> None:
    """Cards, answers, sleep; and the same package again adds nothing."""
    path = package(home / "p.apkg")
    (source,) = told(home, "import", str(path))["sources"]
    assert (source["format"], source["deck"]) == ("anki", "Packed::Words")
    assert (source["added"], source["history"], source["skipped"]) == (2, 2, [])
    card = told(home, "show", "one")
    assert [given["rating"] for given in card["reviews"]] == [4, 4]
    assert (card["interval"], card["repetitions"]) == (6, 2)
    assert told(home, "show", "two")["suspended"]
    (again,) = told(home, "import", str(path))["sources"]
    assert (again["added"], again["unchanged"], again["history"]) == (0, 2, 0)
    assert told(home, "show", "one") == card
    assert "restore" not in run(home, "import", str(path)).stdout  # nothing to take back


def test_a_later_package_adds_what_is_new(home: Path) -> None:
    """Texts are updated in place, later answers added, what was done here kept on top."""
    told(home, "import", str(package(home / "p.apkg")))
    run(home, "study", "Packed", text="\n2\nq\n")
    before = told(home, "show", "one")
    (source,) = told(home, "import", str(package(home / "q.apkg", 3, "new back")))["sources"]
    assert (source["updated"], source["unchanged"], source["history"]) == (1, 1, 1)
    card = told(home, "show", "one")
    assert card["back"] == "new back"
    assert [given["rating"] for given in card["reviews"]] == [4, 4, 4, 2]
    assert card["due"] == before["due"]
    assert card["lapses"] == 1


def test_undo_takes_back_an_import_as_one_step(home: Path) -> None:
    """An import is undone whole, never answer by answer, or with its backup, whose name is said."""
    found = run(home, "import", str(package(home / "p.apkg", 25)))
    assert run(home, "undo").stdout == "Undone: importing p.apkg.\n"
    assert run(home, "undo").stdout == "Nothing to undo.\n"
    assert run(home, "redo").stdout == "Redone: importing p.apkg.\n"
    (line,) = (line for line in found.stdout.splitlines() if "To go back: flashcards undo" in line)
    run(home, "restore", "--exact", line.rpartition("backup from before is ")[2].rstrip(")"), "--yes")
    assert [deck["deck"] for deck in told(home, "decks")] == ["French"]
    assert run(home, "due").returncode == 0


def test_a_small_import_makes_no_backup_of_its_own(home: Path) -> None:
    """The one of the day is enough beside undo; only what changes much costs a whole backup."""
    (home / "two.csv").write_text("front,back\nnew one,b\nnew two,b\n")
    found = run(home, "import", str(home / "two.csv"))
    assert "To go back: flashcards undo\n" in found.stdout
    assert [path.name[-9:-4] for path in (home / "state").rglob("*.zip")] == ["daily"]


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    """On a machine without a library, and on one that has it."""
    path = package(tmp_path / "p.apkg", a_png=b"picture")
    dry = told(tmp_path, "import", str(path), "--dry-run")
    assert not (tmp_path / "data").exists()
    assert told(tmp_path, "import", str(path)) == dry
    later = package(tmp_path / "q.apkg", 3)
    before = {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()}
    dry = told(tmp_path, "import", str(later), "--dry-run")
    assert {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()} == before
    assert told(tmp_path, "import", str(later)) == dry


def test_media_lie_in_one_folder_and_replace_nothing(home: Path) -> None:
    """A picture of the same name that is another one gets a name of its own."""
    told(home, "import", str(package(home / "p.apkg", a_png=b"one")))
    media = home / "data" / "media"
    assert (media / "a.png").read_bytes() == b"one"
    run(home, "import", str(package(home / "q.apkg", a_png=b"two")))
    assert (media / "a.png").read_bytes() == b"one"
    (other,) = (path for path in media.iterdir() if path.name != "a.png")
    assert other.read_bytes() == b"two"
    assert told(home, "show", "one")["back"] == f"![](media/{other.name})"


def test_a_card_moved_here_is_updated_where_it_is(home: Path) -> None:
    """An id of the library is found in whatever deck it lies now."""
    told(home, "import", str(package(home / "p.apkg")))
    path = home / "data" / "decks" / "Packed-Words.yaml"
    mine = path.with_name("mine.yaml")
    path.rename(mine)
    mine.write_text(mine.read_text().replace("Packed::Words", "Mine"))
    (source,) = told(home, "import", str(package(home / "q.apkg", back="new")))["sources"]
    assert (source["added"], source["updated"], source["unchanged"]) == (0, 1, 1)
    assert told(home, "show", "one")["deck"] == "Mine"
    assert not path.exists()


def test_a_folder_is_taken_file_by_file(home: Path) -> None:
    """What is recognised comes in, sub-folders are decks, and the rest is named."""
    folder = home / "mine"
    (folder / "Bio" / "Cells").mkdir(parents=True)
    (folder / "Bio" / "Cells" / "one.csv").write_text("front,back\nDNA,acid\n")
    (folder / "Bio" / "Cells" / "two.csv").write_text("front,back\nRNA,acid too\n")
    (folder / "own.yaml").write_text("deck: Own\ncards:\n- front: x\n  back: y\n")
    (folder / "strange.bin").write_bytes(bytes(range(256)))
    (folder / ".hidden.csv").write_text("front,back\na,b\n")
    found = run(home, "import", str(folder))
    assert found.returncode == 0, found.stderr
    assert "strange.bin" in found.stderr
    decks = {deck["deck"]: deck for deck in told(home, "decks")}
    assert set(decks) == {"French", "Bio::Cells", "Own"}
    assert run(home, "import", str(folder / "strange.bin")).returncode == 1


def test_faulty_sources_are_told_and_the_others_come(home: Path) -> None:
    """Each fault is one message; the exit code says that there was one."""
    torn = home / "torn.apkg"
    torn.write_bytes(package(home / "p.apkg").read_bytes()[:900])
    found = run(
        home,
        "import",
        str(torn),
        "nowhere.csv",
        "-",
        text="deck: X\ncards:\n- front: ab\n  back: c\n",
    )
    assert found.returncode == 1
    assert f"{torn}: this package is damaged" in found.stderr
    assert "nowhere.csv: no such file" in found.stderr
    assert "Traceback" not in found.stderr
    assert {deck["deck"] for deck in told(home, "decks")} == {"French", "X"}


def test_what_is_skipped_is_said_and_counts(home: Path) -> None:
    """A note without a front stays out, with where and why; exit code 1."""
    leaving = ExportJob((Deck("D", (Note("a", "b"), Note("c", "d"))),), lambda _: (), NOW)
    (data,) = anki.render_files(leaving).values()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["collection.anki2"] = files["collection.anki2"].replace(b"c\x1fd", b" \x1fd")
    (source,) = told(home, "import", str(packed(files, home / "x.apkg")), code=1)["sources"]
    assert source["added"] == 1
    ((skipped),) = source["skipped"]
    assert skipped["why"] == "empty front (Card 1)"
    assert skipped["where"].startswith("note ")


def test_the_same_front_twice_loses_neither(home: Path) -> None:
    """Two cards that share a front both come in, and are known again."""
    text = "bank,river\nbank,money\nbank,money\n"
    (home / "b.csv").write_text("front,back\n" + text)
    (source,) = told(home, "import", str(home / "b.csv"))["sources"]
    assert source["added"] == 2
    assert source["remarks"]
    (again,) = told(home, "import", str(home / "b.csv"))["sources"]
    assert (again["added"], again["unchanged"]) == (0, 2)


def test_several_decks_can_become_one(home: Path) -> None:
    """`--deck` puts all that a source holds into one file, also when it comes again."""
    named = (Deck(name, (Note(f"front {name}", "b"),), tags=(name,)) for name in ("x", "y", "z"))
    leaving = ExportJob(tuple(named), lambda _: (), NOW)
    (home / "p.apkg").write_bytes(anki.render_files(leaving)["flashcards"])
    (source,) = told(home, "import", str(home / "p.apkg"), "--deck", "All")["sources"]
    assert [deck["added"] for deck in source["decks"]] == [3]
    assert {tuple(card["tags"]) for card in told(home, "cards", "deck:All")} == {
        ("x",), ("y",), ("z",)
    }  # fmt: skip
    (again,) = told(home, "import", str(home / "p.apkg"), "--deck", "All")["sources"]
    assert (again["added"], again["unchanged"]) == (0, 3)
    assert len(list((home / "data" / "decks").iterdir())) == 2


def test_all_or_nothing(home: Path) -> None:
    """When the disk fills up while its history is written, a source leaves nothing behind."""
    path = package(home / "p.apkg", 5_000, a_png=b"picture")
    run(home, "due")
    words = [*command(), "import", str(path)]
    found = subprocess.run(
        ["bash", "-c", 'ulimit -f 400; exec "$@"', "bash", *words],
        capture_output=True, text=True, env=environment(home), timeout=60, check=False,
    )  # fmt: skip
    assert found.returncode == 1
    assert "Not saved" in found.stderr
    assert [deck["deck"] for deck in told(home, "decks")] == ["French"]
    assert not list((home / "data" / "media").iterdir())
    (source,) = told(home, "import", str(path))["sources"]
    assert source["added"] == 2
    assert 0 < source["history"] <= 5_000  # what was written before the disk was full counts
    assert len(told(home, "show", "one")["reviews"]) == 5_000


class Fake:
    """An importer that fits all."""

    def __init__(self, title: str, *endings: str) -> None:
        self.TITLE = title
        self.EXTENSIONS: tuple[str, ...] = endings

    def recognises(self, source: ImportSource) -> bool:
        return bool(source.data)

    def read_source(self, source: ImportSource) -> ImportResult:  # noqa: ARG002 (the shape of an importer)
        return ImportResult(())


def test_two_formats_that_fit_are_an_error_naming_both() -> None:
    """Content decides, then the ending; what is left is for the person to say."""
    both = {"a": Fake("Format A", ".x"), "b": Fake("Format B", ".y")}
    assert recognise_format(ImportSource("f.x", b"1"), both) == "a"
    assert recognise_format(ImportSource("f.y", b"1"), both) == "b"
    assert recognise_format(ImportSource("f.x", b""), both) is None
    with pytest.raises(FlashcardsError, match=r"Format A \(a\) and Format B \(b\).*--format"):
        recognise_format(ImportSource("-", b"1"), both)


def test_a_format_can_be_named(home: Path) -> None:
    """`--format` wins over what the content looks like; one that does not exist is told."""
    found = run(home, "import", "-", "--format", "csv", "--deck", "T", text="deck: x\ncards: y\n")
    assert found.returncode == 1 or "cards: y" in json.dumps(told(home, "cards", "deck:T"))
    wrong = run(home, "import", "-", "--format", "cvs", text="a,b\n")
    assert wrong.returncode == 2
    assert "csv" in wrong.stderr


def test_signs_and_headers_can_be_said(home: Path) -> None:
    """What parts fields and rows, by its name or as it is, and what the first row is."""
    words = "import", "-", "--deck", "T", "--separator", "=>", "--row-separator", "blank-line"
    (found,) = told(home, *words, text="a=>b\n\nc=>d\n")["sources"]
    assert (found["format"], found["added"]) == ("quizlet", 2)
    more = "import", "-", "--deck", "T", "--separator", "comma", "--header"
    (found,) = told(home, *more, text="one,two\ne,f\n")["sources"]
    assert (found["format"], found["added"]) == ("csv", 1)
    wrong = run(home, "import", "-", "--format", "csv", "--separator", "::", text="a::b")
    assert wrong.returncode == 1
    assert "--format quizlet" in wrong.stderr


def _read_to_end(terminal: int) -> bytes:
    """Return all that was written to a terminal that is closed at the other end, and close it."""
    seen = b""
    with suppress(OSError):  # the end: a read may give less than all before it
        while piece := os.read(terminal, 65_536):
            seen += piece
    os.close(terminal)
    return seen


def test_a_bar_shows_on_a_terminal_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something to see on anything that takes long, nothing of it in a pipe."""
    monkeypatch.setattr(progress_bar, "DISPLAY_DELAY", 0)
    shown, end = pty.openpty()
    with os.fdopen(end, "w") as terminal, ProgressBar(terminal) as bar:
        bar.start_stage("Reading p.apkg \x1b[2J", 3)
        for _ in bar.count_items(range(3)):
            while bar._bar is None:  # drawn by a thread, when it comes to it
                time.sleep(0.01)
    seen = _read_to_end(shown)
    assert b"Reading p.apkg <1b>[2J" in seen
    pipe = io.StringIO()
    with ProgressBar(pipe) as bar:
        bar.start_stage("Reading")
        time.sleep(0.05)
    assert not pipe.getvalue()


def test_a_gauge_shows_percents_once_there_is_something_to_tell() -> None:
    """On a terminal that can move; else it says that nothing would be seen of it."""
    shown, end = pty.openpty()
    with pytest.MonkeyPatch.context() as here, os.fdopen(end, "w") as terminal:
        here.setattr(progress_bar, "DISPLAY_DELAY", 0)
        here.setenv("TERM", "xterm")
        with ProgressBar(terminal) as gauge:
            assert gauge.is_visible
            assert gauge._bar is None
            for done in range(5):
                gauge.report_fraction("Reading it", done / 8)
                while gauge._bar is None:
                    time.sleep(0.01)
        here.setenv("TERM", "dumb")
        assert not ProgressBar(terminal).is_visible
    seen = _read_to_end(shown)
    assert b"Reading it" in seen
    assert b"50%" in seen
    assert not ProgressBar(io.StringIO()).is_visible


def test_export_to_a_file_that_is_there(home: Path) -> None:
    """A file is replaced only with --force; what is no text goes to no terminal."""
    path = home / "out.apkg"
    path.write_text("mine")
    found = run(home, "export", "-o", str(path))
    assert found.returncode == 1
    assert "--force" in found.stderr
    assert path.read_text() == "mine"
    assert run(home, "export", "-o", str(path), "--force").returncode == 0
    assert path.read_bytes().startswith(b"PK")
    assert run(home, "export", "--format", "apkg").returncode == 2
    assert run(home, "export", "--format", "pdf").returncode == 2


def test_export_takes_the_pictures_along(home: Path) -> None:
    """Those that the cards mention, whatever their names are, and no others."""
    media = home / "data" / "media"
    media.mkdir(parents=True)
    for name in ("a (1).png", "b.png", "c.png"):
        (media / name).write_bytes(name.encode())
    told(home, "import", "-", text=ONE.replace(": c", ": '![](<media/a (1).png>) ![](media/b.png)'"))
    assert run(home, "export", "X", "-o", str(home / "x.apkg")).returncode == 0
    other = home / "other"
    other.mkdir()
    told(other, "import", str(home / "x.apkg"))
    found = {path.name: path.read_bytes() for path in (other / "data" / "media").iterdir()}
    assert found == {"a (1).png": b"a (1).png", "b.png": b"b.png"}


def test_export_and_import_into_an_empty_store(home: Path, tmp_path: Path) -> None:
    """The same cards, dates and answers, on another machine."""
    run(home, "study", text="\n4\n\n2\n\n5\n\n3\nq\n")
    run(home, "suspend", "cat")
    path = home / "out.apkg"
    run(home, "export", "French", "-o", str(path))
    other = tmp_path / "other"
    other.mkdir()
    assert told(other, "import", str(path))["sources"][0]["history"] == 4
    assert strip(told(other, "cards")) == strip(told(home, "cards"))
    (again,) = told(home, "import", str(path))["sources"]
    assert (again["added"], again["updated"], again["history"]) == (0, 0, 0)


def strip(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = (
        "id", "deck", "front", "back", "tags", "state", "ease", "interval", "repetitions",
        "lapses", "due", "suspended",
    )  # fmt: skip
    return [{name: card[name] for name in names} for card in cards]
