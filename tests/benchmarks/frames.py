"""Measure how long a screen takes from a key to the frame: `frames.py [FOLDER [browse]]`.

The real program in a terminal, on 100,000 cards and 1,000,000 reviews (kept in the folder that is
named, if one is), with a moment between two keys, as a person takes it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from collection import make

from programs import Terminal

SHOWN_AT = 0.5
"""Seconds that the person reads before the next key."""
ROUNDS = 20
BAR = 50
"""Milliseconds in which the frame after a key has to be there."""


class Person:
    """Presses keys and looks at the clock."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.waits: dict[str, list[float]] = {}

    def press(self, what: str, keys: str, wanted: str, without: str = "\0") -> None:
        """Press keys, and note how long it takes until the screen shows what is wanted."""
        self._terminal.wait_for("", seconds=1)
        end = time.perf_counter() + SHOWN_AT
        while (left := end - time.perf_counter()) > 0:
            self._terminal._take(left)
        begin = time.perf_counter()
        self._terminal.type(keys)
        self._terminal.wait_for(wanted, without=without)
        self.waits.setdefault(what, []).append((time.perf_counter() - begin) * 1000)


def study(home: Path) -> None:
    """Go through every key of a session again and again."""
    terminal = Terminal(home, ["study"])
    terminal.wait_for("show answer", seconds=300)
    person = Person(terminal)
    for _ in range(ROUNDS):
        person.press("the answer", " ", "How well")
        person.press("the next card, after a rating", "4", "show answer", "How well")
        person.press("an undo", "u", "undone")
        person.press("the next card, after a rating", "4", "show answer", "undone")
    for _ in range(ROUNDS // 2):
        person.press("help", "?", "Keys")
        person.press("back", "x", "show answer")
        person.press("history", "i", "back", "show answer")
        person.press("back", "x", "show answer")
        person.press("a search: 12 keys, and its result", "/layer norm\r", "cards with")
        person.press("back", "x", "show answer")
        person.press("a mark", "mwhy\r", "marked")
        person.press("suspend", "s", "suspended")
    person.press("the summary", "q", "cards in")
    terminal.type("q")
    terminal.end()
    tell(person)


def browse(home: Path) -> None:
    """Press every key of the list of cards."""
    terminal = Terminal(home, ["browse"], 120, 40)
    terminal.wait_for("100,000 cards", seconds=300)
    person = Person(terminal)
    for i in range(ROUNDS // 4):
        for column in "123456":
            person.press("sort, the first frame", column, "listing")
            terminal.wait_for("▲", without="listing")
        person.press("as the decks have them", "0", "▸", "▲")
        person.press("down", "j", f"{i}")
        person.press("a page down", "\x1b[6~", "▸")
        person.press("the end", "\x1b[F", "What is")
        person.press("the beginning", "\x1b[H", " 0?")
        person.press("select", " ", "1 selected")
        person.press("mark", "mwhy\r", "marked; u")
        person.press("suspend", "s", "suspended; u")
        person.press("undo", "u", "undone")
        person.press("select, off", "k ", "▸", "selected")
        person.press("the search line", "/", "to the list")
        person.press("a letter of a search", "r", "/ r")
        person.press("another, and leave it", "a\x15\r", "e edit")
    terminal.type("q")
    terminal.end()
    tell(person)


def tell(person: Person) -> None:
    """Print how long each kind of key took."""
    for what, waits in person.waits.items():
        middle, most = statistics.median(waits), max(waits)
        print(f"{what:34} median {middle:5.1f} ms, most {most:5.1f} ms{'  !' * (middle > BAR)}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        if not (folder / "data").exists():
            make(folder / "data")
        (browse if sys.argv[2:] == ["browse"] else study)(folder)
    else:
        with tempfile.TemporaryDirectory() as name:
            make(Path(name) / "data")
            study(Path(name))
