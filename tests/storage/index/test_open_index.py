"""The index equals a full replay, whatever happens to decks, journals and itself."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from deck_changes import Editor, Library
from factories import NOON, Clock, link, open_store, paths_in, put_deck, review, undo, undo_last
from flashcards.core.cards import CardId
from flashcards.core.events import Bury, CatchUpPlan, EventId, Reset, Review, Suspend, UndoableEvent
from flashcards.core.progress import NEW_PROGRESS
from flashcards.core.replay import card_histories
from flashcards.errors import LostHistoryError
from flashcards.storage.backups.backup_reader import read_backup
from flashcards.storage.backups.make_and_prune import make_backup
from flashcards.storage.backups.restore_missing import restore_missing
from flashcards.storage.index.build import replay_cards
from flashcards.storage.index.build.bulk_load import MIN_BULK_BYTES
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.index.queries.card_events import CardHistories
from flashcards.storage.journal.journal_files import list_journal_files
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.known_stores import forget_known_store
from flashcards.storage.undo.command_steps import append_imported
from replay_oracle import read_all_events, replay_all_cards

NAMES = st.sampled_from("abcd")
RATINGS = st.integers(1, 5)


class Collection(RuleBasedStateMachine):
    """A library of a few cards that is studied, edited, merged, damaged and mended."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.fronts = {name: f"What is the question numbered {name}?" for name in "abcd"}
        self.other = 0
        self.clock = Clock()
        self.write_deck()
        self.store = open_store(self.folder, self.clock)

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def write_deck(self) -> None:
        cards = "".join(f"- front: {q}\n  back: answer {n}\n" for n, q in self.fronts.items())
        put_deck(self.folder, f"deck: D\ncards:\n{cards}" if cards else "deck: D\n")

    def cards(self) -> list[CardId]:
        return [entry.card.id for entry in queries_cards.card_states(self.store.index.connection)]

    @rule(place=st.integers(0, 3), rating=RATINGS, cram=st.booleans(), hinted=st.booleans())
    def rate(self, place: int, rating: int, *, cram: bool, hinted: bool) -> None:
        if cards := self.cards():
            card = cards[place % len(cards)]
            answer = Review(EventId(""), 0, self.store.now(), card, rating, 1, cram=cram, hinted=hinted)
            self.store.append_events([answer])

    @rule(days=st.integers(0, 3), per_day=st.integers(0, 9))
    def plan(self, days: int, per_day: int) -> None:
        first = self.store.today
        until = first + timedelta(days=days)
        self.store.append_events([CatchUpPlan(EventId(""), 0, self.store.now(), first, until, per_day)])

    @rule(place=st.integers(0, 3), what=st.sampled_from(["suspend", "bury", "reset"]))
    def mark(self, place: int, what: str) -> None:
        if cards := self.cards():
            common = EventId(""), 0, self.store.now(), cards[place % len(cards)]
            until = self.store.today + timedelta(days=1)
            drafts: dict[str, UndoableEvent] = {
                "suspend": Suspend(*common),
                "bury": Bury(*common, until),
                "reset": Reset(*common),
            }
            self.store.append_events([drafts[what]])

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.clock.at += timedelta(days=days)

    @rule()
    def undo(self) -> None:
        undo_last(self.store)

    @rule(name=NAMES, word=st.sampled_from(["really", "now", ""]))
    def reword(self, name: str, word: str) -> None:
        if name in self.fronts:
            self.fronts[name] = f"What {word} is the question numbered {name}?".replace("  ", " ")
            self.write_deck()

    @rule(name=NAMES)
    def take_out_or_put_back(self, name: str) -> None:
        if self.fronts.pop(name, None) is None:
            self.fronts[name] = f"What is the question numbered {name}?"
        self.write_deck()

    @rule(place=st.integers(0, 3), rating=RATINGS, days=st.integers(-9, 9))
    def other_machine_rates(self, place: int, rating: int, days: int) -> None:
        if cards := self.cards():
            at = NOON + timedelta(days=days, seconds=self.other)
            self.add(
                encode_record(JournalRecord(review(cards[place % len(cards)], rating, at), "x", self.n()))
            )

    @rule(place=st.integers(0, 30), late=st.booleans())
    def other_machine_undoes(self, place: int, *, late: bool) -> None:
        events = sorted(e.id for e in read_all_events(paths_in(self.folder).journal_dir))
        if events:
            hlc = 2**42 + self.other if late else self.other
            self.add(encode_record(JournalRecord(undo(events[place % len(events)], hlc), "x", self.n())))

    @rule(one=st.integers(0, 3), two=st.integers(0, 3), hlc=st.integers(0, 2**42))
    def other_machine_links(self, one: int, two: int, hlc: int) -> None:
        if cards := self.cards():
            pair = cards[one % len(cards)], cards[two % len(cards)]
            self.add(encode_record(JournalRecord(link(*pair, hlc, f"l{self.other}"), "x", self.n())))

    def n(self) -> int:
        self.other += 1
        return self.other

    def add(self, line: bytes) -> None:
        with (paths_in(self.folder).journal_dir / "x-2026.jsonl").open("ab") as file:
            file.write(line)

    @rule(how=st.sampled_from(["gone", "torn", "nonsense", "kept"]))
    def reopen(self, how: str) -> None:
        self.store.close()
        index = paths_in(self.folder).index_file
        match how:
            case "gone":
                index.unlink()
            case "torn":
                os.truncate(index, index.stat().st_size // 2)
            case "nonsense":
                index.write_bytes(b"x" * 9000)
        self.store = open_store(self.folder, self.clock)

    @precondition(lambda self: bool(list_journal_files(paths_in(self.folder).journal_dir)))
    @rule()
    def lose_and_restore(self) -> None:
        self.store.close()
        paths = paths_in(self.folder)
        backup = read_backup(make_backup(paths, NOON, "manual"))
        list_journal_files(paths.journal_dir)[0].unlink()
        try:
            open_store(self.folder, self.clock).close()
        except LostHistoryError:
            restore_missing(paths, backup, self.clock())
        else:
            forget_known_store(paths)
        self.store = open_store(self.folder, self.clock)

    @invariant()
    def the_index_equals_a_full_replay(self) -> None:
        self.store.refresh_index()
        events = list(read_all_events(paths_in(self.folder).journal_dir))
        truth, events_by_card = replay_all_cards(events), card_histories(events)
        index = self.store.index.connection
        histories = CardHistories(index)
        for entry in (*queries_cards.card_states(index), *queries_cards.orphan_card_states(index)):
            assert entry.progress == truth.get(entry.card.id, NEW_PROGRESS)
            assert list(histories.effective_events(entry.card.id)) == events_by_card.get(entry.card.id, [])
        known = {
            e.card.id for e in (*queries_cards.card_states(index), *queries_cards.orphan_card_states(index))
        }
        assert {card for card, found in events_by_card.items() if found} <= known
        assert queries_cards.count_events(index) == len({event.id for event in events})


TestCollection = Collection.TestCase
TestCollection.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)


