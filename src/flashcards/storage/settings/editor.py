"""Changing config.toml and the head of a deck: one line each, all comments where they were."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flashcards.core.deck_yaml import scalar
from flashcards.errors import DeckError, FlashcardsError, Problem
from flashcards.storage.decks.reader import read_deck
from flashcards.storage.files import read_regular, replace_file
from flashcards.storage.settings.settings import DECK, settings_of, tables_of

TABLE = re.compile(r"\s*\[(?!\[)(?P<name>.+?)\]\s*(?:#.*)?$")
IN_DECKS = ("reverse", "type", "list", "lenient")
"""What is set at the head of a deck's own file, because it says how its cards are asked."""


def text_of(path: Path) -> str:
    """Return the settings file's text; "" when there is none. Raises FlashcardsError."""
    try:
        return read_regular(path).decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise FlashcardsError(f"{path}: this is not UTF-8 text. Save it as UTF-8.") from error


def line_of(text: str, name: str, deck: str = "") -> int:
    """Return the line, from 1, on which a setting stands (in a deck's table); 0 for nowhere."""
    lead, dot, key = name.partition(".")
    wanted, name = (f"[{lead}]", key) if dot else ("", name)
    wanted = f'[{DECK}."{deck}"]' if deck else wanted
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if found := TABLE.match(line):
            table = _table(found["name"])
        elif table == wanted and re.match(rf"""\s*["']?{re.escape(name)}["']?\s*=""", line):
            return number
    return 0


def head_line(text: str, key: str) -> int:
    """Return the line, from 1, on which a deck file says something for all cards; 0 for nowhere."""
    found = re.search(rf"^{re.escape(key)}\s*:", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _table(name: str) -> str:
    """Return a table's name as we write it: [deck."NAME"], however it is quoted."""
    lead, dot, rest = name.partition(".")
    if not dot or lead.strip() != DECK:
        return f"[{name}]"
    bare = rest.strip()
    bare = bare[1:-1] if bare[:1] in ("'", '"') else bare
    return f'[{DECK}."{bare}"]'


def change(path: Path, name: str, value: object, deck: str = "") -> None:
    """Set one setting (of a deck), or take it out with None. Raises FlashcardsError: not written.

    `until_written` makes it anew where others write the file too. A name with a point is one of a
    table, such as keys.undo. The whole file is checked before it is written, so a fault elsewhere
    in it is told too.
    """
    import tomlkit

    text = text_of(path)
    before = text.encode() or (b"" if path.exists() else None)
    tables_of(text, path)  # says what is wrong in our own words
    document = tomlkit.parse(text)
    lead, dot, key = name.partition(".")
    path_in = (DECK, deck) if deck else (lead,) if dot else ()
    table: Any = document
    for step in path_in:
        table = table.setdefault(step, tomlkit.table(is_super_table=step == DECK and bool(deck)))
    key = key if dot else name
    if value is None:
        table.pop(key, None)
        if path_in and not table:  # nothing is left to say below this heading
            (document[DECK] if deck else document).pop(path_in[-1])
    else:
        table[key] = value
    new = tomlkit.dumps(document)
    settings_of(tables_of(new, path), path)
    replace_file(path, before, new.encode())


def declare(path: Path, name: str, key: str, value: str) -> None:
    """Say something for all cards of a deck, at the head of its file; see `change`.

    Raises DeckError.
    """
    data = read_regular(path)
    text = data.decode("utf-8-sig")
    before, problems = read_deck(text.encode(), name)
    if before is None:
        raise DeckError(problems)
    lines = text.split("\n")
    wanted = f"{key}: {value if value.startswith('[') else scalar(value, 0)}"
    if place := head_line(text, key):
        lines[place - 1] = wanted
    else:
        lines.insert(head_line(text, "deck") or max(0, head_line(text, r"cards") - 1), wanted)
    new = "\n".join(lines)
    after, problems = read_deck(new.encode(), name)
    if after is None or len(after.notes) != len(before.notes):
        what = f"{key}: {value} cannot be said for the whole deck"
        raise DeckError(
            problems or [Problem(name, 1, 1, what, "Write it by hand: flashcards edit")]
        )
    replace_file(path, data, new.encode())
