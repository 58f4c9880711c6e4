"""After every kind of edit to the bundled deck, no card has lost its history."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from factories import NOON, Clock, open_store, paths_in, put_deck, undo_last
from flashcards.core.card_ids import deck_cards
from flashcards.core.cards import CardId, Note
from flashcards.core.deck_yaml import render_deck
from flashcards.core.decks import Deck
from flashcards.core.events import EventId, Review
from flashcards.core.progress import CardState
from flashcards.storage.decks import reader
from flashcards.storage.decks.reader import parse_deck
from flashcards.storage.index.queries import cards
from flashcards.storage.store import Store
from replay_oracle import read_all_events, replay_all_cards, replay_card_history

BUNDLED = next((Path(__file__).parents[4] / "decks").glob("*.yaml"))
CLOZE = Note("LoRA freezes {{W0}} and trains {{A and B}} of a low {{rank}}.", cloze=True)
BOTH_WAYS = Note("embedding", "a dense vector that stands for a token", reverse=True)
Edit = Callable[["Library"], None]


class Library:
    """The bundled deck as a person edits it, beside a second deck."""

    def __init__(self, folder: Path, *, ids: bool) -> None:
        self.folder = folder
        deck, _ = parse_deck(BUNDLED.read_bytes(), "bundled.yaml")
        assert deck
        notes = deck.notes if ids else tuple(note._replace(id="") for note in deck.notes)
        self.name, self.other = "bundled.yaml", Deck("Other", ())
        self.deck = replace(deck, notes=(*notes, CLOZE, BOTH_WAYS))
        self.clock = Clock()
        self.save()

    def save(self) -> None:
        """Write both decks."""
        put_deck(self.folder, render_deck(self.deck), self.name)
        put_deck(self.folder, render_deck(self.other), "other.yaml")

    def look(self) -> Store:
        """Open the store, as the next command does."""
        return open_store(self.folder, self.clock)

    def run(self) -> None:
        """Let some command run in between."""
        self.save()
        self.look().close()

    def change(self, place: int, **fields: object) -> None:
        """Change a note."""
        notes = list(self.deck.notes)
        notes[place] = notes[place]._replace(**fields)  # type: ignore[arg-type]
        self.deck = replace(self.deck, notes=tuple(notes))

    def reword(self, place: int, side: str, words: Callable[[str], str]) -> None:
        """Change the words on one side of a note."""
        self.change(place, **{side: words(getattr(self.deck.notes[place], side))})

    def take_out(self, place: int) -> Note:
        """Cut a note out."""
        notes = list(self.deck.notes)
        note = notes.pop(place)
        self.deck = replace(self.deck, notes=tuple(notes))
        return note

    def put_in(self, note: Note, place: int = 0) -> None:
        """Paste a note in."""
        notes = list(self.deck.notes)
        notes.insert(place, note)
        self.deck = replace(self.deck, notes=tuple(notes))

    def histories(self) -> list[int]:
        """Return how many answers each card has, in the order of the ratings given."""
        store = self.look()
        try:
            found = [len(replay_card_history(store, e.card.id).steps) for e in _entries(store)]
            truth = replay_all_cards(read_all_events(store.paths.journal_dir))
            for entry in _entries(store):
                assert entry.progress == truth.get(entry.card.id, entry.progress)
            assert not list(cards.orphan_card_states(store.index.connection))
        finally:
            store.close()
        return found


def _entries(store: Store) -> list[CardState]:
    return list(cards.card_states(store.index.connection))


def little(text: str) -> str:
    """Reword a text a little."""
    words = text.split(" ")
    return " ".join([*words[: len(words) // 2], "really", *words[len(words) // 2 :]])


def typo(text: str) -> str:
    """Mend a typo, or make one."""
    return text.replace("e", "é", 1)


def move_whole(library: Library) -> None:
    library.other = replace(library.other, notes=(library.take_out(7), library.take_out(8)))


def move_in_two_saves(library: Library) -> None:
    note = library.take_out(7)
    library.run()
    library.other = replace(library.other, notes=(note,))


def move_and_reword(library: Library) -> None:
    note = library.take_out(7)
    library.other = replace(library.other, notes=(note._replace(front=little(note.front)),))


def delete_and_bring_back(library: Library) -> None:
    note = library.take_out(7)
    library.run()
    library.run()
    library.put_in(note, 3)


def delete_and_bring_back_reworded(library: Library) -> None:
    note = library.take_out(7)
    library.run()
    library.reword(2, "front", little)
    library.run()
    library.put_in(note._replace(front=little(note.front)), 3)


def delete_everything_and_bring_it_back(library: Library) -> None:
    notes = library.deck.notes
    library.deck = replace(library.deck, notes=())
    library.run()
    library.deck = replace(library.deck, notes=notes)


def rename_the_file(library: Library) -> None:
    (paths_in(library.folder).decks_dir / library.name).unlink()
    library.name = "renamed.yaml"


def rename_the_file_in_two_runs(library: Library) -> None:
    (paths_in(library.folder).decks_dir / library.name).unlink()
    library.look().close()
    library.name = "renamed.yaml"


def rename_and_reword(library: Library) -> None:
    library.deck = replace(library.deck, name="Interview")
    for place in (1, 9, 30):
        library.reword(place, "front", little)
        library.reword(place, "back", little)


def reword_many(library: Library) -> None:
    for place in range(0, 55, 2):
        library.reword(place, "front", little)
    for place in range(1, 55, 2):
        library.reword(place, "back", little)


def reword_and_lose_the_cache(library: Library) -> None:
    library.reword(4, "front", little)
    paths_in(library.folder).index_file.unlink()


def move_and_reword_and_lose_the_cache(library: Library) -> None:
    move_and_reword(library)
    paths_in(library.folder).index_file.unlink()


def split(library: Library) -> None:
    notes = library.deck.notes
    library.deck = replace(library.deck, notes=notes[:30])
    library.other = replace(library.other, notes=notes[30:])


def reword_both(library: Library) -> None:
    library.reword(4, "front", little)
    library.reword(4, "back", little)


def give_ids(library: Library) -> None:
    for place in range(55):
        library.change(place, id=f"card-{place}")


EDITS: dict[str, Edit] = {
    "front reworded": lambda it: it.reword(4, "front", little),
    "front rewritten": lambda it: it.reword(4, "front", lambda _: "Say it in other words."),
    "a typo in a front": lambda it: it.reword(4, "front", typo),
    "back reworded": lambda it: it.reword(4, "back", little),
    "back rewritten": lambda it: it.reword(4, "back", lambda _: "- something else\n- entirely"),
    "both a little": reword_both,
    "moved to another deck": move_whole,
    "moved, with a look in between": move_in_two_saves,
    "moved and reworded": move_and_reword,
    "moved within the deck": lambda it: it.put_in(it.take_out(40), 2),
    "deleted and brought back": delete_and_bring_back,
    "deleted, and back reworded": delete_and_bring_back_reworded,
    "all deleted and brought back": delete_everything_and_bring_it_back,
    "the file renamed": rename_the_file,
    "the file renamed, with a look in between": rename_the_file_in_two_runs,
    "the deck renamed": lambda it: setattr(it, "deck", replace(it.deck, name="Interview")),
    "the deck renamed and cards reworded": rename_and_reword,
    "every card reworded at once": reword_many,
    "reworded, and the cache deleted": reword_and_lose_the_cache,
    "moved and reworded, and the cache deleted": move_and_reword_and_lose_the_cache,
    "split into two decks": split,
    "ids given, or changed": give_ids,
    "tags changed": lambda it: it.change(4, tags=("new",)),
    "a cloze reworded": lambda it: it.reword(55, "front", lambda t: t.replace("of a", "with a")),
    "a gap reworded": lambda it: it.reword(55, "front", lambda t: t.replace("{{rank", "{{ranks")),
    "a card asked both ways reworded": lambda it: it.reword(56, "back", little),
    "turned into Windows lines": lambda it: it.reword(4, "back", lambda t: t + "\r\n"),
}


def study(library: Library) -> None:
    """Give each card its own number of answers, so that no history can pass for another's."""
    store = library.look()
    at = store.now()
    store.append_events(
        [
            Review(EventId(""), 0, at, entry.card.id, 4, 1000)
            for n, entry in enumerate(_entries(store))
            for _ in range(n % 3 + 1)
        ]
    )
    store.close()
    library.clock.at = NOON + timedelta(days=1)


