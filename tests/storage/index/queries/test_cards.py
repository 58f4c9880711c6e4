"""Questions to the index, each answered from a store that has been lived in."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from factories import DECK, NOON, Clock, link, open_store, paths_in, put_deck, rate, review, undo
from flashcards.core.cards import CardId
from flashcards.core.events import CardLink, Reset, Review, Suspend
from flashcards.storage.index.build import replay_cards
from flashcards.storage.index.queries import card_events, cards
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import append_imported
from replay_oracle import read_all_events, replay_all_cards

DOG, CAT = CardId("dog"), CardId("cat")


def elsewhere(folder: Path, *events: Review | CardLink | Suspend | Reset) -> None:
    """Let another machine's journal have events."""
    lines = [encode_record(JournalRecord(event, "x", n)) for n, event in enumerate(events, 1)]
    (paths_in(folder).journal_dir / "x-2026.jsonl").write_bytes(b"".join(lines))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an open store with a cat that was rated and then left its deck."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    rate(store, "cat", [4, 5])
    deck.write_text(DECK.replace("  - id: cat\n    front: le chat\n    back: the cat\n", ""))
    store.refresh_index()
    return store


def test_cards_are_found_by_id_beginning_or_front(store: Store) -> None:
    """In this order; those that are gone in theirs."""
    index = store.index.connection
    assert cards.find_card_ids(index, "dog") == cards.find_card_ids(index, "do") == [DOG]
    assert cards.find_card_ids(index, "CHIEN") == [DOG]
    assert cards.find_card_ids(index, "wolf") == []
    for words in ("ca", "chat"):
        assert cards.find_card_ids(index, words) == []
        assert cards.find_card_ids(index, words, with_orphans=True) == [CAT]
    store.close()


def test_a_card_that_is_gone_can_still_be_asked_for(store: Store) -> None:
    """In the library it is not; that it was there, and how it did, is known."""
    index = store.index.connection
    assert cards.card_state(index, CAT) is None
    gone = cards.any_card_state(index, CAT)
    assert gone
    assert (gone.card.front, gone.progress.last_answered) == ("le chat", NOON.date())
    assert cards.any_card_state(index, CardId("wolf")) is None
    store.close()


def test_the_next_day_with_something_due_is_told(store: Store) -> None:
    """Of cards in decks alone; none lies behind the last."""
    index = store.index.connection
    tomorrow = NOON.date() + timedelta(days=1)
    assert cards.next_due_day(index, NOON.date()) == tomorrow
    assert cards.next_due_day(index, tomorrow) is None
    store.close()


def test_decks_have_their_sizes(store: Store, tmp_path: Path) -> None:
    """Also those without cards."""
    put_deck(tmp_path, "deck: Empty\n", "empty.yaml")
    store.refresh_index()
    sizes = cards.deck_sizes(store.index.connection)
    assert sizes == [("Empty", 0, "decks/empty.yaml"), ("French", 3, "decks/french.yaml")]
    store.close()


def test_all_that_was_done_to_a_card_goes_by_way_of_its_links(tmp_path: Path) -> None:
    """Links lead from card to card, in a circle too; one that was undone leads nowhere."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    at = int(NOON.timestamp() * 1000)
    events = [review("a", 4, hlc=at, ident="ra"), review("b", 5, hlc=at + 1, ident="rb")]
    links = [
        link("a", "b", at + 2, "ab"), link("b", "dog", at + 3, "bd"),
        link("dog", "a", at + 4, "da"), link("c", "dog", at + 5, "cd"), undo("cd", at + 6),
    ]  # fmt: skip
    elsewhere(tmp_path, *events, *links)  # type: ignore[arg-type]
    store.refresh_index()
    found = [(e.id, gone) for e, gone in card_events.card_events(store.index.connection, DOG)]
    assert [name for name, _ in found if name.startswith("r")] in (["ra", "rb"], [])
    assert ("cd", True) in found
    assert {"ab", "bd"} <= {name for name, gone in found if not gone}
    store.close()


def test_a_text_that_was_undone_is_kept_as_it_was(tmp_path: Path) -> None:
    """Another machine can undo anything; the card's text is its deck's then."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    (seen,) = [e.id for e in read_all_events(store.paths.journal_dir) if not isinstance(e, Review)]
    elsewhere(tmp_path, undo(seen, 10**13))  # type: ignore[arg-type]
    store.refresh_index()
    again = review("dog", 5, NOON + timedelta(days=1))
    elsewhere(tmp_path, undo(seen, 10**13), again)  # type: ignore[arg-type]
    store.refresh_index()
    store.close()
    paths_in(tmp_path).index_file.unlink()
    store = open_store(tmp_path)
    entry = store.card_state(DOG)
    assert entry
    assert entry.card.front == "le chien"
    assert entry.progress == replay_all_cards(read_all_events(store.paths.journal_dir))[DOG]
    store.close()


def test_much_at_once_leaves_alone_what_it_does_not_touch(tmp_path: Path) -> None:
    """Of the cards with a history only those that got events are folded anew."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    rate(store, "cat", [5])
    store.refresh_index()
    at = NOON - timedelta(days=9)
    append_imported(store, (review(f"c{i}", 4, at) for i in range(replay_cards.FULL_SCAN_CARDS)))
    store.refresh_index()
    expected = replay_all_cards(read_all_events(store.paths.journal_dir))
    rows = dict(store.index.connection.execute("SELECT id, due FROM card WHERE event_count > 0"))
    assert rows == {c: p.due and p.due.toordinal() for c, p in expected.items()}
    store.close()


def test_of_a_second_file_only_the_same_cards_are_left_out(tmp_path: Path) -> None:
    """The others of it are asked."""
    put_deck(tmp_path)
    other = "deck: Other\ncards:\n- id: dog\n  front: x\n  back: y\n- id: cow\n  front: a\n  back: b\n"
    put_deck(tmp_path, other, "other.yaml")
    store = open_store(tmp_path)
    (problem,) = cards.list_problems(store.index.connection)
    assert (problem.path, problem.line) == ("decks/other.yaml", 3)
    assert store.card_state(CardId("cow"))
    store.close()


@pytest.mark.parametrize("kind", ["a fifo", "a link to itself"])
def test_a_deck_that_cannot_be_read_costs_the_others_nothing(tmp_path: Path, kind: str) -> None:
    """It is told by name, and looked at again with each start."""
    path = put_deck(tmp_path).with_name("odd.yaml")
    if kind == "a fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(path)
    for _ in range(2):
        store = open_store(tmp_path, Clock())
        (problem,) = cards.list_problems(store.index.connection)
        assert problem.path == "decks/odd.yaml"
        assert "cannot be read" in problem.message or "not a regular file" in problem.message
        assert store.card_state(DOG)
        store.close()
