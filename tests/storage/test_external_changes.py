"""A store that is open in two windows: each notices what the other does, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import DECK, Clock, open_store, put_deck
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review, Suspend
from flashcards.errors import StoreError
from flashcards.storage.external_changes import ExternalChanges
from flashcards.storage.store import Store

NOTHING: tuple[frozenset[CardId], tuple[str, ...]] = (frozenset(), ())


def rate(watch: ExternalChanges, store: Store, name: str) -> None:
    watch.append_events([Review(EventId(""), 0, store.now(), CardId(name), 4, 1000)])


def test_ones_own_answers_are_no_news(tmp_path: Path) -> None:
    """Whatever is kept here, settled or not, is not told as something others did."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    watch = ExternalChanges(store)
    rate(watch, store, "dog")
    watch.poll_changes()
    rate(watch, store, "cat")
    assert watch.poll_changes() == NOTHING
    watch.index_pending()
    assert watch.poll_changes() == NOTHING
    store.close()


def test_the_other_windows_answers_are(tmp_path: Path) -> None:
    """Before and after answers of one's own, between the same journal's lines; each once."""
    put_deck(tmp_path)
    clock = Clock()
    mine, other = open_store(tmp_path, clock), open_store(tmp_path, clock)
    watch, others = ExternalChanges(mine), ExternalChanges(other)
    rate(others, other, "dog")
    assert watch.poll_changes()[0] == {"dog"}
    rate(watch, mine, "cat")
    watch.poll_changes()
    rate(others, other, "cat")
    rate(watch, mine, "dog")
    assert watch.poll_changes()[0] == {"cat"}
    rate(others, other, "dog")
    assert watch.poll_changes()[0] == {"dog"}
    assert not watch._has_changes()  # a look that finds nothing new costs next to nothing
    assert watch.poll_changes() == NOTHING
    others.append_events([Suspend(EventId(""), 0, other.now(), CardId("dog"))])
    assert watch.poll_changes() == NOTHING
    entry = mine.card_state(CardId("dog"))
    assert entry
    assert entry.progress.suspended
    mine.close()
    other.close()


def test_an_edited_deck_is_taken_in_and_a_faulty_one_told(tmp_path: Path) -> None:
    """Texts are new; of a file with faults the last sound text stays, and that is said once."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    watch = ExternalChanges(store)
    deck.write_text(DECK.replace("le chien", "LE CHIEN"), encoding="utf-8")
    assert watch.poll_changes() == NOTHING
    deck.write_text(DECK + "  - fornt: x\n", encoding="utf-8")
    _, told = watch.poll_changes()
    assert any("french.yaml:14" in line and "the last valid version" in line for line in told)
    entry = store.card_state(CardId("dog"))
    assert entry
    assert entry.card.front == "LE CHIEN"
    assert watch.poll_changes() == NOTHING
    store.close()


def test_a_card_taken_for_another_is_told(tmp_path: Path) -> None:
    """A link that an edit leads to is said in the session too."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    watch = ExternalChanges(store)
    rate(watch, store, "dog")
    watch.poll_changes()
    deck.write_text(DECK.replace("id: dog", "id: hound"), encoding="utf-8")
    _, told = watch.poll_changes()
    assert told == ('"le chien" was reworded or moved; it keeps its history.',)
    store.close()


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """It is a fault with a remedy, not the end of a session."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    watch = ExternalChanges(store)
    store.paths.journal_dir.rename(tmp_path / "away")
    store.paths.journal_dir.write_text("in the way")
    with pytest.raises(StoreError, match="details: flashcards doctor"):
        watch.poll_changes()
    store.paths.journal_dir.unlink()
    (tmp_path / "away").rename(store.paths.journal_dir)
    assert watch.poll_changes() == NOTHING
    store.close()
