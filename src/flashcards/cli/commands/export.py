"""`flashcards export`: write decks in another format."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext, describe_no_decks, require_unused_paths
from flashcards.app.search_arguments import split_decks_and_search
from flashcards.cli.options import DeckOrSearchArgument
from flashcards.core.card_ids import note_id
from flashcards.core.deck_names import pick_decks
from flashcards.core.decks import Deck
from flashcards.core.sounds import SOUND_TAG
from flashcards.errors import DeckError, FlashcardsError, UsageError
from flashcards.exporters.base import Exporter, ExportJob, join_files
from flashcards.exporters.export_formats import EXPORT_FORMATS, format_from_name, load_exporter
from flashcards.storage.decks.reader import load_deck
from flashcards.storage.files import Content, read_regular_file, write_file_atomically
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.index.queries.card_events import CardHistories
from flashcards.storage.index.queries.fsrs import current_model
from flashcards.storage.index.queries.search import find_cards
from flashcards.storage.store import Store

DEFAULT_FORMAT = "yaml"
COLLECTION_ENDING = ".anki2"  # an Anki collection is updated in place, not written
MEDIA_LINK = re.compile(r"\]\((?:<media/([^>\n]+)>|media/([^)\s]+))\)|" + SOUND_TAG)


def command(
    context: CommandContext,
    words: DeckOrSearchArgument = None,
    format_: Annotated[
        str, typer.Option("--format", help=f"One of {', '.join(EXPORT_FORMATS)}.", metavar="NAME")
    ] = "",
    output: Annotated[
        str, typer.Option("--output", "-o", help="Write to this file or folder.", metavar="FILE")
    ] = "",
    for_spreadsheet: Annotated[
        bool,
        typer.Option(
            "--for-spreadsheet", help="For CSV: escape cells that a spreadsheet would run as formulas."
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", "-f", help="Overwrite an existing file.")] = False,
) -> None:
    """Export decks and their history."""
    exporter = load_exporter(format_ or format_from_name(output) or DEFAULT_FORMAT)
    if not output and not exporter.ALLOWS_STDOUT:
        raise UsageError(f"{exporter.TITLE} is not a text format. Name a file: -o FILE.")
    with context.open_store() as store:
        with context.progress_bar("Reading cards and history"):
            export_job = _make_export_job(store, words or [], for_spreadsheet=for_spreadsheet)
            unsent = ""
            if COLLECTION_ENDING in exporter.EXTENSIONS:
                from flashcards.app.edits_for_anki import find_returns

                returns = find_returns(store.paths.data_dir, export_job.decks)
                unsent = returns.describe_unsent() if returns.unsent else ""
                export_job = replace(export_job, returns=returns.by_note_id)
            files = exporter.render_files(export_job)
        if not output or output == "-":
            _print_text(context, files)
            return
        if output.casefold().endswith(COLLECTION_ENDING):
            from flashcards.app.update_anki_collection import update_collection

            context.print_notice(update_collection(Path(output), *files.values()))
        else:
            _write_files(context, _output_paths(Path(output), exporter, files), force=force)
    if unsent:
        context.print_notice(unsent)
    if not exporter.INCLUDES_HISTORY:
        context.print_notice("Exported without your review history (use .apkg or .json to include it).")


def _write_files(context: CommandContext, named: Mapping[Path, Content], *, force: bool) -> None:
    if not force:
        require_unused_paths(named)
    for path, content in named.items():
        with context.progress_bar(f"Writing {path}"):
            write_file_atomically(path, content)
        context.print_notice(f"{path}  ({path.stat().st_size:,} bytes)")


def _make_export_job(store: Store, words: list[str], *, for_spreadsheet: bool) -> ExportJob:
    """Return the chosen decks, reduced to the matching notes.

    Raises DeckError for faulty decks, FlashcardsError if nothing matches.
    """
    names = store.query(counts.list_deck_names)
    named, search = split_decks_and_search(words, names)
    only = pick_decks(names, named)
    paths = [path for path, name, _ in store.query(cards.list_deck_files) if not only or name in only]
    decks = tuple(_read_deck(store.paths.data_dir / path, path) for path in paths)
    if not decks:
        raise FlashcardsError(describe_no_decks(store))
    if search:
        decks = _filter_notes(store, decks, search)
    decks = tuple(join_files(decks))
    return ExportJob(
        decks=decks,
        events_of_card=store.query(CardHistories).effective_events,
        exported_at=store.now(),
        rollover=store.settings.rollover,
        media=MediaFiles(store.paths.media_dir, decks),
        model=store.query(current_model),
        fsrs_retention=store.settings.retention if store.settings.scheduler == "fsrs" else None,
        for_spreadsheet=for_spreadsheet,
    )


def _filter_notes(store: Store, decks: tuple[Deck, ...], search: str) -> tuple[Deck, ...]:
    entries = store.query(lambda index: list(find_cards(index, search, store.search_context)))
    wanted = {(entry.card.path, entry.card.note_id) for entry in entries}
    kept = (
        replace(deck, notes=tuple(n for n in deck.notes if (deck.path, note_id(deck.name, n)) in wanted))
        for deck in decks
    )
    matching = tuple(deck for deck in kept if deck.notes)
    if not matching:
        raise FlashcardsError(f"No card matches {search!r}. Nothing was written.")
    return matching


def _read_deck(path: Path, deck_path: str) -> Deck:
    deck, problems = load_deck(path, deck_path)
    if deck is None:
        raise DeckError(problems, outcome="Nothing was written.")
    return deck


class MediaFiles(Mapping[str, bytes]):
    """Media files mentioned by decks, each read when asked for."""

    def __init__(self, folder: Path, decks: tuple[Deck, ...]) -> None:
        self._folder = folder
        texts = ("\n".join(note.texts) for deck in decks for note in deck.notes)
        names = dict.fromkeys(
            match[1] or match[2] or match[3] for text in texts for match in MEDIA_LINK.finditer(text)
        )
        self._names = [name for name in names if "/" not in name and (folder / name).is_file()]

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        return read_regular_file(self._folder / name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _print_text(context: CommandContext, files: Mapping[str, Content]) -> None:
    """Write text to standard output, sanitized on a terminal."""
    if len(files) > 1:
        names = ", ".join(files)
        raise UsageError(f"This export has {len(files)} files ({names}). Name a folder: -o FOLDER.")
    (content,) = files.values()
    context.write_text([content] if isinstance(content, bytes) else content)


def _output_paths(output: Path, exporter: Exporter, files: Mapping[str, Content]) -> dict[Path, Content]:
    """Return the contents by path: the named file, or files in the named folder."""
    if len(files) == 1 and not output.is_dir():
        return dict(zip([output], files.values(), strict=True))
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output}: this export has {len(files)} files. Name a folder instead.")
    contents: dict[Path, Content] = {}
    for name, content in files.items():
        stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "deck"
        path, number = output / f"{stem}{exporter.EXTENSIONS[0]}", 2
        while path in contents:
            path, number = output / f"{stem}-{number}{exporter.EXTENSIONS[0]}", number + 1
        contents[path] = content
    return contents
