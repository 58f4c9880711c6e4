"""Org files: headings that are cards, with what org-drill and org-fc know of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flashcards.importers.base import ImportedHistory, ImportedReview, ImportedSchedule
from flashcards.importers.org import org_files as org
from sources import imported_histories, left_out, notes, read, sample, sides


def test_org_drill() -> None:
    """Answers below a heading, gaps with hints, two sides; properties are the schedule."""
    imported = org.read_source(sample("drill.org"))
    assert imported.decks[0].name == "Geography"
    assert sides(imported) == [
        ("Capital of France\n\nWhat is the capital of France?", "**Paris**, on the `Seine`"),
        ("Rivers\n\nThe {{c1::Nile::river}} flows through {{c2::Egypt}}.", ""),
        ("Words\n\nla mesa", "the table"),
        ("Just a title", "and its text"),
    ]
    first, _, words, _ = notes(imported)
    assert first.id == "b186ff6c-d31c-45fc-b388-17a3ee768907"
    assert first.tags == ("world", "europe")
    assert words.reverse
    assert imported_histories(imported)[0][""].schedule == ImportedSchedule(date(2024, 5, 2), 14, 236, 3, 1)
    (answer,) = imported_histories(imported)[0][""].reviews
    assert f"{answer.answered_at:%Y-%m-%d %H:%M}" == "2024-04-18 10:54"
    assert left_out(imported) == [("drill.org:43", "its answer is empty")]


def test_org_fc() -> None:
    """A back below its heading, both ways, gaps by number; the table is the schedule."""
    imported = org.read_source(sample("fc.org"))
    group, abelian, sylow = notes(imported)
    assert group.back == "A set with an operation, $a \\cdot b$:\n```python\n* = mul\n```"
    assert (abelian.front, abelian.back, abelian.reverse) == ("abelian", "commutative", True)
    assert sylow.front == ("Sylow\n\nEvery {{c1::finite}} group has a {{c2::Sylow::whose?}} subgroup.")
    one, two, three = imported_histories(imported)
    assert one[""].schedule == ImportedSchedule(date(2024, 6, 1), 31, 235, 5)
    assert two["/r"] == ImportedHistory(
        schedule=ImportedSchedule(date(2024, 5, 27), 1, 220, 1), suspended=True
    )
    assert three == {"/c2": ImportedHistory(schedule=ImportedSchedule(date(2024, 6, 9), 15, 265, 3))}


def test_titles_that_say_nothing() -> None:
    """Templates of org-drill leave "Item" as a title: the question stands below it."""
    imported = read(
        org,
        "* Item :drill:\nWhy?\n** Answer\nBecause.\n* Item :drill:\n:PROPERTIES:\n"
        ":drill_card_type: twosided\n:END:\n** Front\na\n** Back\nb\n",
        "x.org",
    )
    assert sides(imported) == [("Why?", "Because."), ("a", "b")]
    assert notes(imported)[1].reverse


def test_anki_editor() -> None:
    """Headings for Anki: fields below them, and the deck in a property."""
    imported = read(
        org,
        "* Item\n:PROPERTIES:\n:ANKI_NOTE_TYPE: Basic\n:ANKI_DECK: A::B\n:END:\n"
        "** Front\nWhat?\n** Back\nThat.\n",
        "x.org",
    )
    assert imported.decks[0].name == "A::B"
    assert sides(imported) == [("What?", "That.")]


def test_math_in_gaps() -> None:
    """Braces of math inside of a gap end no gap."""
    text = "* Sum :fc:\n:PROPERTIES:\n:FC_TYPE: cloze\n:END:\nIs {{$\\frac{\\vec{a}}{b}$}@0} so?\n"
    (note,) = notes(read(org, text, "x.org"))
    assert note.front == "Sum\n\nIs {{c1::$\\frac{\\vec{a} }{b}$}} so?"


def test_markup() -> None:
    """Org's emphasis, links, lists and quotes are Markdown's."""
    body = (
        "/it/ and +gone+ and ~code~ and a/b/c\n+ item\n- [[https://x.y][there]]\n"
        "[[file:img/cat.png]]\n#+begin_quote\nsaid\n#+end_quote\n| a | b |\n|---+---|\n| 1 | 2 |\n"
    )
    (note,) = notes(read(org, f"* Q :fc:\n{body}", "x.org"))
    assert note.back == (
        "*it* and ~~gone~~ and `code` and a/b/c\n- item\n- [there](https://x.y)\n"
        "![](<img/cat.png>)\n> said\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
    )


def test_org_drill_as_it_is_shown_there() -> None:
    """Remarks are hidden, cards below a card are their own, foot-notes are no gaps."""
    imported = read(
        org,
        "* A river :drill:\n# a remark\nThe [Nile], see [fn:1]\n** Inner :drill:\ntext\n*** More\nend\n",
    )
    assert sides(imported) == [
        ("A river\n\nThe {{Nile}}, see [fn:1]", ""),
        ("Inner\n\ntext", "end"),
    ]


def test_org_drill_of_older_versions() -> None:
    """One property with the interval, the repeats and the ease."""
    imported = read(
        org,
        "* a :drill:\nSCHEDULED: <2024-05-02 Thu>\n:PROPERTIES:\n:LEARN_DATA: (6.0 3 2.36)\n:END:\nb\n",
    )
    assert imported_histories(imported) == [
        {"": ImportedHistory(schedule=ImportedSchedule(date(2024, 5, 2), 6, 236, 2))}
    ]


SRS = """* {title}
:PROPERTIES:
:ID: river
:END:
:SRSITEMS:
{items}:END:
{body}
"""
TABLE = """#+NAME: srsitem:river::{name}
| ! | timestamp            | rating | stability | difficulty | state   |
|---+----------------------+--------+-----------+------------+---------|
|   | 2026-10-01T08:00:00Z |        |       0.0 |        0.0 | :new    |
|   | 2026-10-01T08:01:00Z | :again |       0.4 |        5.0 | :learning |
|   | 2026-10-07T08:00:00Z | :good  |       3.0 |        5.0 | :review |
| * | 2026-10-27T08:00:00Z |        |           |            |         |
"""


def test_org_srs_cards() -> None:
    """All answers come along, and the day that the starred row names; both items, both ways."""
    items = TABLE.format(name="card::back") + "#+NAME: srsitem:river::card::front\n"
    imported = read(org, SRS.format(title="Longest river", items=items, body="Nile"), "x.org")
    assert sides(imported) == [("Longest river", "Nile")]
    assert notes(imported)[0].reverse
    (found,) = imported_histories(imported)
    assert found == {
        "": ImportedHistory(
            [
                ImportedReview("river card::back 2026-10-01T08:01:00Z",
                           datetime(2026, 10, 1, 8, 1, tzinfo=UTC), 1),
                ImportedReview("river card::back 2026-10-07T08:00:00Z",
                           datetime(2026, 10, 7, 8, tzinfo=UTC), 4),
            ],
            ImportedSchedule(date(2026, 10, 27), 20, repetitions=1),
        )
    }  # fmt: skip
    below = "asks\n** Back\nb\n", "** Front\nasks\n** Back\nb\n"
    for body in below:
        plain = SRS.format(title="T", items="#+NAME: srsitem:river\n", body=body)
        ((front, back),) = sides(read(org, plain, "x.org"))
        assert (front.endswith("asks"), back) == (True, "b")


def test_org_srs_gaps() -> None:
    """Gaps have names there; each has the answers of its own item."""
    items = TABLE.format(name="cloze::b2")
    body = "The {{a1}{Nile}{river}} is in {{b2}{Egypt}}, code {{c3}{f(x) = {y}}}"
    imported = read(org, SRS.format(title="Rivers", items=items, body=body), "x.org")
    assert sides(imported)[0][0].startswith("Rivers\n\nThe {{c1::Nile::river}} is in {{c2::Egypt}}")
    assert list(imported_histories(imported)[0]) == ["/c2"]
