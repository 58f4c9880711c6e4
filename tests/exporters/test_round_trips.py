"""What goes out comes in again: the same notes, ids, tags, and for JSON the same events."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flashcards.core.cards import CardId, Note
from flashcards.core.cloze import find_gaps
from flashcards.core.deck_yaml import adapt_note_to_deck
from flashcards.core.decks import Deck
from flashcards.core.events import (
    Bury,
    CardEvent,
    EventId,
    Mark,
    Reset,
    Review,
    SetDue,
    Suspend,
    Unsuspend,
)
from flashcards.exporters import csv as exporters_csv
from flashcards.exporters import json as own_json_out
from flashcards.exporters import markdown, yaml
from flashcards.exporters.base import ExportJob
from flashcards.importers import flashcards_json, hashcards
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.csv import tables as importers_csv
from flashcards.storage.decks.deck_warnings import parse_with_warnings
from flashcards.storage.decks.reader import parse_deck

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SIGNS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
LETTERS = st.one_of(
    SIGNS,
    st.sampled_from([*"\n\n -#=+@,;|\"'\\[]{}<>!$*_`~ \t", "\nQ: ", "\nA:", "C: ", "\n---\n"]),
)
TEXT = (
    st.lists(LETTERS, min_size=1, max_size=60)
    .map("".join)
    .filter(lambda text: bool(text.strip()) and text[-1] != "\n" and not find_gaps(text))
)
WORD = st.text(SIGNS, min_size=1, max_size=12).map(lambda text: " ".join(text.split()))
WORDS = st.lists(WORD.filter(bool), max_size=3, unique=True).map(tuple)
IDS = st.from_regex(re.compile(r"[a-z0-9_#|*(;.-]{1,12}", re.ASCII), fullmatch=True)
SWITCH = st.sampled_from([None, True, False])
PLAIN = st.builds(
    Note, TEXT, TEXT, IDS, WORDS, SWITCH, st.just(False), st.just(0), SWITCH,
    listed=st.none(), accept=WORDS, choices=WORDS,
    lenient=st.sampled_from([None, (), ("case",), ("case", "accents")]),
    hint=st.just("") | TEXT, remark=st.just("") | TEXT,
)  # fmt: skip
GAPPED = st.builds(
    lambda before, gap, hint, after, back, own: Note(
        f"{before}{{{{{gap}{hint}}}}}{after}", back, own, cloze=True
    ),
    TEXT, st.sampled_from(["x", "c1::x", "a[0]", "\\frac{a}{b}", "y]", "a b"]),
    st.sampled_from(["", "::hint"]), TEXT, st.sampled_from(["", "A remark."]), IDS,
)  # fmt: skip
NOTES = st.lists(
    st.one_of(PLAIN, GAPPED.filter(lambda note: bool(find_gaps(note.front)))),
    max_size=4,
    unique_by=lambda note: note.id,
)
DECKS = st.builds(
    lambda name, notes, tags, about: Deck(name, tuple(notes), "", about, tags),
    WORD.filter(lambda name: bool(name.strip())), NOTES, WORDS, st.sampled_from(["", "Two\nlines"]),
)  # fmt: skip


def no_events(_: CardId) -> tuple[CardEvent, ...]:
    return ()


def leaving(*decks: Deck, for_spreadsheet: bool = False) -> ExportJob:
    return ExportJob(decks, no_events, NOW, for_spreadsheet=for_spreadsheet)


def wanted(deck: Deck, *, tags: bool) -> list[Note]:
    """Return a deck's notes as another deck must have them."""
    bare = Deck(deck.name, (), tags=deck.tags if tags else ())
    return [adapt_note_to_deck(deck, bare, note)._replace(line=0) for note in deck.notes]


def came(imported: ImportResult) -> list[Note]:
    assert not imported.skipped
    return [one.note._replace(line=0) for deck in imported.decks for one in deck.notes]


@given(DECKS)
def test_deck_files(deck: Deck) -> None:
    """YAML says just what the deck says."""
    (data,) = yaml.render_files(leaving(deck)).values()
    found, problems = parse_deck(data, "x.yaml")
    assert not problems
    assert found
    assert (found.name, found.tags) == (deck.name, deck.tags)
    assert [note._replace(line=0) for note in found.notes] == wanted(deck, tags=True)


