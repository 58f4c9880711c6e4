"""What bringing in one source comes to, worked out before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from flashcards.app.importing import media
from flashcards.app.importing.own_deck_files import YAML
from flashcards.app.importing.validate_notes import joined, sieve, size
from flashcards.core.card_ids import normal, note_id
from flashcards.core.cards import CardId, Deck, Note
from flashcards.errors import DeckError, FlashcardsError, Problem
from flashcards.importers.base import Brought, BroughtDeck, BroughtNote, Life, Skipped, Source
from flashcards.importers.shared.source_text import named
from flashcards.storage.decks.editor import merge, written
from flashcards.storage.files import read_regular
from flashcards.storage.index.queries import cards
from flashcards.storage.index.queries import notes as queries_notes
from flashcards.storage.store import Store

MOST_DECKS = 10_000
NONE = BroughtDeck("", ())


@dataclass(slots=True)
class Page:
    """A deck file as it will be, and how many cards came to it, changed and stayed."""

    name: str
    """Relative to the data folder."""
    deck: str
    text: str = ""
    new: bool = False
    alone: bool = False
    """Whether no other file was known to have its deck."""
    planned_on: int | None = None
    """The hash of the bytes that the file had; None: there was no file."""
    added: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def changed(self) -> bool:
        """Whether the file is to be written."""
        return self.new or bool(self.added or self.updated)


@dataclass(slots=True)
class Plan:
    """What bringing in one source comes to."""

    source: Source
    format: str
    pages: dict[str, Page] = field(default_factory=dict)
    """Deck files by name."""
    homes: dict[str, str] = field(default_factory=dict)
    """The deck file of each note's id."""
    lives: dict[CardId, Life] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    """Files that the media folder has not got."""

    @property
    def changes(self) -> list[Page]:
        """The deck files to write."""
        return [page for page in self.pages.values() if page.changed]


