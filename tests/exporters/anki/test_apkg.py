"""Packages that today's Anki opens, with every due day, interval, ease and answer; and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from anki_collections import library, packed, unpacked
from factories import NOON, review
from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import CardId, Note
from flashcards.core.decks import Deck
from flashcards.core.events import CardEvent, EventId, Suspend
from flashcards.core.replay import replay_card
from flashcards.exporters.anki import package as exporters_anki
from flashcards.exporters.anki.markdown_to_html import markdown_to_html
from flashcards.exporters.anki.notes import number_gaps
from flashcards.exporters.base import ExportJob
from flashcards.importers.anki import import_collection as anki
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.html.tags import html_to_markdown

DECK = Deck(
    "French::Words",
    (
        Note("le *chien*", "- the **dog**\n- the hound", id="dog", tags=("a b", "c")),
        Note("chat", "cat", reverse=True),
        Note("7 x 8", "56", id="sum", typed=True, accept=("fifty-six",)),
        Note("LoRA freezes {{W0}} and trains {{c1::A}}.", "see $x^2$", cloze=True),
        Note("![](media/a.png)", "[♪ b.mp3](media/b.mp3)", id="anki-a%24b"),
    ),
    description="First words",
    tags=("language",),
)


def past(card: str, ratings: Sequence[int]) -> list[CardEvent]:
    """Return answers to a card, each on the day it was due."""
    events: list[CardEvent] = []
    at = NOON - timedelta(days=200)
    for rating in ratings:
        events.append(review(card, rating, at))
        due = replay_card(events).progress.due
        assert due
        at = at.replace(year=due.year, month=due.month, day=due.day)
    return events


EVENTS: dict[str, list[CardEvent]] = {
    "dog": past("dog", (4, 5, 3, 2, 4, 4, 4)),
    "sum": [*past("sum", (1, 4)), Suspend(EventId("s"), 10**13, NOON, CardId("sum"))],
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return DECK as a package, answers and all."""
    files = exporters_anki.render_files(leaving(DECK))
    path = tmp_path_factory.mktemp("out") / "out.apkg"
    path.write_bytes(files["French::Words"])
    return path


def leaving(deck: Deck) -> ExportJob:
    media = {"a.png": b"\x89PNG", "b.mp3": b"sound"}
    return ExportJob((deck,), lambda card: EVENTS.get(card, ()), NOON, media=media)


@pytest.fixture
def col(package: Path, tmp_path: Path) -> Any:
    """Return a new collection of Anki's that has imported the package."""
    own = library(tmp_path)
    from anki.collection import (
        ImportAnkiPackageOptions,
        ImportAnkiPackageRequest,
    )

    options = ImportAnkiPackageOptions(with_scheduling=True)
    request = ImportAnkiPackageRequest(package_path=str(package), options=options)
    log = own.col.import_anki_package(request).log
    assert len(log.new) == 5
    return own.col


def test_anki_has_every_card_where_it_stood(col: Any) -> None:
    """Due day, interval, ease, lapses and sleep, read back from Anki."""
    for name, guid in (("dog", "flashcards:dog"), ("sum", "flashcards:sum")):
        (row,) = col.db.all(
            "select c.due, c.ivl, c.factor, c.lapses, c.queue, c.type, c.reps from cards c "
            "join notes n on n.id = c.nid where n.guid = ?",
            guid,
        )
        now = replay_card(EVENTS[name]).progress
        assert now.due
        created = NOON.fromtimestamp(col.crt, NOON.tzinfo).date()
        assert (created + timedelta(days=row[0]), *row[1:4]) == (
            now.due, now.memory.interval, now.memory.ease * 10, now.memory.lapses
        )  # fmt: skip
        assert row[4:] == [-1 if now.suspended else 2, 2, len(replay_card(EVENTS[name]).steps)]
    assert col.db.scalar("select count() from cards where type = 0") == 5


def test_anki_has_every_answer(col: Any) -> None:
    """The log has each answer's time, button, duration and intervals."""
    rows = col.db.all("select id, ease, ivl, lastIvl, factor, time, type from revlog order by id")
    steps = sorted(
        (step for events in EVENTS.values() for step in replay_card(events).steps),
        key=lambda step: step.review.at,
    )
    assert len(rows) == len(steps)
    for row, step in zip(rows, steps, strict=True):
        assert abs(row[0] - step.review.at.timestamp() * 1000) < 10
        assert row[1] == {1: 1, 2: 1, 3: 2, 4: 3, 5: 4}[step.review.rating]
        due_before, interval_before, *_ = step.before
        _, interval, ease, *_ = step.after
        assert row[2:6] == [interval, interval_before, ease * 10, 1000]
        assert row[6] == (1 if due_before else 0)


