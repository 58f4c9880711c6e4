"""The list of cards as a person meets it: the real program in a real terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from factories import DECK
from programs import Terminal, run

MANY = "deck: Many\ncards:\n" + "".join(
    f"  - {{id: c{i}, front: Question {i}, back: b{i}}}\n" for i in range(60)
)
ENTER, ESCAPE = "\r", "\x1b"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home whose library has the four cards of DECK."""
    decks = tmp_path / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    return tmp_path


def states(home: Path) -> dict[str, str]:
    """Return the state of each card by its front, suspended ones as such."""
    found = json.loads(run(home, "cards", "--json").stdout)
    return {card["front"]: "suspended" if card["suspended"] else card["state"] for card in found}


def test_a_pipe_is_refused_with_the_command_that_lists(home: Path) -> None:
    """Without a terminal, the message names `flashcards cards`."""
    done = run(home, "browse", "tag:language")
    assert (done.returncode, done.stdout) == (2, "")
    assert "flashcards cards" in done.stderr


def test_a_wrong_search_is_told_before_the_screen_opens(home: Path) -> None:
    """The mark stands below the place, as everywhere."""
    terminal = Terminal(home, ["browse", "is:nwe"])
    assert terminal.end() != 0
    assert "Did you mean is:new?" in terminal.text()


def test_the_card_at_the_cursor_is_shown(home: Path) -> None:
    """Both sides, as the cursor moves; q leaves."""
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien", "the dog", "4 cards")
    terminal.type("j")
    terminal.wait_for("▸  le chat", "the cat", without="the dog")
    terminal.type("q")
    assert terminal.end() == 0


def test_keys_act_in_the_list_only(home: Path) -> None:
    """What is typed into the search is text; enter leads back, and then a key acts."""
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    terminal.type("/sbrq")
    terminal.wait_for("/ sbrq", '"sbrq" in the text', "No card matches", "enter to the list")
    terminal.type("\x15chat" + ENTER)
    terminal.wait_for("1 of 4 cards", "▸  le chat", "s suspend", without="enter to the list")
    assert set(states(home).values()) == {"new"}
    terminal.type("s")
    terminal.wait_for('"le chat": suspended; u undoes')
    terminal.type("q")
    assert terminal.end() == 0
    assert states(home)["le chat"] == "suspended"


def test_escape_brings_the_former_search_back(home: Path) -> None:
    """A search thought better of leaves the list as it was."""
    terminal = Terminal(home, ["browse", "le"])
    terminal.wait_for("/ le", "3 of 4 cards")
    terminal.type("/ xyz")
    terminal.wait_for("0 of 4 cards")
    terminal.type(ESCAPE)
    terminal.wait_for("3 of 4 cards", "▸  le chien", without="xyz")
    terminal.type("q")
    assert terminal.end() == 0


def test_a_wrong_search_stays_to_be_mended(home: Path) -> None:
    """What is wrong is told at once, and enter does not leave it behind."""
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    terminal.type("/is:nwe" + ENTER)
    terminal.wait_for("Did you mean is:new?", "enter to the list", "▸  le chien")
    terminal.type("\x17is:ne\t" + ENTER)
    terminal.wait_for("/ is:new", "4 of 4 cards", "e edit")
    terminal.type("q")
    assert terminal.end() == 0


def test_selected_cards_change_in_one_step(home: Path) -> None:
    """Space selects, a key takes all of them, one undo takes that back and one redo does it again."""
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    terminal.type("  s")
    terminal.wait_for("2 selected", "2 cards: suspended; u undoes")
    terminal.type("u")
    terminal.wait_for("undone: suspending", without="suspended ")
    assert set(states(home).values()) == {"new"}
    terminal.type("U")
    terminal.wait_for("redone: suspending")
    terminal.type("q")
    assert terminal.end() == 0
    assert states(home) == {
        "le chien": "suspended", "le chat": "suspended", "the bird": "new", "the horse": "new",
    }  # fmt: skip


