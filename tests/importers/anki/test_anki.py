"""Packages made by Anki itself, of every generation: all of a note, a schedule and a history."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from anki_collections import DAY, HOUR, first_generation, library
from flashcards.core.cards import Note
from flashcards.importers.anki import import_collection as anki
from flashcards.importers.anki.notes import note_id_from_guid
from flashcards.importers.base import ImportedHistory, ImportedNote, ImportResult, ImportSource
from programs import run

Made = tuple[dict[str, Path], dict[str, Any]]
GENERATIONS = ("2013", "2018", "today", "today.colpkg", "2018.colpkg")
NOW = int(time.time())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return packages of one collection by generation, and its notes by a name."""
    folder = tmp_path_factory.mktemp("anki")
    own = library(folder)
    picture = folder / "a (1).png"
    picture.write_bytes(b"\x89PNG picture")
    name = own.col.media.add_file(str(picture))
    own.kind(
        "Facts",
        ["Country", "Capital", "Note"],
        (
            "Capital of {{Country}}?",
            "{{FrontSide}}<hr id=answer>{{Capital}}{{#Note}}<div>({{Note}})</div>{{/Note}}",
        ),
        ("Country of {{Capital}}?", "{{FrontSide}}<hr id=answer>{{Country}}"),
        ("{{#Note}}What of {{hint:Note}}{{Country}}?{{/Note}}", "{{Note}}"),
    )
    notes = {
        "basic": own.add("Basic", "French::Verbs", "a b::c", Front="être <b>ici</b>", Back="x<br>y"),
        "both": own.add("Basic (and reversed card)", "French", Front="le chien", Back="the dog"),
        "optional": own.add(
            "Basic (optional reversed card)", "French", Front="chat", Back="cat", Add_Reverse="y"
        ),
        "plain": own.add("Basic (optional reversed card)", "French", Front="rat", Back="rat!"),
        "typed": own.add("Basic (type in the answer)", "Sums", Front="7 x 8", Back="56"),
        "cloze": own.add(
            "Cloze", "Bio", Text="The {{c1::heart}} pumps {{c2::blood::fluid}}.", Back_Extra="Yes"
        ),
        "math": own.add("Basic", "Math", Front=r"\(\frac{a}{b}\) [latex]$x_1$[/latex]", Back=r"\[ 2^n \]"),
        "media": own.add("Basic", "Media", Front=f'<img src="{name}">', Back="[sound:a.mp3] hm"),
        "facts": own.add("Facts", "Geo", Country="France", Capital="Paris", Note="Seine"),
        "less": own.add("Facts", "Geo", Country="Peru", Capital="Lima"),
    }
    _study(own, notes)
    return _packages(own, folder), notes


def _study(own: Any, notes: dict[str, Any]) -> None:
    """Give the notes a past: Anki's columns as it fills them."""
    today = own.col.sched.today
    card = own.card(notes["basic"], type=2, queue=2, ivl=30, factor=2350, reps=6, lapses=1, due=today + 5)
    ago = [(NOW - days * DAY) * 1000 for days in (30, 25, 20, 10, 2, 1)]
    own.answers(card, *zip(ago, (1, 3, 2, 4, 3, 0), (0, 0, 1, 1, 3, 4), strict=True))
    own.card(notes["both"], type=2, queue=-1, ivl=12, factor=1300, reps=6, due=today - 3)
    own.card(notes["optional"], type=1, queue=1, left=1001, due=NOW + HOUR, reps=1)
    own.card(notes["plain"], type=3, queue=1, ivl=4, factor=2000, due=NOW + HOUR, lapses=3)
    own.answers(own.card(notes["typed"], flags=1), ((NOW - 3 * DAY) * 1000 + 1, 3, 0))
    own.card(notes["facts"], type=2, queue=2, ivl=50, factor=2600, due=today + 9)
    filtered = own.col.sched.get_or_create_filtered_deck(0)
    filtered.name = "Cram"
    filtered.config.search_terms[0].search = "capital:Paris"
    own.col.sched.rebuild_filtered_deck(own.col.sched.add_or_update_filtered_deck(filtered).id)


def _packages(own: Any, folder: Path) -> dict[str, Path]:
    from anki.collection import Collection

    found = {
        "today": own.package("today.apkg"),
        "2018": own.package("2018.apkg", legacy=True),
    }
    found["2013"] = first_generation(found["2018"], folder / "2013.apkg")
    found["today.colpkg"] = own.package("today.colpkg")
    own.col = Collection(str(folder / "collection.anki2"))
    found["2018.colpkg"] = own.package("2018.colpkg", legacy=True)
    return found


