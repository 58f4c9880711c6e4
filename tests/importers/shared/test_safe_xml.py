"""Mnemosyne and SuperMemo: their cards, their schedules; and XML that means harm."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest

from flashcards.errors import FlashcardsError
from flashcards.importers import cuecards, supermemo, supermemo_text
from flashcards.importers.base import (
    ImportedHistory,
    ImportedReview,
    ImportedSchedule,
    ImportSource,
)
from flashcards.importers.mnemosyne import export_files as mnemosyne
from flashcards.importers.shared import safe_zip
from flashcards.importers.shared.safe_xml import parse_xml
from sources import imported_histories, left_out, notes, sample, sides, text


def test_mnemosyne_cards() -> None:
    """Facts by their kinds, tags, schedules, answers, and the pictures in the archive."""
    imported = mnemosyne.read_source(sample("mnemosyne.cards"))
    assert imported.decks[0].name == "French words"
    assert sides(imported) == [
        ("le chien", "the dog"),
        ("le chat ![](media/chat.png)", "the cat"),
        ("l'oiseau\n\n/lwa.zo/", "the bird"),
        ("{{c1::Paris::city}} is the capital of {{c2::France}}", ""),
    ]
    first, second, _, gaps = notes(imported)
    assert (first.id, first.tags) == ("f1", ("France::Words",))
    assert (second.reverse, gaps.cloze) == (True, True)
    one, two, three, four = imported_histories(imported)
    answer = ImportedReview("c1 1704067200", datetime(2024, 1, 1, tzinfo=UTC), 4, 6000)
    assert one == {"": ImportedHistory((answer,), ImportedSchedule(date(2024, 1, 15), 14, 246, 3, 1))}
    assert two == {"/r": ImportedHistory(schedule=ImportedSchedule(date(2024, 1, 7), 6, 270, 2))}
    assert three == {}
    assert four == {"/c2": ImportedHistory(schedule=ImportedSchedule(date(2024, 1, 2), 1, 230, 1))}
    assert list(imported.media) == ["chat.png"]
    assert left_out(imported) == [("mnemosyne.cards:10", "its answer is empty")]


def test_mnemosyne_1() -> None:
    """Items and their inverses; days counted from a first one."""
    imported = mnemosyne.read_source(sample("mnemosyne1.xml"))
    assert sides(imported) == [("cell & nucleus", "**life**"), ("one way", "only")]
    assert notes(imported)[0].tags == ("Biology",)
    assert notes(imported)[0].reverse
    assert imported_histories(imported)[0] == {
        "": ImportedHistory(schedule=ImportedSchedule(date(2024, 1, 25), 14, 260, 3))
    }


def test_mnemosyne_1_with_an_inverse_of_its_own() -> None:
    """An item that is not just the other one turned round is a note of its own."""
    imported = mnemosyne.read_source(
        text(
            "<mnemosyne><item id='0'><Q>a?</Q><A>a</A></item>"
            "<item id='0.inv'><Q>picture</Q><A>a</A></item></mnemosyne>",
            "x.xml",
        )
    )
    assert sides(imported) == [("a?", "a"), ("picture", "a")]
    assert not any(note.reverse for note in notes(imported))


def test_cuecards() -> None:
    """Questions and answers in attributes."""
    imported = cuecards.read_source(sample("cuecards.wcu"))
    assert sides(imported) == [("H₂O", "water"), ("NaCl", "salt, & more")]
    assert left_out(imported) == [("cuecards.wcu:5", "its answer is empty")]


def test_supermemo_text() -> None:
    """Several lines of each side; what was learned, if anything was."""
    imported = supermemo_text.read_source(sample("supermemo.txt"))
    assert sides(imported) == [
        ("Who wrote\nthe Iliad?", "Homer\n(so they say)"),
        ("1 < 2?", "yes"),
        ("And the Odyssey?", "Homer, too\ngoes on here"),
    ]
    given_schedule = ImportedSchedule(date(2007, 4, 1), 429, 270, 8, 1)
    assert imported_histories(imported) == [{"": ImportedHistory(schedule=given_schedule)}, {}, {}]


def test_supermemo() -> None:
    """Items in the decks of their topics, with interval, repetitions and lapses."""
    imported = supermemo.read_source(sample("supermemo.xml"))
    assert [deck.name for deck in imported.decks] == ["Biology", "supermemo"]
    assert sides(imported) == [("What is ATP?", "Adenosine **triphosphate**"), ("1 + 1?", "2")]
    assert imported_histories(imported)[0] == {
        "": ImportedHistory(schedule=ImportedSchedule(date(2024, 7, 22), 17, 225, 3, 1))
    }
    assert left_out(imported) == [("supermemo.xml:21", "its answer is empty")]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><mnemosyne>&b;</mnemosyne>'
HOSTILE = {
    "entities": (LAUGHS, "entities"),
    "files": ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "entities"),
    "depth": ("<a>" * 100_000, "levels deep"),
    "torn": ("<mnemosyne><item>", "x.xml:1:"),
    "unknown entity": ("<x>&nope;</x>", "invalid XML"),
    "empty": ("", "invalid XML"),
}


@pytest.mark.parametrize(("content", "told"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_xml_is_refused(content: str, told: str) -> None:
    """Entities, depth and torn files are told with their place; nothing is expanded or opened."""
    with pytest.raises(FlashcardsError, match=told) as error:
        parse_xml(text(content, "x.xml"))
    assert "root:" not in str(error.value)


def test_declared_encodings() -> None:
    """What the declaration says counts; without it, what the bytes say."""
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><x>é</x>'.encode("latin-1")
    wide = "<x>é</x>".encode("utf-16")
    for data in (latin, wide, "<x>é\x01</x>".encode()):
        assert parse_xml(ImportSource("x.xml", data)).text == "é"


def packed(content: bytes, name: str = "cards.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return file.getvalue()


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that unpacks to more than a cap is refused before it is in memory."""
    monkeypatch.setattr(safe_zip, "MAX_ENTRY_BYTES", 5_000_000)
    with pytest.raises(FlashcardsError, match="may be malicious"):
        mnemosyne.read_source(ImportSource("x.cards", packed(b"\0" * 20_000_000)))


