"""Delete, move and tag notes: all deck files change, or none, as one step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from flashcards.app.add_cards import new_deck_file, unique_note, unused_path
from flashcards.app.command_context import write_schema
from flashcards.core.card_ids import note_id
from flashcards.core.cards import Card, CardId, Note
from flashcards.core.deck_merge.merge_section import with_note
from flashcards.core.deck_merge.sections import Section
from flashcards.core.deck_yaml import adapt_note_to_deck
from flashcards.core.decks import Deck
from flashcards.core.events import CardEvent, EventId, SetDue
from flashcards.core.format_count import format_count
from flashcards.core.progress import CardState
from flashcards.core.quote_cards import name_cards, quote_front
from flashcards.core.sm2 import MAX_INTERVAL
from flashcards.errors import ChangedMeanwhileError, FlashcardsError, UsageError
from flashcards.storage.backups.automatic_backups import MAX_EVENTS_WITHOUT_BACKUP
from flashcards.storage.decks.edit_deck_files import EditableDeck
from flashcards.storage.files import FileChange, read_if_there
from flashcards.storage.index.queries import cards as queries_cards
from flashcards.storage.locks import change_under_lock
from flashcards.storage.store import Store
from flashcards.storage.undo.command_steps import change_files

Edits = dict[int, Note | None]


@dataclass(slots=True)
class CardChange:
    """What is done to notes, or would be."""

    notes: dict[str, list[Card]] = field(default_factory=dict)
    """The changing notes by id, each with all its cards."""
    files: list[FileChange] = field(default_factory=list)
    moves: dict[CardId, CardId] = field(default_factory=dict)  # old to new ids of cards whose id changes
    remarks: list[str] = field(default_factory=list)  # further messages to the user

    @property
    def cards(self) -> list[Card]:
        """All changing cards, siblings included."""
        return [card for cards in self.notes.values() for card in cards]

    def describe(self) -> str:
        """Name the cards, such as: "le chien" (2 cards of one note)."""
        fronts, cards = [cards[0].front for cards in self.notes.values()], self.cards
        if len(fronts) == 1:
            siblings = f" ({len(cards)} cards of one note)" if len(cards) > 1 else ""
            return quote_front(fronts[0]) + siblings
        notes = f" of {len(fronts):,} notes" if len(cards) > len(fronts) else ""
        return f"{format_count(len(cards), 'card')}{notes} ({name_cards(fronts)})"


class _Library:
    """The notes of some cards, and the deck files that contain them."""

    def __init__(self, store: Store, cards: Sequence[Card]) -> None:
        self.store = store
        self._files: dict[str, EditableDeck] = {}
        self._edits: dict[str, Edits] = {}
        idents = dict.fromkeys(card.note_id for card in cards)
        self.notes = {name: store.query(partial(queries_cards.note_cards, note_id=name)) for name in idents}
        texts = {card.id: (card.front, card.back) for notes in self.notes.values() for card in notes}
        if changed := next((card for card in cards if texts.get(card.id) != (card.front, card.back)), None):
            raise FlashcardsError(
                f"{quote_front(changed.front)} was changed or taken out meanwhile. "
                "Nothing was changed. Look at it again, then repeat the command."
            )
        others = store.query(queries_cards.other_paths)
        self.paths = {ident: (cards[0].path, *others.get(ident, ())) for ident, cards in self.notes.items()}
        """The files that contain each note; the first one provides its cards."""

    def deck(self, path: str) -> EditableDeck:
        """Return a parsed deck file. Raises DeckError."""
        if path not in self._files:
            data = read_if_there(self.store.paths.data_dir / path) or b""
            self._files[path] = EditableDeck.from_bytes(data, path)
        return self._files[path]

    def note(self, path: str, ident: str) -> Note:
        """Return a note as its file has it."""
        if (note := self.deck(path).notes.get(ident)) is None:
            raise ChangedMeanwhileError(f"{path}: another program has just changed it. Nothing was changed.")
        return note

    def edit(self, path: str, ident: str, wanted: Note | None) -> None:
        """Replace a note in a file; None deletes it."""
        self._edits.setdefault(path, {})[self.note(path, ident).line] = wanted

    def file_changes(self, added: dict[str, list[Section]]) -> list[FileChange]:
        """Return the changed files, with their edits and added notes."""
        return [
            FileChange(
                self.store.paths.data_dir / path,
                self.deck(path).data,
                self.deck(path).edited(self._edits.get(path, {}), added.get(path, ())),
            )
            for path in {**self._edits, **added}
        ]


Plan = Callable[[_Library, CardChange], None]


def _carry_out(store: Store, command: str, cards: Sequence[Card], plan: Plan, *, dry_run: bool) -> CardChange:
    """Plan a change of deck files, and write it unless `dry_run`. Raises FlashcardsError."""

    def attempt() -> CardChange:
        store.refresh_index()
        change = CardChange()
        plan(_Library(store, cards), change)
        if change.files and not dry_run:
            change_files(store, command, change.describe(), change.files, moves=change.moves)
        return change

    if dry_run:
        return attempt()
    if len(cards) > MAX_EVENTS_WITHOUT_BACKUP:
        store.back_up_before_bulk_change()
    store.wait_for_backup()
    return change_under_lock(store.paths.deck_lock, attempt)


def delete_cards(store: Store, cards: Sequence[Card], *, dry_run: bool = False) -> CardChange:
    """Delete the notes of cards; their history is kept. Raises FlashcardsError."""
    return _carry_out(store, "delete", cards, _plan_deletion, dry_run=dry_run)


def _plan_deletion(library: _Library, change: CardChange) -> None:
    change.notes = library.notes
    for ident, paths in library.paths.items():
        for path in paths:
            library.edit(path, ident, None)
    for file in library.file_changes({}):
        deck = EditableDeck.from_bytes(file.after or b"", file.path.name)
        if deck.deck.notes or deck.has_comments_below():
            change.files.append(file)
        else:
            change.files.append(file._replace(after=None))
            change.remarks.append(f"No card is left in {deck.deck.name}, so the deck goes, too.")


def move_cards(store: Store, cards: Sequence[Card], deck_name: str, *, dry_run: bool = False) -> CardChange:
    """Move the notes of cards to the end of a deck, with their history."""
    change = _carry_out(store, "move", cards, partial(_plan_move, deck_name=deck_name), dry_run=dry_run)
    if change.files and not dry_run:
        write_schema(store.paths)
    return change


def _plan_move(library: _Library, change: CardChange, deck_name: str) -> None:
    store, taken, sections = library.store, set[str](), list[Section]()
    deck_files = store.query(queries_cards.list_deck_files)
    goal = next((path for path, name, _ in deck_files if name == deck_name), "")
    target = library.deck(goal).deck if goal else Deck(deck_name, ())
    for ident, cards in library.notes.items():
        paths = library.paths[ident]
        if cards[0].deck == deck_name:
            continue
        change.notes[ident] = cards
        source, note = library.deck(paths[0]), library.note(paths[0], ident)
        wanted = unique_note(store, deck_name, adapt_note_to_deck(source.deck, target, note), taken)
        new = note_id(deck_name, wanted)
        change.moves |= {card.id: CardId(new + card.id[len(ident) :]) for card in cards if new != ident}
        if goal not in paths:
            sections.append(with_note(source.sections[note.line], wanted))
        for path in paths:
            if path != goal:
                library.edit(path, ident, None)
    if not change.notes:
        return
    change.files = library.file_changes({goal: sections} if goal else {})
    if not goal:
        path = unused_path(store.paths.decks_dir, deck_name)
        new_file = EditableDeck.from_bytes(new_deck_file(target), path.name).edited({}, sections)
        change.files.append(FileChange(path, None, new_file))
        change.remarks.append(f"{deck_name} is a new deck.")


def tag_cards(
    store: Store, cards: Sequence[Card], add: Sequence[str], remove: Sequence[str], *, dry_run: bool = False
) -> CardChange:
    """Add and remove tags of the notes of cards. Raises FlashcardsError."""
    plan = partial(_plan_tags, add=add, remove=remove)
    return _carry_out(store, "tag", cards, plan, dry_run=dry_run)


def _plan_tags(library: _Library, change: CardChange, add: Sequence[str], remove: Sequence[str]) -> None:
    unwanted = {tag.casefold() for tag in remove}
    inherited: dict[str, None] = {}
    for ident, cards in library.notes.items():
        for path in library.paths[ident]:
            deck, note = library.deck(path).deck, library.note(path, ident)
            kept = [tag for tag in note.tags if tag.casefold() not in unwanted]
            known = {tag.casefold() for tag in (*kept, *deck.tags)}
            tags = (*kept, *(tag for tag in dict.fromkeys(add) if tag.casefold() not in known))
            if tags != note.tags:
                change.notes[ident] = cards
                library.edit(path, ident, note._replace(tags=tags))
            inherited |= {
                f"{tag} stays: it is a tag of the whole deck {deck.name}.": None
                for tag in deck.tags
                if tag.casefold() in unwanted
            }
    change.files = library.file_changes({})
    change.remarks += inherited


MakeEvent = Callable[[CardState, datetime], CardEvent]


def append_events(
    store: Store, cards: Sequence[Card], make_event: MakeEvent, *, dry_run: bool = False
) -> CardChange:
    """Append the same event for each card. Raises StoreError."""
    states, at = [state for card in cards if (state := store.card_state(card.id))], store.now()
    if states and not dry_run:
        store.append_events([make_event(state, at) for state in states])
    return CardChange({state.card.id: [state.card] for state in states})


def set_due_day(store: Store, cards: Sequence[Card], day: date, *, dry_run: bool = False) -> CardChange:
    """Set the due day of cards; new cards also get an interval."""
    days = (day - store.today).days
    if days > MAX_INTERVAL:
        raise UsageError(f"{day} is too far ahead. The last possible day is in {MAX_INTERVAL:,} days.")

    def due_event(state: CardState, at: datetime) -> SetDue:
        ease, interval, repetitions, lapses = state.progress.memory
        interval = interval if state.progress.due else max(1, days)
        return SetDue(EventId(""), 0, at, state.card.id, day, interval, ease, repetitions, lapses)

    return append_events(store, cards, due_event, dry_run=dry_run)
