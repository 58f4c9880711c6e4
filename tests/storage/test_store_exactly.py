"""The store to the event: what each call writes, remembers and says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factories import NOON, Clock, open_store, paths_in, put_deck, rate, review, undo_last
from flashcards.core.cards import CardId
from flashcards.core.events import CardLink, Event, EventId, Review, SeenText, Suspend, Undo
from flashcards.errors import LostHistoryError, ReadOnlyStoreError
from flashcards.storage.backups import backups
from flashcards.storage.index.build.update import READ_PROGRESS_SHARE
from flashcards.storage.index.index import JOURNAL_PROGRESS_SHARE
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.journal import journal
from flashcards.storage.journal.record import JournalRecord, encode_record
from flashcards.storage.known_stores import KnownStore, load_known_store
from flashcards.storage.settings.settings import Settings
from flashcards.storage.store import Store
from flashcards.storage.undo import steps
from flashcards.storage.undo.steps import append_imported

DOG, CAT = CardId("dog"), CardId("cat")


def records(folder: Path, ending: str = "2026-01.jsonl") -> list[JournalRecord]:
    (path,) = (p for p in journal.list_journal_files(paths_in(folder).journal_dir) if p.name.endswith(ending))
    return journal.read_journal_file(path).records


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


def test_what_comes_from_elsewhere_has_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In writes of a bounded size, each event as it came."""
    monkeypatch.setattr(steps, "IMPORT_BATCH_SIZE", 2)
    put_deck(tmp_path)
    it = open_store(tmp_path)
    past = [review("dog", 4, NOON - timedelta(days=9 - n), ident=f"p{n}") for n in range(5)]
    writes: list[tuple[int, str]] = []
    pen = it._journal_for_writing()
    append = pen.append_events

    def noted(drafts: Sequence[Event], part: str = "") -> list[Event]:
        writes.append((len(drafts), part))
        return append(drafts, part)

    monkeypatch.setattr(pen, "append_events", noted)
    append_imported(it, iter(past))
    assert writes == [(2, "-imported"), (2, "-imported"), (1, "-imported")]
    assert [r.event for r in records(tmp_path, "-imported.jsonl")] == past
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
    (step,) = it.replay_card_history(DOG).steps
    assert step.after == now.progress
    it.close()


def test_what_is_remembered_at_the_end(tmp_path: Path) -> None:
    """The store's id, how much it has, and who wrote how far; nobody is writing any more."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    paths = paths_in(tmp_path)
    ident = json.loads(paths.format_file.read_text())["store"]
    it.close()
    assert load_known_store(paths.known_stores_file, paths.data_dir) == KnownStore(ident, 0, 1)
    it = open_store(tmp_path)
    rate(it, "dog", [4, 5])
    begun = load_known_store(paths.known_stores_file, paths.data_dir)
    assert begun
    assert len(begun.writing) == 1
    it.close()
    device = records(tmp_path)[0].device_id
    assert load_known_store(paths.known_stores_file, paths.data_dir) == KnownStore(ident, 3, 1, device, 3)
    open_store(tmp_path).close()
    assert load_known_store(paths.known_stores_file, paths.data_dir) == KnownStore(ident, 3, 1, device, 3)


def test_a_lost_format_keeps_its_store(tmp_path: Path) -> None:
    """The id that this machine remembers is given back."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    it.close()
    before = paths_in(tmp_path).format_file.read_bytes()
    paths_in(tmp_path).format_file.unlink()
    open_store(tmp_path).close()
    assert paths_in(tmp_path).format_file.read_bytes() == before


def test_a_loss_is_told_in_whole(tmp_path: Path) -> None:
    """How much there was, how much there is, and the way back, with the backup's time."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    it.close()
    paths = paths_in(tmp_path)
    paths.index_file.unlink()
    next(paths.journal_dir.iterdir()).write_bytes(b"")
    with pytest.raises(LostHistoryError) as stopped:
        open_store(tmp_path)
    assert str(stopped.value) == (
        f"{paths.data_dir}: history is missing: it had 2 events, now 0. Nothing was written. "
        "To restore the backup of 2026-01-05 12:00 UTC: flashcards restore. "
        "If this is intended: flashcards doctor --accept."
    )


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


def test_one_backup_a_day_by_the_days_of_its_own_names(tmp_path: Path) -> None:
    """The name of a backup is in UTC, and so is the day that it is for."""
    put_deck(tmp_path)
    from datetime import timezone

    west = timezone(-timedelta(hours=10))
    for hour, expected in ((13, 1), (15, 2), (20, 2)):
        it = open_store(tmp_path, Clock(datetime(2026, 1, 5, hour, tzinfo=west)))
        rate(it, "dog", [4])
        it.close()
        assert len(backups.backups_of(paths_in(tmp_path))) == expected, hour


def test_behind_a_clock_that_is_ahead_by_one_each(tmp_path: Path) -> None:
    """An event goes right behind the last of its card; one that is not ahead is stamped as ever."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "cat", [4])
    it.close()
    far = replace(review("dog", 4, NOON + timedelta(days=900)), hlc=1 << 42)
    (paths_in(tmp_path).journal_dir / "ahead-2028.jsonl").write_bytes(
        encode_record(JournalRecord(far, "ahead", 1))
    )
    it = open_store(tmp_path, Clock(NOON + timedelta(hours=1)))
    rate(it, "dog", [3, 3])
    it.append_events([Suspend(EventId(""), 0, it.current_time(), CAT)])
    it.close()
    mine = [r.event for r in records(tmp_path) if r.sequence > 2 and not isinstance(r.event, SeenText)]
    assert [e.hlc for e in mine[:2]] == [(1 << 42) + 1, (1 << 42) + 2]
    assert mine[2].hlc < 1 << 41


def test_a_long_history_is_told_of_through_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens the store hears that reading takes a while."""
    put_deck(tmp_path)
    it = open_store(tmp_path)
    rate(it, "dog", [4])
    it.close()
    paths_in(tmp_path).index_file.unlink()
    monkeypatch.setattr("flashcards.storage.index.index.LONG_READ_BYTES", 10)
    told: list[str] = []
    Store(paths_in(tmp_path), Settings(), now=Clock(), notify=told.append).close()
    assert "Building the index from your history" in told[0]


def test_a_long_history_is_told_share_by_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever can show it hears how much is done, up to all of it, and no line; and once only."""
    put_deck(tmp_path)
    with open_store(tmp_path) as it:
        rate(it, "dog", [4] * 9)
        rate(it, "cat", [4])
    paths_in(tmp_path).index_file.unlink()
    monkeypatch.setattr("flashcards.storage.index.index.LONG_READ_BYTES", 10)
    monkeypatch.setattr("flashcards.storage.index.build.replay.CARDS_PER_WRITE", 1)
    shares: list[float] = []
    store = Store(paths_in(tmp_path), Settings(), now=Clock(), notify=pytest.fail, on_progress=shares.append)
    assert shares == sorted(shares)
    assert (
        0
        < shares[0]
        <= READ_PROGRESS_SHARE * JOURNAL_PROGRESS_SHARE
        < shares[1]
        < shares[2]
        == JOURNAL_PROGRESS_SHARE
        < shares[-1]
        == 1
    )
    told: list[str] = []
    store.notify = told.append
    store.index.rebuild()
    store.close()
    assert shares[-1] == 1 == shares.count(1)
    assert "Building the index from your history" in told[0]


def deck_of(name: str, cards: int) -> str:
    notes = "".join(f"  - front: Question {n} of  many\n    back: Answer {n}\n" for n in range(cards))
    return f"deck: {name}\ncards:\n{notes}"


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
