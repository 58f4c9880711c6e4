"""Poll an open store for changes made elsewhere.

A poll takes a few milliseconds: it compares sizes and times without reading files.
"""

from __future__ import annotations

from collections.abc import Sequence

from flashcards.core.cards import CardId
from flashcards.core.events import EventId, UndoableEvent
from flashcards.errors import StoreError
from flashcards.storage.index.queries import cards, event_clock
from flashcards.storage.index.sources import JOURNAL_FOLDER, SETTINGS_NAME, FileSignature, find_sources
from flashcards.storage.store import Store

NO_HLC_LIMIT = 1 << 62
SELECT_REVIEWS_SINCE = """SELECT event.id, card.id FROM event JOIN card ON card.key = event.card
WHERE event.hlc > ? AND event.kind = 'review'"""


class ExternalChanges:
    """Watches a store during a session."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._own_event_ids: set[EventId] = set()
        self.own_steps: list[EventId] = []  # steps of this session, in order
        self._index_is_behind = False
        self.note_problems()
        store.notices.clear()
        self._last_signatures = self._read_signatures()
        self._last_hlc = event_clock.max_hlc(store.index.connection, NO_HLC_LIMIT)

    def append_events(self, drafts: Sequence[UndoableEvent]) -> None:
        """Append events of this session, several as one step. Raises StoreError."""
        appended = self._store.append_events(drafts)
        self._own_event_ids.update(event.id for event in appended)
        self.own_steps.append(appended[0].id)
        self._index_is_behind = True

    def index_pending(self) -> None:
        """Index what was appended; called before undo or a summary."""
        if self._index_is_behind:
            self._index_is_behind = False
            self._store.refresh_index()

    def poll_changes(self) -> tuple[frozenset[CardId], tuple[str, ...]]:
        """Return (cards answered elsewhere, notices) since the last poll."""
        if not self._has_changes():
            return frozenset(), ()
        store = self._store
        store.refresh_index()
        self._last_signatures = self._read_signatures()
        rows = store.query(lambda index: index.execute(SELECT_REVIEWS_SINCE, (self._last_hlc,)).fetchall())
        self._last_hlc = store.query(lambda index: event_clock.max_hlc(index, NO_HLC_LIMIT))
        answered = frozenset(CardId(card) for event, card in rows if event not in self._own_event_ids)
        before = self._known_problems
        self.note_problems()
        hint = "(Its cards are asked as in the last valid version.)"
        notices = (*store.notices, *(f"{problem} {hint}" for problem in self._known_problems - before))
        store.notices.clear()
        return answered, notices

    def note_problems(self) -> None:
        """Note the current problems of decks as already reported."""
        self._known_problems = {problem.summary for problem in self._store.query(cards.list_problems)}

    def _has_changes(self) -> bool:
        journal = self._store.journal
        appended_elsewhere = journal is not None and journal.take_changed_elsewhere()
        now = self._read_signatures()
        is_same_set = now.keys() == self._last_signatures.keys()
        return appended_elsewhere or not is_same_set or any(map(self._is_modified_elsewhere, now.items()))

    def _is_modified_elsewhere(self, source: tuple[str, FileSignature]) -> bool:
        name, signature = source
        journal, known = self._store.journal, self._last_signatures[name]
        if journal is None or not name.startswith(JOURNAL_FOLDER):
            return signature != known
        # Journals only grow, and this session knows the size of its own.
        return signature[0] not in (known[0], journal.known_sizes.get(self._store.paths.data_dir / name))

    def _read_signatures(self) -> dict[str, FileSignature]:
        """Return the signatures of decks and journals. Raises StoreError."""
        paths = self._store.paths
        sources = find_sources(str(paths.data_dir), str(paths.settings_file))
        try:
            return {name: sign for name, _, sign in sources if name != SETTINGS_NAME}
        except OSError as error:
            raise StoreError(
                f"{error.filename}: {error.strerror}. Changes by other programs are not "
                "noticed until this is fixed; details: flashcards doctor"
            ) from error
