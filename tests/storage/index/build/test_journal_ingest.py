"""Journal records come into the index."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zlib import crc32

from factories import NOON, open_store, put_deck, rate, review
from flashcards.core.cards import CardId
from flashcards.storage.index.queries.cards import count_events
from flashcards.storage.journal import record
from flashcards.storage.journal.record import JournalRecord, encode_record
from replay_oracle import replay_card_history


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
    assert store.query(count_events) == 3
    assert not replay_card_history(store, CardId("cat")).steps
    store.close()
