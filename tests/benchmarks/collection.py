"""Make a large collection: `python tests/benchmarks/collection.py FOLDER [CARDS [REVIEWS]]`.

Cards lie in decks of 5,000; reviews are those of a person who studied every day for years, dealt
out by SM-2 itself, in one journal file a year. The same numbers make the same collection.
"""

from __future__ import annotations

import heapq
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flashcards.core import sm2
from flashcards.core.cards import CardId
from flashcards.core.events import Review
from flashcards.storage.journal.event_ids import new_uuid7
from flashcards.storage.journal.record import JournalRecord, encode_record

PER_DECK = 5_000
CHANCES = (3, 7, 15, 50, 25)
"""Of a hundred answers, how many are 1, 2, 3, 4, 5."""
WORDS = ("attention", "value", "query", "rank", "adapter", "mask", "token", "layer", "norm", "loss")


def make(folder: Path, cards: int = 100_000, reviews: int = 1_000_000) -> None:
    """Write decks and journals below `folder`, as a data folder has them."""
    rng = random.Random(7)
    _write_decks(folder / "decks", cards, rng)
    _write_journals(folder / "journal", cards, reviews, rng)


def _write_decks(folder: Path, cards: int, rng: random.Random) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, cards, PER_DECK):
        lines = [f"deck: Deck {first // PER_DECK:02}", "cards:"]
        for i in range(first, min(first + PER_DECK, cards)):
            front = " ".join(rng.choices(WORDS, k=8))
            lines += [f"  - id: c{i}", f"    front: What is {front} {i}?", "    back: |"]
            lines += [f"      - {' '.join(rng.choices(WORDS, k=9))}" for _ in range(2)]
        (folder / f"deck-{first // PER_DECK:02}.yaml").write_text("\n".join(lines) + "\n")


def _write_journals(folder: Path, cards: int, reviews: int, rng: random.Random) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    days = 1_500
    start = datetime.now(UTC).replace(hour=18, minute=0, second=0, microsecond=0)
    start -= timedelta(days=days)
    memories = [sm2.MemoryState()] * cards
    waiting = [(rng.randrange(days), i) for i in range(cards)]
    heapq.heapify(waiting)
    files: dict[int, list[bytes]] = {}
    for n in range(1, reviews + 1):
        day, i = heapq.heappop(waiting)
        if day >= days:
            break
        at = start + timedelta(days=day, milliseconds=n)
        rating = rng.choices((1, 2, 3, 4, 5), CHANCES)[0]
        memories[i] = sm2.next_memory_state(memories[i], rating)
        late = rng.randrange(3)
        heapq.heappush(waiting, (day + memories[i].interval + late, i))
        ms = int(at.timestamp() * 1000)
        event = Review(
            new_uuid7(ms, rng.randbytes),
            ms,
            at,
            CardId(f"c{i}"),
            rating,
            rng.randrange(2000, 20000),
        )
        files.setdefault(at.year, []).append(encode_record(JournalRecord(event, "bench", n)))
    for year, lines in files.items():
        (folder / f"bench-{year}.jsonl").write_bytes(b"".join(lines))


if __name__ == "__main__":
    make(Path(sys.argv[1]), *map(int, sys.argv[2:]))
