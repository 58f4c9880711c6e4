"""The page of figures: the same numbers as the JSON, and nothing that could do harm or call out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from flashcards.cli.output.stats_json import stats_json
from flashcards.core.stats.compute_statistics import Statistics
from flashcards.core.stats.definition_texts import DEFINITIONS
from flashcards.html_report.page import page_sections, render_page
from statistics_figures import EMPTY, HOSTILE, MADE, NASTY, year_in

VOID = {"meta", "link"}


@dataclass
class Read(HTMLParser):
    """A page as a program reads it: elements, ids, and the tables of its sections."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    tables: dict[str, list[list[tuple[str, str]]]] = field(default_factory=dict)
    """Rows by section; a cell is its text and the value of its <data>."""
    values: dict[str, str] = field(default_factory=dict)
    """Figures in large letters, by label."""
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._section = self._label = self._value = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self._section = found.get("id") or ""
        elif tag == "tr":
            self.tables.setdefault(self._section, []).append([])
        elif tag in ("th", "td", "dt"):
            self._text = self._value = ""
        elif tag == "data":
            self._value = found["value"] or ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in ("th", "td"):
            self.tables[self._section][-1].append((" ".join(self._text.split()), self._value))
        elif tag == "dt":
            self._label = self._text
        elif tag == "b" and self._label:
            self.values[self._label] = self._value
            self._label = ""


def read(text: str) -> Read:
    found = Read()
    found.feed(text)
    assert not found.open, "an element was not closed"
    return found


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Statistics:
    """Return the figures of a made-up year."""
    return year_in(tmp_path_factory.mktemp("year"))


def numbers(rows: list[list[tuple[str, str]]]) -> list[tuple[str, ...]]:
    """Return the values of a table's rows, without its header; text where there is no value."""
    return [tuple(value or text for text, value in row) for row in rows[1:]]


def told(*values: Any) -> tuple[str, ...]:
    """Return values of the JSON as the page writes them."""
    return tuple("–" if value is None else f"{value}" for value in values)


def test_its_numbers_are_those_of_the_json(year: Statistics) -> None:
    """Every table has, row by row, what `stats --json` has."""
    json, found = stats_json(year), read(render_page(year, *MADE))
    tables = {name: numbers(rows) for name, rows in found.tables.items()}
    assert tables["heatmap"] == [
        told(day["date"], day["reviews"]) for day in json["heatmap"][::-1] if day["reviews"]
    ]
    assert tables["retention"] == [
        told(week["week"], week["retention"]["all"], week["retention"]["young"],
             week["retention"]["mature"], week["tests"]["tests"])
        for week in json["weeks"][::-1] if week["tests"]["tests"]
    ]  # fmt: skip
    assert tables["minutes"] == [
        told(week["week"], week["minutes"], week["reviews"], week["new"]) for week in json["weeks"][::-1]
    ]
    assert tables["calibration"] == [
        told(rating, share["share"], share["predicted"], share["tests"])
        for rating, share in json["calibration"].items()
    ]
    assert [row[:2] for row in tables["ratings"]] == [told(*r) for r in json["ratings"].items()]
    assert tables["forecast"] == [told(day["date"], day["due"]) for day in json["forecast"]]
    assert tables["hours"] == [
        told(hour["hour"], hour["reviews"], hour["retention"]["share"])
        for hour in json["hours"] if hour["reviews"]
    ]  # fmt: skip
    assert tables["growth"] == [
        told(month["month"], month["added"], month["learned"], month["known"])
        for month in json["months"][::-1]
    ]
    for name in ("intervals", "eases", "ages"):
        assert tables[name] == [told(f"{bar['from']:g}", bar["cards"]) for bar in json[name]]
    assert [row[:3] for row in tables["hardest"]] == [
        told(card["front"], card["lapses"], card["ease"]) for card in json["hardest"]
    ]
    assert f"flashcards show {json['hardest'][0]['card']}" in tables["hardest"][0]
    for name, what in (("decks", "deck"), ("tags", "tag")):
        fields = (what, "total", "new", "young", "mature", "due", "retention", "reviews", "minutes")
        assert tables[name] == [told(*(row[field] for field in fields)) for row in json[name]]
    assert found.values == {
        "Today": str(json["today"]["reviews"]),
        "Seven days": str(json["week"]["reviews"]),
        "Streak": str(json["streak"]["current"]),
        "Retention": str(json["retention"]["all"]),
        "Cards": str(json["cards"]["total"]),
        "All time": str(json["reviews"]),
    }


