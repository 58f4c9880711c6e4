"""The store: what was done is there for the next process, and follows its card through edits."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from factories import DECK, NOON, Clock, open_store, paths_in, put_deck, rate, records, review, undo_last
from flashcards.core.cards import CardId
from flashcards.core.events import CardLink, EventId, Review, SeenText, Suspend, Undo
from flashcards.errors import ReadOnlyStoreError
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from replay_oracle import read_all_events, replay_all_cards, replay_card_history

CAT = CardId("cat")


def deck_of(name: str, cards: int) -> str:
    notes = "".join(f"  - front: Question {n} of  many\n    back: Answer {n}\n" for n in range(cards))
    return f"deck: {name}\ncards:\n{notes}"


DOG = CardId("dog")


def check_against_replay(store: Store) -> None:
    """The index says of every card what a full replay of the journal says."""
    store.refresh_index()
    truth = replay_all_cards(read_all_events(store.paths.journal_dir), store.settings.rollover)
    index = store.index.connection
    for entry in (*cards.card_states(index), *cards.orphan_card_states(index)):
        expected = truth.pop(entry.card.id, None)
        assert entry.progress == expected or (expected is None and entry.progress.due is None)
    assert not any(progress.due for progress in truth.values())


def test_the_next_process_sees_what_was_done(tmp_path: Path) -> None:
    """Ratings, days later and in other processes, lead to the dates of SM-2."""
    put_deck(tmp_path)
    clock = Clock()
    dates = []
    for day in (date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 12)):
        clock.to(day)
        store = open_store(tmp_path, clock)
        rate(store, "dog", [4])
        store.close()
        store = open_store(tmp_path, clock)
        entry = store.card_state(DOG)
        assert entry
        dates.append(entry.progress.due)
        check_against_replay(store)
        store.close()
    assert dates == [date(2026, 1, 6), date(2026, 1, 12), date(2026, 1, 27)]


def test_undo_reaches_back_across_processes(tmp_path: Path) -> None:
    """Each undo takes the last thing back, whatever process did it, until nothing is left."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4, 3])
    store.append_events([Suspend(EventId(""), 0, store.now(), CardId("cat"))])
    store.close()
    taken = []
    for _ in range(4):
        store = open_store(tmp_path)
        taken.append(undo_last(store))
        check_against_replay(store)
        store.close()
    assert [getattr(event, "card", None) for event in taken] == ["cat", "dog", "dog", None]


def test_two_open_stores_lose_nothing(tmp_path: Path) -> None:
    """Two terminals at once: both ratings are kept and each sees the other's."""
    put_deck(tmp_path)
    one, two = open_store(tmp_path), open_store(tmp_path)
    rate(one, "dog", [4])
    rate(two, "cat", [5])
    rate(one, "cat", [1])
    for store in (one, two):
        check_against_replay(store)
        assert [len(replay_card_history(store, CardId(name)).steps) for name in ("dog", "cat")] == [
            1,
            2,
        ]
        store.close()


