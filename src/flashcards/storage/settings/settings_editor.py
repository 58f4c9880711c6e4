"""Edit config.toml, keeping comments."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flashcards.storage.files import FileChange
from flashcards.storage.settings.settings import DECK_TABLE, build_settings, parse_toml, read_settings_text

TABLE_HEADER_REGEX = re.compile(r"\s*\[(?!\[)(?P<name>.+?)\]\s*(?:#.*)?$")


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