def imported(path: Path) -> ImportResult:
    """Return what an importer finds in a file."""
    source = ImportSource(str(path), path.read_bytes())
    assert anki.recognises(source)
    return anki.read_source(source)


@pytest.fixture(params=GENERATIONS)
def package(request: pytest.FixtureRequest, made: Made) -> ImportResult:
    """Return what is in the collection, by every generation in turn."""
    return imported(made[0][request.param])


@pytest.fixture
def note(made: Made) -> Callable[[str], ImportedNote]:
    """Return what finds a note of today's package."""
    found = imported(made[0]["today"])
    by_id = {n.note.id: n for deck in found.decks for n in deck.notes}
    return lambda name: by_id[note_id_from_guid(made[1][name].guid)]


def test_every_generation_says_the_same(package: ImportResult, made: Made) -> None:
    """The newest collection in a package counts, in whatever way it is packed."""
    today = imported(made[0]["today"])
    assert [deck.name for deck in package.decks] == [deck.name for deck in today.decks]
    for deck, other in zip(package.decks, today.decks, strict=True):
        assert [n.note for n in deck.notes] == [n.note for n in other.notes]
        for one, two in zip(deck.notes, other.notes, strict=True):
            assert plain(one.histories) == plain(two.histories)
    assert dict(package.media) == {"a (1).png": b"\x89PNG picture"}
    assert not package.skipped


def plain(imported_histories: Any) -> Any:
    return {k: (list(v.reviews), v.schedule, v.suspended) for k, v in imported_histories.items()}


def test_notes_become_cards_through_their_templates(note: Callable[[str], ImportedNote]) -> None:
    """One way, both ways, typed, with gaps; HTML is Markdown, and LaTeX is math."""
    assert said(note("basic")) == ("être **ici**", "x\ny", None, False, None)
    assert note("basic").note.tags == ("a", "b::c")
    assert said(note("both")) == ("le chien", "the dog", True, False, None)
    assert said(note("optional")) == ("chat", "cat", True, False, None)
    assert said(note("plain")) == ("rat", "rat!", None, False, None)
    assert said(note("typed")) == ("7 x 8", "56", None, False, True)
    cloze = note("cloze")
    assert said(cloze)[:2] == ("The {{c1::heart}} pumps {{c2::blood::fluid}}.", "Yes")
    assert cloze.note.cloze
    assert set(cloze.histories) == {"/c1", "/c2"}
    assert said(note("math"))[:2] == ("$\\frac{a}{b}$ $x_1$", "$$2^n$$")
    assert said(note("media"))[:2] == (
        "![](<media/a (1).png>)", "[♪ a.mp3](media/a.mp3) hm"
    )  # fmt: skip


def said(imported: ImportedNote) -> tuple[str, str, bool | None, bool, bool | None]:
    note: Note = imported.note
    return note.front, note.back, note.reverse, note.cloze, note.typed


def test_several_fields_make_a_note_for_each_card(made: Made) -> None:
    """Sections show when their field is filled; a card without a front never was."""
    geo = next(deck for deck in imported(made[0]["today"]).decks if deck.name == "Geo")
    assert [(n.note.front, n.note.back) for n in geo.notes] == [
        ("Capital of France?", "Paris\n(Seine)"),
        ("Country of Paris?", "France"),
        ("What of France?", "Seine"),
        ("Capital of Peru?", "Lima"),
        ("Country of Lima?", "Peru"),
    ]
    assert len({n.note.id for n in geo.notes}) == 5


def test_sub_decks_and_filtered_decks(made: Made) -> None:
    """A card in a filtered deck is at home in its own."""
    names = [deck.name for deck in imported(made[0]["today"]).decks]
    assert set(names) == {"French::Verbs", "French", "Sums", "Bio", "Math", "Media", "Geo"}


@pytest.mark.parametrize("legacy", [False, True])
def test_what_is_said_of_a_deck_comes_too(tmp_path: Path, *, legacy: bool) -> None:
    """Its description, as Markdown."""
    own = library(tmp_path)
    own.add("Basic", "D", Front="a", Back="b")
    deck = own.col.decks.by_name("D")
    deck["desc"] = "All <b>words</b>"
    own.col.decks.save(deck)
    (found,) = imported(own.package("x.apkg", legacy=legacy)).decks
    assert found.description == "All **words**"


