"""Edit config.toml and deck headers, keeping comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flashcards.errors import DeckError, Problem
from flashcards.storage.files import FileChange, read_regular_file
from flashcards.storage.settings.settings import DECK_TABLE, build_settings, parse_toml, read_settings_text

TABLE_HEADER_REGEX = re.compile(r"\s*\[(?!\[)(?P<name>.+?)\]\s*(?:#.*)?$")
END_COMMENT = re.compile(r"""(?<!['"])[ \t]+#[^'"]*$""")
DECK_FILE_SETTINGS = ("reverse", "type", "list", "lenient")
"""Set at the head of a deck file, because they define how its cards are asked."""


def setting_line(text: str, name: str, deck_name: str = "") -> int:
    """Return the line of a setting (in a deck's table), from 1; 0 if absent."""
    lead, dot, key = name.partition(".")
    wanted, name = (f"[{lead}]", key) if dot else ("", name)
    wanted = f'[{DECK_TABLE}."{deck_name}"]' if deck_name else wanted
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if match := TABLE_HEADER_REGEX.match(line):
            table = _normalized_table_header(match["name"])
        elif table == wanted and re.match(rf"""\s*["']?{re.escape(name)}["']?\s*=""", line):
            return number
    return 0


def header_line(text: str, key: str) -> int:
    """Return the line of a deck-wide field, from 1; 0 if absent."""
    match = re.search(rf"^{re.escape(key)}\s*:", text, re.MULTILINE)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def _normalized_table_header(name: str) -> str:
    """Return a table header with canonical quotes: [deck."NAME"]."""
    lead, dot, rest = name.partition(".")
    if not dot or lead.strip() != DECK_TABLE:
        return f"[{name}]"
    bare = rest.strip()
    bare = bare[1:-1] if bare[:1] in ("'", '"') else bare
    return f'[{DECK_TABLE}."{bare}"]'


def set_setting(path: Path, name: str, value: object, deck_name: str = "") -> FileChange:
    """Return the change that sets or (with None) removes a setting.

    A dotted name is in a table, such as keys.undo. The whole file is validated. Raises FlashcardsError.
    """
    import tomlkit

    text = read_settings_text(path)
    before = text.encode() or (b"" if path.exists() else None)
    parse_toml(text, path)  # for our own error messages
    document = tomlkit.parse(text)
    lead, dot, key = name.partition(".")
    table_path = (DECK_TABLE, deck_name) if deck_name else (lead,) if dot else ()
    table: Any = document
    for step in table_path:
        table = table.setdefault(step, tomlkit.table(is_super_table=step == DECK_TABLE and bool(deck_name)))
    key = key if dot else name
    if value is None:
        table.pop(key, None)
        if table_path and not table:  # drop the empty table
            (document[DECK_TABLE] if deck_name else document).pop(table_path[-1])
    else:
        table[key] = value
    new = tomlkit.dumps(document)
    build_settings(parse_toml(new, path), path)
    return FileChange(path, before, new.encode())


def rename_deck_settings(path: Path, names: Mapping[str, str]) -> list[FileChange]:
    """Return the change that renames decks in the settings, if any."""
    import tomlkit

    text = read_settings_text(path)
    document: Any = tomlkit.parse(text)
    tables = document.get(DECK_TABLE, {})
    for old in [old for old in names if old in tables]:
        tables[names[old]] = tables.pop(old)
    if (deck := document.get("default_deck")) in names:
        document["default_deck"] = names[deck]
    new = tomlkit.dumps(document)
    return [] if new == text else [FileChange(path, text.encode(), new.encode())]


def set_in_deck_file(deck_file: Path, name: str, key: str, value: str) -> FileChange:
    """Return the change that sets a deck-wide field. Raises DeckError."""
    from flashcards.core.deck_yaml import render_scalar
    from flashcards.storage.decks.editor import EditableDeck
    from flashcards.storage.decks.reader import parse_deck

    data = read_regular_file(deck_file)
    file = EditableDeck.from_bytes(data, name)
    text, before = file.text, file.deck
    lines = text.split("\n")
    new_line = f"{key}: {value if value.startswith('[') else render_scalar(value, 0)}"
    if place := header_line(text, key):
        comment = END_COMMENT.search(lines[place - 1])
        lines[place - 1] = new_line + (comment[0] if comment else "")
    else:
        lines.insert(header_line(text, "deck") or max(0, header_line(text, r"cards") - 1), new_line)
    new = file.restored("\n".join(lines))
    after, problems = parse_deck(new, name)
    if after is None or len(after.notes) != len(before.notes):
        what = f"{key}: {value} cannot be set for the whole deck"
        raise DeckError(problems or [Problem(name, 1, 1, what, "Edit the file: flashcards edit --deck NAME")])
    return FileChange(deck_file, data, new)