def test_each_key_does_what_the_command_does(home: Path) -> None:
    """Mark with a reason, bury, reset and ask again: each told, each in the store."""
    run(home, "study", "--plain", text="\n4\nq\n")
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien", "young")
    terminal.type("mtoo easy" + ENTER)
    terminal.wait_for('"le chien": marked', "⚑ le chien")
    terminal.type("r")
    terminal.wait_for('"le chien": starts again as new', without="young")
    terminal.type("b")
    terminal.wait_for('"le chien": buried until tomorrow', "buried ")
    terminal.type("as")
    terminal.wait_for("4 cards: suspended", "4 selected")
    terminal.type("s")
    terminal.wait_for("4 cards: asked again")
    terminal.type("q")
    assert terminal.end() == 0
    assert set(states(home).values()) == {"new"}
    assert "le chien" in run(home, "cards", "is:marked", "is:buried").stdout


def test_an_edited_card_stays_under_the_cursor(home: Path) -> None:
    """The editor gets the place; a card that is reworded, and so goes by another id, is found again."""
    editor = home / "vim"
    editor.write_text('#!/bin/sh\nsed -i "s/the bird/THE BIRD/" "$2"\n')
    editor.chmod(0o755)
    terminal = Terminal(home, ["browse"], env={"EDITOR": str(editor)})
    terminal.wait_for("▸  le chien")
    terminal.type("jje")
    terminal.wait_for("▸  THE BIRD")
    terminal.type("u")
    terminal.wait_for("▸  the bird", "undone: editing")
    terminal.type("q")
    assert terminal.end() == 0


def test_decks_change_by_a_key_and_back(home: Path) -> None:
    """Tag, move and delete: for all selected, each one undo, and the deck file is as it was."""
    path = home / "data" / "decks" / "french.yaml"
    before = path.read_bytes()
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    terminal.type("  tanimal, -none" + ENTER)
    terminal.wait_for("2 cards", "tagged; u undoes", "▸  the bird")
    assert run(home, "cards", "tag:animal").stdout.count("le ch") == 2
    terminal.type(ESCAPE)
    terminal.wait_for("4 cards", without="selected")
    terminal.type("\x1b[Hx")
    terminal.wait_for('"le chien": deleted; u undoes', "3 cards")
    terminal.type("d+14" + ENTER)
    terminal.wait_for('"le chat": due on ', "young")
    terminal.type("vBirds" + ENTER)
    terminal.wait_for("moved to Birds; Birds is a new deck; u undoes")
    assert sorted(p.name for p in path.parent.glob("*.yaml")) == ["birds.yaml", "french.yaml"]
    for _ in range(4):
        terminal.type("u")
        terminal.wait_for("undone: ")
        terminal.type("?")
        terminal.wait_for("Keys")
        terminal.type("x")
        terminal.wait_for("▸", without="Keys")
    terminal.type("q")
    assert terminal.end() == 0
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.glob("*.yaml")) == ["french.yaml"]


def test_the_last_thing_done_is_undone_first(home: Path) -> None:
    """Also where a card was suspended before its deck was changed."""
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    terminal.type("s")
    terminal.wait_for("suspended; u undoes")
    terminal.type("jx")
    terminal.wait_for('"le chat": deleted')
    terminal.type("kkkju")
    terminal.wait_for('undone: deleting "le chat"', "4 cards", "suspended", "▸  le chat")
    terminal.type("q")
    assert terminal.end() == 0


def test_words_that_are_refused_are_there_again(home: Path) -> None:
    """A deck's name that could be two is told, and need not be typed again."""
    for name in ("French Verbs", "French Nouns"):
        (home / "data" / "decks" / f"{name}.yaml").write_text(f"deck: {name}\ncards: []\n", encoding="utf-8")
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    terminal.type("vrench " + ENTER)
    terminal.wait_for("matches several decks")
    terminal.type("v")
    terminal.wait_for("to the deck: rench")
    terminal.type(" V" + ENTER)
    terminal.wait_for("moved to French Verbs")
    terminal.type("q")
    assert terminal.end() == 0


