"""Commands that change decks, media or dates: what each is run on, and what must hold after a fault."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

from faults.calls import Stage, answer, ask, sound_homes
from programs import command, run

EDITOR = "sed -i s/eins/uno/"
State = tuple[dict[str, bytes], list[dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Change:
    """A command, those that went before it, and what is run when it had been done already."""

    words: str
    first: tuple[str, ...] = ()
    again: str = ""
    """The same, if nothing is named."""
    ends: int = 1
    """Which of the two states, before and after, that leads to."""


CHANGES = {
    "add": Change("add front back --deck a"),
    "add to a new deck": Change("add front back --deck c"),
    "edit": Change("edit --deck a"),
    "tag": Change("tag +seen text:1"),
    "set-due": Change("set-due a1 2031-05-05"),
    "delete": Change("delete text:1"),
    "move": Change("move text:1 c"),
    "move to a deck": Change("move deck=b a"),
    "rename": Change("rename a c"),
    "import": Change("import HOME/../new/a.yaml HOME/../new/b.yaml"),
    "undo": Change("undo", ("import HOME/../new/a.yaml HOME/../new/b.yaml",), "redo", 0),
    "redo": Change("redo", ("import HOME/../new/a.yaml HOME/../new/b.yaml", "undo"), "undo", 0),
    "undo of a rating": Change("undo", again="redo", ends=0),
    "undo of tags": Change("undo", ("tag +seen text:1",), "redo", 0),
    "restore": Change(
        "restore --exact --yes HOME/whole.zip",
        ("backup HOME/whole.zip", "import HOME/../new/a.yaml HOME/../new/b.yaml", "delete b1"),
    ),
}
"""By name; `HOME` in a word stands for the folder."""
ALIKE = {"add to a new deck", "move to a deck", "undo of tags"}
"""Those that do much the same as others."""


def learned(home: Path) -> None:
    """Make a home with two decks and one answer, and two files to import that change both decks."""
    new = home.parent / "new"  # beside it: sources that fail are told one by one
    for folder in (home / "data/decks", new):
        folder.mkdir(parents=True)
    for name in "ab":
        text = f"deck: {name}\ncards:\n  - front: {name}1\n    back: eins\n"
        more = f"  - front: {name}2\n    back: 'zwei ![]({name}.png)'\n"
        (home / f"data/decks/{name}.yaml").write_text(text)
        (new / f"{name}.yaml").write_text(text + more)
        (new / f"{name}.png").write_bytes(b"\x89PNG" + name.encode())
    run(home, "study", text="\n4\nq\n")


def staged(change: Change, folder: Path, copies: int) -> Stage:
    """Return a command on as many homes alike, all that goes before it done."""
    first = folder / "home0"
    learned(first)
    for words in change.first:
        ask(first, *in_home(words, first), EDITOR=EDITOR)
    others = [copy_of(first, folder / f"home{number}") for number in range(1, copies)]
    homes = sound_homes(first, *others)
    return Stage(homes, folder / "log", [*command(), *change.words.split()], "", {"EDITOR": EDITOR})


def in_home(words: str, home: Path) -> list[str]:
    """Return the words of a command, HOME in them replaced."""
    return [word.replace("HOME", str(home)) for word in words.split()]


def copy_of(home: Path, to: Path) -> Path:
    """Copy a home so that the program takes it for the same machine's: undo is about what that did."""
    device = copytree(home, to) / "state/flashcards/device.json"
    said = json.loads(device.read_bytes())
    device.write_text(json.dumps(said | {"inode": device.stat().st_ino}))
    return to


def state(home: Path, **env: str) -> State:
    """Return what decks and media hold, and what is known of each card."""
    ask(home, "decks", **env)  # whatever was cut short is put back, or ended
    files = [path for name in ("decks", "media") for path in (home / "data" / name).rglob("*.[yp]*")]
    texts = {path.name: path.read_bytes() for path in files if not path.name.startswith(".")}
    code, said = answer(home, "cards", "--json", **env)
    cards = json.loads(said) if code == 0 else []
    return texts, [{**card, "recall": None} for card in cards]  # a day may begin meanwhile


@dataclass(frozen=True, slots=True)
class Trial:
    """A change that was run once: on what, the states before and after it, and what it said last."""

    change: Change
    stage: Stage
    states: tuple[State, State]
    told: bytes

    def ends_well(self, shown: bytes) -> int:
        """Check the home after a fault; return which of its states it is in, before or after."""
        home, change, states = self.stage.home, self.change, self.states
        found = state(home)
        assert found in states, found
        done = states.index(found)
        assert done or self.told not in shown, "it was told as done"
        drafts = [*(home / "state").rglob("*.pending"), *(home / "data").glob(".restore-ready*")]
        assert not drafts, "half done"
        code, said = answer(home, "doctor")
        assert code == 0, said
        words = change.again if done and change.again else change.words
        code, said = answer(home, *in_home(words, home), EDITOR=EDITOR)
        assert done or code == 0, said
        wanted = states[change.ends if done else 1]
        assert state(home) == wanted, (words, said)
        return done


def tried(name: str, folder: Path, copies: int) -> Trial:
    """Run a change once, without a fault, on the first of so many homes alike."""
    change = CHANGES[name]
    stage = staged(change, folder, copies)
    before = state(stage.home)
    told = stage.run().out.splitlines()[-1]
    return Trial(change, stage, (before, state(stage.home)), told)