@pytest.mark.parametrize(
    "ids", [False, pytest.param(True, marks=pytest.mark.full)], ids=["without ids", "with ids"]
)
@pytest.mark.parametrize("name", EDITS)
def test_no_edit_costs_a_history(tmp_path: Path, name: str, *, ids: bool) -> None:
    """Each of the 60 cards still has all of its answers, and no others."""
    keeps_all(Library(tmp_path, ids=ids), EDITS[name])


@pytest.mark.full
@pytest.mark.parametrize("name", EDITS)
def test_no_edit_costs_a_history_when_the_cache_goes_too(tmp_path: Path, name: str) -> None:
    """What the cards were before is in the journal as well as in the index."""

    def edit(library: Library) -> None:
        EDITS[name](library)
        paths_in(tmp_path).index_file.unlink(missing_ok=True)

    keeps_all(Library(tmp_path, ids=False), edit)


def keeps_all(library: Library, edit: Edit) -> None:
    """Study, edit, look; raise AssertionError unless each card still has its own answers."""
    study(library)
    before = by_text(library)
    edit(library)
    library.save()
    library.histories()
    after = by_text(library)
    assert sum(after.values()) == sum(before.values())
    for text, answers in before.items():
        assert after.get(text, answers) == answers, text


def by_text(library: Library) -> dict[str, int]:
    """Return how many answers each card has, by its front and back."""
    store = library.look()
    found = {
        f"{e.card.front}|{e.card.back}": len(replay_card_history(store, e.card.id).steps)
        for e in _entries(store)
    }
    store.close()
    return found


