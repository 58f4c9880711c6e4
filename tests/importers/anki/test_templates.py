"""Anki's templates: what they show, and that no template takes long."""

from __future__ import annotations

import pytest

from count_calls import HANGS
from flashcards.importers.anki.templates import parse_template, remove_question, render_side

FIELDS = {"A": "a", "B": "", "C": "<br>&nbsp;", "K": "漢字[かんじ]"}


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{A}} {{ A }} {{text:A}}", "a a a"),
        ("{{#A}}1{{#B}}2{{/B}}{{^B}}3{{/B}}{{/A}}", "13"),
        ("{{^C}}empty{{/C}}{{#C}}filled{{/C}}", "empty"),
        ("{{ #A }}in{{ /A }}{{Nothing}}", "in"),
        ("<!-- {{A}} -->y<!-- open {{A}}", "y"),
        ("{{#A}}never closed {{A}}", "never closed a"),
        ("{{/A}}x {{", "x {{"),
        ("{{tts en_US voices=x:A}}z", "z"),
        ("{{kanji:K}} {{kana:K}} {{furigana:K}}", "漢字 かんじ 漢字[かんじ]"),
    ],
)
def test_what_a_template_shows(template: str, shown: str) -> None:
    """Fields in their places, sections by what is filled, filters applied."""
    assert render_side(parse_template(template), FIELDS, is_answer=False).html == shown


def test_what_is_not_on_the_question() -> None:
    """A field to type is asked for, a hint is kept for the answer."""
    asked = render_side(parse_template("{{type:A}}{{hint:A}}"), FIELDS, is_answer=False)
    assert (asked.html, asked.is_typed, asked.hints) == ("", True, ["a"])
    assert render_side(parse_template("{{type:A}}"), FIELDS, is_answer=True).html == "a"


@pytest.mark.parametrize(
    ("template", "answer"),
    [
        ("{{FrontSide}}\n<hr id=answer>\n{{Back}}", "\n{{Back}}"),
        ('{{Front}}<hr class="x" id="answer" />{{Back}}', "{{Back}}"),
        ("{{ FrontSide }}{{Back}}", "{{Back}}"),
        ("<hr>{{Back}}", "<hr>{{Back}}"),
    ],
)
def test_the_answer_without_the_question(template: str, answer: str) -> None:
    """What stands behind the line, or all but the front."""
    assert remove_question(template) == answer


@HANGS
@pytest.mark.parametrize("piece", ["{{", "{{ ", "{{#A}}", "<!--", "<hr ", "{{A", " ", "<hr id=", "]["])
def test_no_template_takes_long(piece: str) -> None:
    """Whatever is repeated in it, the time grows with its length only."""
    for template in (piece * 100_000, "{{" + piece * 100_000, "{{kanji:X}}"):
        render_side(parse_template(template), {"X": piece * 100_000}, is_answer=False)
        remove_question(template)
