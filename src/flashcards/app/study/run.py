"""Run a study session on the screen or in lines."""

import time
from sqlite3 import Connection
from typing import NamedTuple

from flashcards.app.command_context import CommandContext, describe_no_decks
from flashcards.app.study.queue import StudyQueue, StudyRequest, build_queue, select_cards
from flashcards.app.study.store_study_port import StorePort
from flashcards.app.terminal_width import has_screen
from flashcards.core.deck_names import is_deck_or_subdeck, pick_decks
from flashcards.core.format_count import format_count
from flashcards.core.key_bindings import resolve_bindings
from flashcards.errors import UsageError
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.store import Store


class StudyOptions(NamedTuple):
    """The command line of `study`."""

    words: tuple[str, ...] = ()  # deck names and search terms
    request: StudyRequest = StudyRequest()  # all but the decks and the search, which come from the words
    minutes: int | None = None
    deck: str = ""  # the full name of a deck, which includes its subdecks
    is_plain: bool = False
    type_answers: bool = False


def run_study(context: CommandContext, options: StudyOptions) -> None:
    """Run a session, or say why nothing is due."""
    with context.open_store(adds=True) as store:
        store.require_writable()
        queue = build_queue(store, _study_request(store, options))
        _print_notices(context, store, queue)
        if queue.session.current is None:
            _print_nothing_due(context, store, options)
        else:
            _run_session(context, store, queue, options)


def _study_request(store: Store, options: StudyOptions) -> StudyRequest:
    names = store.query(counts.list_deck_names)
    decks, search = _split_words(options.words, names) if options.words else ((), "")
    if options.deck:
        decks = tuple(name for name in names if is_deck_or_subdeck(name, options.deck))
    return options.request._replace(decks=decks, search=search)


def _split_words(words: tuple[str, ...], deck_names: list[str]) -> tuple[tuple[str, ...], str]:
    from flashcards.app.search_arguments import split_decks_and_search

    decks, search = split_decks_and_search(words, deck_names)
    try:
        return pick_decks(deck_names, decks), search
    except UsageError as error:
        raise UsageError(f"{error} (To search for a word: text:WORD)") from error


def _run_session(context: CommandContext, store: Store, queue: StudyQueue, options: StudyOptions) -> None:
    port = StorePort(store)
    until_ms = options.minutes and options.minutes * 60_000
    if options.is_plain or not has_screen():
        from flashcards.terminal.study.plain_loop import PlainStudyLoop

        store.start_backup()
        PlainStudyLoop(
            queue.session, port, context.stdin, context.stdout,
            monotonic=time.monotonic, typing=options.type_answers,
        ).run(until_ms)  # fmt: skip
    else:
        from flashcards.terminal.study.screen_loop import run_screen_study

        line = run_screen_study(
            queue.session,
            port,
            time_limit_ms=until_ms,
            monotonic=time.monotonic,
            theme=store.settings.theme,
            images=store.settings.images,
            keys=resolve_bindings(store.settings.key_bindings),
            typing=options.type_answers,
            note=next(iter(queue.notes), ""),
        )
        if line:
            context.print(line)


def _print_notices(context: CommandContext, store: Store, queue: StudyQueue) -> None:
    problems = store.query(cards.list_problems)
    for problem in problems[:3]:
        context.print_notice(f"flashcards: {problem}")
    if problems:
        more = f" ({len(problems)} problems; see all: flashcards check)" if len(problems) > 3 else ""
        context.print_notice(
            f"Cards in a deck file with errors are asked as in its last valid version.{more}"
        )
    for note in queue.notes:
        context.print_notice(note)


def _print_nothing_due(context: CommandContext, store: Store, options: StudyOptions) -> None:
    """Say why nothing is asked, and which command would ask something."""
    today = store.today.toordinal()
    if not store.query(counts.list_deck_names):
        context.print(describe_no_decks(store))
    elif options.request.by:
        context.print("Today's part of the exam plan is done.")
    elif options.request.cram:
        context.print("No card matches. Try the search: flashcards cards QUERY")
    elif not store.query(lambda index: counts.load_plan_share(index, today)).off_until:
        context.print(store.query(lambda index: _nothing_due_message(store, index, options)))


def _nothing_due_message(store: Store, index: Connection, options: StudyOptions) -> str:
    pool = select_cards(store, index, _study_request(store, options))
    if not pool.all_cards(1):
        return "No card matches." if options.words or options.request.tag else "All cards are suspended."
    due = pool.due_cards(-1, counts.load_plan_share(index, store.today.toordinal()), at_will=True)[0]
    if due and options.request.reviews is None:
        more = format_count(len(due), "more card")
        return f"Today's review limit is reached; {more} due. To continue now: flashcards study --reviews 10"
    if options.words or options.request.tag or options.deck:
        return (
            "None of these cards are due. Practise them anyway with --cram; "
            "see their due dates with flashcards cards SEARCH."
        )
    next_day = cards.next_due_day(index, store.today)
    later = f" The next card is due on {next_day.isoformat()}." if next_day else ""
    more = "  More new cards: flashcards study --new 10" if pool.new_cards(1, at_will=True) else ""
    return f"Nothing is due now.{later}{more}"