def test_every_figure_has_its_sentence(year: Statistics) -> None:
    """What stands on the page is defined on the page, in the words of the help."""
    text = read_text(render_page(year, *MADE))
    shown = set(DEFINITIONS) - {"days"}
    for name in shown:
        assert f"{name.capitalize()} : {DEFINITIONS[name]}." in text, name
    assert {section.name for section in page_sections(year)} <= shown


def read_text(html: str) -> str:
    """Return the words of a page."""
    bare = re.sub(r"<[^>]*>", " ", html.partition("<body>")[2])
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'")):
        bare = bare.replace(entity, sign)
    return " ".join(bare.replace("&amp;", "&").split())


@pytest.mark.parametrize("found", [EMPTY, NASTY], ids=["empty", "hostile"])
def test_nothing_comes_from_elsewhere(found: Statistics) -> None:
    """No script, no style sheet, no picture, no link out; and a policy that would forbid them."""
    html = render_page(found, *MADE, HOSTILE)
    for tag, attributes in read(html).elements:
        assert tag not in {"script", "img", "iframe", "object", "embed", "form", "base", "audio"}
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert attributes.get("href", "#") in {"#", "#figures", "data:,"}
    assert "default-src 'none'" in html
    css = html.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in css
    assert "@import" not in css
    assert "//" not in css


def test_card_text_is_only_text() -> None:
    """Markup, template signs and steering characters arrive as what they are."""
    html = render_page(NASTY, *MADE, HOSTILE)
    assert "onload=alert(1)&gt;" in html
    assert "<svg onload" not in html
    assert "{{ 7 * 7 }}" in html
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
    rows = numbers(read(html).tables["hardest"])
    assert rows[0][0] == "</script><svg onload=alert(1)>\" ' & <1b>[31m <202e>gnp <00> {{ 7 * 7 }}"


@pytest.mark.parametrize("which", ["year", "empty", "hostile"])
def test_it_can_be_read_without_eyes(year: Statistics, which: str) -> None:
    """Each drawing has a name and a description, and its numbers in a table; ids are unique."""
    found = read(render_page({"year": year, "empty": EMPTY, "hostile": NASTY}[which], *MADE))
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in found.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert attributes.get(name, ids[0]) in ids, (tag, attributes)
        if tag == "svg":
            assert attributes["role"] in {"img", "list"}
            assert attributes["aria-labelledby"]
            assert attributes["aria-describedby"]
        if attributes.get("role") == "listitem":
            assert attributes["tabindex"] == "0"
            assert attributes["aria-label"]
    if which == "year":
        assert set(found.tables) == {section.name for section in page_sections(year)}


def luminance(colour: str) -> float:
    """Return how bright a colour is (WCAG 2.2, relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough_in_every_theme() -> None:
    """Text has 4.5 to 1 at least, marks 3 to 1: in light, in dark and on paper."""
    css = files("flashcards.html_report").joinpath("templates", "page.css").read_text("utf-8")
    themes = re.findall(r":root \{([^}]*)\}", css)
    assert len(themes) == 3
    for theme in themes:
        colour = dict(re.findall(r"--([\w]+): (#[0-9a-f]{6});", theme))
        for ground in ("page", "sheet"):
            assert contrast(colour["text"], colour[ground]) >= 4.5
            assert contrast(colour["soft"], colour[ground]) >= 4.5
        for mark in ("bar", "warm", "d1", "d2", "d3", "d4"):
            assert contrast(colour[mark], colour["sheet"]) >= 3, mark


def test_the_page_is_small_for_what_it_holds(year: Statistics) -> None:
    """A year is less than half a megabyte: it can be sent to a friend."""
    assert len(render_page(year, *MADE).encode()) < 500_000


def test_templates_are_part_of_the_package() -> None:
    """What the page is made from is found beside the code, wherever that was put."""
    folder = files("flashcards.html_report").joinpath("templates")
    names = {Path(str(item)).name for item in folder.iterdir()}
    assert {"page.html", "chart.html", "page.css"} <= names
