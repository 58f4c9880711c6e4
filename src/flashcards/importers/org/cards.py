"""Convert org headings to notes."""

import re
from collections.abc import Mapping
from dataclasses import replace

from flashcards.core.cards import Note
from flashcards.core.cloze_brackets import separate_double_braces
from flashcards.importers.base import ImportedHistory, card_suffixes
from flashcards.importers.org.markup import org_line_to_markdown, org_to_markdown
from flashcards.importers.org.outline import OrgHeading
from flashcards.importers.org.schedule import drill_schedule, fc_schedules, last_drill_review
from flashcards.importers.org.srs import SRS_DRAWERS, card_histories, convert_gaps, parse_items
from flashcards.importers.shared.source_text import join_paragraphs, valid_note_id

BACK_TITLES = frozenset({"back", "answer", "rückseite", "antwort", "ответ", "réponse"})
FRONT_TITLES = frozenset({"front", "question", "text"})
EMPTY_TITLES = frozenset({"item", "card", "question", "drill", "drill entry", "fact", "flashcard"})
"""Titles without meaning, left from templates."""
CARD_TAGS = frozenset({"drill", "fc"})
IGNORED_TAGS = CARD_TAGS | {"suspended", "leech"}
DRILL_GAP = re.compile(r"(?<!\[)\[(?!\[)([^\[\]\n|]+)(?:\|{1,2}([^\[\]\n|]*))?\](?![\[(\]])")
FC_GAP = re.compile(r"\{\{((?:\$[^$\n]+\$|[^{}$\n])+)\}(?:\{([^{}\n]*)\})?(?:@(\d{1,3}))?\}")
ANKI_GAP = re.compile(r"\{\{c\d{1,3}::")
NOT_A_GAP = re.compile(r"\[\d{4}-\d{2}-\d{2}|\[[ X-]\]|\[\d*[/%]|\[fn:")


def is_card(heading: OrgHeading) -> bool:
    """Recognise a card by its tags, properties or drawer."""
    return bool(
        CARD_TAGS & set(heading.tags)
        or heading.property_value("ANKI_NOTE_TYPE")
        or heading.property_value("FC_TYPE")
        or _srs_drawer(heading)
    )


def _srs_drawer(heading: OrgHeading) -> list[str]:
    return next((heading.drawers[name] for name in SRS_DRAWERS if heading.drawers.get(name)), [])


def note_from_heading(
    heading: OrgHeading, tags: tuple[str, ...]
) -> tuple[Note, Mapping[str, ImportedHistory]]:
    """Return a heading's note, which may lack a side, and its cards' histories."""
    own = tuple(dict.fromkeys((*tags, *(tag for tag in heading.tags if tag not in IGNORED_TAGS))))
    heading = replace(heading, children=[c for c in heading.children if not is_card(c)])
    if drawer := _srs_drawer(heading):
        return _srs_note(heading, own, drawer)
    note = _fc_note(heading, own) if "fc" in heading.tags else _drill_note(heading, own)
    return note, _card_histories(heading, note)


def _srs_note(
    heading: OrgHeading, tags: tuple[str, ...], drawer: list[str]
) -> tuple[Note, Mapping[str, ImportedHistory]]:
    """Return the note of an org-srs heading and its cards' histories."""
    items = parse_items(drawer)
    named = {child.title.casefold(): child for child in heading.children}
    title, body = org_line_to_markdown(heading.title), org_to_markdown(heading.body)
    text, keys = convert_gaps(join_paragraphs(body, _render_headings(heading.children)))
    if keys:
        note = _make_note(heading, tags, join_paragraphs(title, text), "")._replace(cloze=True)
    elif "back" in named:
        front = _body_and_children(named["front"]) if "front" in named else join_paragraphs(title, body)
        note = _make_note(heading, tags, front, _body_and_children(named["back"]))
    else:
        note = _make_note(heading, tags, title, text)
    if "card::front" in {item.name for item in items} and not keys:
        note = note._replace(reverse=True)
    return note, dict(card_histories(note.id or note.front, items, keys))


def _make_note(heading: OrgHeading, tags: tuple[str, ...], front: str, back: str) -> Note:
    return Note(front, back, id=valid_note_id(heading.property_value("ID")), tags=tags, line=heading.line)


def _fc_note(heading: OrgHeading, tags: tuple[str, ...]) -> Note:
    """Return the note of an org-fc heading, whose back may be a subheading."""
    kind = heading.property_value("FC_TYPE").casefold()
    title, body = org_line_to_markdown(heading.title), org_to_markdown(heading.body)
    back = next((c for c in heading.children if c.title.casefold() in BACK_TITLES), None)
    if kind == "cloze" or (not kind and FC_GAP.search(body)):
        text = FC_GAP.sub(_convert_fc_gap, join_paragraphs(title, body))
        return _make_note(heading, tags, text, _render_headings(heading.children))._replace(cloze=True)
    if back:
        others = [child for child in heading.children if child is not back]
        front = join_paragraphs(title, body)
        back_text = join_paragraphs(_body_and_children(back), _render_headings(others))
    else:
        front, back_text = title, join_paragraphs(body, _render_headings(heading.children))
    note = _make_note(heading, tags, front, back_text)
    return note._replace(
        reverse=True if kind in {"double", "vocab"} else None, typed=True if kind == "text-input" else None
    )