def test_a_gap_that_was_taken_out_has_no_card(tmp_path: Path) -> None:
    """Anki keeps its card, and never asks it."""
    own = library(tmp_path)
    note = own.add("Cloze", "D", Text="{{c1::a}} {{c2::b}}")
    note["Text"] = "{{c1::a}} b"
    own.col.update_note(note)
    (deck,) = imported(own.package("x.apkg")).decks
    assert set(deck.notes[0].histories) == {"/c1"}


def test_a_card_stands_where_anki_had_it(note: Callable[[str], ImportedNote]) -> None:
    """Due day, interval and ease; suspended, learning, relearning, filtered, forgotten."""
    today = date.today()  # noqa: DTZ011 (the day of this machine, as Anki counts it)

    def schedule_of(name: str) -> Any:
        history: ImportedHistory = note(name).histories[""]
        if history.schedule is None:
            return None
        found = history.schedule
        return (found.due - today).days, found.interval, found.ease, found.lapses

    near = (-1, 0, 1)  # the day of this machine and of the collection may differ at night
    assert schedule_of("basic")[0] - 5 in near
    assert schedule_of("basic")[1:] == (30, 235, 1)
    assert schedule_of("both")[0] + 3 in near
    assert schedule_of("both")[1:] == (12, 130, 0)
    assert note("both").histories[""].suspended
    assert not note("both").histories["/r"].suspended
    assert schedule_of("optional")[0] in near
    assert schedule_of("optional")[1:] == (1, 250, 0)
    assert schedule_of("plain")[1:] == (4, 200, 3)
    assert schedule_of("facts")[0] - 9 in near
    assert schedule_of("typed") is None
    assert note("typed").histories[""].starts_as_new


def test_the_log_becomes_answers(note: Callable[[str], ImportedNote]) -> None:
    """Again is 1, Hard 3, Good 4, Easy 5; what was set by hand is no answer."""
    reviews = note("basic").histories[""].reviews
    assert [past.rating for past in reviews] == [1, 4, 3, 5, 4]
    assert [past.ms for past in reviews] == [4000] * 5
    assert len({past.unique_key for past in reviews}) == 5
    gaps = [b.answered_at - a.answered_at for a, b in zip(reviews, list(reviews)[1:], strict=False)]
    assert gaps == [timedelta(days=days) for days in (5, 5, 10, 8)]


def test_what_cannot_come_is_said(tmp_path: Path) -> None:
    """Gaps that are not there, flags: each with where and why."""
    own = library(tmp_path)
    own.card(own.add("Basic", "D", Front="ok", Back="fine"), flags=2)
    gap = own.add("Cloze", "D", Text="a {{c1::b}}")
    own.col.db.execute(f"update notes set flds = 'no gap' || char(31) where id = {gap.id}")
    found = imported(own.package("x.apkg"))
    assert [(s.location, s.reason) for s in found.skipped] == [
        (f"note {gap.id}", "no gap in its text"),
    ]
    assert found.remarks == ("Coloured flags, not imported: 1",)
    assert [n.note.front for deck in found.decks for n in deck.notes] == ["ok"]


def test_masks_of_an_image_come_asleep(tmp_path: Path) -> None:
    """A card for each, with its history, suspended; and it is known that Anki did not suspend them."""
    own = library(tmp_path)
    masks = "{{c1::image-occlusion:rect:left=.1}} {{c2::image-occlusion:rect:left=.2}}"
    note = own.add("Cloze", "D", Text=f'{masks}<img src="a.png">', Back_Extra="of the heart")
    own.answers(own.card(note, 1, type=2, queue=2, ivl=30, factor=2350), ((NOW - DAY) * 1000, 3, 1))
    found = imported(own.package("x.apkg"))
    (deck,) = found.decks
    assert [(n.note.front, n.note.back) for n in deck.notes] == [
        ("![](media/a.png)\n\nmask 1 of 2", "of the heart"),
        ("![](media/a.png)\n\nmask 2 of 2", "of the heart"),
    ]
    found_histories = [n.histories[""] for n in deck.notes]
    assert [(own.suspended, len(own.reviews)) for own in found_histories] == [
        (True, 0),
        (True, 1),
    ]
    assert all(n.was_awake for n in deck.notes)
    assert found.remarks == ("Image occlusion cards, suspended because masks cannot be shown here: 2",)


