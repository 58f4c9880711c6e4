"""What an org heading asks: by its kind, its text, and the headings below it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from flashcards.core.cards import SIBLING, Note
from flashcards.core.cloze import keys
from flashcards.core.cloze_brackets import calm
from flashcards.importers.base import BroughtNote, Life
from flashcards.importers.org.markup import line_to_markdown, to_markdown
from flashcards.importers.org.outline import Heading
from flashcards.importers.org.schedule import drill_review, drill_standing, fc_standings
from flashcards.importers.org.srs import DRAWERS, items_of, lives_of, with_gaps
from flashcards.importers.shared.source_text import identifier

BACK_TITLES = frozenset({"back", "answer", "rückseite", "antwort", "ответ", "réponse"})
FRONT_TITLES = frozenset({"front", "question", "text"})
NO_TITLES = frozenset({"item", "card", "question", "drill", "drill entry", "fact", "flashcard"})
"""What people leave as a title that says nothing."""
CARD_TAGS = frozenset({"drill", "fc"})
NO_TAGS = CARD_TAGS | {"suspended", "leech"}
DRILL_GAP = re.compile(r"(?<!\[)\[(?!\[)([^\[\]\n|]+)(?:\|\|([^\[\]\n]*))?\](?![\[(\]])")
FC_GAP = re.compile(r"\{\{((?:\$[^$\n]+\$|[^{}$\n])+)\}(?:\{([^{}\n]*)\})?(?:@(\d{1,3}))?\}")
ANKI_GAP = re.compile(r"\{\{c\d{1,3}::")
TIMESTAMP = re.compile(r"\[\d{4}-\d{2}-\d{2}|\[[ X-]\]|\[\d*[/%]|\[fn:")


def is_card(heading: Heading) -> bool:
    """Tell a heading that is asked: by its tags, its properties, or its drawer."""
    return bool(
        CARD_TAGS & set(heading.tags)
        or heading.said("ANKI_NOTE_TYPE")
        or heading.said("FC_TYPE")
        or _srs_drawer(heading)
    )


def _srs_drawer(heading: Heading) -> list[str]:
    return next((heading.drawers[name] for name in DRAWERS if heading.drawers.get(name)), [])


def card_of(heading: Heading, tags: tuple[str, ...]) -> BroughtNote | str:
    """Return the note of a heading with the lives of its cards, or why there is none."""
    own = tuple(dict.fromkeys((*tags, *(tag for tag in heading.tags if tag not in NO_TAGS))))
    heading = replace(heading, children=[c for c in heading.children if not is_card(c)])
    if drawer := _srs_drawer(heading):
        return _srs(heading, own, drawer)
    note = _fc(heading, own) if "fc" in heading.tags else _drill(heading, own)
    if not note.front:
        return "its question is empty"
    if not note.back and not note.cloze:
        return "its answer is empty"
    return BroughtNote(note, _lives(heading, note))


def _srs(heading: Heading, tags: tuple[str, ...], drawer: list[str]) -> BroughtNote | str:
    """Return the note of an org-srs heading, or why there is none."""
    items = items_of(drawer)
    named = {child.title.casefold(): child for child in heading.children}
    title, body = line_to_markdown(heading.title), to_markdown(heading.body)
    text, keys = with_gaps(_joined(body, _whole(heading.children)))
    if keys:
        note = replace(_note(heading, tags, _joined(title, text), ""), cloze=True)
    elif "back" in named:
        front = _content(named["front"]) if "front" in named else _joined(title, body)
        note = _note(heading, tags, front, _content(named["back"]))
    else:
        note = _note(heading, tags, title, text)
    if not note.front or not (note.back or keys):
        return "its answer is empty" if note.front else "its question is empty"
    if "card::front" in {item.name for item in items} and not keys:
        note = replace(note, reverse=True)
    return BroughtNote(note, dict(lives_of(note.id or note.front, items, keys)))


def _note(heading: Heading, tags: tuple[str, ...], front: str, back: str) -> Note:
    return Note(front, back, id=identifier(heading.said("ID")), tags=tags, line=heading.line)


def _fc(heading: Heading, tags: tuple[str, ...]) -> Note:
    """Return the note of an org-fc heading: compact, or with a heading for its back."""
    kind = heading.said("FC_TYPE").casefold()
    title, body = line_to_markdown(heading.title), to_markdown(heading.body)
    back = next((c for c in heading.children if c.title.casefold() in BACK_TITLES), None)
    if kind == "cloze" or (not kind and FC_GAP.search(body)):
        text = FC_GAP.sub(_fc_gap, _joined(title, body))
        return replace(_note(heading, tags, text, _whole(heading.children)), cloze=True)
    if back:
        others = [child for child in heading.children if child is not back]
        front, back_text = _joined(title, body), _joined(_content(back), _whole(others))
    else:
        front, back_text = title, _joined(body, _whole(heading.children))
    note = _note(heading, tags, front, back_text)
    return replace(
        note,
        reverse=True if kind in {"double", "vocab"} else None,
        typed=True if kind == "text-input" else None,
    )


def _fc_gap(found: re.Match[str]) -> str:
    number = f"c{int(found[3]) + 1}" if found[3] else ""
    hint = f"::{found[2]}" if found[2] else ""
    text = calm(found[1])
    if not number and not hint:
        return "{{" + text + "}}"
    return "{{" + f"{number or f'c{found.start() % 900 + 1}'}::{text}{hint}" + "}}"


def _drill(heading: Heading, tags: tuple[str, ...]) -> Note:
    """Return the note of an org-drill heading, or of one that anki-editor sends to Anki."""
    kind = heading.said("DRILL_CARD_TYPE").casefold()
    body = to_markdown(heading.body)
    bare_title = heading.title.casefold() in NO_TITLES and (body or heading.children)
    title = "" if bare_title else line_to_markdown(heading.title)
    named = {child.title.casefold(): child for child in heading.children}
    front = next((named[name] for name in named if name in FRONT_TITLES), None)
    if front:
        rest = [child for child in heading.children if child is not front]
        note = _note(heading, tags, _content(front), _whole(rest, bare=True))
        both = True if kind == "twosided" else None
        return replace(note, cloze=bool(ANKI_GAP.search(note.front)), reverse=both)
    if kind in {"twosided", "multisided"} and len(heading.children) > 1:
        first, second, *rest = heading.children
        question = _joined(title, body, _content(first))
        note = _note(heading, tags, question, _joined(_content(second), _whole(rest)))
        return replace(note, reverse=True if kind == "twosided" else None)
    if ANKI_GAP.search(body):
        return replace(_note(heading, tags, body, _whole(heading.children)), cloze=True)
    if _has_drill_gap(body) and (not heading.children or "cloze" in kind):
        text = _joined(title, _drill_gaps(body))
        return replace(_note(heading, tags, text, _whole(heading.children)), cloze=True)
    if heading.children:
        bare = len(heading.children) == 1
        return _note(heading, tags, _joined(title, body), _whole(heading.children, bare=bare))
    return _note(heading, tags, title, body)


def _has_drill_gap(text: str) -> bool:
    return any(not TIMESTAMP.match(found[0]) for found in DRILL_GAP.finditer(text))


def _drill_gaps(text: str) -> str:
    hinted = any(found[2] for found in DRILL_GAP.finditer(text))
    number = 0

    def gap(found: re.Match[str]) -> str:
        nonlocal number
        if TIMESTAMP.match(found[0]):
            return found[0]
        number += 1
        hint = f"::{found[2]}" if found[2] else ""
        return "{{" + (f"c{number}::" if hinted else "") + f"{found[1]}{hint}" + "}}"

    return DRILL_GAP.sub(gap, text)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _content(heading: Heading) -> str:
    """Return the text of a heading and of all below it, without its own title."""
    return _joined(to_markdown(heading.body), _whole(heading.children))


def _whole(headings: list[Heading], *, bare: bool = False) -> str:
    """Return headings with all below them; `bare` without the titles of the first level.

    Those that are cards of their own, and what is below them, stay out.
    """
    parts = list[str]()
    for heading in (found for found in headings if not is_card(found)):
        title = "" if bare or heading.title.casefold() in BACK_TITLES else heading.title
        parts += [f"**{line_to_markdown(title)}**" if title else "", to_markdown(heading.body)]
        for inner in heading.below(is_card):
            parts += [f"**{line_to_markdown(inner.title)}**", to_markdown(inner.body)]
    return _joined(*parts)


def _lives(heading: Heading, note: Note) -> Mapping[str, Life]:
    """Return what the schedule of a heading says of each of its cards."""
    asleep = "suspended" in heading.tags
    if note.cloze:
        names = [SIBLING + key for key in keys(note.front)]
    else:
        names = ["", SIBLING + "r"] if note.reverse else [""]
    if "REVIEW_DATA" in heading.drawers:
        standings = fc_standings(heading.drawers["REVIEW_DATA"])
        places = ["front", "back"] if not note.cloze else [str(i) for i in range(len(names))]
        by_name = {name: standings.get(place) for name, place in zip(names, places, strict=False)}
    else:
        by_name = dict.fromkeys(names, drill_standing(heading))
    review = drill_review(heading)
    return {
        name: Life([review] if review and name == names[0] else (), standing, suspended=asleep)
        for name, standing in by_name.items()
        if standing or asleep or review
    }