def test_the_index_can_be_deleted_torn_or_foreign(tmp_path: Path) -> None:
    """Whatever becomes of the cache, the store opens and says the same."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4, 2])
    store.close()
    index = paths_in(tmp_path).index_file
    whole = index.read_bytes()
    for broken in (None, b"", b"nonsense" * 999, whole[: len(whole) // 2], whole[:100]):
        if broken is None:
            index.unlink()
        else:
            index.write_bytes(broken)
        store = open_store(tmp_path)
        assert len(replay_card_history(store, DOG).steps) == 2
        check_against_replay(store)
        store.close()


def test_a_forged_index_is_not_believed(tmp_path: Path) -> None:
    """An index changed by another program is made anew."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.index.connection.execute("UPDATE card SET due = 1, lapses = 99")
    store.index.connection.close()
    store = open_store(tmp_path)
    check_against_replay(store)
    store.close()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    """Without a place for the index, everything works from memory."""
    put_deck(tmp_path)
    paths_in(tmp_path).cache_dir.write_text("in the way")
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    check_against_replay(store)
    store.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("front: the bird", "front: the little bird"),
        ("back: l'oiseau", "back: un oiseau"),
        ("front: the bird\n    back: l'oiseau", "front: the birds\n    back: les oiseaux"),
        ("front: the bird", "id: bird\n    front: the bird"),
        ("deck: French", "deck: Français"),
    ],
    ids=["front", "back", "both", "an id given", "deck renamed"],
)
def test_an_edit_costs_no_history(tmp_path: Path, old: str, new: str) -> None:
    """A card without an id keeps its reviews when it is reworded, named, or its deck renamed."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    (bird,) = [e.card.id for e in cards.card_states(store.index.connection) if "bird" in e.card.front]
    rate(store, bird, [4])
    deck.write_text(DECK.replace(old, new), encoding="utf-8")
    store.refresh_index()
    check_against_replay(store)
    learned = [e for e in cards.card_states(store.index.connection) if e.progress.due]
    assert len(learned) == 1
    assert "bird" in learned[0].card.front
    store.close()


def test_a_link_is_said_once_and_can_be_undone(tmp_path: Path) -> None:
    """The person is told of a card taken for another, and can part them again."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    deck.write_text(DECK.replace("id: dog", "id: hound"), encoding="utf-8")
    store.refresh_index()
    assert len(store.notices) == 1
    hound = store.card_state(CardId("hound"))
    assert hound
    assert hound.progress.due
    assert undo_last(store)
    hound = store.card_state(CardId("hound"))
    assert hound
    assert hound.progress.due is None
    check_against_replay(store)
    store.close()
    store = open_store(tmp_path)
    assert not store.notices
    store.close()


def test_a_card_deleted_and_brought_back_goes_on(tmp_path: Path) -> None:
    """The history waits for its card."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    deck.write_text("deck: French\ncards: []\n", encoding="utf-8")
    store.refresh_index()
    assert store.card_state(DOG) is None
    assert [e.card.front for e in cards.orphan_card_states(store.index.connection)] == ["le chien"]
    deck.write_text(DECK, encoding="utf-8")
    store.refresh_index()
    entry = store.card_state(DOG)
    assert entry
    assert entry.progress.due
    store.close()


def test_a_card_moved_to_another_deck_goes_on(tmp_path: Path) -> None:
    """Cut from one file and pasted into another, with a look at the library in between."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    (bird,) = [e.card.id for e in cards.card_states(store.index.connection) if "bird" in e.card.front]
    rate(store, bird, [4])
    head, _, note = DECK.partition("  - front: the bird")
    deck.write_text(head, encoding="utf-8")
    store.refresh_index()
    put_deck(tmp_path, f"deck: Animals\ncards:\n  - front: the bird{note}", "animals.yaml")
    store.refresh_index()
    learned = [e.card.deck for e in cards.card_states(store.index.connection) if e.progress.due]
    assert learned == ["Animals"]
    store.close()


def test_a_faulty_deck_is_asked_as_it_was(tmp_path: Path) -> None:
    """Half-edited files cost no card; the fault is told."""
    deck = put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    deck.write_text(DECK + "  - fornt: x\n", encoding="utf-8")
    store.refresh_index()
    assert store.card_state(DOG)
    assert [p.line for p in cards.list_problems(store.index.connection)] == [14, 14]
    store.close()


def test_an_id_in_two_files_is_told_and_asked_once(tmp_path: Path) -> None:
    """The first file keeps the card, and the fault names both places."""
    put_deck(tmp_path)
    put_deck(tmp_path, "deck: Other\ncards:\n- id: dog\n  front: x\n  back: y\n", "other.yaml")
    store = open_store(tmp_path)
    (problem,) = cards.list_problems(store.index.connection)
    assert "decks/french.yaml:4" in problem.message
    entry = store.card_state(DOG)
    assert entry
    assert entry.card.front == "le chien"
    store.close()


def test_counts_follow_the_day(tmp_path: Path) -> None:
    """New cards are used up by answers, repeats wait today, reviews tomorrow."""
    put_deck(tmp_path)
    clock = Clock()
    store = open_store(tmp_path, clock)
    rate(store, "dog", [1])
    rate(store, "cat", [4])
    store.refresh_index()
    today = store.today.toordinal()
    found = counts.count_due(store.index.connection, today)
    assert (found.due, found.new, found.learning) == (0, 2, 1)
    clock.to(NOON.date() + timedelta(days=1))
    found = counts.count_due(store.index.connection, today + 1)
    assert (found.due, found.new, found.learning) == (2, 2, 0)
    store.close()