def test_answers_of_deleted_cards_are_kept(tmp_path: Path) -> None:
    """They are the past of cards without a deck; a gap whose card was deleted does not come as new."""
    own = library(tmp_path / "anki")
    note = own.add("Cloze", "D", Text="{{c1::a}} {{c2::b}}")
    own.answers(1234, ((NOW - DAY) * 1000, 3, 1), ((NOW - DAY) * 1000 + 5000, 3, 1))
    own.col.db.execute(f"delete from cards where nid = {note.id} and ord = 1")
    own.col.close()
    collection = tmp_path / "anki" / "collection.anki2"
    found = imported(collection)
    assert [(card, len(history.reviews)) for card, history in found.lost_histories.items()] == [
        ("anki-card-1234", 2)
    ]
    assert {key: history.suspended for key, history in found.decks[0].notes[0].histories.items()} == {
        "/c1": False,
        "/c2": True,
    }
    done = run(tmp_path / "home", "import", str(collection))
    assert "deleted in Anki, kept as history without cards: 2" in done.stdout
    assert json.loads(run(tmp_path / "home", "stats", "--json").stdout)["reviews"] == 2


def test_a_collection_that_is_open_is_read_whole(tmp_path: Path) -> None:
    """What Anki wrote last is in a file beside it, and comes in, too."""
    own = library(tmp_path / "anki")
    own.add("Basic", "D", Front="old", Back="x")
    own.col.close()
    collection = tmp_path / "anki" / "collection.anki2"
    connection = sqlite3.connect(collection)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE notes SET flds = 'new' || char(31) || 'x'")
    connection.commit()
    assert Path(f"{collection}-wal").stat().st_size
    run(tmp_path / "home", "import", str(collection))
    (card,) = json.loads(run(tmp_path / "home", "cards", "--json").stdout)
    assert card["front"] == "new"
    connection.close()


@pytest.mark.parametrize(
    ("front", "css"),
    [
        ('{{F}}<div style="display: none"><div>{{B}}</div>{{B}}</div>', ""),
        ("{{F}}<span hidden>{{B}}</span>", ""),
        ('{{F}}<p class="x back">{{B}}</p>', "/* .y */ .card .a, .back { color: red; display:none }"),
        ('{{F}}<p id="b">{{B}}</p>', "#b{visibility:hidden} @media print { .card { display: none } }"),
        ('<div class="card">{{F}}</div>{{type:F}}', ".mobile .card { display: none }"),
    ],
)
def test_what_a_template_hides_is_not_shown(tmp_path: Path, front: str, css: str) -> None:
    """By its style, its attribute or the note type's style sheet; and what is typed is not shown twice."""
    own = library(tmp_path)
    own.kind("Hiding", ["F", "B"], (front, "{{FrontSide}}<hr id=answer>{{B}}"))
    model = own.col.models.by_name("Hiding")
    model["css"] = css
    own.col.models.update_dict(model)
    own.add("Hiding", "D", F="front", B="back")
    (deck,) = imported(own.package("x.apkg")).decks
    assert [(n.note.front, n.note.back) for n in deck.notes] == [("front", "back")]


def test_a_typed_sentence_is_shown_once(tmp_path: Path) -> None:
    """Anki's own template for typed gaps names the sentence twice; a hint is a hint."""
    own = library(tmp_path)
    models = own.col.models
    model = models.by_name("Cloze")
    model["tmpls"][0]["qfmt"] = "{{cloze:Text}}\n{{type:cloze:Text}}{{hint:Back Extra}}"
    models.update_dict(model)
    own.add("Cloze", "D", Text="a {{c1::b}}", Back_Extra="think")
    (deck,) = imported(own.package("x.apkg")).decks
    assert (deck.notes[0].note.front, deck.notes[0].note.hint) == ("a {{c1::b}}", "think")


def test_a_template_that_repeats_a_field_is_skipped(tmp_path: Path) -> None:
    """A package of a few kB makes no deck of 500 MB: its note is skipped, by name, and all else comes in."""
    own = library(tmp_path / "anki")
    own.kind("Bomb", ["F"], ("{{F}}" * 5000, "{{F}}"))
    own.kind("Hints", ["F"], ("x" + "{{hint:F}}" * 5000, "{{F}}"))
    own.add("Bomb", "Bombs", F="a" * 100_000)
    own.add("Hints", "Bombs", F="a" * 100_000)
    own.add("Basic", "Bombs", Front="le chien", Back="the dog")
    package = own.package("bomb.apkg")
    done = run(tmp_path, "import", str(package))
    assert done.stdout.count("more than 1,000,000 characters") == 2
    assert "Traceback" not in done.stderr
    sizes = [path.stat().st_size for path in (tmp_path / "data" / "decks").glob("*.yaml")]
    assert sum(sizes) < 1000
    assert "le chien" in run(tmp_path, "cards").stdout
