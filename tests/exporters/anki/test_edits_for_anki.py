"""Cards that came from Anki go back into their collection, as its own importer takes them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from anki_collections import Library, library
from flashcards.app.update_anki_collection import update_collection
from programs import run

FIELDS = ["Country", "Capital", "Note", "Source", "Map", "Extra"]


@pytest.fixture
def own(tmp_path: Path) -> Library:
    """Return a collection with notes of six fields and two templates, and a sentence with gaps."""
    own = library(tmp_path / "anki")
    own.kind(
        "Facts",
        FIELDS,
        ("Capital of {{Country}}?", "{{FrontSide}}<hr id=answer>{{Capital}}<p>({{Note}})</p>"),
        ("Country of {{Capital}}?", "{{FrontSide}}<hr id=answer>{{Country}}"),
    )
    for country, capital in (("Peru", "<b>Lima</b>"), ("Chile", "Santiago")):
        own.add(
            "Facts", "Geo", "south", Country=country, Capital=capital, Note=f"on {country}", Source="x<br>y"
        )
    own.add("Cloze", "Bio", Text="The {{c1::heart}} pumps {{c2::blood}}.", Back_Extra="yes")
    return own


def into_anki(own: Library, package: Path) -> dict[str, int]:
    """Import a package with the options that Anki has from the start; return how many notes of each kind."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

    options = ImportAnkiPackageOptions(with_scheduling=True)
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    log = own.col.import_anki_package(request).log
    return {kind: len(getattr(log, kind)) for kind in ("new", "updated", "duplicate", "conflicting")}


def notes_of(own: Library) -> list[Any]:
    """Return everything that a collection says of its notes, and the templates of their types."""
    rows = own.col.db.all("select guid, mid, mod, tags, flds from notes order by id")
    models = [(m["name"], m["mod"], m["css"], [t["qfmt"] for t in m["tmpls"]]) for m in own.col.models.all()]
    return [rows, models]


def back_from_here(home: Path, own: Library, *answers: str) -> Path:
    """Import a collection's package, answer cards, and return the package that goes back."""
    assert run(home, "import", str(own.package("out.apkg"))).returncode == 0
    for _ in answers:
        run(home, "study", "Geo", "--plain", "--limit", "1", text="\n5\nq\n")
    path = home / "back.apkg"
    done = run(home, "export", "--force", "-o", str(path))
    assert done.returncode == 0
    assert "left out" not in done.stderr
    return path


def test_what_was_not_changed_stays_as_it_is(tmp_path: Path, own: Library) -> None:
    """No note is doubled, none conflicts, and no field, tag or template is written over."""
    path = back_from_here(tmp_path / "home", own, "5", "5", "5")
    before = notes_of(own)
    assert into_anki(own, path) == {"new": 0, "updated": 0, "duplicate": 3, "conflicting": 0}
    assert notes_of(own) == before


def test_an_empty_profile_gets_all_of_it(tmp_path: Path, own: Library) -> None:
    """Notes with all fields, their own types, cards, and the answers that were given here."""
    path = back_from_here(tmp_path / "home", own, "5", "5", "5")
    other = library(tmp_path / "other")
    assert into_anki(other, path) == {"new": 3, "updated": 0, "duplicate": 0, "conflicting": 0}
    fields = "select guid, mid, tags, flds from notes order by guid"
    assert other.col.db.all(fields) == own.col.db.all(fields)
    cards = "select n.guid, c.ord from cards c join notes n on n.id = c.nid order by 1, 2"
    assert other.col.db.all(cards) == own.col.db.all(cards)
    assert other.col.db.scalar("select count() from revlog") == 3


