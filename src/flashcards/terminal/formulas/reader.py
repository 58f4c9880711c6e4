"""Mathematical LaTeX read into what it means; what is not understood is said, never guessed.

Nothing is expanded, loaded or defined: a command is a row of a table, or the formula is not read.
"""

from __future__ import annotations

import re

from flashcards.terminal.formulas import signs
from flashcards.terminal.formulas.nodes import (
    Accented,
    Fenced,
    Fraction,
    Grid,
    Node,
    Root,
    Row,
    Script,
    Sign,
    UnreadableError,
)

LONGEST, DEEPEST = 2_000, 24
"""Characters and levels up to which a formula is read."""
TOKENS = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)


def read(source: str) -> Node:
    """Return what a formula means. Raises UnreadableError."""
    if len(source) > LONGEST:
        raise UnreadableError
    reader = _Reader(TOKENS.findall(source))
    row = reader.row(())
    if reader.peek():
        raise UnreadableError
    return row


class _Reader:
    def __init__(self, words: list[str]) -> None:
        self._words = words[::-1]
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
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableError
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
        found = self._one()
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
        return _command(self, word[1:])

    def _group(self) -> Row:
        row = self.row(("}",))
        self.take()
        return row

    def _plain(self, word: str) -> Sign:
        if word == "~":
            return Sign(" ", "space")
        if not word.isprintable():
            raise UnreadableError
        return Sign({"-": "−", "*": "∗"}.get(word, word), signs.kind_of(word), self._apart)

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

    def fence(self) -> str:
        """Read the sign of a fence; "" for a point, which stands for none."""
        word = self.take()
        if word.startswith("\\"):
            word = signs.COMMANDS.get(word, word[1:])
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
            cells.append(self.row(("&", "\\\\", "\\end")))
            end = self.take()
            if end != "&":
                rows.append(tuple(cells))
                cells = []
            if end == "\\end":
                break
        if self.words() != name:
            raise UnreadableError
        if len(rows) > 1 and rows[-1] == (Row(()),):
            rows.pop()
        left, right = tuple(signs.FENCES[name])
        grid = Grid(tuple(rows), name not in signs.UNSPACED)
        return Fenced(left.strip(), grid, right.strip())


def _command(reader: _Reader, name: str) -> list[Node]:  # noqa: PLR0911 (one return a family)
    if name in signs.SILENT:
        return []
    if name in signs.SPACES:
        return [Sign(signs.SPACES[name], "space")]
    if name in signs.FRACTIONS or name == "binom":
        return [Fraction(reader.argument(), reader.argument(), name != "binom")]
    if name in signs.ACCENTS:
        return [Accented(signs.ACCENTS[name], reader.argument(), name in signs.LINES)]
    if name in signs.TEXTS:
        return [Sign(reader.words(), "text")]
    if name in signs.UPRIGHT:
        return [reader.argument()]
    if name in signs.ALPHABETS:
        return [_shaped(signs.ALPHABETS[name], reader.argument())]
    if name in STRUCTURES:
        return [STRUCTURES[name](reader)]
    return [_symbol(name)]


def _root(reader: _Reader) -> Node:
    return Root(reader.optional(), reader.argument())


def _fenced(reader: _Reader) -> Node:
    left = reader.fence()
    inner = reader.row(("\\right",))
    reader.take()
    return Fenced(left, inner, reader.fence())


def _environment(reader: _Reader) -> Node:
    name = reader.words()
    if name not in signs.FENCES:
        raise UnreadableError
    return reader.grid(name)


def _negated(reader: _Reader) -> Node:
    relation = reader.argument()
    if not isinstance(relation, Sign) or len(relation.text) != 1:
        raise UnreadableError
    return Sign(signs.negated(relation.text), "rel")


def _modulus(reader: _Reader) -> Node:
    return Fenced("(", Row((Sign("mod ", "text"), reader.argument())), ")")


def _overset(reader: _Reader) -> Node:
    above = reader.argument()
    return Script(_limited(reader.argument()), None, above)


def _underset(reader: _Reader) -> Node:
    below = reader.argument()
    return Script(_limited(reader.argument()), below, None)


STRUCTURES = {
    "sqrt": _root, "left": _fenced, "begin": _environment, "not": _negated, "pmod": _modulus,
    "overset": _overset, "stackrel": _overset, "underset": _underset,
}  # fmt: skip
"""Commands with a grammar of their own."""


def _limited(node: Node) -> Node:
    return Sign(node.text, "limited") if isinstance(node, Sign) else node


def _symbol(name: str) -> Sign:
    if name == "bmod":
        return Sign("mod", "bin")
    if name in signs.LIMITED:
        known = signs.COMMANDS.get(f"\\{name}", "")
        return Sign(known if not known.isalpha() and known else name, "limited")
    if name in signs.INTEGRALS:
        return Sign(signs.COMMANDS[f"\\{name}"], "integral")
    if name in signs.FUNCTIONS:
        return Sign(name, "func")
    sign = signs.COMMANDS.get(f"\\{name}")
    if not sign:
        raise UnreadableError
    return Sign(sign, "rel" if name == "mid" else signs.kind_of(sign))


def _shaped(alphabet: str, node: Node) -> Node:
    """Return letters in the shape of an alphabet; other things as they are."""
    if isinstance(node, Row):
        return Row(tuple(_shaped(alphabet, item) for item in node.items))
    if not isinstance(node, Sign) or not node.text.isalnum():
        return node
    letters = [signs.shaped(alphabet, letter) for letter in node.text]
    if not all(letters):
        raise UnreadableError
    return Sign("".join(letter or "" for letter in letters))
