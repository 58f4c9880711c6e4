"""Tables of notes: Anki's text export, spreadsheets, and what people paste."""

from __future__ import annotations

import pytest

from count_calls import HANGS
from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportSource, TableOptions
from flashcards.importers.csv import tables as importers_csv
from sources import left_out, notes, read, sample, sides, text


def test_ankis_text_export() -> None:
    """Its header says what each column is: ids, kinds, decks and tags come in, HTML is read."""
    imported = importers_csv.read_source(sample("anki-notes.txt"))
    assert [deck.name for deck in imported.decks] == ["Spanish::Animals", "Spanish"]
    dog, cat, greeting, table = notes(imported)
    assert (dog.front, dog.back, dog.tags) == ("el perro", "the **dog**", ("animals", "noun"))
    assert (cat.back, cat.id, cat.reverse) == ('the cat\n"meow"', "J(2m;w", True)
    assert (greeting.front, greeting.cloze) == ("Buenos {{c1::días::time}} y {{c2::noches}}", True)
    assert table.front == "![](media/mesa.jpg)"
    assert table.back == "the table & chairs [♪ mesa.mp3](media/mesa.mp3)"
    assert left_out(imported) == [("anki-notes.txt:11", "it has 4 fields; front and back need two")]


def test_tabs_with_faults_among_them() -> None:
    """Comments are passed, more fields go below the answer, too few and an empty front are told."""
    imported = importers_csv.read_source(sample("tabs-with-faults.txt"))
    assert sides(imported)[4:] == [("多すぎる", "too many\n\nfields"), ("遊ぶ", "")]
    assert left_out(imported) == [
        ("tabs-with-faults.txt:8", "it has 1 field; front and back need two"),
        ("tabs-with-faults.txt:10", "its front is empty"),
    ]


def test_an_id_that_a_deck_cannot_hold_is_the_same_each_time() -> None:
    """A slash in Anki's id makes another id, and always the same one."""
    one, two = (notes(importers_csv.read_source(sample("anki-notes.txt")))[0].id for _ in range(2))
    assert one == two
    assert "/" not in one


def test_a_spreadsheet_with_a_header() -> None:
    """Quotes, commas and new lines in them; what has no known name goes below the answer."""
    imported = importers_csv.read_source(sample("spreadsheet.csv"))
    assert sides(imported) == [
        ("What is, in a word, love?", "A feeling\nthat lasts"),
        ("2+2", "4\n\nNotes: easy"),
    ]
    assert [note.tags for note in notes(imported)] == [("abstract",), ("math", "arithmetic")]
    assert left_out(imported) == [
        ("spreadsheet.csv:5", "its front is empty"),
        ("spreadsheet.csv:6", "it has 1 field; front and back need two"),
    ]
    assert "Notes" in imported.remarks[0]


def test_western_bytes_are_said() -> None:
    """A file that is no UTF-8 is read as Windows-1252, and the report says so."""
    imported = importers_csv.read_source(sample("german.csv"))
    assert sides(imported) == [('Was heißt "Tür"?', "door"), ("Straße", "street")]
    assert "Windows-1252" in imported.remarks[0]


TABLE = "собака\tdog\nкошка\tcat\n"


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        b"\xfe\xff" + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-32"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "le", "be", "utf-32", "crlf", "cr"],
)
def test_every_encoding(data: bytes) -> None:
    """UTF-8, UTF-16 either way, UTF-32, with a mark or without; any line ends."""
    source = ImportSource("words.txt", data)
    assert importers_csv.recognises(source)
    assert sides(importers_csv.read_source(source)) == [("собака", "dog"), ("кошка", "cat")]


@pytest.mark.parametrize("sign", ["\t", ";", ",", "|"], ids=["tab", "semicolon", "comma", "bar"])
def test_separators_are_found_out(sign: str) -> None:
    """Whatever parts the columns most evenly is the separator."""
    rows = [("one, or 1", "eins; ein"), ("two", "zwei"), ("three | 3", "drei")]
    lines = [sign.join(f'"{field}"' for field in row) for row in rows]
    assert sides(read(importers_csv, "\n".join(lines), "x.csv")) == rows


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("#separator:Semicolon\n", "a;b"),
        ("#separator:|\n", "a|b"),
        ("#separator:Colon\n#html:false\n", "a:b"),
        ("#separator: \n", "a b"),
    ],
)
def test_separators_that_are_said(header: str, row: str) -> None:
    """Anki's names for separators, and signs of one's own."""
    assert sides(read(importers_csv, header + row)) == [("a", "b")]