def test_many_cards_at_once_are_folded_as_one_by_one(tmp_path: Path) -> None:
    """What comes in by the thousand, on top of what was there, is replayed like all else."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    store.append_events([Review(EventId(""), 0, store.now(), CardId("dog"), 4)])
    names = ["dog", *(f"c{i}" for i in range(replay_cards.FULL_SCAN_CARDS))]
    at = NOON - timedelta(days=9)
    past = [review(name, 1 + i % 5, at) for i, name in enumerate(names)]
    append_imported(store, [*past, undo(past[7].id, 10**13), *(review(n, 4, NOON) for n in names[:20])])
    store.close()
    again = open_store(tmp_path)
    expected = replay_all_cards(read_all_events(paths_in(tmp_path).journal_dir))
    index = again.index.connection
    rows = dict(index.execute("SELECT id, due FROM card WHERE event_count > 0"))
    assert rows == {c: p.due and p.due.toordinal() for c, p in expected.items()}
    assert index.execute("SELECT count(*) FROM answer").fetchone() == (len(names) + 20,)
    again.close()


def contents(index: Connection) -> dict[str, set[object]]:
    """Return all that an index derived, but for its own numbers, and its tables."""
    names = "id, in_deck, deck, front, due, interval, ease, answered, "
    names += "first_answered, answer_count, event_count"
    queries = (
        f"SELECT {names} FROM card",
        "SELECT id, hidden_until FROM card WHERE in_deck",
        "SELECT id, hlc, kind, at, rating, line FROM event",
        "SELECT * FROM hourly_total",
        "SELECT type, name, sql FROM sqlite_master",
    )
    return {query: set(index.execute(query)) for query in queries}


def test_much_at_once_leaves_the_index_as_one_made_anew(tmp_path: Path) -> None:
    """What is put aside meanwhile is there again, and says what it would have said."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    store.append_events([Review(EventId(""), 0, store.now(), CardId("dog"), 4)])
    at = NOON - timedelta(days=9)
    past = [review(f"c{i}", 1 + i % 5, at + timedelta(minutes=i)) for i in range(6_000)]
    append_imported(store, [*past, undo(past[7].id, 10**13), link("c8", "dog", 10**13, "l")])
    store.close()
    assert (
        sum(path.stat().st_size for path in list_journal_files(paths_in(tmp_path).journal_dir))
        > MIN_BULK_BYTES
    )
    store = open_store(tmp_path)
    caught_up = contents(store.index.connection)
    store.close()
    paths_in(tmp_path).index_file.unlink()
    anew = open_store(tmp_path)
    assert contents(anew.index.connection) == caught_up
    anew.close()


