"""Remember the notes of a source, to name those that it has no longer when it comes again."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

from flashcards.app.importing.plan import ImportPlan
from flashcards.core.events import EventId, Suspend
from flashcards.core.messages import quote_front
from flashcards.core.progress import CardState
from flashcards.storage.files import make_folder, read_if_there, write_file_atomically
from flashcards.storage.index.queries.cards import select_card_states
from flashcards.storage.store import Store

COPY_NUMBER = re.compile(r" ?\(\d+\)$")
"""What browsers add to the name of a file that is downloaded again."""
IN_NOTES = "in_deck AND note IN (SELECT value FROM json_each(:notes)) ORDER BY path, position"


def find_gone(store: Store, plan: ImportPlan) -> list[CardState]:
    """Return the cards that came from this source once and that it has no longer."""
    before = read_if_there(_record_file(store, plan)) if plan.source.stem else None  # stdin is always another
    notes = set((before or b"").decode().split("\n")) - plan.deck_path_by_note.keys() - plan.former_ids
    values = {"notes": json.dumps(sorted(notes))}
    return store.query(lambda index: list(select_card_states(index, IN_NOTES, values))) if notes else []


def describe_gone(gone: Sequence[CardState], *, is_pruned: bool) -> str:
    """Return what is said of cards that are no longer in their source."""
    fronts = dict.fromkeys(quote_front(state.card.front) for state in gone)
    names = ", ".join([*fronts][:5]) + (", …" if len(fronts) > 5 else "")
    many, done = len({state.card.note_id for state in gone}), "suspended" if is_pruned else "kept"
    return f"{many:,} no longer in the source, {done}: {names}"


def suspensions(store: Store, gone: Sequence[CardState]) -> list[Suspend]:
    """Return the events that let cards rest."""
    now = store.current_time()
    return [Suspend(EventId(""), 0, now, s.card.id) for s in gone if not s.progress.suspended]


def remember_notes(store: Store, plan: ImportPlan) -> None:
    """Keep the ids of the notes that a source has."""
    path = _record_file(store, plan)
    make_folder(path.parent)
    write_file_atomically(path, "\n".join(sorted(plan.deck_path_by_note)).encode())


def _record_file(store: Store, plan: ImportPlan) -> Path:
    """Return the file for a source: known by its name, its format and the decks that it goes to."""
    decks = sorted({change.deck_name for change in plan.deck_files.values()})[:1]
    name = "\x1f".join((store.store_id, plan.format, COPY_NUMBER.sub("", plan.source.stem), *decks))
    return store.paths.state_dir / "imports" / blake2b(name.encode(), digest_size=10).hexdigest()