def test_an_edit_goes_into_its_field(tmp_path: Path, own: Library) -> None:
    """Words and a gap that were changed here arrive, and nothing else; what is in no field is told."""
    home = tmp_path / "home"
    back_from_here(home, own)
    decks = home / "data" / "decks"
    geo, bio = decks / "Geo.yaml", decks / "Bio.yaml"
    geo.write_text(
        geo.read_text().replace("(on Peru)", "(by the *sea*)").replace("Capital of C", "Town of C")
    )
    bio.write_text(bio.read_text().replace("blood}}.", "blood}} {{c3::fast}}."))
    path = home / "edited.apkg"
    done = run(home, "export", "-o", str(path))
    assert (done.returncode, "1 edit left out" in done.stderr, "Town of Chile?" in done.stderr) == (
        0,
        True,
        True,
    )
    assert into_anki(own, path) == {"new": 0, "updated": 2, "duplicate": 1, "conflicting": 0}
    fields = dict(own.col.db.all("select sfld, flds from notes"))
    assert fields["Peru"].split("\x1f") == ["Peru", "<b>Lima</b>", "by the <em>sea</em>", "x<br>y", "", ""]
    assert fields["Chile"].split("\x1f") == ["Chile", "Santiago", "on Chile", "x<br>y", "", ""]
    sentence = next(value for key, value in fields.items() if "heart" in str(key))
    assert sentence.split("\x1f") == ["The {{c1::heart}} pumps {{c2::blood}} {{c3::fast}}.", "yes"]
    ords = "select ord from cards c join notes n on n.id = c.nid where n.flds like '%heart%' order by 1"
    assert own.col.db.list(ords) == [0, 1, 2]


def test_a_collection_takes_answers_and_dates(tmp_path: Path, own: Library) -> None:
    """What Anki's import leaves out comes into the closed collection, once, and that stays sound."""
    from anki.collection import Collection

    home, collection = tmp_path / "home", tmp_path / "anki" / "collection.anki2"
    back_from_here(home, own, "5", "5", "5")
    before = notes_of(own)
    refused = run(home, "export", "-o", str(collection))
    assert (refused.returncode, "Close Anki" in refused.stderr) == (1, True)
    today = own.col.sched.today
    own.col.close()
    done = run(home, "export", "-o", str(collection))
    assert (done.returncode, "3 answers came in" in done.stderr) == (0, True)
    assert "0 answers came in" in run(home, "export", "-o", str(collection)).stderr
    own.col = Collection(str(collection))
    assert notes_of(own) == before
    answered = own.col.db.all("select type, queue, due, ivl, reps, usn from cards where reps")
    assert answered == [[2, 2, today + 1, 1, 1, -1]] * 3
    assert own.col.db.scalar("select count() from revlog where cid in (select id from cards)") == 3
    assert own.col.db.scalar("pragma integrity_check") == "ok"


def test_a_collection_takes_no_more_than_what_was_done_here(tmp_path: Path) -> None:
    """A date and a suspension without an answer arrive; what else Anki keeps of a card stays."""
    from anki.collection import Collection

    own, home = library(tmp_path / "anki"), tmp_path / "home"
    collection = tmp_path / "anki" / "collection.anki2"
    names = ("answered", "dated", "suspended", "woken", "left")
    ids = {name: own.card(own.add("Basic", "D", Front=name, Back="b")) for name in names}
    data = '{"pos":7,"s":3.5,"d":5.0,"cd":"{}"}'
    own.col.db.execute(
        "update cards set type = 2, queue = 2, due = 0, ivl = 9, factor = 2350, reps = 12, lapses = 2, "
        "flags = 1, mod = 1600000000, data = ?",
        data,
    )
    own.col.db.execute(f"update cards set queue = -1 where id = {ids['woken']}")
    for place, number in enumerate(ids.values()):
        own.answers(number, (1_600_000_000_000 + place, 3, 1))
    ids["new"] = own.card(own.add("Basic", "D", Front="new", Back="b"))
    own.col.db.execute("update cards set mod = 1600000000")  # Anki counts in seconds, and we are quicker
    own.col.close()
    assert run(home, "import", str(collection)).returncode == 0
    study = run(home, "study", "text:answered", "--plain", text="\n4\nq\n")
    assert study.returncode == 0, study.stderr
    for words in (
        ["set-due", "text:dated", "+30"],
        ["suspend", "text:suspended"],
        ["suspend", "text:new"],
        ["unsuspend", "text:woken"],
    ):
        done = run(home, *words)
        assert done.returncode == 0, done.stderr
    own.col = Collection(str(collection))
    columns = "select * from cards"
    names_of_columns = own.col.db.list("select name from pragma_table_info('cards')")
    before = {row[0]: row for row in own.col.db.all(columns)}
    own.col.close()
    assert "1 answer came in" in run(home, "export", "-o", str(collection)).stderr
    own.col = Collection(str(collection))
    after = {row[0]: row for row in own.col.db.all(columns)}
    changes = {
        name: {
            column
            for column, was, now in zip(names_of_columns, before[number], after[number], strict=True)
            if was != now and column not in {"mod", "usn"}
        }
        for name, number in ids.items()
    }
    assert changes == {
        "answered": {"due", "ivl", "reps", "data"},
        "dated": {"due"},
        "suspended": {"queue"},
        "woken": {"queue"},
        "left": set(),
        "new": {"queue"},
    }
    answered = own.col.db.first(f"select reps, data from cards where id = {ids['answered']}")
    assert answered == [13, '{"pos":7,"cd":"{}"}']