def test_anki_finds_nothing_to_mend_and_shows_the_cards(col: Any) -> None:
    """The collection is whole for Anki; text, gaps, pictures and sounds are as it spells them."""
    assert "corrupt" not in col.fix_integrity()[0].casefold()
    fields = dict(col.db.all("select guid, flds from notes"))
    assert fields["a$b"] == '<img src="a.png">\x1f[sound:b.mp3]'
    assert fields["flashcards:dog"] == (
        "le <em>chien</em>\x1f<ul><li>the <strong>dog</strong></li><li>the hound</li></ul>"
    )
    assert any("{{c2::W0}}" in text and r"\(x^2\)" in text for text in fields.values())
    assert Path(col.media.dir(), "a.png").read_bytes() == b"\x89PNG"
    note = col.get_note(col.find_notes("tag:language tag:a_b")[0])
    assert "le <em>chien</em>" in note.cards()[0].question()
    assert col.decks.by_name("French::Words")["desc"] == "First words"


def read(path: Path) -> ImportResult:
    return anki.read_source(ImportSource(str(path), path.read_bytes()))


def test_it_comes_back_as_it_was(package: Path) -> None:
    """Our own importer gives the same notes, under the same ids, with the same answers."""
    (deck,) = read(package).decks
    again = Deck(deck.name, tuple(n.note for n in deck.notes))
    plain = [(c.id, c.front, c.back, set(c.tags), c.answer_mode) for c in deck_cards(again)]
    assert plain == [(c.id, c.front, c.back, set(c.tags), c.answer_mode) for c in deck_cards(DECK)]
    imported_histories = {n.note.id: n.histories[""] for n in deck.notes if "" in n.histories}
    for name, events in EVENTS.items():
        steps = replay_card(events).steps
        assert [p.rating for p in imported_histories[name].reviews] == [s.review.rating for s in steps]
        theirs, now = imported_histories[name].schedule, replay_card(events).progress
        assert theirs
        assert (theirs.due, theirs.interval, theirs.ease, theirs.repetitions) == (
            now.due, now.memory.interval, now.memory.ease, now.memory.repetitions
        )  # fmt: skip
        assert imported_histories[name].suspended == now.suspended


def test_what_was_changed_in_anki_counts(package: Path, tmp_path: Path) -> None:
    """A label whose text was edited since says nothing more than the id."""
    files = unpacked(package)
    path = tmp_path / "c"
    path.write_bytes(files["collection.anki2"])
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE notes SET flds = replace(flds, 'hound', 'pup')")
    connection.close()
    files["collection.anki2"] = path.read_bytes()
    (deck,) = read(packed(files, tmp_path / "x.apkg")).decks
    dog = next(n.note for n in deck.notes if n.note.id == "dog")
    assert (dog.front, dog.back) == ("le *chien*", "- the **dog**\n- the pup")


def test_the_same_twice_has_the_same_numbers() -> None:
    """Anki can match a later export with an earlier one, card by card."""
    one, two = (
        exporters_anki.render_files(replace(leaving(DECK), exported_at=at))
        for at in (NOON, NOON + timedelta(1))
    )
    assert numbers(one["French::Words"]) == numbers(two["French::Words"])


def numbers(data: bytes) -> list[tuple[int, int]]:
    found = anki.read_source(ImportSource("x.apkg", data))
    return [
        (hash(past.unique_key), past.rating)
        for deck in found.decks for note in deck.notes for history in note.histories.values()
        for past in history.reviews
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "plain", "a < b & c", "two\nlines", "- a\n- b\n  - c", "1. one\n2. two", "a **b** *c*",
        "`code <b>`", "```\nx < y\n```", "$a<b$ and $$\\frac{1}{2}$$", "costs 5$ or 6$",
        "![](<media/a b (1).png>)", "| a | b |\n| --- | --- |\n| 1 | 2 |", "> quoted",
        "<script>alert(1)</script>", "x_1 and y_2", "[♪ s.mp3](media/s.mp3)",
    ],
)  # fmt: skip
def test_markdown_survives_html(text: str) -> None:
    """What goes through Anki's HTML and back shows the same; nothing in it can run there."""
    once = html_to_markdown(markdown_to_html(text))
    assert markdown_to_html(once) == markdown_to_html(text)
    assert "<script" not in markdown_to_html(text)


def test_gaps_get_the_numbers_that_are_free() -> None:
    """Every gap of a sentence has a number in Anki, the same text the same one."""
    text, numbers_ = number_gaps("{{a}} {{c1::b}} {{a}} {{c::d}}")
    assert text == "{{c2::a}} {{c1::b}} {{c2::a}} {{c3::c::d}}"
    assert sorted(numbers_.values()) == [1, 2, 3]
