"""The pen: two writers of one name part, and no wrong clock poisons what comes after it."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from factories import NOON, Clock, open_store, paths_in, put_deck, rate, review, undo_last
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review, Suspend, Unsuspend
from flashcards.storage.journal import journal_reader
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from replay_oracle import read_all_events, replay_all_cards, replay_card_history

YEARS = timedelta(days=74 * 365)


def devices(folder: Path) -> set[str]:
    files = list_journal_files(paths_in(folder).journal_dir)
    return {record.device_id for path in files for record in journal_reader.read_journal_file(path).records}


def session(folder: Path, name: str, ratings: list[int], at: timedelta = timedelta()) -> list[str]:
    """Rate a card in a session of its own; return what was told."""
    told: list[str] = []
    store = Store(paths_in(folder), Settings(), now=Clock(NOON + at), notify=told.append)
    rate(store, name, ratings)
    store.close()
    return told


@pytest.fixture
def twins(tmp_path: Path) -> tuple[Path, Path]:
    """Return two homes that are one copied: a machine's snapshot, with nothing to tell them by."""
    put_deck(tmp_path / "one")
    session(tmp_path / "one", "dog", [4])
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    for path in (tmp_path / "two" / "state").glob("known.json"):
        path.write_text(path.read_text().replace(str(tmp_path / "one"), str(tmp_path / "two")))
    copy = paths_in(tmp_path / "two").device_file
    copy.write_text(json.dumps({**json.loads(copy.read_text()), "inode": copy.stat().st_ino}))
    return tmp_path / "one", tmp_path / "two"


def synchronise(source: Path, target: Path) -> None:
    """Bring a machine's journals to another, with conflict copies where both have a file."""
    for path in list_journal_files(paths_in(source).journal_dir):
        other = paths_in(target).journal_dir / path.name
        if other.exists() and other.read_bytes() != path.read_bytes():
            other = other.with_name(f"{path.stem}.sync-conflict.jsonl")
        shutil.copy(path, other)


def test_both_have_written_and_each_number_is_taken_twice(twins: tuple[Path, Path]) -> None:
    """Once their journals meet, the twins part: a new name is made and all of both is kept."""
    one, two = twins
    session(one, "cat", [4], timedelta(hours=1))
    session(two, "cat", [5], timedelta(hours=2))
    synchronise(one, two)
    assert len(devices(two)) == 1
    told = session(two, "dog", [5], timedelta(days=1))
    assert "has a new id" in told[0]
    assert len(devices(two)) == 2
    store = open_store(two, Clock(NOON + timedelta(days=2)))
    assert [step.review.rating for step in replay_card_history(store, CardId("cat")).steps] == [4, 5]
    assert not store.notices
    store.close()
    assert not session(two, "dog", [5], timedelta(days=3)), "it is said once"
    assert len(devices(two)) == 2


def test_only_the_twin_has_written(twins: tuple[Path, Path]) -> None:
    """Higher numbers than this machine ever wrote are another's, though none is taken twice."""
    one, two = twins
    session(one, "cat", [4], timedelta(hours=1))
    for path in list_journal_files(paths_in(one).journal_dir):
        shutil.copy(path, paths_in(two).journal_dir)
    assert session(two, "dog", [5], timedelta(days=1))
    assert len(devices(two)) == 2


def test_a_killed_session_is_no_twin(tmp_path: Path) -> None:
    """Numbers that a session wrote before it was killed are this machine's own."""
    put_deck(tmp_path)
    session(tmp_path, "dog", [4])
    killed = open_store(tmp_path, Clock(NOON + timedelta(hours=1)))
    rate(killed, "cat", [4])
    killed.index.connection.close()
    assert not session(tmp_path, "dog", [5], timedelta(days=1))
    assert len(devices(tmp_path)) == 1