class Planner:
    """Knows the library, and what the sources planned so far add to it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index = store.index.connection
        self._homes = queries_notes.homes(self._index)
        known = cards.decks(self._index)
        self._files = {deck: path for path, deck, _ in reversed(known)}
        """The first file of each deck."""
        self._decks = {path: deck for path, deck, _ in known}
        self._texts: dict[str, str] = {}
        """Deck files that were planned and are not written: what a later source builds on."""
        self._numbers: dict[str, int] = {}
        """How far the names of files were counted, by their beginning."""

    def plan(self, source: Source, format_: str, held: list[Brought], name: str) -> Plan:
        """Return what bringing in a source comes to. Raises DeckError.

        What it held is taken out of `held`, and let go of note by note as it becomes text.
        """
        brought = held.pop()
        plan = Plan(source, format_, skipped=list(brought.skipped), remarks=list(brought.remarks))
        plan.media, new_names = media.missing(brought.media, self._store.paths.media)
        decks = joined(replace(deck, name=name or deck.name) for deck in brought.decks)
        del brought
        if len(decks) > MOST_DECKS:
            raise FlashcardsError(
                f"{source.name}: it names {len(decks):,} decks, each of which would be a file; "
                f"{MOST_DECKS:,} at most are made at once. --deck NAME puts all into one."
            )
        twice = 0
        for place in range(len(decks)):
            sieved = sieve(media.renamed(decks[place], new_names), named(source))
            decks[place] = NONE
            plan.skipped += sieved.skipped
            twice += sieved.twice
            bare, notes = replace(sieved.deck, notes=()), list(sieved.deck.notes)
            del sieved
            self._place(plan, bare, notes, verbatim=format_ == YAML and not name)
        if twice:
            plan.remarks.append(f"{twice:,} of its notes stand there twice, and came in once")
        return plan

    def learn(self, plan: Plan, *, written: bool) -> None:
        """Take what a plan does for done; what was written is let go of."""
        self._homes.update(plan.homes)
        for page in plan.pages.values():
            self._files.setdefault(page.deck, page.name)
            self._decks[page.name] = page.deck
            if not written:
                self._texts[page.name] = page.text
            page.text = ""
        plan.lives.clear()
        plan.media.clear()

    def _place(
        self, plan: Plan, deck: BroughtDeck, notes: list[BroughtNote], *, verbatim: bool
    ) -> None:
        """Put notes where they belong: most of them into the file of their deck."""
        own = self._files.get(deck.name) or self._free_name(plan, deck.name)
        shelves: dict[str, list[BroughtNote]] = {own: []}
        fresh: list[BroughtNote] = []
        clashes: list[Problem] = []
        empty = not notes
        for brought in notes:
            ident = note_id(deck.name, brought.note)
            home = plan.homes.get(ident) or self._homes.get(ident)
            if home is None:
                fresh.append(brought)
            elif self._decks.get(home, deck.name) == deck.name or self._alike(
                home, ident, brought.note
            ):
                shelves.setdefault(home, []).append(brought)
            else:
                clashes.append(self._clash(plan, home, ident))
        notes.clear()
        if clashes and plan.format == YAML:
            raise DeckError(clashes)
        plan.skipped += [Skipped(p.path, f"{p.what}. {p.remedy}") for p in clashes]
        verbatim = verbatim and not clashes
        parts = [fresh] if verbatim else list(portions(fresh))
        shelves[own] += parts[0]
        del fresh
        for home in list(shelves):
            there = shelves.pop(home)
            if there or (empty and home == own):
                self._put(plan, home, replace(deck, notes=tuple(there)), verbatim=verbatim)
        for place in range(1, len(parts)):
            part, parts[place] = tuple(parts[place]), []
            home = self._free_name(plan, deck.name)
            self._put(plan, home, replace(deck, notes=part), verbatim=False)

    def _alike(self, home: str, ident: str, note: Note) -> bool:
        """Tell whether a note of the library with this id in another deck is the same, moved."""
        found = queries_notes.texts(self._index, home, ident)
        sides = {normal(text) for _, front, back in found for text in (front, back)}
        return not found or note.cloze or not sides.isdisjoint(map(normal, (note.front, note.back)))

    def _clash(self, plan: Plan, home: str, ident: str) -> Problem:
        line = next((line for line, *_ in queries_notes.texts(self._index, home, ident)), 0)
        what = f"{ident!r} is the id of another card, at {home}:{line} of your library"
        return Problem(plan.source.name, 0, 0, what, "Give one of the two another id.")

    def _put(self, plan: Plan, home: str, brought: BroughtDeck, *, verbatim: bool) -> None:
        """Let a deck file take notes in, as text, and note which cards they are there."""
        deck = Deck(
            brought.name,
            tuple(n.note for n in brought.notes),
            description=brought.description,
            tags=brought.tags,
        )
        page = plan.pages.get(home) or self._page(home, deck.name)
        plan.pages[home] = page
        if page.new and not page.text:
            names: Sequence[str] = self._fill(page, deck, plan.source.data if verbatim else None)
        else:
            names = _let_in(page, deck)
        for name, note in zip(names, brought.notes, strict=True):
            plan.homes[name] = home
            for key, life in note.lives.items():
                plan.lives[CardId(name + key)] = life

    def _page(self, home: str, deck: str) -> Page:
        path = self._store.paths.data / home
        if (text := self._texts.get(home)) is not None:
            return Page(home, deck, text)
        if home in self._decks:
            data = read_regular(path)
            return Page(home, deck, data.decode("utf-8-sig"), planned_on=hash(data))
        return Page(home, deck, new=True, alone=deck not in self._files)

    @staticmethod
    def _fill(page: Page, deck: Deck, verbatim: bytes | None) -> list[str]:
        """Let a new file have just these notes; a deck file of ours comes as it was written."""
        page.text = verbatim.decode("utf-8-sig") if verbatim else written(deck, page.name)
        page.added += sum(map(size, deck.notes))
        return [note_id(deck.name, note) for note in deck.notes]

    def _free_name(self, plan: Plan, deck: str) -> str:
        """Return a name in the library that no file has yet, after the source or the deck."""
        stem = plan.source.stem if plan.format == YAML and plan.source.stem else deck
        stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:80] or "deck"
        number = self._numbers.get(stem, 1)
        name = f"decks/{stem}.yaml" if number == 1 else f"decks/{stem}-{number}.yaml"
        while name in self._texts or name in plan.pages or (self._store.paths.data / name).exists():
            number, name = number + 1, f"decks/{stem}-{number + 1}.yaml"
        self._numbers[stem] = number
        return name


def _let_in(page: Page, deck: Deck) -> tuple[str, ...]:
    """Bring a deck into a page; return the id of each of its notes there. Raises DeckError."""
    merged = merge(page.text, page.name, deck)
    page.text = merged.text
    added = {note_id(page.deck, note) for note in merged.added}
    updated = {note_id(page.deck, note) for note in merged.updated}
    for name, note in zip(merged.names, deck.notes, strict=True):
        if name in added:
            page.added += size(note)
        elif name in updated:
            page.updated += size(note)
        else:
            page.unchanged += size(note)
    return merged.names


MOST_NOTES = 100_000
MOST_LETTERS = 1 << 24
"""A deck file may have 256 MiB; a letter takes up to ten bytes there."""


def portions(notes: Sequence[BroughtNote]) -> Iterator[list[BroughtNote]]:
    """Yield the notes of a deck file by file, in their order; at least one list, if empty."""
    start, letters = 0, 0
    for place, brought in enumerate(notes):
        size = _letters(brought.note)
        if place > start and (place - start >= MOST_NOTES or letters + size > MOST_LETTERS):
            yield list(notes[start:place])
            start, letters = place, 0
        letters += size
    yield list(notes[start:])


def _letters(note: Note) -> int:
    return len(note.front) + len(note.back) + sum(map(len, (*note.accept, *note.choices)))
