"""Every file is recognised as what it is, and prose as nothing; no bytes crash or hang a reader."""

from __future__ import annotations

import random
from contextlib import suppress
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from count_calls import HANGS
from flashcards.errors import FlashcardsError
from flashcards.importers import flashcards_json
from flashcards.importers.base import ImportResult, ImportSource
from flashcards.importers.import_formats import load_all_importers, load_importer, recognise_format
from flashcards.importers.shared import deck_collector, source_text
from sources import SAMPLES, sample, text

FORMATS = {
    "anki-notes.txt": "csv",
    "carddown.md": "carddown",
    "cuecards.wcu": "cuecards",
    "drill.org": "org",
    "fc.org": "org",
    "german.csv": "csv",
    "hascard.txt": "hascard",
    "hashcards.md": "markdown",
    "headings.md": "headings",
    "mnemosyne.cards": "mnemosyne",
    "mnemosyne1.xml": "mnemosyne",
    "obsidian.md": "obsidian",
    "quizlet-dashes.txt": "quizlet",
    "quizlet-tabs.txt": "csv",
    "spreadsheet.csv": "csv",
    "supermemo.txt": "supermemo-text",
    "supermemo.xml": "supermemo",
    "tabs-with-faults.txt": "csv",
    "utf16.tsv": "csv",
}
ALL = load_all_importers()
TEXTS = {name: one for name, one in ALL.items() if name != "anki"}


def test_every_sample_is_in_the_table() -> None:
    """A new sample gets its line."""
    assert {path.name for path in SAMPLES.iterdir() if path.is_file()} >= FORMATS.keys()


@pytest.mark.parametrize(("name", "format_"), FORMATS.items(), ids=FORMATS)
def test_samples_are_recognised(name: str, format_: str) -> None:
    """By its content: also when it comes from standard input, without a name."""
    assert recognise_format(sample(name), ALL) == format_
    if not name.endswith(".csv"):
        assert recognise_format(ImportSource("-", sample(name).data), ALL) == format_


@pytest.mark.parametrize("name", FORMATS)
def test_samples_fit_one_format_only(name: str) -> None:
    """No other format claims the file."""
    assert [known for known, one in ALL.items() if one.recognises(sample(name))] == [FORMATS[name]]


PROSE = {
    "a letter": "Dear Ada,\n\nI hope this finds you well: we are fine - all of us.\n\nYours, B.\n",
    "a document": "# Title\n\nText; see [there](x).\n\n- one\n- two\n\n## Next\n\nEnd.\n",
    "a program": "import os\n\n\ndef main() -> None:\n    print(std::cout)\n\n\nmain()\n",
    "a diary": "2024-01-01\nWoke up at 10:30.\nQ was there; A was not.\n\n2024-01-02\nRain.\n",
    "a list": "milk\neggs\nbread\nbutter\n",
    "an org file": "* Heading\nText with [[link][words]].\n** TODO Task\n",
    "a log": "10:00:01 started\n10:00:02 stopped\n10:00:03 started\n",
    "html": "<!DOCTYPE html><html><body><p>Hello</p></body></html>",
    "json": '{"name": "x", "version": 1}',
    "xml": "<?xml version='1.0'?><feed><entry/></feed>",
    "nothing": "",
    "blank": "\n \n\t\n",
}


@pytest.mark.parametrize("content", PROSE.values(), ids=PROSE)
@pytest.mark.parametrize("name", ["x.txt", "x.md", "-"])
def test_prose_is_no_format(content: str, name: str) -> None:
    """What holds no cards is not taken for cards."""
    assert recognise_format(text(content, name), ALL) is None


def read_safely(importer: str, source: ImportSource) -> ImportResult | None:
    """Read a source; only a fault that the message explains may come of it."""
    with suppress(FlashcardsError):
        return load_importer(importer).read_source(source)
    return None


@pytest.mark.parametrize("importer", TEXTS)
@given(data=st.binary(max_size=300))
def test_any_bytes(importer: str, data: bytes) -> None:
    """Whatever the bytes, a reader reads them or says why not."""
    source = ImportSource("x.bin", data)
    TEXTS[importer].recognises(source)
    read_safely(importer, source)


