"""Poll an open store for changes made elsewhere.

A poll takes a few milliseconds: it compares sizes and times without reading files.
"""

from collections.abc import Sequence

from flashcards.core.cards import CardId
from flashcards.core.events import EventId, UndoableEvent
from flashcards.errors import StoreError
from flashcards.storage.index.library_files import JOURNAL_FOLDER, SETTINGS_NAME, FileSignature, find_sources
from flashcards.storage.index.queries import cards, event_clock
from flashcards.storage.store import Store

SELECT_REVIEWS_SINCE = """SELECT event.id, card.id FROM event JOIN card ON card.key = event.card
WHERE event.hlc > ? AND event.kind = 'review'"""


class ExternalChanges:
    """Watches a store during a session."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._session_event_ids: set[EventId] = set()
        self.session_steps: list[EventId] = []  # what this session's undo takes back, in order
        self._index_is_behind = False
        self.note_problems()
        store.notices.clear()
        self._last_signatures = self._read_signatures()
        self._last_hlc = event_clock.max_hlc(store.index.connection)

    def append_events(self, drafts: Sequence[UndoableEvent]) -> None:
        """Append events of this session, several as one step. Raises StoreError."""
        appended = self._store.append_events(drafts)
        self._session_event_ids.update(event.id for event in appended)
        self.session_steps.append(appended[0].id)
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
        self._last_hlc = store.query(event_clock.max_hlc)
        answered = frozenset(CardId(card) for event, card in rows if event not in self._session_event_ids)
        reported = self._reported_problems
        self.note_problems()
        hint = "(Its cards are asked as in the last valid version.)"
        notices = (*store.notices, *(f"{problem} {hint}" for problem in self._reported_problems - reported))
        store.notices.clear()
        return answered, notices

    def note_problems(self) -> None:
        """Note the current problems of decks as already reported."""
        self._reported_problems = {problem.summary for problem in self._store.query(cards.list_problems)}

    def _has_changes(self) -> bool:
        journal = self._store.journal
        if journal is not None and journal.take_changed_elsewhere():
            return True
        signatures = self._read_signatures()
        if signatures.keys() != self._last_signatures.keys():
            return True
        return any(self._is_changed_elsewhere(name, signature) for name, signature in signatures.items())

    def _is_changed_elsewhere(self, name: str, signature: FileSignature) -> bool:
        journal, last_signature = self._store.journal, self._last_signatures[name]
        if journal is None or not name.startswith(JOURNAL_FOLDER):
            return signature != last_signature
        # Journals only grow, and this session knows the size of its own.
        own_size = journal.known_sizes.get(self._store.paths.data_dir / name)
        return signature[0] not in (last_signature[0], own_size)

    def _read_signatures(self) -> dict[str, FileSignature]:
        """Return the signatures of decks and journals. Raises StoreError."""
        paths = self._store.paths
        sources = find_sources(str(paths.data_dir), str(paths.settings_file))
        try:
            return {name: signature for name, _, signature in sources if name != SETTINGS_NAME}
        except OSError as error:
            raise StoreError(
                f"{error.filename}: {error.strerror}. Changes by other programs are not "
                "noticed until this is fixed; details: flashcards doctor"
            ) from error
