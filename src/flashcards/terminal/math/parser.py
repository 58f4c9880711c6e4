"""Mathematical LaTeX read into nodes; what is not understood is said, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable

from flashcards.terminal.math import symbols
from flashcards.terminal.math.nodes import (
    Fenced,
    Grid,
    Node,
    Row,
    Script,
    Sign,
    UnreadableError,
)

DEEPEST = 40
"""Levels up to which a formula is read."""
NEW_ROW = "\\\\"
TOKENS = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
Command = Callable[["Reader", str], list[Node]]
"""Takes a reader that stands behind a command, and the command's name; returns what both mean."""


class Reader:
    """Reads tokens into nodes; what a command means is asked of `command`."""

    def __init__(self, source: str, command: Command) -> None:
        self._words: list[str] = TOKENS.findall(source)[::-1]
        self._command = command
        self._depth = 0
        self._spaced = False
        self._apart = False
        """Whether white space stood before the word taken last."""

    def peek(self) -> str:
        """Return the next word that is no space; "" at the end."""
        while self._words and self._words[-1].isspace():
            self._words.pop()
            self._spaced = True
        return self._words[-1] if self._words else ""

    def take(self) -> str:
        """Return the next word that is no space, and go on behind it."""
        word = self.peek()
        if not word:
            raise UnreadableError
        self._apart, self._spaced = self._spaced, False
        return self._words.pop()

    def row(self, ends: tuple[str, ...]) -> Row:
        """Read things up to one of these tokens, which stays."""
        self._deeper()
        items: list[Node] = []
        while (word := self.peek()) and word not in ends:
            if word in {"^", "_"}:
                base = items.pop() if items else Sign("")
                items.append(self._scripted(base))
            elif word.startswith("'"):
                items.append(self._primed(items.pop() if items else Sign("")))
            else:
                items += self._one()
        self._depth -= 1
        return Row(tuple(items))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableError

    def _scripted(self, base: Node) -> Node:
        found: dict[str, Node] = {}
        while (word := self.peek()) in {"^", "_"}:
            self.take()
            if word in found:
                raise UnreadableError
            found[word] = self.argument()
        if isinstance(base, Script):
            if (base.above and "^" in found) or (base.below and "_" in found):
                raise UnreadableError
            return Script(base.base, base.below or found.get("_"), base.above or found.get("^"))
        return Script(base, found.get("_"), found.get("^"))

    def _primed(self, base: Node) -> Node:
        primes = ""
        while self.peek().startswith("'"):
            self.take()
            primes += "′"
        above: Node = Sign(primes)
        if self.peek() == "^":
            self.take()
            above = Row((above, self.argument()))
        if isinstance(base, Script) and not base.above:
            return Script(base.base, base.below, above)
        return Script(base, None, above)

    def argument(self) -> Node:
        """Read what a command or a script takes: a group, or one sign."""
        word = self.peek()
        if len(word) > 1 and word.isalnum():  # x^10 raises the 1 only
            self._words[-1:] = [word[1:], word[0]]
        elif word in {"", "}", "&", "^", "_", "\\\\", "\\right", "\\end"}:
            raise UnreadableError
        self._deeper()
        found = self._one()
        self._depth -= 1
        return found[0] if len(found) == 1 else Row(tuple(found))

    def _one(self) -> list[Node]:
        """Read one thing; sizes and the like are none."""
        word = self.take()
        if word == "{":
            return [self._group()]
        if word in {"}", "&", "\\\\", "#", "$", "%", "\\"}:
            raise UnreadableError
        if not word.startswith("\\"):
            return [self._plain(word)]
        return self._command(self, word[1:])

    def _group(self) -> Row:
        row = self.row(("}",))
        self.take()
        return row

    def _plain(self, word: str) -> Sign:
        if word == "~":
            return Sign(" ", "space")
        if not word.isprintable():
            raise UnreadableError
        return Sign({"-": "−", "*": "∗"}.get(word, word), symbols.kind_of(word), self._apart)

    def optional(self) -> Node | None:
        """Read an argument in brackets, if there is one."""
        if self.peek() != "[":
            return None
        self.take()
        row = self.row(("]",))
        self.take()
        return row

    def words(self) -> str:
        """Read the text of a group as it is, spaces and all."""
        if self.take() != "{":
            raise UnreadableError
        text = ""
        while self._words and (word := self._words.pop()) != "}":
            if word in {"{", "$"} or (word.startswith("\\") and word[1:] not in {*"%&_#$ ,"}):
                raise UnreadableError
            text += " " if word.isspace() or word == "~" else word.removeprefix("\\")
        if not text.isprintable():
            raise UnreadableError
        return text

    def end_row(self) -> None:
        """Take the end of a row, and the distance to the next that may be told behind it."""
        if self.take() != NEW_ROW:
            raise UnreadableError
        if self._words and self._words[-1] == "[":
            self.optional()

    def fence(self) -> str:
        """Read the sign of a fence; "" for a point, which stands for none."""
        word = self.take()
        if word.startswith("\\"):
            word = symbols.COMMANDS.get(word, word[1:])
        if len(word) != 1 or word.isalnum():
            raise UnreadableError
        return "" if word == "." else word

    def grid(self, name: str) -> Node:
        """Read the rows of an environment up to its end."""
        if name == "array":
            self.words()
        rows: list[tuple[Node, ...]] = []
        cells: list[Node] = []
        while True:
            cells.append(self.row(("&", NEW_ROW, "\\end")))
            end = self.peek()
            if end == NEW_ROW:
                self.end_row()
            else:
                self.take()
            if end != "&":
                rows.append(tuple(cells))
                cells = []
            if end == "\\end":
                break
        if self.words() != name:
            raise UnreadableError
        if len(rows) > 1 and rows[-1] == (Row(()),):
            rows.pop()
        left, right = tuple(symbols.FENCES[name])
        grid = Grid(tuple(rows), name not in symbols.UNSPACED)
        return Fenced(left.strip(), grid, right.strip())
