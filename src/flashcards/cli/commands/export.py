"""`flashcards export`: decks go out, in a format of the table, with their history where it can."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.app.search_words import split
from flashcards.cli.completion.candidates import decks_and_search
from flashcards.core.card_ids import note_id
from flashcards.core.cards import Deck
from flashcards.core.search import pick_decks
from flashcards.errors import DeckError, FlashcardsError, UsageError
from flashcards.exporters import FORMATS, format_of, load
from flashcards.exporters.base import Exporter, Leaving
from flashcards.storage.decks.reader import load as load_deck
from flashcards.storage.files import read_regular, write_file
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.index.queries.notes import Histories
from flashcards.storage.index.queries.search import find_entries
from flashcards.storage.store import Store

USUAL = "yaml"
MENTION = re.compile(r"\]\((?:<media/(?P<angled>[^>\n]+)>|media/(?P<bare>[^)\s]+))\)")


Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DECK|SEARCH]...",
        help="Decks, by any part of their names; or a search as in `cards`: tag:lora 'ease<2'.",
        autocompletion=decks_and_search,
    ),
]


def command(
    context: typer.Context,
    words: Words = None,
    format_: Annotated[
        str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.", metavar="NAME")
    ] = "",
    output: Annotated[
        str, typer.Option("--output", "-o", help="Write to this file or folder.", metavar="FILE")
    ] = "",
    for_spreadsheet: Annotated[
        bool, typer.Option("--for-spreadsheet", help="CSV: no cell that could run as a formula.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write decks, and what you did with them, to a file (or text to standard output)."""
    world: Context = context.obj
    exporter = load(format_ or format_of(output) or USUAL)
    if not output and not exporter.TEXT:
        raise UsageError(f"{exporter.TITLE} is no text. Say where it goes: -o FILE.")
    with world.open() as store, world.waiting("Gathering cards and history"):
        leaving = _leaving(store, words or [], for_spreadsheet=for_spreadsheet)
        files = exporter.write(leaving)
    if not output or output == "-":
        _print(world, files)
        return
    named = _named(Path(output), exporter, files)
    if not force:
        _refuse_to_replace(named)
    for path, data in named.items():
        write_file(path, data)
        world.tell(f"{path}  ({len(data):,} bytes)")
    if not exporter.HISTORY:
        world.tell("This format holds no history; apkg and json do.")


def _leaving(store: Store, words: list[str], *, for_spreadsheet: bool) -> Leaving:
    """Return the decks that are meant, all if none is named, with the notes that a search finds.

    Raises DeckError for faulty decks, and FlashcardsError when nothing is found.
    """
    index = store.index.connection
    names = counts.deck_names(index)
    named, search = split(words, names)
    only = pick_decks(names, named)
    paths = [path for path, name, _ in cards.decks(index) if not only or name in only]
    decks = tuple(_deck(store.paths.data / path, path) for path in paths)
    if not decks:
        raise FlashcardsError("There are no decks yet: flashcards import FILE")
    if search:
        decks = _found(store, decks, search)
    return Leaving(
        decks=decks,
        events=Histories(index).of,
        at=store.now(),
        rollover=store.settings.rollover,
        media=Media(store.paths.media, decks),
        for_spreadsheet=for_spreadsheet,
    )


def _found(store: Store, decks: tuple[Deck, ...], search: str) -> tuple[Deck, ...]:
    """Return decks with just the notes of which a search finds a card."""
    entries = find_entries(
        store.index.connection,
        search,
        store.today,
        store.settings.repeat_below,
        store.settings.leech,
    )
    wanted = {(entry.card.path, entry.card.note) for entry in entries}
    kept = (
        replace(
            deck,
            notes=tuple(n for n in deck.notes if (deck.path, note_id(deck.name, n)) in wanted),
        )
        for deck in decks
    )
    found = tuple(deck for deck in kept if deck.notes)
    if not found:
        raise FlashcardsError(f"No card fits {search!r}. Nothing was written.")
    return found


def _deck(path: Path, name: str) -> Deck:
    deck, problems = load_deck(path, name)
    if deck is None:
        raise DeckError(problems, after="Nothing was written.")
    return deck


class Media(Mapping[str, bytes]):
    """The files of a media folder that decks mention, read one by one when they are asked for."""

    def __init__(self, folder: Path, decks: tuple[Deck, ...]) -> None:
        self._folder = folder
        texts = (text for deck in decks for note in deck.notes for text in (note.front, note.back))
        named = dict.fromkeys(
            found["angled"] or found["bare"] for text in texts for found in MENTION.finditer(text)
        )
        self._names = [name for name in named if "/" not in name and (folder / name).is_file()]

    def __getitem__(self, name: str) -> bytes:
        if name not in self._names:
            raise KeyError(name)
        return read_regular(self._folder / name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _print(world: Context, files: Mapping[str, bytes]) -> None:
    """Write text to standard output: as it is into a pipe, made safe on a terminal."""
    if len(files) > 1:
        names = ", ".join(files)
        raise UsageError(f"That makes {len(files)} files ({names}). Name a folder: -o FOLDER.")
    if world.stdout is None:
        return
    (data,) = files.values()
    if world.stdout.isatty():
        world.print(data.decode("utf-8", "replace").rstrip("\n"))
        return
    world.stdout.flush()
    world.stdout.buffer.write(data)
    world.stdout.flush()


def _named(target: Path, exporter: Exporter, files: Mapping[str, bytes]) -> dict[Path, bytes]:
    """Return each file with its path: the one named, or in the folder named."""
    if len(files) == 1 and not target.is_dir():
        return dict(zip([target], files.values(), strict=True))
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: that makes {len(files)} files. Name a folder.")
    found: dict[Path, bytes] = {}
    for name, data in files.items():
        stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "deck"
        path, number = target / f"{stem}{exporter.ENDINGS[0]}", 2
        while path in found:
            path, number = target / f"{stem}-{number}{exporter.ENDINGS[0]}", number + 1
        found[path] = data
    return found


def _refuse_to_replace(paths: Iterable[Path]) -> None:
    there = [path for path in paths if path.exists()]
    if there:
        raise FlashcardsError(
            f"{there[0]}: there is a file already, and nothing was written. "
            "Name another, or replace it with --force."
        )
