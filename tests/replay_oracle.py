"""The slow and obvious way to all progress: every event of every journal, replayed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from flashcards.core import fsrs
from flashcards.core.cards import CardId
from flashcards.core.events import Event, FsrsWeights, event_order
from flashcards.core.progress import Progress
from flashcards.core.replay import CardReplay, card_histories, replay_card, undone_ids
from flashcards.core.study_days import DEFAULT_ROLLOVER
from flashcards.storage.index.queries.card_events import CardHistories
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.journal.journal_reader import read_journal_file
from flashcards.storage.store import Store


def read_all_events(journal_dir: Path) -> Iterator[Event]:
    """Yield every event of every file."""
    for path in list_journal_files(journal_dir):
        yield from (record.event for record in read_journal_file(path).records)


def replay_all_cards(
    events: Iterable[Event], rollover: timedelta = DEFAULT_ROLLOVER
) -> dict[CardId, Progress]:
    """Return the progress of every card that anything was done to."""
    known = list(events)
    model = fsrs.Model(current_weights(known))
    return {
        card: replay_card(found, rollover, model).progress for card, found in card_histories(known).items()
    }


def current_weights(events: Iterable[Event]) -> tuple[float, ...]:
    """Return the weights of the latest event that sets any and was not undone, or the defaults."""
    ordered = sorted(events, key=event_order)
    gone = undone_ids(ordered)
    found = [e for e in ordered if isinstance(e, FsrsWeights) and e.id not in gone]
    return found[-1].weights if found else fsrs.DEFAULT_WEIGHTS


def replay_card_history(store: Store, card_id: CardId) -> CardReplay:
    """Return the replay of a card: its progress after each event."""
    store.refresh_index()
    events = store.query(CardHistories).effective_events(card_id)
    return replay_card(events, store.settings.rollover, store.query(current_model))