SIGNS = st.lists(
    st.sampled_from([
        "Q:", "A:", "C:", "[x]", "---", "\n", "\n\n", "::", "?", "??", "==", "<!--SR:!", "-->",
        "# ", "* ", ":drill:", ":fc:", ":PROPERTIES:", ":END:", "| a |", "{{", "}}", "\t", ",",
        ";", '"', "1", "#separator:", "#deck:", "<b>", "&", "$", "\\(", "`", "```", "_", "a", "b c",
        "<x>", "</x>", "How well did you know this?", "+++", "#flashcards/x ", "\r",
        "\x00", "'", " - ", "🧠", "2",
    ]),
    max_size=40,
).map("".join)  # fmt: skip


@pytest.mark.parametrize("importer", TEXTS)
@given(content=SIGNS)
def test_any_signs(importer: str, content: str) -> None:
    """However the signs of all notations are mixed, no reader fails; and notes have fronts."""
    imported = read_safely(importer, text(content, "x.txt"))
    for deck in imported.decks if imported else ():
        assert deck.name
        assert all(one.note.front.strip() for one in deck.notes)


@pytest.mark.parametrize("name", FORMATS)
def test_files_broken_on_purpose(name: str) -> None:
    """A file with bytes flipped, cut, or doubled is read, or refused with a message."""
    chance = random.Random(name)
    good = sample(name).data
    for _ in range(40):
        data = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        source = ImportSource(name, bytes(data[: chance.randint(1, len(data))]))
        with suppress(FlashcardsError):
            recognise_format(source, ALL)
        read_safely(FORMATS[name], source)


ENDLESS = {
    "stars": "* " + ":drill:" * 60_000 + "!",
    "colons": "a :: " * 60_000,
    "brackets": "C: " + "![" * 100_000 + "[[" * 50_000,
    "backslashes": "C: " + "\\" * 200_000,
    "comments": "x::y " + "<!--SR:" * 40_000,
    "marks": "a : 🧠 " * 30_000,
    "spaces": "# " + " " * 300_000 + "x",
    "carets": "a::b" + " ^" * 100_000 + "!",
    "ticks": "`" * 200_001 + " :: b",
    "highlights": "==a " * 60_000,
    "emphasis": "* x :fc:\n" + "*a /b " * 50_000,
    "math": "* x :fc:\n" + "\\(" * 60_000,
    "quotes": 'a,"' * 80_000,
    "numbers": "1\nQ\nA\n" * 40_000,
    "headings": "*" * 90 + " x :fc:\n" + "** y :fc:\n" * 3_000,
    "nulls": "\x00" * 300_000,
    "digits": "+++\nx = " + "9" * 100_000 + "\n+++\na :: b",
    "rows": "a\t" * 150_000,
}


@HANGS
@pytest.mark.parametrize("content", ENDLESS.values(), ids=ENDLESS)
def test_endless_lines_do_not_hang(content: str) -> None:
    """Signs without their partners, again and again on one line, cost no more than a moment."""
    source = text(content, "x.txt")
    for name, importer in TEXTS.items():
        importer.recognises(source)
        read_safely(name, source)


@pytest.mark.parametrize(
    ("name", "content", "module", "limit"),
    [
        ("x.csv", "a,b\n" * 12, deck_collector, "MAX_NOTES"),
        ("x.md", "a::b c\n\n" * 12, source_text, "MAX_LINES"),
        ("x.org", "* a :drill:\nb\n" * 12, source_text, "MAX_LINES"),
    ],
)
def test_more_than_anyone_has_is_refused_before_memory_is_gone(
    name: str, content: str, module: ModuleType, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to do about it."""
    monkeypatch.setattr(module, limit, 10)
    source = text(content, name)
    with pytest.raises(FlashcardsError, match="Split"):
        ALL[str(recognise_format(source, ALL))].read_source(source)


def test_json_of_millions_of_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted before it is read, as each part costs hundreds of bytes."""
    monkeypatch.setattr(flashcards_json, "MAX_OBJECTS", 10)
    with pytest.raises(FlashcardsError, match="Split"):
        flashcards_json.read_source(text('{"flashcards":1,"decks":[' + "{}," * 12 + "{}]}", "x.json"))


@HANGS
def test_many_colons_cost_their_length() -> None:
    """What is no sign of a card is passed without a look at the rest of its line."""
    line = "a " + "`x` {{y}} :::: " * 60_000
    ALL["obsidian"].read_source(text(line, "x.md"))