def test_an_answer_finds_room_beside_another_cards(tmp_path: Path, own: Library) -> None:
    """Anki knows answers by their time alone: one given in the same millisecond moves on by one."""
    home, collection = tmp_path / "home", tmp_path / "anki" / "collection.anki2"
    back_from_here(home, own, "5")
    own.col.close()
    copy = tmp_path / "copy.anki2"
    copy.write_bytes(collection.read_bytes())
    run(home, "export", "-o", str(copy))
    with closing(sqlite3.connect(copy)) as there, closing(sqlite3.connect(collection)) as here:
        (at,) = there.execute("select max(id) from revlog").fetchone()
        here.execute("insert into revlog values (?, 1, 0, 3, 1, 1, 2500, 9, 1)", (at,))
        here.commit()
        assert "1 answer came in" in run(home, "export", "-o", str(collection)).stderr
        assert here.execute("select count() from revlog where id in (?, ?)", (at, at + 1)).fetchone() == (2,)


def test_a_collection_may_be_named_from_where_one_is(
    tmp_path: Path, own: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its path needs no beginning."""
    package = back_from_here(tmp_path / "home", own, "5").read_bytes()
    own.col.close()
    monkeypatch.chdir(tmp_path / "anki")
    assert "1 answer came in" in update_collection(Path("collection.anki2"), package)


def test_a_collection_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """And a file that is no collection stays as it is."""
    wrong = tmp_path / "notes.anki2"
    assert "no such collection" in run(tmp_path, "export", "-o", str(wrong)).stderr
    wrong.write_text("hello")
    assert run(tmp_path, "export", "-o", str(wrong)).returncode == 1
    assert wrong.read_text() == "hello"


def test_masks_and_deleted_cards_go_back_as_they_were(tmp_path: Path) -> None:
    """Occluded cards are suspended only here, and a card that was deleted in Anki stays deleted."""
    own = library(tmp_path / "anki")
    masks = "{{c1::image-occlusion:rect:left=.1:top=.1}}<br>{{c2::image-occlusion:rect:left=.5:top=.5}}"
    image = own.add("Image Occlusion", "Geo", Occlusion=masks, Image='<img src="a.png">', Header="Heart")
    own.card(image, 1, queue=-1)
    gaps = own.add("Cloze", "Geo", Text="{{c1::a}} {{c2::b}}")
    own.col.remove_cards_and_orphaned_notes([own.card(gaps, 1)])
    path = back_from_here(tmp_path / "home", own)
    assert into_anki(own, path) == {"new": 0, "updated": 0, "duplicate": 2, "conflicting": 0}
    assert own.col.card_count() == 3
    other = library(tmp_path / "other")
    into_anki(other, path)
    rows = "select n.guid, n.flds, c.ord, c.queue from cards c join notes n on n.id = c.nid order by 1, 3"
    assert other.col.db.all(rows) == own.col.db.all(rows)