@pytest.mark.full
def test_twenty_edits_one_after_another(tmp_path: Path) -> None:
    """All kinds of edit to one library, a command after each: every history is still there."""
    library = Library(tmp_path, ids=False)
    study(library)
    before = sum(by_text(library).values())
    for name, edit in EDITS.items():
        if len(library.deck.notes) < 57:
            for place, note in enumerate(library.other.notes, min(7, len(library.deck.notes) - 2)):
                library.put_in(note, place if len(library.other.notes) < 9 else 99)
            library.other = Deck("Other", ())
            library.run()
        edit(library)
        library.run()
        assert sum(by_text(library).values()) == before, name
        assert not list(orphans(library)), name


def orphans(library: Library) -> list[str]:
    store = library.look()
    found = [e.card.front for e in cards.orphan_card_states(store.index.connection)]
    store.close()
    return found


def test_a_link_undone_is_not_made_again(tmp_path: Path) -> None:
    """What the person parted stays parted: after another edit, and from an empty cache."""
    library = Library(tmp_path, ids=False)
    study(library)
    library.reword(4, "front", little)
    library.save()
    store = library.look()
    assert len(store.notices) == 1
    undo_last(store)
    store.close()
    (new,) = [c.id for c in deck_cards(library.deck) if "really" in c.front]
    for forget in (False, True):
        library.reword(5, "back", little)
        if forget:
            paths_in(tmp_path).index_file.unlink()
        library.save()
        store = library.look()
        assert not store.notices
        assert replay_card_history(store, CardId(new)).steps == ()
        store.close()


def test_a_deck_that_could_not_be_read_once_is_read_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that failed for a moment hides no deck, though the file is as it was."""
    monkeypatch.setattr("flashcards.storage.index.build.update.MIN_TRUSTED_AGE_NS", -1)  # its times tell all
    put_deck(tmp_path)

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(reader, "open_regular_file", fails)
        with open_store(tmp_path) as store:
            (problem,) = cards.list_problems(store.index.connection)
            assert "Input/output error" in problem.message
    with open_store(tmp_path) as store:
        assert len(list(cards.card_states(store.index.connection))) == 4
        assert not list(cards.list_problems(store.index.connection))
