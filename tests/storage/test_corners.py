"""The corners of the store: what seldom happens, happens as it should."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import pytest

from factories import DECK, NOON, Clock, open_store, paths_in, put_deck, rate, review
from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review, UnknownEvent
from flashcards.errors import LostHistoryError, StoreError
from flashcards.storage import files
from flashcards.storage.backups import backups
from flashcards.storage.decks import reader
from flashcards.storage.index import connection as index_connection
from flashcards.storage.index import index, sources
from flashcards.storage.index.connection import count_events_in_index, count_missing_events
from flashcards.storage.index.index import StoreIndex
from flashcards.storage.index.queries import cards
from flashcards.storage.index.sources import MISSING_SIGNATURE
from flashcards.storage.journal import device, journal, record
from flashcards.storage.journal.journal import DeviceJournal, LogicalClock
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.known_stores import (
    KnownStore,
    forget_known_store,
    load_known_store,
    save_known_store,
)
from flashcards.storage.settings.settings import Settings


def test_a_clock_learns_the_time_of_all_and_counts_its_own() -> None:
    """From another device comes only the time."""
    clock = LogicalClock(hlc=5, sequence=3)
    clock.observe_record(JournalRecord(review("a", 4, hlc=9), "other", 99), "dev")
    clock.observe_record(JournalRecord(review("a", 4, hlc=7), "dev", 2), "dev")
    assert (clock.hlc, clock.sequence) == (9, 3)


def test_a_device_in_the_place_of_a_known_file_is_refused(tmp_path: Path) -> None:
    """Also where its size tells nothing."""
    folder = tmp_path / "journal"
    folder.mkdir()
    path = folder / "dev-2026-01.jsonl"
    os.mkfifo(path)
    pen = DeviceJournal(folder, tmp_path / ".lock", "dev", LogicalClock(), now=Clock())
    pen.set_known_size(path, path.stat().st_size)
    with pytest.raises(StoreError, match="not a regular file"):
        pen.append_events([replace(review("a", 4), id=EventId(""), hlc=0)])


def test_a_draft_that_cannot_be_put_in_place_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk refuses, the old file stays and no draft is left."""
    path = tmp_path / "file"
    files.write_file_atomically(path, b"old")

    def refuse(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="Input/output"):
        files.write_file_atomically(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_what_is_not_understood_is_never_written() -> None:
    """An event of an unknown kind stays in the file that it came from."""
    with pytest.raises(TypeError, match="never written"):
        encode_record(JournalRecord(UnknownEvent(EventId("x"), 1, NOON, "dance"), "dev", 1))


def test_a_store_is_untouched_until_something_is_in_it(tmp_path: Path) -> None:
    """Neither decks nor events, now or before."""
    store = open_store(tmp_path)
    assert store.is_empty
    store.close()
    put_deck(tmp_path)
    store = open_store(tmp_path)
    assert not store.is_empty
    store.close()
    (paths_in(tmp_path).decks_dir / "french.yaml").unlink()
    store = open_store(tmp_path)
    assert not store.is_empty
    store.close()


def test_a_backup_that_fails_is_told_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session goes on, and the person hears of it."""
    put_deck(tmp_path)
    told: list[str] = []

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "make_backup", refuse)
    store = open_store(tmp_path)
    store._initial_notify = told.append
    rate(store, "dog", [4])
    store.close()
    assert told == ["Today's backup could not be made: [Errno 28] No space left on device"]


def test_a_card_that_is_gone_is_rated_without_its_text(tmp_path: Path) -> None:
    """An answer to a card that left its deck meanwhile is kept; there is no text to keep."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    (kept,) = store.append_events([Review(EventId(""), 0, store.current_time(), CardId("gone"), 4, 1)])
    assert kept in list(journal.read_all_events(store.paths.journal_dir))
    store.close()


def test_a_machine_without_a_name_has_none(tmp_path: Path) -> None:
    """No such file, or nonsense in it: the empty name."""
    assert device.read_machine_id(tmp_path / "no") == ""
    (tmp_path / "odd").write_bytes(b"\xff\xfe")
    assert device.read_machine_id(tmp_path / "odd") == ""


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format":1}', '{"format":"x","store":"y"}'])
def test_a_damaged_format_file_is_told(tmp_path: Path, content: str) -> None:
    """With what to do; and history is not touched."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    paths_in(tmp_path).format_file.write_text(content)
    with pytest.raises(StoreError, match="this file is damaged"):
        open_store(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"stores":[]}', '{"stores":{"x":{"store":"y"}}}',
     '{"stores":{"x":{"store":"y","events":"many"}}}',
     '{"stores":{"x":{"store":"y","events":1,"writing":"z"}}}'],
)  # fmt: skip
def test_a_damaged_memory_is_none(tmp_path: Path, content: str) -> None:
    """What cannot be understood is as if it were not there, and is written anew."""
    path = tmp_path / "known.json"
    path.write_text(content)
    assert load_known_store(path, Path("x")) is None
    save_known_store(path, Path("x"), KnownStore("s", 3))
    assert load_known_store(path, Path("x")) == KnownStore("s", 3)


def test_a_memory_never_forgets_what_another_process_saw(tmp_path: Path) -> None:
    """Of one store the higher figures stay; who writes is counted in and out."""
    path, data = tmp_path / "known.json", Path("x")
    save_known_store(path, data, KnownStore("s", 9, 1, "dev", 7), begins=11)
    save_known_store(path, data, KnownStore("s", 5, 2, "dev", 6), begins=12)
    assert load_known_store(path, data) == KnownStore("s", 9, 2, "dev", 7, [11, 12])
    save_known_store(path, data, KnownStore("s", 5, 2, "new", 1), ends=11)
    assert load_known_store(path, data) == KnownStore("s", 9, 2, "new", 1, [12])
    save_known_store(path, data, KnownStore("t", 1), ends=12)
    assert load_known_store(path, data) == KnownStore("t", 1)


def test_an_index_bears_witness_while_it_is_whole(tmp_path: Path) -> None:
    """Of its own store only; nonsense and other folders say nothing."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    paths = paths_in(tmp_path)
    assert count_events_in_index(paths.index_file, paths.data_dir) == 2
    assert count_events_in_index(paths.index_file, tmp_path) == 0
    assert count_events_in_index(tmp_path / "none", paths.data_dir) == 0
    shutil.rmtree(paths.data_dir)
    paths.known_stores_file.unlink()
    with pytest.raises(LostHistoryError, match="2 events"):
        open_store(tmp_path)
    paths.index_file.write_bytes(b"x" * 5000)
    assert count_events_in_index(paths.index_file, paths.data_dir) == 0


def test_only_a_whole_index_accuses(tmp_path: Path) -> None:
    """What an earlier index had counts where that index is sound, and not else."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    paths = paths_in(tmp_path)
    new = sqlite3.connect(":memory:", uri=True)
    new.execute("CREATE TABLE event (id TEXT PRIMARY KEY)")
    assert count_missing_events(new, paths.index_file) == 2
    assert count_missing_events(new, tmp_path / "none") == 0
    (tmp_path / "odd").write_bytes(b"x" * 5000)
    assert count_missing_events(new, tmp_path / "odd") == 0
    new.close()


def test_an_index_replaced_by_another_process_is_opened_again(tmp_path: Path) -> None:
    """Whoever holds the old file moves to the new one before it writes."""
    put_deck(tmp_path)
    one, two = open_store(tmp_path), open_store(tmp_path)
    two.index.rebuild()
    rate(two, "dog", [4])
    two.refresh_index()
    rate(one, "cat", [5])
    one.refresh_index()
    assert (
        len(one.replay_card_history(CardId("dog")).steps)
        == len(one.replay_card_history(CardId("cat")).steps)
        == 1
    )
    one.close()
    two.close()
    store = open_store(tmp_path)
    assert len(store.replay_card_history(CardId("cat")).steps) == 1
    store.close()


def test_a_replaced_index_leaves_the_new_one_alone(tmp_path: Path) -> None:
    """A look at the old one, while the new one is written, takes nothing of that back."""
    put_deck(tmp_path)
    one, two = open_store(tmp_path), open_store(tmp_path)
    two.index.rebuild()
    two.refresh_index()
    writing = two.index.connection
    writing.execute("BEGIN IMMEDIATE")
    writing.execute("PRAGMA cache_size = 1")  # so that it comes to the disk before it is committed
    writing.executemany("INSERT INTO bad_line VALUES (?, 1, 'x', 0, 0)", [("x" * 99,)] * 2000)
    writing.execute("UPDATE card SET line = line + 1")
    begun = [path for path in paths_in(tmp_path).cache_dir.iterdir() if path.name.endswith("-journal")]
    assert begun
    assert len(list(cards.card_states(one.index.connection))) == 4
    assert all(path.exists() for path in begun)
    writing.execute("COMMIT")
    one.close()
    two.close()


@pytest.mark.parametrize("names", ["two", "one"])
def test_an_index_that_is_gone_is_used_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    """Deleted at any time, as one may: what is kept meanwhile is there for whoever comes next."""
    put_deck(tmp_path)
    if names == "one":  # as on file systems on which a file has just one

        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
    it = open_store(tmp_path)
    shutil.rmtree(paths_in(tmp_path).cache_dir)
    paths_in(tmp_path).cache_dir.mkdir()
    rate(it, "dog", [4])
    it.refresh_index()
    assert len(it.replay_card_history(CardId("dog")).steps) == 1
    it.close()
    with open_store(tmp_path) as it:
        assert len(it.replay_card_history(CardId("dog")).steps) == 1


@pytest.mark.parametrize("content", [b"", b"x" * 9000], ids=["emptied", "nonsense"])
def test_an_index_torn_under_an_open_store_is_done_without(tmp_path: Path, content: bytes) -> None:
    """What is asked of it is asked of another one, and what is kept is kept once."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    paths_in(tmp_path).index_file.write_bytes(content)
    entry = it.card_state(CardId("dog"))
    assert entry
    assert entry.progress.due
    rate(it, "dog", [4])
    it.close()
    with open_store(tmp_path) as it:
        assert len(it.replay_card_history(CardId("dog")).steps) == 2


def test_a_replaced_index_of_one_name_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file can have just one name, whoever has the old one goes over to the new one."""
    put_deck(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    one, two = open_store(tmp_path), open_store(tmp_path)
    two.index.rebuild()
    one.index.clear_out_of_order("nobody")
    assert one.index._inode == two.index._inode == paths_in(tmp_path).index_file.stat().st_ino
    one.close()
    two.close()


def test_an_index_replaced_while_it_is_opened_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is gone a moment after it was read: the next look finds what took its place."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    made = paths_in(tmp_path).index_file.stat().st_ino
    lost: list[str] = []

    def lose(name: str) -> sqlite3.Connection:
        connection = index_connection.connect_index(name)
        if not lost:
            lost.append(name)
            Path(name).unlink()
        return connection

    monkeypatch.setattr(index, "connect_index", lose)
    with open_store(tmp_path) as it:
        rate(it, "dog", [4])
    assert lost
    assert paths_in(tmp_path).index_file.stat().st_ino == made


def test_what_a_killed_process_had_begun_to_make_goes(tmp_path: Path) -> None:
    """The next one that makes an index takes the draft away; it can be large."""
    put_deck(tmp_path)
    draft = paths_in(tmp_path).cache_dir / ".index.sqlite.1.tmp"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"x")
    open_store(tmp_path).close()
    assert not draft.exists()


def test_an_index_that_will_not_be_made_is_told_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again a few times, not for ever."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    tried: list[int] = []

    def refuse(*_: object, **__: object) -> None:
        tried.append(1)
        raise sqlite3.DatabaseError("malformed")

    with monkeypatch.context() as patch:
        patch.setattr(it.index._updater, "apply_changes", refuse)
        patch.setattr(it.index, "rebuild", lambda: None)
        with pytest.raises(sqlite3.DatabaseError, match="malformed"):
            it.refresh_index()
    assert len(tried) == index.OPEN_ATTEMPTS + 1
    it.close()


def test_an_index_in_a_folder_of_any_name(tmp_path: Path) -> None:
    """SQLite takes its place as an address, in which some signs mean something."""
    folder = tmp_path / "a#b?c%41"
    put_deck(folder)
    with open_store(folder) as it:
        rate(it, "dog", [4])
    made = paths_in(folder).index_file.stat().st_ino
    with open_store(folder) as it:
        assert len(it.replay_card_history(CardId("dog")).steps) == 1
    assert paths_in(folder).index_file.stat().st_ino == made


def test_an_index_that_another_process_just_made_is_joined(tmp_path: Path) -> None:
    """Two that begin at the same time must not replace each other's index: both would use it."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    made = paths_in(tmp_path).index_file.stat().st_ino
    store.index._open_or_build().close()
    assert paths_in(tmp_path).index_file.stat().st_ino == made
    store.close()


def test_a_long_history_is_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading everything takes a moment, and the person is told why they wait."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    paths = paths_in(tmp_path)
    paths.index_file.unlink()
    monkeypatch.setattr("flashcards.storage.index.index.LONG_READ_BYTES", 10)
    told: list[str] = []
    StoreIndex(paths, Settings(), notify=told.append).connection.close()
    assert "Building the index from your history" in told[0]
    paths.index_file.unlink()
    done: list[float] = []
    index = StoreIndex(paths, Settings(), notify=told.append, on_progress=done.append)
    index.connection.close()
    assert (len(told), done[-1], done) == (1, 1, sorted(done))


def test_a_long_journal_is_compared_by_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long one that grew is not read from the top; one whose end is another is made anew."""
    monkeypatch.setattr("flashcards.storage.index.build.journal_tail.MAX_FULL_COMPARE_BYTES", 100)
    monkeypatch.setattr("flashcards.storage.index.build.journal_tail.TAIL_BYTES", 64)
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4, 5])
    store.refresh_index()
    asked: list[int] = []

    def reading(path: Path, start: int, size: int, total: int | None = None) -> Iterator[bytes]:
        asked.append(start)
        return files.read_chunks(path, start, size, total)

    monkeypatch.setattr("flashcards.storage.index.build.journal_tail.read_chunks", reading)
    rate(store, "cat", [4])
    store.refresh_index()
    assert asked[0] > 0
    (path,) = journal.list_journal_files(store.paths.journal_dir)
    path.write_bytes(b"\n" + path.read_bytes())
    store.refresh_index()
    assert asked[-1] == 0
    assert len(store.replay_card_history(CardId("dog")).steps) == 2
    store.close()


def test_a_journal_that_tells_no_size_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the disk fails once in the middle of a session: nothing is lost, and no one dies."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    telling = sources.file_signature
    monkeypatch.setattr(
        sources,
        "file_signature",
        lambda path: MISSING_SIGNATURE if path.endswith(".jsonl") else telling(path),
    )
    store.refresh_index()
    assert len(store.replay_card_history(CardId("dog")).steps) == 1
    monkeypatch.undo()
    store.refresh_index()
    assert len(store.replay_card_history(CardId("dog")).steps) == 1
    store.close()


def test_a_deck_that_could_not_be_read_once_is_read_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that failed for a moment hides no deck, though the file is as it was."""
    monkeypatch.setattr("flashcards.storage.index.build.update.MIN_TRUSTED_AGE_NS", -1)  # its times tell all
    put_deck(tmp_path)

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(reader, "_read_deck_file", fails)
        with open_store(tmp_path) as store:
            (problem,) = cards.list_problems(store.index.connection)
            assert "Input/output error" in problem.message
    with open_store(tmp_path) as store:
        assert len(list(cards.card_states(store.index.connection))) == 4
        assert not list(cards.list_problems(store.index.connection))


def test_unknown_kinds_are_kept_and_counted(tmp_path: Path) -> None:
    """What a newer version did is in the journal, and in the way of nothing."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    line = encode_record(JournalRecord(review("cat", 4, NOON - timedelta(days=1)), "dev", 1))
    body = line[: line.rindex(record.CHECKSUM_PREFIX)].replace(b'"k":"review"', b'"k":"dance"')
    sealed = b'%b,"c":"%08x"}\n' % (body, crc32(body))
    (store.paths.journal_dir / "dev-2026-01.jsonl").write_bytes(sealed)
    store.refresh_index()
    assert store._event_count() == 3
    assert not store.replay_card_history(CardId("cat")).steps
    store.close()


def test_a_link_that_could_not_be_kept_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk refuses, or the process dies, just then: the next run keeps the link."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    deck.write_text(DECK.replace("id: dog", "id: hound"), encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", lambda _: os.open("/nowhere", 0))
        store = open_store(tmp_path)
        assert "Not saved" in store.notices[0]
        store.index.connection.close()
    store = open_store(tmp_path)
    assert "reworded or moved" in store.notices[0]
    assert len(store.replay_card_history(CardId("hound")).steps) == 1
    store.close()
    store = open_store(tmp_path)
    assert not store.notices
    store.close()


def test_a_bulk_change_is_backed_up_before(tmp_path: Path) -> None:
    """Many events in one write: what was there before is kept first."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    event = Review(EventId(""), 0, store.current_time(), CardId("cat"), 4, 1)
    store.append_events([event] * 20)
    assert [b.reason for b in backups.backups_of(store.paths)] in (["daily"], [])
    store.append_events([event] * 21)
    assert "bulk" in [b.reason for b in backups.backups_of(store.paths)]
    store.close()


def test_what_is_not_remembered_can_be_forgotten(tmp_path: Path) -> None:
    """To take a store as it is twice does no harm; nor does an index of another make accuse."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    for _ in range(2):
        forget_known_store(paths_in(tmp_path))
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE x (y)")
    with closing(sqlite3.connect(":memory:", uri=True)) as new:
        assert count_missing_events(new, other) == 0
    open_store(tmp_path).close()


def test_an_index_without_its_settings_is_made_anew(tmp_path: Path) -> None:
    """Whatever is amiss with a cache, the store opens, and says what its journals say."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    with closing(sqlite3.connect(paths_in(tmp_path).index_file)) as index:
        index.execute("DELETE FROM meta WHERE name = 'rollover'")
        index.execute("UPDATE meta SET value = value + 1 WHERE name = 'changes'")
        index.commit()
    store = open_store(tmp_path)
    assert len(store.replay_card_history(CardId("dog")).steps) == 1
    store.close()


def test_a_journal_that_leads_nowhere_is_a_loud_stop(tmp_path: Path) -> None:
    """A link in its place that cannot be followed is no empty journal."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    (path,) = journal.list_journal_files(store.paths.journal_dir)
    path.unlink()
    path.symlink_to(path)
    with pytest.raises(StoreError, match="cannot be read"):
        open_store(tmp_path)