def test_broken_archives_are_told() -> None:
    """Torn, flipped, or without its cards: a message each, no traceback."""
    good = sample("mnemosyne.cards").data
    flipped = bytearray(good)
    flipped[60] ^= 0xFF
    for data in (good[:200], bytes(flipped), packed(b"x", "other.txt"), b"PK"):
        with pytest.raises(FlashcardsError):
            mnemosyne.read_source(ImportSource("x.cards", data))


def test_a_package_whose_table_lies_is_told() -> None:
    """The zip's own table can say anything: places before the file, sizes, ways of packing."""
    whole = bytearray(sample("mnemosyne.cards").data)
    start = whole.index(b"PK\x01\x02")
    for place in range(start, len(whole)):
        torn = bytes(whole[:place]) + bytes([whole[place] ^ 0xFF]) + bytes(whole[place + 1 :])
        with suppress(FlashcardsError):
            mnemosyne.read_source(ImportSource("x.cards", torn))


@pytest.mark.parametrize(
    ("factor", "ease"),
    [("5,701", 288), ("1.2", 130), ("0", 130), ("99", 330), ("", 250), ("nan", None)],
)
def test_supermemos_factors_are_of_another_scale(factor: str, ease: int | None) -> None:
    """From 1.2 to 6.9 there, from 1.30 to 3.30 here; with a comma, too."""
    source = text(
        "<SuperMemoCollection><SuperMemoElement><Type>Item</Type><Content><Question>q</Question>"
        "<Answer>a</Answer></Content><LearningData><Interval>9</Interval><Repetitions>2"
        "</Repetitions><Lapses>0</Lapses><LastRepetition>19.09.2022</LastRepetition>"
        f"<AFactor>{factor}</AFactor></LearningData></SuperMemoElement></SuperMemoCollection>"
    )
    (found,) = imported_histories(supermemo.read_source(source))
    given_schedule = found[""].schedule if found else None
    assert (given_schedule.ease if given_schedule else None) == ease
