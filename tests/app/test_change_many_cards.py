"""Cards deleted, moved and tagged: files byte for byte, histories, conflicts, undo."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from factories import DECK, open_store, paths_in, put_deck, rate, undo_last
from flashcards.app.change_many_cards import CardChange, delete_cards, move_cards, set_due_day, tag_cards
from flashcards.app.rename_deck import rename_deck
from flashcards.core.cards import Card
from flashcards.core.events import CardLink
from flashcards.core.sm2 import MemoryState
from flashcards.errors import DeckError, FlashcardsError
from flashcards.storage.index.queries.cards import card_states
from flashcards.storage.store import Store

COMMENTED = """\
# yaml-language-server: $schema=deck.schema.json
deck: French # mine
tags: [language]
cards:
  # about the dog
  - front: le chien   # inline
    back: the dog

  # Animals that fly

  # about the bird
  -   front: "l'oiseau"
      tags:
        - wings   # two
      back: |
        the bird
        of prey
  - cloze: The {{sun}} is {{hot}}.
    # inside

  - {front: le chat, back: the cat, reverse: yes}
# the end
"""


def cards_of(store: Store, *fronts: str) -> list[Card]:
    """Return the cards with these fronts; with none, all cards."""
    return [
        s.card for s in store.query(lambda i: list(card_states(i))) if not fronts or s.card.front in fronts
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_stays_stays_byte_for_byte(tmp_path: Path, newline: str, mark: str) -> None:
    """A note goes with the comment right above it; all other lines, the mark and line ends are as before."""
    data = (mark + COMMENTED.replace("\n", newline)).encode()
    path = put_deck(tmp_path)
    path.write_bytes(data)
    with open_store(tmp_path) as store:
        delete_cards(store, cards_of(store, "l'oiseau"))
        bird = COMMENTED[COMMENTED.index("  # about the bird") : COMMENTED.index("  - cloze")]
        assert path.read_bytes() == (mark + COMMENTED.replace(bird, "").replace("\n", newline)).encode()
        undo_last(store)
        assert path.read_bytes() == data


def test_a_moved_note_is_as_it_was_written(tmp_path: Path) -> None:
    """Its lines and comments are the same in the other deck, which keeps its own; deck tags come along."""
    put_deck(tmp_path, COMMENTED)
    other = put_deck(tmp_path, "# top\ndeck: World\ncards:\n- front: a\n  back: b\n# end\n", "world.yaml")
    with open_store(tmp_path) as store:
        change = move_cards(store, cards_of(store, "le chien", "l'oiseau"), "World")
        assert change.describe() == '2 cards ("le chien", "l\'oiseau")'
    assert other.read_text() == (
        "# top\ndeck: World\ncards:\n- front: a\n  back: b\n\n  # about the dog\n"
        "- front: le chien   # inline\n"
        '  back: the dog\n  tags: [language]\n\n  # about the bird\n- front: "l\'oiseau"\n'
        "  tags: [language, wings]\n  back: |\n    the bird\n    of prey\n# end\n"
    )


def test_a_move_keeps_the_history_of_each_of_two_alike(tmp_path: Path) -> None:
    """Cards of the same two sides, which no text can tell apart, keep what is theirs; undo and back."""
    for name in ("a", "b"):
        put_deck(
            tmp_path, f"deck: {name}\ncards:\n  - front: x\n    back: y\n    reverse: true\n", f"{name}.yaml"
        )
    with open_store(tmp_path) as store:
        first, back, second, _ = cards_of(store)
        rate(store, first.id, [5])
        rate(store, back.id, [2])
        rate(store, second.id, [1])
        store.refresh_index()
        before = [state.progress for state in store.query(lambda i: list(card_states(i)))]
        for deck in ("c", "b"):
            change = move_cards(store, cards_of(store), deck)
            assert len(change.cards) == 4
            after = {s.card.id: s.progress for s in store.query(lambda i: list(card_states(i)))}
            assert [after[change.moves.get(card.id, card.id)] for card in change.cards] == before
        assert store.notices == []
        undo_last(store)
        undo_last(store)
        assert [state.progress for state in store.query(lambda i: list(card_states(i)))] == before


def test_a_note_in_two_files_leaves_both(tmp_path: Path) -> None:
    """A conflict copy does not bring a deleted card back."""
    put_deck(tmp_path)
    copy = put_deck(tmp_path, name="french (1).yaml")
    with open_store(tmp_path) as store:
        delete_cards(store, cards_of(store, "le chien"))
        assert cards_of(store, "le chien") == []
        assert "chien" not in copy.read_text()


def test_the_last_card_takes_its_deck_along_but_no_comment(tmp_path: Path) -> None:
    """A deck without cards goes, with undo; where comments are left, the file stays with an empty list."""
    plain, commented = put_deck(tmp_path), put_deck(tmp_path, COMMENTED, "commented.yaml")
    with open_store(tmp_path) as store:
        change = delete_cards(store, cards_of(store))
        assert not plain.exists()
        assert change.remarks == ["No card is left in French, so the deck goes, too."]
        assert commented.read_text() == (
            "# yaml-language-server: $schema=deck.schema.json\ndeck: French # mine\ntags: [language]\n"
            "cards: []\n\n  # Animals that fly\n\n# the end\n"
        )
        undo_last(store)
        assert (plain.read_text(), commented.read_text()) == (DECK, COMMENTED)


def test_nothing_changes_where_one_card_is_other_than_it_was(tmp_path: Path) -> None:
    """A card reworded, or a file broken, since they were chosen: no file is touched, and it is said why."""
    path, other = put_deck(tmp_path), put_deck(tmp_path, COMMENTED, "other.yaml")
    with open_store(tmp_path) as store:
        chosen = cards_of(store)
        path.write_text(DECK.replace("the dog", "the hound"))
        with pytest.raises(FlashcardsError, match='"le chien" was changed or taken out meanwhile'):
            delete_cards(store, chosen)
        path.write_text(DECK + "  - front: [\n")
        with pytest.raises(DeckError, match=r"french\.yaml:15"):
            move_cards(store, [card for card in chosen if card.front == "the bird"], "New")
        assert other.read_text() == COMMENTED
    assert not (paths_in(tmp_path).decks_dir / "new.yaml").exists()


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    """What would be done is what is done; a note whose front the deck has already gets an id of its own."""
    path = put_deck(tmp_path)
    put_deck(tmp_path, "deck: World\ncards:\n  - front: the bird\n    back: other\n", "world.yaml")
    with open_store(tmp_path) as store:
        chosen = [card for card in cards_of(store, "the bird", "le chat") if card.deck == "French"]
        planned = move_cards(store, chosen, "World", dry_run=True)
        assert path.read_text() == DECK
        done: CardChange = move_cards(store, chosen, "World")
        assert (planned.notes, planned.moves) == (done.notes, done.moves)
        assert [card.has_own_id for card in cards_of(store, "the bird")] == [False, True]


def test_tags_change_their_line_alone(tmp_path: Path) -> None:
    """Added once, taken off in any case; the deck's own are neither doubled nor taken off, which is told."""
    path = put_deck(tmp_path, COMMENTED)
    with open_store(tmp_path) as store:
        bird, cat = cards_of(store, "l'oiseau", "le chat")
        change = tag_cards(store, [bird, cat], ["new", "Language", "wings"], ["WINGS", "language"])
        assert change.remarks == ["language stays: it is a tag of the whole deck French."]
        before = "      tags:\n        - wings   # two\n"
        cat_before = "  - {front: le chat, back: the cat, reverse: yes}\n"
        cat_after = "  - front: le chat\n    back: the cat\n    reverse: true\n    tags: [new, wings]\n"
        expected = COMMENTED.replace(before, "      tags: [new, wings]\n").replace(cat_before, cat_after)
        expected = expected.replace('  -   front: "l\'oiseau"\n', '  - front: "l\'oiseau"\n')
        assert path.read_text().split() == expected.split()
        assert tag_cards(store, cards_of(store, "l'oiseau"), ["new"], []).notes == {}
        undo_last(store)
        assert path.read_text() == COMMENTED