def test_columns_by_name_and_by_number() -> None:
    """#columns names them, "#tags column" and the like count them, #tags and #deck are for all."""
    imported = read(
        importers_csv,
        "#separator:comma\n#html:false\n#columns:Text,Back Extra,Source\n#deck:A::B\n#tags:x y\n"
        "#notetype:Cloze\n# a comment\n{{c1::Rome}} fell,in 476,Gibbon\n",
    )
    (note,) = notes(imported)
    assert imported.decks[0].name == "A::B"
    assert note.cloze
    assert note.back == "in 476\n\nSource: Gibbon"
    assert note.tags == ("x", "y")


def test_rows_shorter_and_longer_than_the_header() -> None:
    """Missing columns are empty, and those beyond the header stand below the answer."""
    imported = read(importers_csv, "front,back,tags,id\na,b\nc,d,t\ne,f,,own,more,\ng\n", "x.csv")
    assert [(note.back, note.tags, note.id) for note in notes(imported)] == [
        ("b", (), ""),
        ("d", ("t",), ""),
        ("f\n\nmore", (), "own"),
    ]
    assert [skipped.reason for skipped in imported.skipped] == ["it has 1 field; front and back need two"]


def test_lines_that_only_look_like_settings() -> None:
    """A comment among Anki's lines is no row; a header may begin with #."""
    assert sides(read(importers_csv, "#separator:tab\n#word column:6\na\tb\n#c\td\n")) == [("a", "b")]
    assert sides(read(importers_csv, "\ufeff#front;back;tags\na;b;c\n")) == [("a", "b")]


def test_optional_reversed_cards() -> None:
    """Anki's kind of note that is asked both ways when its third field says something."""
    head = "#separator:tab\n#html:true\n#notetype column:1\n"
    kind = "Basic (optional reversed card)"
    both, one = notes(read(importers_csv, f"{head}{kind}\ta\tb\ty\n{kind}\tc\td\t\n"))
    assert (both.reverse, both.back) == (True, "b")
    assert (one.reverse, one.back) == (None, "d")


def test_html_is_told_from_text() -> None:
    """Without a header, line breaks as Anki writes them tell HTML; other angles are text."""
    imported = read(importers_csv, "a &amp; b\tone<br>two\n")
    assert sides(imported) == [("a & b", "one\ntwo")]
    assert "#html:false" in imported.remarks[0]
    assert sides(read(importers_csv, "a < b\tif x > y & z\n")) == [("a < b", "if x > y & z")]


def test_a_table_about_html_stays_text() -> None:
    """In a spreadsheet a tag may be what a card is about."""
    assert sides(read(importers_csv, "front,back\n</b>,ends bold\n", "x.csv")) == [("</b>", "ends bold")]


def test_our_table_as_a_spreadsheet_gives_it_back() -> None:
    """Columns moved or taken out, capitals, other separators: it is still ours."""
    imported = read(
        importers_csv,
        "DECK;Front;back;id;cloze;tags\nD;a {{b}};;x;TRUE;p q, r\nD;<br>;*c*;y;;\n",
        "x.csv",
    )
    one, two = notes(imported)
    assert (one.front, one.cloze, one.id, one.tags) == ("a {{b}}", True, "x", ("p q", "r"))
    assert (two.front, two.back) == ("<br>", "*c*")


def test_a_quote_without_its_partner_costs_no_other_row() -> None:
    """The row is taken as it stands, and so are all that follow."""
    content = 'front,back\n"open,one\ntwo,"2"\nthree,3 "inch"\n'
    assert sides(read(importers_csv, content, "x.csv")) == [
        ('"open', "one"),
        ("two", "2"),
        ("three", '3 "inch"'),
    ]


def test_an_open_quote_in_a_large_file() -> None:
    """It eats neither the file nor the time."""
    rows = "".join(f"word {n},meaning {n}\n" for n in range(20_000))
    imported = read(importers_csv, f'front,back\n"never closed,x\n{rows}', "x.csv")
    assert len(notes(imported)) == 20_001


def test_rows_without_columns_are_told() -> None:
    """A file that has no second column is a fault with its remedy."""
    with pytest.raises(FlashcardsError, match="--separator"):
        read(importers_csv, "just\nwords\n", "x.csv")