def test_deck_files_hold_no_control_characters() -> None:
    """A library may have them from former times: what goes out of it can come in again."""
    deck = Deck("D", (Note("a\x1bb", "\x0crac", hint="\x9bh", remark="\tr\x00"),))
    (data,) = yaml.render_files(leaving(deck)).values()
    found, _ = parse_deck(data, "x.yaml")
    assert found
    assert found.notes[0].texts == ("ab", "rac", "h", "\tr")
    assert not any(parse_with_warnings(data, "x.yaml")[1:])


@given(DECKS)
@example(Deck("d", (Note("a\r\nb", "\r", "x", ("a, b", "c\\")),)))
@example(Deck("d", (Note('"', "#", "y"), Note("'=1", "\t\ud83d\ude00", "z"))))
def test_tables(deck: Deck) -> None:
    """CSV is lossless: every field to the letter, whatever signs are in it."""
    if any("\ud800" <= letter <= "\udfff" for note in deck.notes for letter in note.back):
        deck = replace(deck, notes=deck.notes[:1])
    (data,) = exporters_csv.render_files(leaving(deck)).values()
    source = ImportSource("x.csv", data)
    assert importers_csv.recognises(source)
    assert came(importers_csv.read_source(source)) == wanted(deck, tags=False)
    assert {one.name for one in importers_csv.read_source(source).decks} <= {deck.name}


@given(DECKS)
@example(Deck("d", (Note("Q: x\n---\nA: y", "C: [z]\n\n Q: w\n---", "x"),)))
@example(Deck("d", (Note("x [0] {{a}} \\[ {{b}}", "", "x", cloze=True),)))
@example(Deck("d", (Note("C: C: {{x}}\n0 Q: A:", "", "x", cloze=True),)))
@example(Deck("d", (Note(" x ", "", "x"), Note("-->", "<!-- flashcards: {} -->", "y"))))
@example(Deck("d", (Note("![a](b) {{c}}(media/x)", "", "x", cloze=True),)))
def test_markdown(deck: Deck) -> None:
    """Q:, A: and C: with a comment for the rest come in as the same notes, ids and tags."""
    (data,) = markdown.render_files(leaving(deck)).values()
    source = ImportSource("x.md", data)
    imported = hashcards.read_source(source)
    assert came(imported) == wanted(deck, tags=True)
    if deck.notes:
        (found,) = imported.decks
        assert (found.name, found.tags, found.description) == (
            deck.name,
            deck.tags,
            deck.description,
        )


@given(st.lists(DECKS, max_size=3, unique_by=lambda deck: deck.name))
def test_json(decks: list[Deck]) -> None:
    """JSON is ASCII, one object, and says all of every deck."""
    data = b"".join(*own_json_out.render_files(leaving(*decks)).values())
    assert data.isascii()
    source = ImportSource("x.json", data)
    assert flashcards_json.recognises(source)
    imported = flashcards_json.read_source(source)
    assert came(imported) == [note for deck in decks for note in wanted(deck, tags=True)]
    found = [(deck.name, deck.tags, deck.description) for deck in imported.decks]
    assert found == [(deck.name, deck.tags, deck.description) for deck in decks]


def test_json_has_the_whole_history() -> None:
    """Each kind of event comes back as the same value, for the card it was of."""
    at = datetime(2026, 1, 5, 7, 30, tzinfo=UTC) + timedelta(milliseconds=123)
    one, other = CardId("dog"), CardId("dog/r")
    events: dict[CardId, list[CardEvent]] = {
        one: [
            Review(EventId("e1"), 1, at, one, 4, 5210, "anki", interval=12),
            Review(EventId("e2"), 2, at, one, 1, cram=True),
            Suspend(EventId("e3"), 3, at, one, "anki"),
            Unsuspend(EventId("e4"), 4, at, one),
            SetDue(EventId("e5"), 5, at, one, date(2026, 3, 1), 30, 236, 4, 1),
        ],
        other: [
            Bury(EventId("e6"), 6, at, other, date(2026, 1, 6)),
            Mark(EventId("e7"), 7, at, other, why="a – b"),
            Reset(EventId("e8"), 8, at, other),
        ],
    }
    deck = Deck("French", (Note("le chien", "the dog", "dog", reverse=True),))
    data = b"".join(*own_json_out.render_files(ExportJob((deck,), lambda c: events.get(c, []), NOW)).values())
    (found,) = flashcards_json.read_source(ImportSource("x.json", data)).decks[0].notes
    for sibling, card in (("", one), ("/r", other)):
        history = found.histories[sibling]
        assert [event._replace(card=card) for event in history.events] == events[card]
        assert list(map(type, history.events)) == list(map(type, events[card]))  # not told by ==


