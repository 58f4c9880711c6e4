"""Plan an import: which notes go into which file."""

import re
from dataclasses import dataclass, field, replace

from flashcards.app.importing import media
from flashcards.app.importing.own_deck_files import YAML
from flashcards.app.importing.split_into_files import split_by_size
from flashcards.app.importing.validate_notes import (
    count_cards,
    describe_empty_backs,
    drop_invalid,
    merge_decks,
)
from flashcards.core.anki_origin import AnkiOrigin
from flashcards.core.card_ids import note_id
from flashcards.core.cards import Card, CardId, Note
from flashcards.core.decks import Deck
from flashcards.core.format_count import format_count
from flashcards.core.note_ids import normalize_text
from flashcards.errors import DeckError, FlashcardsError, Problem
from flashcards.importers.base import (
    ImportedDeck,
    ImportedHistory,
    ImportedNote,
    ImportResult,
    ImportSource,
    SkippedItem,
)
from flashcards.importers.shared.source_text import display_name
from flashcards.storage.anki_origin_files import changed_files
from flashcards.storage.decks.edit_deck_files import merge_deck, render_verified
from flashcards.storage.decks.reader import MAX_DECK_BYTES
from flashcards.storage.files import read_regular_file
from flashcards.storage.index.queries import cards, counts
from flashcards.storage.store import Store

MAX_DECKS = 10_000
EMPTY_DECK = ImportedDeck("", ())


@dataclass(slots=True)
class DeckFileChange:
    """A deck file as it will be, with counts of its cards."""

    path: str  # relative to the data folder
    deck_name: str
    text: str = ""
    is_new: bool = False
    alone: bool = False  # whether no other known file has this deck
    planned_on: int | None = None  # hash of the file's content when planned; None if there was no file
    added: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def has_changes(self) -> bool:
        """Whether the file must be written."""
        return self.is_new or bool(self.added or self.updated)


@dataclass(slots=True)
class ImportPlan:
    """What importing one source would change."""

    source: ImportSource
    format: str
    deck_files: dict[str, DeckFileChange] = field(default_factory=dict)  # deck files by path
    deck_path_by_note: dict[str, str] = field(default_factory=dict)  # the deck file of each note id
    former_ids: set[str] = field(default_factory=set)  # old ids of known notes that were renamed
    histories: dict[CardId, ImportedHistory] = field(default_factory=dict)
    skipped: list[SkippedItem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)  # files missing in the media folder
    origins: dict[int, dict[str, AnkiOrigin]] = field(default_factory=dict)
    """Anki notes by note type and guid, with their cards here."""
    kept_files: list[tuple[str, bytes | None, bytes]] = field(default_factory=list)
    """The files that keep them, and which notes the source had: path, content, content to be."""

    @property
    def size(self) -> int:
        """The number of changed cards and answers."""
        cards = sum(page.added + page.updated for page in self.deck_files.values())
        return cards + sum(1 + len(history.reviews) for history in self.histories.values())

    @property
    def changed_files(self) -> list[DeckFileChange]:
        """The deck files to write."""
        return [page for page in self.deck_files.values() if page.has_changes]


