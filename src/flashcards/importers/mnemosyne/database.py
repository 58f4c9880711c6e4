"""Read Mnemosyne's database in the form of its exports."""

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportSource
from flashcards.importers.shared.safe_xml import XmlElement
from flashcards.importers.shared.source_text import display_name
from flashcards.importers.shared.sqlite_guard import open_copy

SQLITE_MAGIC = b"SQLite format 3\x00"
MAX_ENTRIES = 400_000
REQUIRED_TABLES = frozenset({"facts", "data_for_fact", "cards"})
READABLE_TABLES = REQUIRED_TABLES | {"tags", "tags_for_card", "log"}
TAG_ENTRY, FACT_ENTRY, CARD_ENTRY, ANSWER_ENTRY = "10", "16", "6", "9"
"""The kinds of entries in exports; the log uses the same number for answers."""
CARD_COLUMNS = {  # columns of a card, by their names in exports
    "o_id": "id", "card_t": "card_type_id", "fact_v": "fact_view_id", "gr": "grade",
    "n_rp": "next_rep", "l_rp": "last_rep", "e": "easiness", "lps": "lapses",
    "rt_rp_l": "ret_reps_since_lapse", "extra": "extra_data",
}  # fmt: skip
SELECT_CARDS = f"SELECT _id, _fact_id, {', '.join(CARD_COLUMNS.values())} FROM cards ORDER BY _id"
SELECT_ANSWERS = "SELECT object_id, timestamp, grade, thinking_time FROM log WHERE event_type = 9"


def is_mnemosyne_database(source: ImportSource) -> bool:
    """Recognise a database by its table of facts."""
    return source.data.startswith(SQLITE_MAGIC) and b"data_for_fact" in source.data[: 1 << 20]


def database_as_export(source: ImportSource) -> XmlElement:
    """Return a database as the tree of an export. Raises FlashcardsError."""
    with TemporaryDirectory(prefix="flashcards-") as folder:
        path = Path(folder, "library")
        try:
            with open_copy(source, path, READABLE_TABLES, REQUIRED_TABLES) as connection:
                entries = list(islice(_read_entries(connection), MAX_ENTRIES + 1))
        except (sqlite3.Error, ValueError, OverflowError) as error:
            raise FlashcardsError(
                f"{display_name(source)}: this Mnemosyne database cannot be read ({error}). "
                "Export the cards from Mnemosyne there, and import that file."
            ) from None
    if len(entries) > MAX_ENTRIES:
        raise FlashcardsError(f"{display_name(source)}: it has more than {MAX_ENTRIES:,} entries.")
    return XmlElement("openSM2sync", {}, 0, entries)


def _read_entries(connection: sqlite3.Connection) -> Iterator[XmlElement]:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    tags = dict(connection.execute("SELECT _id, id FROM tags") if "tags" in there else ())
    if tags:
        for own, name in connection.execute("SELECT id, name FROM tags"):
            yield _make_entry(TAG_ENTRY, 0, {"o_id": own}, {"name": name})
    facts = dict(connection.execute("SELECT _id, id FROM facts"))
    parts: dict[int, dict[str, object]] = {}
    for fact, key, value in connection.execute("SELECT _fact_id, key, value FROM data_for_fact"):
        parts.setdefault(fact, {})[str(key)] = value
    for number, own in facts.items():
        yield _make_entry(FACT_ENTRY, number, {"o_id": own}, parts.get(number, {}))
    tags_of_card: dict[int, list[str]] = {}
    if tags and "tags_for_card" in there:
        for card, tag in connection.execute("SELECT _card_id, _tag_id FROM tags_for_card"):
            tags_of_card.setdefault(card, []).append(str(tags.get(tag, "")))
    for number, fact, *values in connection.execute(SELECT_CARDS):
        attributes: dict[str, object] = dict(zip(CARD_COLUMNS, values, strict=True))
        extra = attributes.pop("extra")
        attributes |= {"fact": facts.get(fact, fact), "tags": ",".join(tags_of_card.get(number, ()))}
        yield _make_entry(CARD_ENTRY, number, attributes, {"extra": extra})
    if "log" in there:
        for own, at, grade, took in connection.execute(SELECT_ANSWERS):
            yield _make_entry(ANSWER_ENTRY, 0, {"o_id": own, "time": at, "gr": grade, "th_t": took}, {})


def _make_entry(
    kind: str, line: int, attribute_values: Mapping[str, object], parts: Mapping[str, object]
) -> XmlElement:
    attributes = {name: str(value) for name, value in attribute_values.items() if value is not None}
    children = [XmlElement(name, {}, line, [], [str(value or "")]) for name, value in parts.items()]
    return XmlElement("log", {"type": kind, **attributes}, line, children)
