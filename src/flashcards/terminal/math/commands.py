"""What each command of mathematical LaTeX reads, and what it makes of it.

Nothing is expanded, loaded or defined: a command is a row of a table, or the formula is not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from flashcards.terminal.math import symbols
from flashcards.terminal.math.nodes import (
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
from flashcards.terminal.math.parser import NEW_ROW, Reader

LONGEST = 2_000
"""Characters up to which a formula is read."""


def read(source: str) -> Node:
    """Return what a formula means; several rows are a grid. Raises UnreadableError."""
    if len(source) > LONGEST:
        raise UnreadableError
    reader = Reader(source, _command)
    rows = [reader.row((NEW_ROW,))]
    while reader.peek():
        reader.end_row()
        rows.append(reader.row((NEW_ROW,)))
    if len(rows) == 1:
        return rows[0]
    said = tuple((row,) for row in rows if row.items)
    if not said:
        raise UnreadableError
    return Grid(said, loose=False)


def _command(reader: Reader, name: str) -> list[Node]:  # noqa: PLR0911 (one return a family)
    if name in symbols.SILENT:
        return []
    if name in symbols.SPACES:
        return [Sign(symbols.SPACES[name], "space")]
    if name in symbols.FRACTIONS or name == "binom":
        return [Fraction(reader.argument(), reader.argument(), name != "binom")]
    if name in symbols.ACCENTS:
        return [Accented(symbols.ACCENTS[name], reader.argument(), name in symbols.LINES)]
    if name in symbols.TEXTS:
        return [Sign(reader.words(), "text")]
    if name == "operatorname*":
        return [Sign("".join(_letters(reader.argument())), "limited")]
    if name in symbols.UPRIGHT:
        return [reader.argument()]
    if name in symbols.ALPHABETS:
        return [_shaped(symbols.ALPHABETS[name], reader.argument())]
    if name in STRUCTURES:
        return [STRUCTURES[name](reader)]
    return [_symbol(name)]


def _root(reader: Reader) -> Node:
    return Root(reader.optional(), reader.argument())


def _fenced(reader: Reader) -> Node:
    left = reader.fence()
    inner = reader.row(("\\right",))
    reader.take()
    return Fenced(left, inner, reader.fence())


def _environment(reader: Reader) -> Node:
    name = reader.words()
    if name not in symbols.FENCES:
        raise UnreadableError
    return reader.grid(name)


def _negated(reader: Reader) -> Node:
    relation = reader.argument()
    if not isinstance(relation, Sign) or len(relation.text) != 1:
        raise UnreadableError
    return Sign(symbols.negated(relation.text), "rel")


def _modulus(reader: Reader) -> Node:
    return Fenced("(", Row((Sign("mod ", "text"), reader.argument())), ")")


def _overset(reader: Reader) -> Node:
    above = reader.argument()
    return Script(_limited(reader.argument()), None, above)


def _underset(reader: Reader) -> Node:
    below = reader.argument()
    return Script(_limited(reader.argument()), below, None)


def _coloured(reader: Reader) -> Node:
    reader.words()
    return reader.argument()


def _long_arrow(reader: Reader) -> Node:
    return Script(Sign("⟶", "limited"), None, reader.argument())


def _letters(node: Node) -> Iterator[str]:
    """Yield the texts of a row of signs. Raises UnreadableError when there is more to it."""
    for item in node.items if isinstance(node, Row) else (node,):
        if not isinstance(item, Sign):
            raise UnreadableError
        yield item.text


STRUCTURES = {
    "textcolor": _coloured, "xrightarrow": _long_arrow,
    "sqrt": _root, "left": _fenced, "begin": _environment, "not": _negated, "pmod": _modulus,
    "overset": _overset, "stackrel": _overset, "underset": _underset,
}  # fmt: skip
"""Commands with a grammar of their own."""


def _limited(node: Node) -> Node:
    return Sign(node.text, "limited") if isinstance(node, Sign) else node


def _symbol(name: str) -> Sign:
    if name == "bmod":
        return Sign("mod", "bin")
    if name in symbols.LIMITED:
        known = symbols.COMMANDS.get(f"\\{name}", "")
        return Sign(known if not known.isalpha() and known else name, "limited")
    if name in symbols.INTEGRALS:
        return Sign(symbols.COMMANDS[f"\\{name}"], "integral")
    if name in symbols.FUNCTIONS:
        return Sign(name, "func")
    sign = symbols.COMMANDS.get(f"\\{name}")
    if not sign:
        raise UnreadableError
    return Sign(sign, "rel" if name == "mid" else symbols.kind_of(sign))


def _shaped(alphabet: str, node: Node) -> Node:
    """Return letters in the shape of an alphabet; other things as they are."""
    if isinstance(node, Row):
        return Row(tuple(_shaped(alphabet, item) for item in node.items))
    if not isinstance(node, Sign) or not node.text.isalnum():
        return node
    letters = [symbols.shaped(alphabet, letter) for letter in node.text]
    if not all(letters):
        raise UnreadableError
    return Sign("".join(letter or "" for letter in letters))
