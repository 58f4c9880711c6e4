"""The note types of exported cards in Anki: fields, templates and style."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CARD_CSS = """.card { font-family: arial; font-size: 20px; text-align: center; }
ul, ol, pre, table { display: inline-block; text-align: left; }
.cloze { font-weight: bold; color: blue; }
"""
LATEX_HEADER = """\\documentclass[12pt]{article}
\\usepackage[utf8]{inputenc}
\\usepackage{amssymb,amsmath}
\\pagestyle{empty}
\\begin{document}
"""
LATEX_FOOTER = "\\end{document}"
ANSWER_PREFIX = "{{FrontSide}}\n\n<hr id=answer>\n\n"


@dataclass(frozen=True, slots=True)
class AnkiNoteType:
    """One of our note types."""

    id: int
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str, str], ...]
    cloze: bool = False


FORWARD_TEMPLATE = ("Card 1", "{{Front}}", ANSWER_PREFIX + "{{Back}}")
REVERSE_TEMPLATE = ("Card 2", "{{Back}}", ANSWER_PREFIX + "{{Front}}")
TYPED_ANSWER = "{{%s}}\n\n<hr id=answer>\n\n{{type:%s}}"
FORWARD_TYPED_TEMPLATE = ("Card 1", "{{Front}}\n\n{{type:Back}}", TYPED_ANSWER % ("Front", "Back"))
REVERSE_TYPED_TEMPLATE = ("Card 2", "{{Back}}\n\n{{type:Front}}", TYPED_ANSWER % ("Back", "Front"))
CLOZE_TEMPLATE = ("Cloze", "{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}")
SIDE_FIELDS = ("Front", "Back")
# Anki recognises a note type by its id, so these must never change.
BASIC_TYPE = AnkiNoteType(1_764_000_000_001, "Flashcards", SIDE_FIELDS, (FORWARD_TEMPLATE,))
BOTH_WAYS_TYPE = AnkiNoteType(
    1_764_000_000_002, "Flashcards (both ways)", SIDE_FIELDS, (FORWARD_TEMPLATE, REVERSE_TEMPLATE)
)
TYPED_TYPE = AnkiNoteType(1_764_000_000_003, "Flashcards (typed)", SIDE_FIELDS, (FORWARD_TYPED_TEMPLATE,))
TYPED_BOTH_WAYS_TYPE = AnkiNoteType(
    1_764_000_000_004,
    "Flashcards (typed, both ways)",
    SIDE_FIELDS,
    (FORWARD_TYPED_TEMPLATE, REVERSE_TYPED_TEMPLATE),
)
CLOZE_TYPE = AnkiNoteType(
    1_764_000_000_005, "Flashcards (cloze)", ("Text", "Back Extra"), (CLOZE_TEMPLATE,), cloze=True
)
NOTE_TYPES = (BASIC_TYPE, BOTH_WAYS_TYPE, TYPED_TYPE, TYPED_BOTH_WAYS_TYPE, CLOZE_TYPE)


def note_types_json(modified: int, kept: Mapping[int, Mapping[str, Any]]) -> str:
    """Return the note types as JSON, with those of returning notes."""
    ours = {str(model.id): _note_type_fields(model, modified) for model in NOTE_TYPES}
    return json.dumps(ours | {str(number): model for number, model in kept.items()})


def _note_type_fields(note_type: AnkiNoteType, modified: int) -> dict[str, object]:
    fields = [
        {"name": name, "ord": i, "sticky": False, "rtl": False, "font": "Arial", "size": 20}
        for i, name in enumerate(note_type.fields)
    ]
    templates = [
        {"name": name, "ord": i, "qfmt": question, "afmt": answer, "did": None, "bqfmt": "", "bafmt": ""}
        for i, (name, question, answer) in enumerate(note_type.templates)
    ]  # fmt: skip
    required = [[i, "any", [i % 2]] for i in range(len(note_type.templates))]
    return {
        "id": note_type.id, "name": note_type.name, "type": int(note_type.cloze), "mod": modified, "usn": -1,
        "sortf": 0, "did": None, "tmpls": templates, "flds": fields, "css": CARD_CSS,
        "latexPre": LATEX_HEADER, "latexPost": LATEX_FOOTER, "latexsvg": False, "req": required,
        "tags": [], "vers": [],
    }  # fmt: skip
