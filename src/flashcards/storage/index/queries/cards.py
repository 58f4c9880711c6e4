"""Queries for cards, notes, events, decks and problems."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from sqlite3 import Connection

from flashcards.core.cards import Card, CardId
from flashcards.core.progress import CardState, Progress
from flashcards.errors import Problem
from flashcards.storage.index.linked_cards import linked_cards
from flashcards.storage.index.rows import SqlRow, decode_answer_mode, decode_gaps
from flashcards.storage.index.schema import TAG_SEPARATOR

SELECT_CARD_STATE = """SELECT id, deck, front, back, tags, note, path, line,
    has_own_id, answer_mode, gaps, hint, remark,
    due, interval, ease, repetitions, lapses, answered, rating, suspended, buried, mark,
    stability, difficulty, fsrs_day FROM card"""
IS_OF_NOTE = "(id = :note OR (id >= :note || '/' AND id < :note || '0')) AND in_deck AND note = :note"
"""By the index of card ids, as there is none of notes; '0' is the character after '/'."""


def select_card_states(
    index: Connection, condition: str, values: Mapping[str, object] | Sequence[object] = ()
) -> Iterator[CardState]:
    """Yield the cards matching a condition, which may end in ORDER BY and LIMIT."""
    return map(_card_state_from_row, index.execute(f"{SELECT_CARD_STATE} WHERE {condition}", values))


def card_state(index: Connection, card_id: CardId) -> CardState | None:
    """Return a card in some deck, with its progress."""
    return next(select_card_states(index, "id = ? AND in_deck", (card_id,)), None)


def any_card_state(index: Connection, card_id: CardId) -> CardState | None:
    """Return any known card, in a deck or not."""
    return next(select_card_states(index, "id = ?", (card_id,)), None)


def successor(index: Connection, card: CardId) -> CardId | None:
    """Return the card in a deck that has the history of one in none; None if there is none."""
    key = index.execute("SELECT key FROM card WHERE id = ? AND NOT in_deck", (card,)).fetchone()
    linked_keys = sorted(linked_cards(index, key[0])) if key else ()
    query = "SELECT id FROM card WHERE key = ? AND in_deck AND event_count > 0"
    rows = (index.execute(query, (linked,)).fetchone() for linked in linked_keys)
    return next((CardId(row[0]) for row in rows if row), None)


def card_states(
    index: Connection, condition: str = "in_deck", values: Mapping[str, object] | None = None
) -> Iterator[CardState]:
    """Yield the cards matching a condition, in the library's order."""
    return select_card_states(index, f"{condition} ORDER BY path, position", values or {})


def orphan_card_states(index: Connection) -> Iterator[CardState]:
    """Yield the cards with a history that are in no deck."""
    return select_card_states(index, "NOT in_deck AND event_count > 0 ORDER BY id")


def _card_state_from_row(row: SqlRow) -> CardState:
    name, deck, front, back, tags, note, path, line, has_own_id, mode, gaps, hint, remark = row[:13]
    *numbers, stability, difficulty, fsrs_day = row[13:]
    memory = None if stability is None else (stability, difficulty)
    tag_names = tuple(tags.split(TAG_SEPARATOR)) if tags else ()
    front_gaps, back_gaps = decode_gaps(gaps) if gaps else ((), ())
    card = Card(
        CardId(name), deck, front, back, tag_names, note, path, line, bool(has_own_id),
        decode_answer_mode(mode), front_gaps, back_gaps, hint, remark,
    )  # fmt: skip
    return CardState(card, Progress.from_numbers((*numbers, memory, fsrs_day)))


def deck_path_by_note(index: Connection) -> dict[str, str]:
    """Return the deck file of each note id."""
    return dict(index.execute("SELECT note, path FROM card WHERE in_deck"))


def note_cards(index: Connection, note_id: str) -> list[Card]:
    """Return the cards of a note, in order."""
    return [state.card for state in card_states(index, IS_OF_NOTE, {"note": note_id})]


def other_paths(index: Connection) -> dict[str, list[str]]:
    """Return the deck files other than the first that contain a note, by its id."""
    paths_by_note: dict[str, list[str]] = {}
    for note, path in index.execute("SELECT DISTINCT note, path FROM duplicate ORDER BY path"):
        paths_by_note.setdefault(note, []).append(path)
    return paths_by_note


def journal_text_checksum(index: Connection, card_id: CardId) -> int | None:
    """Return `card_text_checksum` of a card's text in the journal; None if the journal has none."""
    row = index.execute("SELECT text_checksum FROM card WHERE id = ?", (card_id,)).fetchone()
    return row[0] if row else None


def list_problems(index: Connection) -> list[Problem]:
    """Return the problems of the deck files."""
    rows = index.execute("SELECT path, line, col, what, remedy, source FROM problem ORDER BY path, line, col")
    return [Problem(*row) for row in rows]


def list_deck_files(index: Connection) -> list[tuple[str, str, str]]:
    """Return (path, name, description) of each deck file."""
    return list(index.execute("SELECT path, name, description FROM deck ORDER BY path"))


def find_card_ids(index: Connection, words: str, *, with_orphans: bool = False) -> list[CardId]:
    """Return up to 20 cards by id, else by id prefix, else by words in the front; else those in no deck."""
    texts = "substr(id, 1, length(:words)) = :words", "instr(lower(front), lower(:words))"
    places = ("in_deck", "NOT in_deck AND event_count") if with_orphans else ("in_deck",)
    for where in ("id = :words", *(f"{place} AND {text}" for place in places for text in texts)):
        query = f"SELECT id FROM card WHERE {where} ORDER BY path, position LIMIT 20"
        if rows := index.execute(query, {"words": words}).fetchall():
            return [CardId(name) for (name,) in rows]
    return []


def count_answers(index: Connection, card_id: CardId, day: date) -> int:
    """Return how often a card was answered on a study day."""
    query = "SELECT count(*) FROM answer WHERE card = (SELECT key FROM card WHERE id = ?) AND day = ?"
    return int(index.execute(query, (card_id, day.toordinal())).fetchone()[0])


def next_due_day(index: Connection, today: date) -> date | None:
    """Return the next day after today on which a card is due."""
    query = "SELECT min(due) FROM card WHERE in_deck AND due > ? AND NOT suspended"
    (day,) = index.execute(query, (today.toordinal(),)).fetchone()
    return date.fromordinal(day) if day else None


def deck_sizes(index: Connection) -> list[tuple[str, int, str]]:
    """Return (name, cards, path) of each deck, empty ones too."""
    count = "SELECT count(*) FROM card WHERE in_deck AND deck = name"
    return list(index.execute(f"SELECT name, ({count}), min(path) FROM deck GROUP BY name ORDER BY 3"))


def count_events(index: Connection) -> int:
    """Return the number of events in the journals."""
    row = index.execute("SELECT value FROM meta WHERE name = 'events'").fetchone()
    return int(row[0]) if row else 0
