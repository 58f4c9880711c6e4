"""The pen of this machine: under which name it writes, and from which number and time on."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from flashcards.storage.files import locked, make_folder
from flashcards.storage.index.index import Index
from flashcards.storage.index.queries import event_clock
from flashcards.storage.journal import journal
from flashcards.storage.journal.device import device_id, new_device
from flashcards.storage.journal.journal import Clock, Journal
from flashcards.storage.known_stores import LOCK, KnownStore, recall
from flashcards.storage.paths import Paths

TWIN = (
    "Another machine has written here under this one's name, as after a copied home folder. "
    "From now on this one has a name of its own ({device}); both histories are kept."
)


def take_up(  # noqa: PLR0913 (the store, and what it needs of the world)
    paths: Paths,
    index: Index,
    *,
    now: Callable[[], datetime],
    entropy: Callable[[int], bytes] = os.urandom,
    tell: Callable[[str], None] = lambda _: None,
    read_only: str = "",
) -> tuple[Journal, str]:
    """Return the journal to write to, and the device that it writes as.

    Where another machine has written as this one, this one gets a new name, and says so.
    """
    make_folder(paths.state)
    with locked(paths.state / LOCK):
        device = device_id(paths.device, entropy)
        # Read after the index was brought up to date, so that it cannot know less than that.
        known = recall(paths.known, paths.data)
        if not read_only and _has_a_twin(paths, index, device, known):
            device = new_device(paths.device, entropy)
            tell(TWIN.format(device=device))
    clock = Clock(
        event_clock.highest(index.connection, event_clock.ceiling(now())),
        event_clock.written(index.connection, device)[0],
    )
    pen = Journal(
        paths.journal,
        paths.lock,
        device,
        clock,
        now=now,
        entropy=entropy,
        read_only=read_only,
        written=index.written,
    )
    for name, size in event_clock.journal_sizes(index.connection):
        pen.known(paths.data / name, size)
    return pen, device


def _has_a_twin(paths: Paths, index: Index, device: str, known: KnownStore | None) -> bool:
    """Tell whether the journals have events of this device's name that are not its own.

    Certain when it laid the pen down at a number and there are higher ones, or when two events
    bear one number; the latter is looked for only where events came out of order.
    """
    n, late = event_clock.written(index.connection, device)
    if known and known.device == device and not known.writing and n > known.n:
        return True
    if not late:
        return False
    records = (r for path in journal.files(paths.journal) for r in journal.read(path).records)
    if journal.duplicates(r for r in records if r.device == device):
        return True
    index.clear(device)
    return False