class ImportPlanner:
    """Plans imports from the library and the sources planned before."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._deck_path_by_note = store.query(cards.deck_path_by_note)
        known = store.query(cards.list_deck_files)
        self._last_path_by_deck = {deck: path for path, deck, _ in known}
        """The last file of each deck, which takes its new notes."""
        self._deck_by_path = {path: deck for path, deck, _ in known}
        self._planned_texts: dict[str, str] = {}
        """Planned, unwritten deck files, which later sources build on."""
        self._file_numbers: dict[str, int] = {}  # the last number used for each file stem

    def plan_source(
        self, source: ImportSource, format_: str, holder: list[ImportResult], deck_name: str
    ) -> ImportPlan:
        """Plan the import of a source."""
        # Empties `holder`, and frees notes as they become text, to bound memory. Raises DeckError.
        imported = holder.pop()
        plan = ImportPlan(source, format_, skipped=list(imported.skipped), remarks=list(imported.remarks))
        plan.media, new_names = media.missing_files(imported.media, self._store.paths.media_dir)
        decks = merge_decks(replace(deck, name=deck_name or deck.name) for deck in imported.decks)
        verbatim = format_ == YAML and not (deck_name or new_names or imported.has_new_links)
        note_types, lost = imported.note_types, imported.lost_histories
        del imported
        if len(decks) > MAX_DECKS:
            raise FlashcardsError(
                f"{source.name}: it has {len(decks):,} decks, and each becomes a file; at most "
                f"{MAX_DECKS:,} can be created. Use --deck NAME to put all cards into one deck."
            )
        twice = 0
        for index in range(len(decks)):
            valid = drop_invalid(media.rename_media(decks[index], new_names), display_name(source))
            decks[index] = EMPTY_DECK
            plan.skipped += valid.skipped
            twice += valid.duplicates
            if format_ != YAML:  # whose reader warns of more, each at its place
                plan.remarks += describe_empty_backs(valid.notes.values(), display_name(source))
            self._place_notes(plan, valid.deck, valid.notes, verbatim=verbatim)
        found = {kind: list(notes.values()) for kind, notes in plan.origins.items()}
        plan.origins.clear()
        plan.kept_files = list(changed_files(self._store.paths.data_dir, note_types, found))
        plan.histories |= lost
        if twice:
            plan.remarks.append(f"{format_count(twice, 'duplicate note')} imported once")
        return plan

    def record_plan(self, plan: ImportPlan, *, was_written: bool) -> None:
        """Treat a plan as done, freeing what was written."""
        self._deck_path_by_note.update(plan.deck_path_by_note)
        for change in plan.deck_files.values():
            last = self._last_path_by_deck.get(change.deck_name, "")
            self._last_path_by_deck[change.deck_name] = max(last, change.path)
            self._deck_by_path[change.path] = change.deck_name
            if not was_written:
                self._planned_texts[change.path] = change.text
            change.text = ""
        plan.histories.clear()
        plan.media.clear()
        plan.kept_files.clear()

    def _place_notes(
        self, plan: ImportPlan, deck: ImportedDeck, notes: dict[str, ImportedNote], *, verbatim: bool
    ) -> None:
        """Distribute notes to files, most of them to their deck's last file; empties `notes`."""
        own = self._last_path_by_deck.get(deck.name) or self._unused_path(plan, deck.name)
        notes_by_path: dict[str, list[ImportedNote]] = {own: []}
        new_notes: list[ImportedNote] = []
        clashes: list[Problem] = []
        empty = not notes
        for ident, imported in notes.items():
            home = plan.deck_path_by_note.get(ident) or self._deck_path_by_note.get(ident)
            if home is None:
                new_notes.append(imported)
            elif self._deck_by_path.get(home, deck.name) == deck.name or self._is_same_note(
                home, ident, imported.note
            ):
                notes_by_path.setdefault(home, []).append(imported)
            else:
                clashes.append(self._id_clash(plan, home, ident))
        notes.clear()
        if clashes and plan.format == YAML:
            raise DeckError(clashes)
        plan.skipped += [SkippedItem(p.path, f"{p.message}. {p.remedy}") for p in clashes]
        verbatim = verbatim and not clashes
        known = 0 if verbatim else self._store.query(lambda index: counts.count_notes(index, own))
        parts = [new_notes] if verbatim else list(split_by_size(new_notes, known))
        notes_by_path[own] += parts[0]
        del new_notes
        for home in list(notes_by_path):
            there = notes_by_path.pop(home)
            if there or (empty and home == own):
                self._put_notes(plan, home, replace(deck, notes=tuple(there)), verbatim=verbatim)
        for index in range(1, len(parts)):
            part, parts[index] = tuple(parts[index]), []
            own = self._next_path(plan, own)
            self._put_notes(plan, own, replace(deck, notes=part), verbatim=False)

    def _note_cards(self, deck_path: str, ident: str) -> list[Card]:
        found = self._store.query(lambda index: cards.note_cards(index, ident))
        return [card for card in found if card.path == deck_path]

    def _is_same_note(self, deck_path: str, ident: str, note: Note) -> bool:
        """Tell whether a note with this id in another deck is this one, moved."""
        found = self._note_cards(deck_path, ident)
        sides = {normalize_text(text) for card in found for text in (card.front, card.back)}
        return not found or note.cloze or not sides.isdisjoint(map(normalize_text, (note.front, note.back)))

    def _id_clash(self, plan: ImportPlan, deck_path: str, ident: str) -> Problem:
        line = next((card.line for card in self._note_cards(deck_path, ident)), 0)
        what = f"the id {ident!r} is already used by another card, at {deck_path}:{line}"
        return Problem(plan.source.name, 0, 0, what, "Change one of the two ids.")

    def _put_notes(self, plan: ImportPlan, deck_path: str, imported: ImportedDeck, *, verbatim: bool) -> None:
        """Put notes into a deck file, and record its card ids."""
        deck = Deck(
            imported.name,
            tuple(n.note for n in imported.notes),
            description=imported.description,
            tags=imported.tags,
        )
        change = plan.deck_files.get(deck_path) or self._deck_file_change(deck_path, deck.name)
        plan.deck_files[deck_path] = change
        if change.is_new and not change.text:
            names = self._fill_new_file(change, deck, plan.source.data if verbatim else None)
        else:
            names = _merge_deck(change, deck, plan.former_ids)
        if len(change.text) * 4 > MAX_DECK_BYTES and len(change.text.encode()) > MAX_DECK_BYTES:
            raise FlashcardsError(
                f"{deck_path}: the deck would be larger than {MAX_DECK_BYTES >> 20} MiB. "
                "Import into another one: --deck NAME"
            )
        for name, note in zip(names, imported.notes, strict=True):
            plan.deck_path_by_note[name] = deck_path
            for key, history in note.histories.items():
                plan.histories[CardId(name + key)] = history
            if note.origin:
                origins = plan.origins.setdefault(note.origin.type, {})
                origin = origins.setdefault(note.origin.guid, note.origin)
                origin.record_note(name, note.note, note.card_numbers, was_awake=note.was_awake)

    def _deck_file_change(self, deck_path: str, deck_name: str) -> DeckFileChange:
        path = self._store.paths.data_dir / deck_path
        if (text := self._planned_texts.get(deck_path)) is not None:
            return DeckFileChange(deck_path, deck_name, text)
        if deck_path in self._deck_by_path:
            data = read_regular_file(path)
            return DeckFileChange(deck_path, deck_name, data.decode("utf-8-sig"), planned_on=hash(data))
        return DeckFileChange(
            deck_path, deck_name, is_new=True, alone=deck_name not in self._last_path_by_deck
        )

    @staticmethod
    def _fill_new_file(change: DeckFileChange, deck: Deck, verbatim: bytes | None) -> tuple[str, ...]:
        """Fill a new file, and return its notes' ids; our own deck files are kept verbatim."""
        change.added += sum(map(count_cards, deck.notes))
        if verbatim:
            change.text = verbatim.decode("utf-8-sig")
        else:
            change.text, deck = render_verified(deck, change.path)
        return deck.note_ids

    def _unused_path(self, plan: ImportPlan, deck_name: str) -> str:
        stem = plan.source.stem if plan.format == YAML and plan.source.stem else deck_name
        stem = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:80] or "deck"
        number = self._file_numbers.get(stem, 1)
        path = f"decks/{stem}.yaml" if number == 1 else f"decks/{stem}-{number}.yaml"
        while self._is_used(plan, path):
            number, path = number + 1, f"decks/{stem}-{number + 1}.yaml"
        self._file_numbers[stem] = number
        return path

    def _next_path(self, plan: ImportPlan, path: str) -> str:
        """Return the next file of a deck, which sorts after the last."""
        stem, _, number = path.removesuffix(".yaml").rpartition("_")
        if not re.fullmatch(r"\d{3}", number):
            stem, number = path.removesuffix(".yaml"), "1"
        while self._is_used(plan, path):
            number = f"{int(number) + 1:03}"
            path = f"{stem}_{number}.yaml"
        return path

    def _is_used(self, plan: ImportPlan, path: str) -> bool:
        there = path in self._planned_texts or path in plan.deck_files
        return there or (self._store.paths.data_dir / path).exists()


def _merge_deck(change: DeckFileChange, deck: Deck, former_ids: set[str]) -> tuple[str, ...]:
    """Merge a deck into a file; return its notes' ids. Raises DeckError."""
    merged = merge_deck(change.text, change.path, deck)
    change.text = merged.text
    former_ids |= merged.former_ids
    added = {note_id(change.deck_name, note) for note in merged.added}
    updated = {note_id(change.deck_name, note) for note in merged.updated}
    for name, note in zip(merged.note_ids, deck.notes, strict=True):
        if name in added:
            change.added += count_cards(note)
        elif name in updated:
            change.updated += count_cards(note)
        else:
            change.unchanged += count_cards(note)
    return merged.note_ids