def test_the_data_folder_brings_its_rules_for_git(tmp_path: Path) -> None:
    """Two machines' journals merge without a question, and what is local stays out."""
    open_store(tmp_path).close()
    data = paths_in(tmp_path).data_dir
    assert "journal/*.jsonl merge=union -text" in (data / ".gitattributes").read_text()
    assert ".lock" in (data / ".gitignore").read_text()
    assert data.stat().st_mode & 0o777 == 0o700


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """The format number says who may write."""
    open_store(tmp_path).close()
    put_deck(tmp_path)
    paths_in(tmp_path).format_file.write_text('{"format":2,"store":"x"}')
    with open_store(tmp_path) as store:
        assert store.card_state(CardId("dog"))
        for write in (
            lambda: rate(store, "dog", [4]),
            store.wait_for_backup,
            store.back_up_before_bulk_change,
        ):
            with pytest.raises(ReadOnlyStoreError, match="newer"):
                write()
    assert not list(paths_in(tmp_path).journal_dir.iterdir())
    assert not paths_in(tmp_path).backups_dir.exists()


def test_two_machines_merge_in_any_order(tmp_path: Path) -> None:
    """Journals copied both ways give the same state on both machines."""
    for name, ratings in (("one", [4, 1]), ("two", [5])):
        put_deck(tmp_path / name)
        store = open_store(tmp_path / name, Clock(NOON + timedelta(days=len(ratings))))
        rate(store, "dog", ratings)
        store.close()
    one, two = (paths_in(tmp_path / name).journal_dir for name in ("one", "two"))
    for source, target in ((one, two), (two, one)):
        for path in source.iterdir():
            if not (target / path.name).exists():
                shutil.copy(path, target)
    states = []
    for name in ("one", "two"):
        store = open_store(tmp_path / name)
        check_against_replay(store)
        states.append((store.card_state(DOG), replay_card_history(store, DOG)))
        store.close()
    assert states[0] == states[1]
    assert [step.review.rating for step in states[0][1].steps] == [5, 4, 1]


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


def test_a_card_that_is_gone_is_rated_without_its_text(tmp_path: Path) -> None:
    """An answer to a card that left its deck meanwhile is kept; there is no text to keep."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    (kept,) = store.append_events([Review(EventId(""), 0, store.now(), CardId("gone"), 4, 1)])
    assert kept in list(read_all_events(store.paths.journal_dir))
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
    assert len(replay_card_history(store, CardId("hound")).steps) == 1
    store.close()
    store = open_store(tmp_path)
    assert not store.notices
    store.close()


def test_an_answer_brings_the_text_of_its_card_once(tmp_path: Path) -> None:
    """The first answer keeps what the card said; the next does not repeat it; an edit does."""
    deck = put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4, 5])
    it.close()
    it = open_store(tmp_path)
    rate(it, "dog", [3])
    deck.write_text(deck.read_text().replace("the dog", "a dog"), encoding="utf-8")
    it.refresh_index()
    rate(it, "dog", [4])
    it.close()
    seen = [r.event for r in records(tmp_path) if isinstance(r.event, SeenText)]
    assert [(e.card, e.deck, e.front, e.back) for e in seen] == [
        ("dog", "French", "le chien", "the dog"),
        ("dog", "French", "le chien", "a dog"),
    ]
    assert all(len(e.id) == 36 and e.hlc > 1 << 40 for e in seen)
    assert [type(r.event) for r in records(tmp_path)] == [
        Review, SeenText, Review, Review, Review, SeenText,
    ]  # fmt: skip


def test_an_undo_is_an_event_like_any_other(tmp_path: Path) -> None:
    """Stamped, and about the last thing done to the card that is named, or to any."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    rate(it, "cat", [5])
    first = undo_last(it, DOG)
    assert isinstance(first, Review)
    assert first.card == DOG
    assert undo_last(it, DOG) is None
    last = undo_last(it)
    assert isinstance(last, Review)
    assert last.card == CAT
    undos = [r.event for r in records(tmp_path) if isinstance(r.event, Undo)]
    assert [e.undone_event for e in undos] == [first.id, last.id]
    assert all(len(e.id) == 36 and e.hlc > 1 << 40 for e in undos)
    it.close()