DECK_TABLES = (
    """SELECT id, deck, front, back, tags, note, path, position, line, answer_mode, note_group
    FROM card WHERE in_deck""",
    "SELECT id, hidden_until FROM card WHERE in_deck AND note_group IS NOT NULL",
    "SELECT * FROM duplicate",
    "SELECT * FROM deck",
    "SELECT * FROM problem",
)


def put_library(folder: Path, library: Library) -> None:
    """Let the data folder have just these decks; each note is asked both ways round."""
    shutil.rmtree(folder / "data" / "decks", ignore_errors=True)
    for path, data in library.items():
        put_deck(folder, data.decode().replace("\ncards:", "\nreverse: true\ncards:", 1), Path(path).name)


@pytest.mark.parametrize("seed", range(6))
def test_edits_leave_the_index_as_one_made_anew(tmp_path: Path, seed: int) -> None:
    """Only what differs is written, and that is all that differs; copies of files come and go too."""
    editor = Editor(seed)
    library, copy = editor.library(), Library()
    for number in range(12):
        library = editor.change(library)
        if number % 4 == 1 and library:
            copy = {"decks/copy.yaml": library[min(library)]}
        put_library(tmp_path, library | (copy if number % 4 < 3 else {}))
        open_store(tmp_path).close()
    check_against_one_made_anew(tmp_path)


def test_gaps_that_change_places_are_asked_in_their_new_order(tmp_path: Path) -> None:
    """The cards stay the same, and nothing of them but their places tells that another comes first."""
    for cloze in ("{{a}} then {{b}}", "{{b}} then {{a}}"):
        put_deck(tmp_path, f"deck: D\ncards:\n- id: own\n  cloze: '{cloze}'\n")
        open_store(tmp_path).close()
    check_against_one_made_anew(tmp_path)


def check_against_one_made_anew(tmp_path: Path) -> None:
    """Compare what the index says of decks with what a new one says."""
    store = open_store(tmp_path)
    updated = [sorted(map(repr, store.index.connection.execute(query))) for query in DECK_TABLES]
    store.close()
    paths_in(tmp_path).index_file.unlink()
    anew = open_store(tmp_path)
    assert updated == [sorted(map(repr, anew.index.connection.execute(query))) for query in DECK_TABLES]
    anew.close()


def test_an_edit_writes_the_rows_that_differ(tmp_path: Path) -> None:
    """One word of a long deck costs one card, not all of them."""
    notes = "".join(f"- front: f{n}\n  back: b{n}\n" for n in range(500))
    put_deck(tmp_path, f"deck: D\ncards:\n{notes}")
    store = open_store(tmp_path)
    before = store.index.connection.total_changes
    put_deck(tmp_path, f"deck: D\ncards:\n{notes.replace('b77', 'another', 1)}")
    store.refresh_index()
    assert store.index.connection.total_changes - before < 50
    backs = {state.card.back for state in store.query(queries_cards.card_states)}
    assert len(backs) == 500
    assert "another" in backs
    store.close()