def _convert_fc_gap(match: re.Match[str]) -> str:
    number = f"c{int(match[3]) + 1}" if match[3] else ""
    hint = f"::{match[2]}" if match[2] else ""
    text = separate_double_braces(match[1])
    if not number and not hint:
        return "{{" + text + "}}"
    return "{{" + f"{number or f'c{match.start() % 900 + 1}'}::{text}{hint}" + "}}"


def _drill_note(heading: OrgHeading, tags: tuple[str, ...]) -> Note:
    """Return the note of an org-drill or anki-editor heading."""
    kind = heading.property_value("DRILL_CARD_TYPE").casefold()
    body = org_to_markdown(heading.body)
    bare_title = heading.title.casefold() in EMPTY_TITLES and (body or heading.children)
    title = "" if bare_title else org_line_to_markdown(heading.title)
    named = {child.title.casefold(): child for child in heading.children}
    front = next((named[name] for name in named if name in FRONT_TITLES), None)
    if front:
        rest = [child for child in heading.children if child is not front]
        note = _make_note(heading, tags, _body_and_children(front), _render_headings(rest, bare=True))
        both = True if kind == "twosided" else None
        return note._replace(cloze=bool(ANKI_GAP.search(note.front)), reverse=both)
    if kind in {"twosided", "multisided"} and len(heading.children) > 1:
        first, second, *rest = heading.children
        question = join_paragraphs(title, body, _body_and_children(first))
        answer = join_paragraphs(_body_and_children(second), _render_headings(rest))
        note = _make_note(heading, tags, question, answer)
        return note._replace(reverse=True if kind == "twosided" else None)
    if ANKI_GAP.search(body):
        return _make_note(heading, tags, body, _render_headings(heading.children))._replace(cloze=True)
    if _has_drill_gap(body) and (not heading.children or "cloze" in kind):
        text = join_paragraphs(title, _convert_drill_gaps(body))
        return _make_note(heading, tags, text, _render_headings(heading.children))._replace(cloze=True)
    if heading.children:
        back = _render_headings(heading.children, bare=len(heading.children) == 1)
        return _make_note(heading, tags, join_paragraphs(title, body), back)
    return _make_note(heading, tags, title, body)


def _has_drill_gap(text: str) -> bool:
    return any(not NOT_A_GAP.match(found[0]) for found in DRILL_GAP.finditer(text))


def _convert_drill_gaps(text: str) -> str:
    hinted = any(found[2] for found in DRILL_GAP.finditer(text))
    number = 0

    def gap(found: re.Match[str]) -> str:
        nonlocal number
        if NOT_A_GAP.match(found[0]):
            return found[0]
        number += 1
        hint = f"::{found[2]}" if found[2] else ""
        return "{{" + (f"c{number}::" if hinted else "") + f"{found[1]}{hint}" + "}}"

    return DRILL_GAP.sub(gap, text)


def _body_and_children(heading: OrgHeading) -> str:
    return join_paragraphs(org_to_markdown(heading.body), _render_headings(heading.children))


def _render_headings(headings: list[OrgHeading], *, bare: bool = False) -> str:
    """Render headings and their subheadings, without those that are cards.

    With `bare`, the titles of the first level are left out.
    """
    parts = list[str]()
    for heading in (found for found in headings if not is_card(found)):
        title = "" if bare or heading.title.casefold() in BACK_TITLES else heading.title
        parts += [f"**{org_line_to_markdown(title)}**" if title else "", org_to_markdown(heading.body)]
        for inner in heading.descendants(is_card):
            parts += [f"**{org_line_to_markdown(inner.title)}**", org_to_markdown(inner.body)]
    return join_paragraphs(*parts)


def _card_histories(heading: OrgHeading, note: Note) -> Mapping[str, ImportedHistory]:
    suspended = "suspended" in heading.tags
    suffixes = card_suffixes(note)
    if "REVIEW_DATA" in heading.drawers:
        schedules = fc_schedules(heading.drawers["REVIEW_DATA"])
        places = ["front", "back"] if not note.cloze else [str(i) for i in range(len(suffixes))]
        by_name = {name: schedules.get(place) for name, place in zip(suffixes, places, strict=False)}
    else:
        by_name = dict.fromkeys(suffixes, drill_schedule(heading))
    review = last_drill_review(heading)
    histories = {}
    for name, schedule in by_name.items():
        if schedule or suspended or review:
            reviews = [review] if review and name == suffixes[0] else ()
            histories[name] = ImportedHistory(reviews, schedule, suspended=suspended)
    return histories