def test_a_restore_is_no_twin(tmp_path: Path) -> None:
    """Entries that come back late, each number once, are looked through and believed."""
    put_deck(tmp_path)
    session(tmp_path, "dog", [4])
    session(tmp_path, "cat", [4], timedelta(hours=1))
    (path,) = list_journal_files(paths_in(tmp_path).journal_dir)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[1:]))
    (path.parent / "restored-20260105T120000Z.jsonl").write_bytes(lines[0])
    assert not session(tmp_path, "dog", [5], timedelta(days=1))
    assert not session(tmp_path, "dog", [5], timedelta(days=9))
    assert len(devices(tmp_path)) == 1


def from_the_future(folder: Path, *events: Review | Suspend) -> None:
    """Bring in the journal of a device whose clock was decades ahead."""
    lines = [encode_record(JournalRecord(event, "ahead", n)) for n, event in enumerate(events, 1)]
    (paths_in(folder).journal_dir / "ahead-2100.jsonl").write_bytes(b"".join(lines))


def future(name: str, rating: int = 4) -> Review:
    return review(name, rating, NOON + YEARS)


def test_a_clock_ahead_does_not_drag_ours_along(tmp_path: Path) -> None:
    """After a merge with a device decades ahead, our events bear our own time."""
    put_deck(tmp_path)
    session(tmp_path, "dog", [4])
    from_the_future(tmp_path, future("cat"))
    session(tmp_path, "dog", [5], timedelta(days=1))
    ours = [e for e in read_all_events(paths_in(tmp_path).journal_dir) if e.at < NOON + YEARS]
    limit = int((NOON + timedelta(days=2)).timestamp() * 1000)
    assert all(event.hlc < limit for event in ours)


def test_a_mark_from_a_clock_ahead_can_be_changed(tmp_path: Path) -> None:
    """What we do to a card counts after what was done to it before, whatever that was stamped."""
    put_deck(tmp_path)
    session(tmp_path, "dog", [4])
    at = NOON + YEARS
    from_the_future(tmp_path, Suspend(EventId("s"), future("cat").hlc, at, CardId("cat")))
    store = open_store(tmp_path, Clock(NOON + timedelta(days=1)))
    for kind, expected in ((Unsuspend, False), (Suspend, True), (Unsuspend, False)):
        store.append_events([kind(EventId(""), 0, store.now(), CardId("cat"))])
        store.refresh_index()
        entry = store.card_state(CardId("cat"))
        assert entry
        assert entry.progress.suspended is expected
    store.close()
    found = replay_all_cards(read_all_events(paths_in(tmp_path).journal_dir))
    assert not found[CardId("cat")].suspended


def test_undo_takes_back_what_was_done_last_and_not_what_lies_ahead(tmp_path: Path) -> None:
    """Ours first, in its order; what a wrong clock put ahead of everything comes at the end."""
    put_deck(tmp_path)
    session(tmp_path, "dog", [4])
    from_the_future(tmp_path, future("cat", 2))
    session(tmp_path, "cat", [3], timedelta(hours=1))
    session(tmp_path, "dog", [5], timedelta(hours=2))
    store = open_store(tmp_path, Clock(NOON + timedelta(hours=3)))
    taken = [undo_last(store) for _ in range(5)]
    assert [getattr(event, "rating", None) for event in taken] == [5, 3, 4, 2, None]
    store.close()


def test_a_clock_that_fell_back_keeps_the_order_of_each_card(tmp_path: Path) -> None:
    """With the battery dead and the clock in 1990, a card's events still follow one another."""
    put_deck(tmp_path)
    session(tmp_path, "dog", [4, 5])
    back = -timedelta(days=36 * 365)
    session(tmp_path, "dog", [3], back)
    store = open_store(tmp_path, Clock(NOON + back))
    assert [step.review.rating for step in replay_card_history(store, CardId("dog")).steps] == [
        4,
        5,
        3,
    ]
    last = undo_last(store)
    assert isinstance(last, Review)
    assert last.rating == 3
    store.close()


def test_stamps_given_from_outside_do_not_move_the_clock(tmp_path: Path) -> None:
    """An event that brings its own hlc, however high, leaves the clock where it was."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    store.append_events([future("cat")._replace(id=EventId("x"))])
    rate(store, "dog", [4])
    events = list(read_all_events(paths_in(tmp_path).journal_dir))
    assert events[-1].hlc < future("cat").hlc
    store.close()