def test_a_due_day_changes_nothing_else(tmp_path: Path) -> None:
    """Of a learned card all but the day stays; a new one gets the days until then; one undo for all."""
    put_deck(tmp_path)
    with open_store(tmp_path) as store:
        dog, cat = cards_of(store, "le chien", "le chat")
        rate(store, dog.id, [5])
        store.refresh_index()
        day = store.today + timedelta(30)
        before = [state.progress for state in store.query(lambda i: list(card_states(i)))]
        set_due_day(store, [dog, cat], day)
        store.refresh_index()
        learned, new = (store.query(lambda i: list(card_states(i)))[at].progress for at in (0, 1))
        assert learned == before[0]._replace(due=day, last_answered=None, last_rating=0)
        assert (new.memory, new.due) == (MemoryState(250, 30, 0, 0), day)
        undo_last(store, dog.id)
        state = store.card_state(dog.id)
        assert state
        assert state.progress == before[0]
        undo_last(store)
        assert [state.progress for state in store.query(lambda i: list(card_states(i)))] == before
        set_due_day(store, [cat], store.today - timedelta(1))
        state = store.card_state(cat.id)
        assert state
        assert state.progress.memory.interval == 1


def test_a_renamed_deck_takes_along_histories_settings_and_decks_below(tmp_path: Path) -> None:
    """Cards of it and of the decks below go on; a name that is taken is refused; undo gives all back."""
    config = paths_in(tmp_path).settings_file
    config.parent.mkdir(parents=True)
    settings = '# mine\n[deck."French"]\nnew_per_day = 3 # few\n'
    config.write_text(settings)
    path = put_deck(tmp_path, COMMENTED)
    put_deck(tmp_path, "deck: French::Verbs\ncards:\n  - front: aller\n    back: to go\n", "verbs.yaml")
    put_deck(tmp_path, "deck: World\ncards:\n  - front: aller\n    back: to go\n", "world.yaml")
    with open_store(tmp_path) as store:
        for card in cards_of(store):
            rate(store, card.id, [5])
        store.refresh_index()
        before = [state.progress for state in store.query(lambda i: list(card_states(i)))]
        with pytest.raises(FlashcardsError, match="There is a deck World already"):
            rename_deck(store, "French", "world")
        names = rename_deck(store, "French", "Français")
        assert names == {"French": "Français", "French::Verbs": "Français::Verbs"}
        assert [state.progress for state in store.query(lambda i: list(card_states(i)))] == before
        assert path.read_text() == COMMENTED.replace("deck: French #", "deck: Français #")
        assert config.read_text().split() == settings.replace("French", "Français").split()
        undo_last(store)
        assert (path.read_text(), config.read_text()) == (COMMENTED, settings)
        assert [state.progress for state in store.query(lambda i: list(card_states(i)))] == before
    assert store.notices == []


def is_learned(store: Store) -> bool:
    """Tell whether the only card has an answer."""
    (state,) = store.query(lambda index: list(card_states(index)))
    return state.progress.due is not None


def test_a_card_that_is_moved_again_after_an_undo_keeps_its_history(tmp_path: Path) -> None:
    """As does one of a deck that is renamed again, and one whose link by hand was undone before."""
    path = put_deck(tmp_path, "deck: A\ncards:\n  - front: one\n    back: eins\n")
    with open_store(tmp_path) as store:
        first = path.read_bytes()
        rate(store, cards_of(store)[0].id, [4])
        for change in (lambda: move_cards(store, cards_of(store), "B"), lambda: rename_deck(store, "A", "B")):
            for _ in range(2):
                change()
                assert is_learned(store)
                undo_last(store)
                assert is_learned(store)
        path.write_bytes(first.replace(b"deck: A", b"deck: B"))
        store.refresh_index()
        assert isinstance(undo_last(store), CardLink)
        assert not is_learned(store)
        path.write_bytes(first)
        store.refresh_index()
        assert is_learned(store)
        move_cards(store, cards_of(store), "B")
        assert is_learned(store)