def test_nul_bytes_are_left_out() -> None:
    """NUL characters do no harm."""
    imported = read(importers_csv, "a\x00b\tc\n")
    assert sides(imported) == [("ab", "c")]
    assert "NUL" in imported.remarks[0]


@HANGS
def test_one_endless_line() -> None:
    """A line of many megabytes is skipped with its place, and the next one comes in."""
    source = text("front,back\n" + "x" * 5_000_000 + ",y\na,b\n", "x.csv")
    imported = importers_csv.read_source(source)
    assert sides(imported) == [("a", "b")]
    assert left_out(imported)[0][0] == "x.csv:2"


@pytest.mark.full
@HANGS
def test_a_million_rows() -> None:
    """A million rows come in."""
    rows = "".join(f"word {n}\tmeaning {n}\n" for n in range(1_000_000))
    assert len(notes(read(importers_csv, rows))) == 1_000_000


@HANGS
def test_a_hundred_thousand_rows() -> None:
    """A hundred thousand rows come in, each for a few calls."""
    rows = "".join(f"word {n}\tmeaning {n}\n" for n in range(100_000))
    assert len(notes(read(importers_csv, rows))) == 100_000


@pytest.mark.parametrize("names", ["English,Spanish", "Word,Deutsch", "Kanji,Meaning"])
def test_names_of_languages_are_no_card(names: str) -> None:
    """What no other row is made of names the columns, and that is told."""
    imported = read(importers_csv, f"{names}\ndog,perro\ncat,gato\n", "words.csv")
    assert sides(imported) == [("dog", "perro"), ("cat", "gato")]
    assert "--no-header" in imported.remarks[0]
    among_others = "English,French\nGerman,Spanish\nLatin,Greek\n"
    assert len(sides(read(importers_csv, among_others, "words.csv"))) == 3


def test_a_likely_header_comes_in_and_is_told() -> None:
    """A card that should be none is seen in the report; a card that is lost would not be."""
    imported = read(importers_csv, "Begriff,Sinn\nhund,ein tier\nkatze,noch ein tier\n", "words.csv")
    assert sides(imported)[0] == ("Begriff", "Sinn")
    assert "--header" in imported.remarks[0]


@pytest.mark.parametrize(
    "rows",
    [
        "Paris,France\nRome,Italy\nOslo,Norway\n",
        "answer,réponse\nword,mot\n",
        "dog,perro\ncat,gato\n",
        "Dog,Perro\n",
    ],
)
def test_a_first_row_like_the_others_is_a_card(rows: str) -> None:
    """And nothing is said of it."""
    imported = read(importers_csv, rows, "words.csv")
    assert len(sides(imported)) == rows.count("\n")
    assert not imported.remarks


@pytest.mark.parametrize(("header", "many"), [(True, 1), (False, 2), (None, 1)])
def test_a_person_knows_whether_there_is_a_header(header: bool | None, many: int) -> None:  # noqa: FBT001
    """What is said counts more than any name."""
    source = ImportSource("w.csv", b"front,back\na,b\n", TableOptions(has_header=header))
    assert len(sides(importers_csv.read_source(source))) == many
    source = ImportSource("w.csv", b"x,y\na,b\n", TableOptions(has_header=header))
    assert len(sides(importers_csv.read_source(source))) == (1 if header else 2)


def test_settings_of_anki_among_remarks_and_in_the_old_form() -> None:
    """Lines with # are passed; "tags:" in the first line, and no sign that parts nothing."""
    imported = read(importers_csv, "#\n# mine\n#tags:foo bar\n#separator:,\nf,b\n#gone,x\n")
    assert [note.tags for note in notes(imported)] == [("foo", "bar")]
    assert [note.tags for note in notes(read(importers_csv, "tags:x\nf,b\n"))] == [("x",)]
    assert sides(read(importers_csv, "#separator:foo\nf;b\n")) == [("f", "b")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_do(end: str) -> None:
    """As Unix, Windows and old Macs have it, in quotes and outside; lines are counted so."""
    imported = read(importers_csv, f'a\tb{end}"c{end}d"\te{end}"lone\tf{end}g{end}', "x.tsv")
    assert sides(imported)[:2] == [("a", "b"), ("c\nd", "e")]
    assert left_out(imported)[-1][0] == "x.tsv:5"
