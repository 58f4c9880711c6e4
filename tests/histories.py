"""A made-up year: someone who studies most days, does better with time, and once fell behind."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from flashcards.core.cards import CardId
from flashcards.core.events import EventId, Review
from flashcards.core.progress import Progress, apply_rating
from flashcards.storage.journal.record import JournalRecord, encode_record

ZONE = timezone(timedelta(hours=1))
TODAY = date(2026, 11, 24)
DECKS = {
    "french.yaml": ("French", ("language",), 420),
    "transformers.yaml": ("Transformers, RAG & LoRA", ("machine-learning",), 55),
    "anatomy.yaml": ("Anatomy of the hand and the forearm", ("medicine", "exam"), 160),
}


def write_decks(folder: Path) -> list[CardId]:
    """Write the decks of that person; return their cards in the library's order."""
    folder.mkdir(parents=True, exist_ok=True)
    cards = []
    for name, (deck, tags, count) in sorted(DECKS.items()):
        lines = [f"deck: {deck}", f"tags: [{', '.join(tags)}]", "cards:"]
        for i in range(count):
            ident = f"{name[:-5]}-{i:03}"
            cards.append(CardId(ident))
            lines += [f"  - id: {ident}", f"    front: What is number {i} of {deck}?"]
            lines += [f"    back: The answer {i}"] + (["    tags: [hard]"] if i % 9 == 0 else [])
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return cards


def write_year(data: Path, today: date = TODAY, days: int = 365) -> None:
    """Write a library and the history of its last `days` below a data folder."""
    rng = random.Random(3)
    cards = write_decks(data / "decks")
    rng.shuffle(cards)
    known: dict[CardId, Progress] = {}
    lines: list[bytes] = []

    def give(card: CardId, rating: int, at: datetime) -> None:
        n = len(lines) + 1
        ms = int(at.timestamp() * 1000)
        took = int(rng.lognormvariate(8.7, 0.6)) % 60_000
        event = Review(EventId(f"r{n:06}"), ms, at, card, rating, took)
        lines.append(encode_record(JournalRecord(event, "made", n)))
        known[card], _ = apply_rating(known.get(card, Progress()), rating, at.date())

    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        away = 160 < back < 176 or (rng.random() < 0.16 and back > 9)
        if away or back < 3:
            continue
        hour = rng.choice((7, 7, 7, 8, 12, 18, 21, 21, 22))
        at = datetime(day.year, day.month, day.day, hour, rng.randrange(50), tzinfo=ZONE)
        due = [c for c, p in known.items() if p.due and p.due <= day][: rng.randint(25, 90)]
        fresh = [cards.pop() for _ in range(min(len(cards), rng.randint(0, 3)))]
        for card in (*due, *fresh):
            better = 0.76 + 0.12 * (days - back) / days - 0.1 * (hour > 20)
            hard = 0.35 if int(card[-3:]) % 17 == 0 else 0.0
            recalled = rng.random() < better - hard
            rating = rng.choice((3, 4, 4, 4, 5)) if recalled else rng.choice((1, 2, 2))
            at += timedelta(seconds=rng.randint(4, 20))
            give(card, rating, at)
            while rating < 4:
                at += timedelta(seconds=rng.randint(3, 9))
                rating = rng.choice((3, 4, 4, 5))
                give(card, rating, at)
    folder = data / "journal"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "made-2026.jsonl").write_bytes(b"".join(lines))
