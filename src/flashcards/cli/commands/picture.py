"""`flashcards picture CARD`: a card as the study screen shows it, as a picture for a page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.card_lookup import one_card
from flashcards.app.context import Context
from flashcards.app.study.queue import Wanted, fill
from flashcards.core.key_bindings import bindings
from flashcards.core.progress import Entry
from flashcards.core.study_order import choices
from flashcards.errors import UsageError
from flashcards.storage.files import write_file
from flashcards.storage.index.queries import counts
from flashcards.storage.store import Store
from flashcards.terminal.device.view import Size, View
from flashcards.terminal.reports.svg import as_svg
from flashcards.terminal.study.answering import face_of
from flashcards.terminal.study.footer import Offer, told_of
from flashcards.terminal.study.frame import Foot, Status, page


def command(
    context: typer.Context,
    card: Annotated[str, typer.Argument(help="An id, its beginning, or words of the front.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write it here, not to the terminal.")
    ] = None,
    question: Annotated[bool, typer.Option("--question", help="Before the answer.")] = False,
    size: Annotated[str, typer.Option(metavar="COLUMNSxROWS", help="The terminal's.")] = "80x24",
) -> None:
    """Draw a card as the study screen shows it today, as an SVG picture."""
    world: Context = context.obj
    room = _size(size)
    with world.open() as store:
        entry = one_card(store, card)
        view = view_of(store, entry, room, shown=not question)
    drawn = as_svg(view.lines, room.columns, f"flashcards study: {entry.card.id}")
    if output is None:
        world.print(drawn.rstrip("\n"))
        return
    write_file(output.absolute(), drawn.encode())
    world.print(f"{output}: {entry.card.id} at {room.columns}x{room.rows}")


def view_of(store: Store, entry: Entry, size: Size, *, shown: bool) -> View:
    """Return the study screen with a card on it, in the middle of what today holds."""
    session = fill(store, Wanted()).session
    answered = sum(counts.done(store.index.connection, store.today.toordinal()))
    face = face_of(entry.card, store.today, typing=False)
    offer = None
    if shown:
        face.reveal()
        below = store.settings.repeats_below(entry.card.deck)
        offer = Offer(choices(entry.progress, store.today, below), store.today)
    status = Status(entry.card.deck, answered, session.remaining, 0)
    return page(size, status, face.sheet(size), Foot(told_of(face, bindings()), offer))


def _size(words: str) -> Size:
    found = re.fullmatch(r"(\d{2,3})x(\d{1,3})", words)
    if not found or int(found[2]) < 3:
        raise UsageError(f"--size: {words!r} is no size. Write it like 80x24.")
    return Size(int(found[1]), int(found[2]))
