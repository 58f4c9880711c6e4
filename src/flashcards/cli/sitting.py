"""A sitting: what is due, on the screen or in lines, each rating kept as it is given."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass

from flashcards.cli.context import Context
from flashcards.cli.desk import StoreDesk
from flashcards.cli.queue import Filled, Wanted, fill
from flashcards.core.search import pick
from flashcards.storage import counts, reading
from flashcards.storage.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person typed after `study`."""

    decks: tuple[str, ...] = ()
    tag: str = ""
    new: int | None = None
    limit: int | None = None
    minutes: int | None = None
    plain: bool = False


def sit_down(world: Context, asked: Asked) -> None:
    """Run a session, or say that nothing is due."""
    store = world.open()
    try:
        names = counts.deck_names(store.index.connection)
        only = tuple(pick(names, name) for name in asked.decks)
        filled = fill(store, Wanted(only, asked.tag, asked.new, asked.limit))
        _warn(world, store, filled)
        if filled.session.current is None:
            _say_nothing_is_due(world, store)
        else:
            until_ms = asked.minutes and asked.minutes * 60_000
            _run(world, store, filled, until_ms, plain=asked.plain)
    finally:
        store.close()


def _run(
    world: Context, store: Store, filled: Filled, until_ms: int | None, *, plain: bool
) -> None:
    desk = StoreDesk(store)
    if plain or not screen_is_possible():
        from flashcards.terminal.plain import study_in_lines  # noqa: PLC0415 (no rich here)

        study_in_lines(
            filled.session,
            desk,
            world.stdin,
            world.stdout,
            monotonic=time.monotonic,
            until_ms=until_ms,
        )
    else:
        from flashcards.terminal.study import study_on_screen  # noqa: PLC0415 (needs rich)

        study_on_screen(
            filled.session,
            desk,
            until_ms=until_ms,
            monotonic=time.monotonic,
            theme=store.settings.theme,
        )


def screen_is_possible() -> bool:
    """Tell whether there is a terminal that can place text, at both ends."""
    ends = sys.stdin, sys.stdout
    return os.environ.get("TERM", "dumb") != "dumb" and all(end and end.isatty() for end in ends)


def _warn(world: Context, store: Store, filled: Filled) -> None:
    problems = reading.problems(store.index.connection)
    for problem in problems[:3]:
        world.tell(f"flashcards: {problem}")
    if problems:
        more = f" ({len(problems)} in all: flashcards check)" if len(problems) > 3 else ""
        world.tell(f"Cards in a faulty file are asked as they were when it was last sound.{more}")
    if filled.paused:
        world.tell(
            f"A backlog: {filled.left_out} more cards are due than today's limit takes. "
            "New cards pause until it is gone (--new N brings some all the same)."
        )


def _say_nothing_is_due(world: Context, store: Store) -> None:
    index = store.index.connection
    if not counts.deck_names(index):
        world.print("Your library has no cards yet.  flashcards import FILE")
        return
    next_day = reading.next_due(index, store.today)
    later = f" The next card is due on {next_day.isoformat()}." if next_day else ""
    world.print(f"Nothing is due now.{later}  More new cards: flashcards study --new 10")
