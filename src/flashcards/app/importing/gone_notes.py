"""Remember a source's notes, to report those missing when it is imported again."""

import json
import re
from collections.abc import Sequence
from hashlib import blake2b

from flashcards.app.importing.plan import ImportPlan
from flashcards.core.events import EventId, Suspend
from flashcards.core.progress import CardState
from flashcards.core.quote_cards import quote_front
from flashcards.storage.files import read_if_there
from flashcards.storage.index.queries.cards import select_card_states
from flashcards.storage.store import Store

COPY_NUMBER = re.compile(r" ?\(\d+\)$")  # what browsers add to the name of a second download
IN_NOTES = "in_deck AND note IN (SELECT value FROM json_each(:notes)) ORDER BY path, position"


def find_gone(store: Store, plan: ImportPlan) -> list[CardState]:
    """Return the cards that this source had once and has no longer."""
    # Also gives the plan a file of the source's notes, which syncs and is backed up with the decks.
    if not plan.source.stem:  # standard input has no identity
        return []
    name = _record_name(plan)
    before = read_if_there(store.paths.data_dir / name)
    after = "\n".join([*sorted(plan.deck_path_by_note), ""])
    plan.kept_files.append((name, before, after.encode()))
    notes = set((before or b"").decode().split()) - plan.deck_path_by_note.keys() - plan.former_ids
    values = {"notes": json.dumps(sorted(notes))}
    return store.query(lambda index: list(select_card_states(index, IN_NOTES, values))) if notes else []


def describe_gone(gone: Sequence[CardState], *, is_pruned: bool) -> str:
    """Describe the cards that are no longer in their source."""
    fronts = dict.fromkeys(quote_front(state.card.front) for state in gone)
    names = ", ".join([*fronts][:5]) + (", …" if len(fronts) > 5 else "")
    many, done = len({state.card.note_id for state in gone}), "suspended" if is_pruned else "kept"
    return f"{many:,} no longer in the source, {done}: {names}"


def suspensions(store: Store, gone: Sequence[CardState]) -> list[Suspend]:
    """Return the events that suspend cards."""
    now = store.now()
    return [Suspend(EventId(""), 0, now, s.card.id) for s in gone if not s.progress.suspended]


def _record_name(plan: ImportPlan) -> str:
    """Return the record's name: format, stem and first deck."""
    decks = sorted({change.deck_name for change in plan.deck_files.values()})[:1]
    key = "\x1f".join((plan.format, COPY_NUMBER.sub("", plan.source.stem), *decks))
    return f"imports/{blake2b(key.encode('utf-8', 'surrogatepass'), digest_size=10).hexdigest()}.txt"
