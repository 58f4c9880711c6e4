"""`flashcards picture`: draw the study screen as SVG."""

import re
from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.card_lookup import find_card
from flashcards.app.command_context import CommandContext, require_unused_paths
from flashcards.app.store_scheduler import store_scheduler
from flashcards.app.study.queue import StudyRequest, build_queue
from flashcards.core.key_bindings import resolve_bindings
from flashcards.core.progress import CardState
from flashcards.core.scheduling import preview_ratings
from flashcards.errors import UsageError
from flashcards.storage.files import write_file_atomically
from flashcards.storage.index.queries import counts
from flashcards.storage.store import Store
from flashcards.terminal.device.view import ScreenSize, ScreenView
from flashcards.terminal.reports.svg import render_svg
from flashcards.terminal.study.answering.make_answer_view import make_answer_view
from flashcards.terminal.study.footer import RatingPreview, answer_key_hints, footer_lines
from flashcards.terminal.study.frame import SessionStatus, render_study_view


def command(
    context: CommandContext,
    card: Annotated[str, typer.Argument(help="Card id, id prefix, or words of the front.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
    question: Annotated[bool, typer.Option("--question", help="Show only the question.")] = False,
    force: Annotated[bool, typer.Option("--force", "-f", help="Overwrite an existing file.")] = False,
    size: Annotated[str, typer.Option(metavar="COLUMNSxROWS", help="Size of the screen.")] = "80x24",
) -> None:
    """Draw a card as the study screen shows it, as SVG."""
    screen_size = _parse_size(size)
    if output and output.suffix not in ("", ".svg"):
        raise UsageError(f"{output}: a picture is written as SVG. Write -o {output.with_suffix('.svg')}")
    if output and not force:
        require_unused_paths([output])
    with context.open_store() as store:
        entry = find_card(store, card)
        view = study_view(store, entry, screen_size, shown=not question)
    svg = render_svg(view.lines, screen_size.columns, f"flashcards study: {entry.card.id}")
    if output is None:
        context.print(svg.rstrip("\n"))
        return
    write_file_atomically(output.absolute(), svg.encode())
    context.print(f"{output}: {entry.card.id} at {screen_size.columns}x{screen_size.rows}")


def study_view(store: Store, card_state: CardState, size: ScreenSize, *, shown: bool) -> ScreenView:
    """Return the study screen with a card on it."""
    session = build_queue(store, StudyRequest()).session
    answered = sum(store.query(lambda index: counts.count_done(index, store.today.toordinal())))
    answer_view = make_answer_view(card_state.card, store.today, typing=False)
    preview = None
    if shown:
        answer_view.show_answer()
        below = store.settings.deck_repeat_below(card_state.card.deck)
        scheduler = store_scheduler(store)
        outcomes = preview_ratings(card_state.progress, store.today, below, scheduler=scheduler)
        preview = RatingPreview(outcomes, store.today)
    status = SessionStatus(card_state.card.deck, answered, session.remaining, 0)
    layout = answer_view.complete_layout(size)
    footer = footer_lines(size, answer_key_hints(answer_view, resolve_bindings()), preview)
    return render_study_view(size, status, layout, footer)


def _parse_size(text: str) -> ScreenSize:
    match = re.fullmatch(r"(\d{2,3})x(\d{1,3})", text)
    if not match or int(match[2]) < 3:
        raise UsageError(f"--size: {text!r} is not a size. Use COLUMNSxROWS, such as 80x24.")
    return ScreenSize(int(match[1]), int(match[2]))
