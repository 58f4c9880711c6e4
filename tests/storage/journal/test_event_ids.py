"""Ids of events."""

from __future__ import annotations

import os
import re

from flashcards.storage.journal.event_ids import new_uuid7


def test_ids_are_of_version_7_and_sort_by_time() -> None:
    """Ids are UUIDs of version 7, variant 2."""
    first, second = new_uuid7(1_000, os.urandom), new_uuid7(2_000, os.urandom)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first)
    assert first < second


def test_an_id_is_made_of_the_time_and_of_chance() -> None:
    """48 bits of ms, the version, 12 random bits, the variant, 62 random bits."""
    entropy = bytes(range(0xF0, 0xFA))
    asked: list[int] = []

    def give(number: int) -> bytes:
        asked.append(number)
        return entropy

    assert new_uuid7(0x0123456789AB, give) == "01234567-89ab-70f1-b2f3-f4f5f6f7f8f9"
    assert new_uuid7((1 << 48) + 1, give) == "00000000-0001-70f1-b2f3-f4f5f6f7f8f9"
    assert new_uuid7((1 << 48) - 1, lambda _: bytes(10)) == "ffffffff-ffff-7000-8000-000000000000"
    assert asked == [10, 10]