def test_enter_opens_the_card_with_its_history(home: Path) -> None:
    """Both sides and each answer; any key leads back."""
    run(home, "study", "--plain", text="\n4\nq\n")
    terminal = Terminal(home, ["browse", "chien"], 80, 40)
    terminal.wait_for("▸  le chien")
    terminal.type(ENTER)
    terminal.wait_for("the dog", "1 answer", without="▸")
    terminal.type("x")
    terminal.wait_for("▸  le chien")
    terminal.type("?")
    terminal.wait_for("Keys", "sort by a column")
    terminal.type("xq")
    assert terminal.end() == 0


def test_a_figure_sorts_and_again_the_other_way(home: Path) -> None:
    """The cursor stays on its card; 0 gives back the order of the decks."""
    (home / "data" / "decks" / "many.yaml").write_text(MANY, encoding="utf-8")
    terminal = Terminal(home, ["browse"], 80, 24)
    terminal.wait_for("▸  le chien")
    terminal.type("1")
    terminal.wait_for("front ▲", "▸  le chien")
    terminal.type("1\x1b[H")
    shown = terminal.wait_for("front ▼", "▸  the horse")
    fronts = re.findall(r"^[▸ ]  (\S+ \S+)", shown, re.MULTILINE)[1:]
    assert fronts == sorted(fronts, reverse=True)
    terminal.type("0\x1b[H")
    terminal.wait_for("▸  le chien", without="▼")
    terminal.type("q")
    assert terminal.end() == 0


def test_cards_that_another_program_deletes_leave_no_trouble(home: Path) -> None:
    """A key on a card that is gone says so and lists anew."""
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    (home / "data" / "decks" / "french.yaml").write_text(DECK.split("  - id: cat")[0], encoding="utf-8")
    terminal.type("js")
    terminal.wait_for("in no deck any more", "1 card", "▸  le chien")
    terminal.type("q")
    assert terminal.end() == 0


def test_rows_that_another_program_takes_out_leave_the_list(home: Path) -> None:
    """Also while a search is typed that is not yet right."""
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    terminal.type("/is:nwe")
    terminal.wait_for("Did you mean is:new?")
    (home / "data" / "decks" / "french.yaml").write_text(DECK.split("  - id: cat")[0], encoding="utf-8")
    terminal.type(ESCAPE)
    terminal.wait_for("1 card", "▸  le chien", without="le chat")
    terminal.type("j/is:nwe")
    terminal.wait_for("Did you mean is:new?")
    (home / "data" / "decks" / "french.yaml").unlink()
    terminal.type(ESCAPE)
    terminal.wait_for("No cards yet")
    terminal.type("smdx?")
    terminal.wait_for("Keys")
    terminal.type("xq")
    assert terminal.end() == 0


def test_what_changes_nothing_says_so(home: Path) -> None:
    """Nothing is told to be undone where nothing was done."""
    terminal = Terminal(home, ["browse"])
    terminal.wait_for("▸  le chien")
    terminal.type("t-none" + ENTER)
    terminal.wait_for("nothing to change", without="undoes")
    terminal.type("dsoon" + ENTER)
    terminal.wait_for("'soon' is not a date", without="undoes")
    terminal.type("q")
    assert terminal.end() == 0


def test_a_new_size_is_a_new_frame(home: Path) -> None:
    """The card moves from below to beside the list; a paste in the list does nothing."""
    terminal = Terminal(home, ["browse"], 40, 15)
    terminal.wait_for("▸  le chien", "── French")
    terminal.resize(130, 30)
    terminal.wait_for("│ ── French", "lapses")
    terminal.type("\x1b[200~s b r\x1b[201~?")
    terminal.wait_for("Keys")
    terminal.type("xq")
    assert terminal.end() == 0
    assert set(states(home).values()) == {"new"}