def test_json_has_what_all_events_have_before_what_one_says() -> None:
    """The batch of an event comes after its time, as in every export so far."""
    card = CardId("dog")
    events: list[CardEvent] = [
        Review(EventId("e1"), 1, NOW, card, 4, 900, batch=EventId("b")),
        Suspend(EventId("e2"), 2, NOW, card, "anki", EventId("b")),
    ]
    job = ExportJob((Deck("French", (Note("le chien", "the dog", "dog"),)),), lambda _: events, NOW)
    told = json.loads(b"".join(*own_json_out.render_files(job).values()))["decks"][0]["cards"][0]["history"]
    assert [list(event) for event in told[""]] == [
        ["kind", "id", "hlc", "at", "batch", "rating", "ms"],
        ["kind", "id", "hlc", "at", "batch", "source"],
    ]


UNSOUND = [
    {"kind": "review"},
    {"kind": "exec", "id": "a", "hlc": 1, "at": "2026-01-01T00:00:00+00:00"},
    {"kind": "review", "id": "a", "hlc": 1, "at": "2026-01-01T00:00:00+00:00", "rating": 9},
    {"kind": "review", "id": "a", "hlc": 1, "at": "2026-01-01T00:00:00", "rating": 3},
    {"kind": "review", "id": "a b", "hlc": 1, "at": "2026-01-01T00:00:00+00:00", "rating": 3},
    {"kind": "review", "id": "a", "hlc": 1e9, "at": "2026-01-01T00:00:00+00:00", "rating": 3},
    {"kind": "review", "id": "a", "hlc": 1, "at": "2026-01-01T00:00:00+00:00", "rating": 3, "x": 1},
    {"kind": "bury", "id": "a", "hlc": 1, "at": "2026-01-01T00:00:00+00:00", "until": "soon"},
    [],
    None,
]


@pytest.mark.parametrize("event", UNSOUND, ids=map(str, range(len(UNSOUND))))
def test_unsound_events_are_left_out(event: object) -> None:
    """An event that could not have been is told, and the card comes in without it."""
    value = {"flashcards": 1, "decks": [{"deck": "d", "cards": [
        {"front": "a", "back": "b", "history": {"": [event]}}]}]}  # fmt: skip
    imported = flashcards_json.read_source(ImportSource("x.json", json.dumps(value).encode()))
    assert len(imported.decks[0].notes) == 1
    assert "1 invalid event in its history" in imported.skipped[0].reason


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_nothing_runs_in_a_spreadsheet(text: str) -> None:
    """With --for-spreadsheet no cell begins as a formula does; without, nothing is changed."""
    deck = Deck("=d", (Note(text, f"x\n{text}", "i", (text.strip(),)),))
    (data,) = exporters_csv.render_files(leaving(deck, for_spreadsheet=True)).values()
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not cell.startswith(exporters_csv.FORMULA_STARTS)
    (exact,) = exporters_csv.render_files(leaving(deck)).values()
    assert came(importers_csv.read_source(ImportSource("x.csv", exact)))[0].front == text


def test_hashcards_sees_plain_cards() -> None:
    """Without ids and tags the Markdown has nothing but Q:, A:, C: and rules."""
    deck = Deck("Bio", (Note("a", "b"), Note("The {{cell}}", cloze=True), Note("x", "1\n2")))
    (data,) = markdown.render_files(leaving(deck)).values()
    assert data.decode().split("\n\n---\n") == [
        '---\nname = "Bio"\n---\n\nQ: a\nA: b',
        "\nC: The [cell]",
        "\nQ: x\nA:\n1\n2",
        "",
    ]
