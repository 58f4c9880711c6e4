"""A sitting: what is due, on the screen or in lines, each rating kept as it is given."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from datetime import date

from flashcards.app.context import Context
from flashcards.app.study.queue import Filled, Wanted, fill
from flashcards.app.study.store_ports import StoreDesk
from flashcards.errors import UsageError
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person typed after `study`."""

    words: tuple[str, ...] = ()
    """Names of decks, and terms of a search."""
    tag: str = ""
    new: int | None = None
    limit: int | None = None
    order: str = ""
    cram: bool = False
    ahead: int = 0
    by: date | None = None
    minutes: int | None = None
    plain: bool = False
    typing: bool = False
    """Whether the answers of all cards are typed."""


def sit_down(world: Context, asked: Asked) -> None:
    """Run a session, or say that nothing is due."""
    with world.open() as store:
        filled = fill(store, _wanted(store, asked))
        _warn(world, store, filled)
        if filled.session.current is None:
            _say_nothing_is_due(world, store, asked)
        else:
            _run(world, store, filled, asked)


def _wanted(store: Store, asked: Asked) -> Wanted:
    names = counts.deck_names(store.index.connection)
    decks, search = _split(asked.words, names) if asked.words else ((), "")
    return Wanted(
        decks=decks,
        search=search,
        tag=asked.tag,
        new=asked.new,
        limit=asked.limit,
        order=asked.order,
        cram=asked.cram,
        ahead=asked.ahead,
        by=asked.by,
    )


def _split(words: tuple[str, ...], names: list[str]) -> tuple[tuple[str, ...], str]:
    from flashcards.app.search_words import split
    from flashcards.core.search import pick_decks

    decks, search = split(words, names)
    try:
        return pick_decks(names, decks), search
    except UsageError as error:
        raise UsageError(f"{error} (Cards with a word: text:WORD)") from error


def _run(world: Context, store: Store, filled: Filled, asked: Asked) -> None:
    desk = StoreDesk(store)
    until_ms = asked.minutes and asked.minutes * 60_000
    if asked.plain or not screen_is_possible():
        from flashcards.terminal.study.plain_loop import study_in_lines

        store.expect_writes()
        study_in_lines(
            filled.session,
            desk,
            world.stdin,
            world.stdout,
            monotonic=time.monotonic,
            until_ms=until_ms,
            typing=asked.typing,
        )
    else:
        from flashcards.core.key_bindings import bindings
        from flashcards.terminal.study.screen_loop import study_on_screen

        study_on_screen(
            filled.session,
            desk,
            until_ms=until_ms,
            monotonic=time.monotonic,
            theme=store.settings.theme,
            images=store.settings.images,
            keys=bindings(store.settings.keys),
            typing=asked.typing,
            note=next(iter(filled.notes), ""),
        )


def screen_is_possible() -> bool:
    """Tell whether there is a terminal that can place text, at both ends."""
    ends = sys.stdin, sys.stdout
    return os.environ.get("TERM", "dumb") != "dumb" and all(end and end.isatty() for end in ends)


def _warn(world: Context, store: Store, filled: Filled) -> None:
    problems = cards.problems(store.index.connection)
    for problem in problems[:3]:
        world.tell(f"flashcards: {problem}")
    if problems:
        more = f" ({len(problems)} in all: flashcards check)" if len(problems) > 3 else ""
        world.tell(f"Cards in a faulty file are asked as they were when it was last sound.{more}")
    for note in filled.notes:
        world.tell(note)


def _say_nothing_is_due(world: Context, store: Store, asked: Asked) -> None:
    index, today = store.index.connection, store.today.toordinal()
    if not counts.deck_names(index):
        world.print("Your library has no cards yet.  flashcards import FILE")
        return
    if asked.by:
        world.print("Today's share is done.")
        return
    if asked.cram:
        world.print("No card fits.  flashcards cards QUERY shows what a search finds.")
        return
    if counts.share_of(index, today).off_until:
        return
    if asked.words or asked.tag:
        world.print(
            "Nothing is due among these.  With --cram you practise them all the same; "
            "flashcards cards SEARCH shows when they come."
        )
        return
    due = sum(counts.due_by_deck(index, today).values())
    if due:
        world.print(
            f"Today's limit of reviews is reached; {due} more are due. They come tomorrow, or now: "
            "flashcards study --cram practises them, flashcards config set reviews_per_day N "
            "raises the limit."
        )
        return
    next_day = cards.next_due(index, store.today)
    later = f" The next card is due on {next_day.isoformat()}." if next_day else ""
    world.print(f"Nothing is due now.{later}  More new cards: flashcards study --new 10")