def test_between_two_looks_the_store_knows_what_it_did(tmp_path: Path) -> None:
    """A card's progress follows each answer at once, by the person's own rollover."""
    put_deck(tmp_path)
    night = Clock(datetime(2026, 1, 6, 2, tzinfo=UTC))
    it = open_store(tmp_path, night, Settings(rollover=timedelta(hours=1)))
    rate(it, "dog", [4])
    now = it.card_state(DOG)
    assert now
    assert now.progress.due == datetime(2026, 1, 7, tzinfo=UTC).date()
    assert it.card_state(CAT)
    it.refresh_index()
    assert it.card_state(DOG) == now
    (step,) = replay_card_history(it, DOG).steps
    assert step.after == now.progress.numbers
    it.close()


def test_what_a_newer_version_wrote_is_only_read(tmp_path: Path) -> None:
    """Nothing is written beside it; the message says why, and names the folder."""
    from zlib import crc32

    put_deck(tmp_path)
    open_store(tmp_path).close()
    body = b'{"v":9,"id":"x"'
    data = paths_in(tmp_path).data_dir
    (data / "journal" / "new-2026.jsonl").write_bytes(b'%b,"c":"%08x"}\n' % (body, crc32(body)))
    it = open_store(tmp_path)
    with pytest.raises(ReadOnlyStoreError, match=f"^{data}: written by a newer version of flashcards"):
        rate(it, "dog", [4])
    it.close()


def test_behind_a_clock_that_is_ahead_by_one_each(tmp_path: Path) -> None:
    """An event goes right behind the last of its card; one that is not ahead is stamped as ever."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "cat", [4])
    it.close()
    far = review("dog", 4, NOON + timedelta(days=900))._replace(hlc=1 << 42)
    (paths_in(tmp_path).journal_dir / "ahead-2028.jsonl").write_bytes(
        encode_record(JournalRecord(far, "ahead", 1))
    )
    it = open_store(tmp_path, Clock(NOON + timedelta(hours=1)))
    rate(it, "dog", [3, 3])
    it.append_events([Suspend(EventId(""), 0, it.now(), CAT)])
    it.close()
    mine = [r.event for r in records(tmp_path) if r.sequence > 2 and not isinstance(r.event, SeenText)]
    assert [e.hlc for e in mine[:2]] == [(1 << 42) + 1, (1 << 42) + 2]
    assert mine[2].hlc < 1 << 41


@pytest.mark.parametrize(("cards", "more"), [(2, 0), (3, 0), (5, 2)])
def test_cards_found_again_are_named_up_to_three(tmp_path: Path, cards: int, more: int) -> None:
    """Each by its question on one line; of the rest, how many. Each link is a stamped event."""
    deck = put_deck(tmp_path, deck_of("One", cards))
    it = open_store(tmp_path)
    for entry in list(queries_cards.card_states(it.index.connection)):
        rate(it, entry.card.id, [4])
    it.close()
    deck.write_text(deck_of("Two", cards), encoding="utf-8")
    it = open_store(tmp_path)
    named = [f'"Question {n} of many" was reworded or moved; it keeps its history.' for n in range(cards)]
    others = "1 more card" if more == 1 else f"{more} more cards"
    rest = [f"The same holds for {others}. (Undo: flashcards undo)"] if more else []
    assert sorted(it.notices[:3]) == sorted(it.notices[: min(3, cards)])
    assert set(it.notices[: min(3, cards)]) <= set(named)
    assert it.notices[min(3, cards) :] == rest
    it.close()
    links = [r.event for r in records(tmp_path) if isinstance(r.event, CardLink)]
    assert len(links) == cards
    assert all(len(e.id) == 36 and e.hlc > 1 << 40 for e in links)


def test_a_long_question_is_cut_where_it_is_named(tmp_path: Path) -> None:
    """Sixty signs are enough to know a card by."""
    front = "x" * 80
    deck = put_deck(tmp_path, f"deck: One\ncards:\n  - front: {front}\n    back: b\n")
    it = open_store(tmp_path)
    (entry,) = queries_cards.card_states(it.index.connection)
    rate(it, entry.card.id, [4])
    it.close()
    deck.write_text(deck.read_text().replace("One", "Two"), encoding="utf-8")
    it = open_store(tmp_path)
    assert it.notices == [f'"{front[:60]} …" was reworded or moved; it keeps its history.']
    it.close()
