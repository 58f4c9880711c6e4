"""Cards in several deck files: one is asked, the others wait in `duplicate`."""

from collections.abc import Iterable
from sqlite3 import Connection

from flashcards.errors import Problem
from flashcards.storage.decks.duplicate_cards import Duplicate, describe_duplicates, precedence

COLUMNS = (
    "id, deck, front, back, tags, note, path, position, line, has_own_id, shuffle_key, "
    "answer_mode, gaps, hint, remark, note_group"
)
PUT_ASIDE = f"INSERT INTO duplicate ({COLUMNS}) VALUES ({', '.join('?' * 16)})"
PUT = f"""INSERT INTO card (in_deck, {COLUMNS})
VALUES (1, {", ".join("?" * 16)})
ON CONFLICT (id) DO UPDATE SET
    in_deck = 1, deck = excluded.deck, front = excluded.front, back = excluded.back,
    tags = excluded.tags, note = excluded.note, path = excluded.path, position = excluded.position,
    line = excluded.line, has_own_id = excluded.has_own_id, shuffle_key = excluded.shuffle_key,
    answer_mode = excluded.answer_mode, gaps = excluded.gaps, hint = excluded.hint,
    remark = excluded.remark, note_group = excluded.note_group"""
SHARED = """SELECT d.note, d.path, d.line, card.path, card.line,
    max(d.front <> card.front OR d.back <> card.back) FROM duplicate AS d
    JOIN card ON card.id = d.id GROUP BY d.note, d.path, card.path ORDER BY d.path, d.line"""
SIZE = """SELECT count(*) FROM (SELECT note FROM card WHERE in_deck AND path = :path
    UNION SELECT note FROM duplicate WHERE path = :path)"""


def promote(index: Connection) -> None:
    """Ask cards without a file from the next file that has them."""
    rows = index.execute(
        f"SELECT {COLUMNS} FROM duplicate AS d "
        "WHERE EXISTS (SELECT 1 FROM card WHERE card.id = d.id AND NOT in_deck)"
    ).fetchall()
    first = {row[0]: row for row in sorted(rows, key=lambda row: precedence(row[6]), reverse=True)}
    index.executemany(PUT, first.values())
    index.executemany(
        "DELETE FROM duplicate WHERE id = ? AND path = ?", [(row[0], row[6]) for row in first.values()]
    )


def displace(index: Connection, cards: Iterable[str]) -> None:
    """Move cards to `duplicate`, as a file of higher precedence has them."""
    for card in cards:
        index.execute(f"INSERT INTO duplicate ({COLUMNS}) SELECT {COLUMNS} FROM card WHERE id = ?", (card,))
        index.execute("UPDATE card SET in_deck = 0 WHERE id = ?", (card,))


def problems(index: Connection) -> list[Problem]:
    """Return the problems of files that share cards."""
    rows = index.execute(SHARED)
    found = [
        Duplicate(note, path, line, asked_path, asked_line, bool(differs))
        for note, path, line, asked_path, asked_line, differs in rows
    ]
    sizes = {
        path: index.execute(SIZE, {"path": path}).fetchone()[0] for path in {each.path for each in found}
    }
    return describe_duplicates(found, sizes)
