"""A formula as part of a line: raised and lowered signs where there are any, else ^(…) and _(…)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from unicodedata import normalize

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
from flashcards.terminal.math.spacing import gaps
from flashcards.terminal.text.width import clusters

DIFFERENTIALS = frozenset("∂dΔδ∇")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line."""

    text: str
    kind: str = "ord"
    loose: bool = False
    """Whether it needs parentheses beside another thing."""
    word: bool = False
    spaced: bool = False
    trails: bool = False


@lru_cache(maxsize=2048)  # a script is looked at several times: each level would double the work
def flat(node: Node, *, tight: bool = False) -> Piece:  # noqa: PLR0911 (one a kind of node)
    """Return a formula in one line. Raises UnreadableError."""
    match node:
        case Sign(text, kind, spaced):
            return Piece(text, kind, word=len(text) > 1 and text.isalpha(), spaced=spaced)
        case Row():
            return _row(node, tight=tight)
        case Script():
            return _script(node, tight=tight)
        case Fraction(over, under, line):
            if not line:
                return Piece(f"({flat(over).text} choose {flat(under).text})")
            return Piece(f"{_numerator(over)}/{_denominator(under)}", loose=True)
        case Root():
            return _root(node)
        case Fenced(left, inner, right):
            closing = right or ("}" if left == "{" and isinstance(inner, Grid) else "")
            return Piece(left + flat(inner, tight=tight).text + closing, "close")
        case Grid(rows, loose):
            between = ", " if loose else " "
            told = [between.join(filter(None, (flat(c).text for c in row))) for row in rows]
            return Piece("; ".join(told))
        case Accented():
            return _accented(node)


def _row(row: Row, *, tight: bool) -> Piece:
    pieces = [flat(item, tight=tight) for item in row.items]
    if len(pieces) == 1:
        return pieces[0]
    touching = {"ord", "open", "close", *symbols.FUNCTIONS}
    distances = [*gaps(pieces, tight=tight), 1]
    text = ""
    for i, (piece, (before, after)) in enumerate(zip(pieces, pairwise(distances), strict=True)):
        neighbours = [pieces[i - 1]] if i and not before else []
        neighbours += pieces[i + 1 : i + 2] if not after else []
        bare = not piece.loose or not any(n.kind in touching for n in neighbours)
        text += " " * before + (piece.text if bare else f"({piece.text})")
    return Piece(text)


def _script(script: Script, *, tight: bool) -> Piece:
    base = flat(script.base, tight=tight)
    text = f"({base.text})" if base.loose else base.text
    trails = False
    for node, told, sign in (
        (script.below, lowered(script.below), "_"),
        (script.above, raised(script.above), "^"),
    ):
        if node is not None:
            text += told or sign + grouped(node)
            trails = not told and text[-1] != ")"
    return Piece(text, base.kind, word=base.word, spaced=base.spaced, trails=trails)


def raised(node: Node | None) -> str:
    """Return something in raised signs; "" where it has none."""
    return _translated(node, symbols.SUPER)


def lowered(node: Node | None) -> str:
    """Return something in lowered signs; "" where it has none."""
    return _translated(node, symbols.SUB)


def _translated(node: Node | None, table: dict[str, str]) -> str:
    text = flat(node, tight=True).text.replace(" ", "") if node else ""
    known = text != "," and set(text) <= table.keys()
    return "".join(table[sign] for sign in text) if known else ""


def grouped(node: Node) -> str:
    """Return a script that has no signs of its own, so that one sees where it ends."""
    text = flat(node, tight=True).text
    return text if one_word(node) else f"({text})"


def one_word(node: Node) -> bool:
    """Tell whether a thing is one sign, or one word or number."""
    match node:
        case Row((only,)):
            return one_word(only)
        case Sign(text):
            return len(text) == 1 or text.isalnum()
        case Accented():
            return True
    return False


def simple(node: Node) -> bool:
    """Tell whether a thing is seen as one without parentheses."""
    match node:
        case Row((only,)):
            return simple(only)
        case Sign(text):
            return len(text) == 1 or text.replace(".", "").isdecimal()
        case Script(base, _, above):
            return above is None and simple(base)
        case Fenced("(", _, ")") | Accented():
            return True
    return False


def _numerator(node: Node) -> str:
    piece = flat(node)
    joined = any(kind in {"bin", "rel", "punct"} for kind in _outside(node)[1:])
    return f"({piece.text})" if joined or piece.loose else piece.text


def _denominator(node: Node) -> str:
    piece, kinds = flat(node), _outside(node)
    called = len(kinds) == 2 and kinds[1] == "group"
    one = len(kinds) < 2 or called or (len(kinds) == 2 and piece.text[0] in DIFFERENTIALS)
    return piece.text if one and not piece.loose else f"({piece.text})"


def _outside(node: Node) -> list[str]:
    """Return the kinds of what stands outside of parentheses; each pair of them is one group."""
    kinds: list[str] = []
    depth = 0
    for item in node.items if isinstance(node, Row) else ():
        base = item.base if isinstance(item, Script) else item
        kind = base.kind if isinstance(base, Sign) else "ord"
        if not depth:
            kinds.append("group" if kind == "open" else kind)
        depth = max(0, depth + (kind == "open") - (kind == "close"))
    return kinds


def _root(root: Root) -> Piece:
    degree = ""
    if root.degree is not None:
        degree = raised(root.degree)
        if not degree:
            raise UnreadableError
    text = flat(root.inner).text
    fenced = isinstance(root.inner, Row) and isinstance(root.inner.items[:1], Fenced)
    return Piece(f"{degree}√{text if simple(root.inner) or fenced else f'({text})'}")


def _accented(node: Accented) -> Piece:
    text = flat(node.inner, tight=True).text
    parts = [sign for sign, _ in clusters(text)]
    if not parts or (len(parts) > 1 and not node.along):
        raise UnreadableError
    return Piece(normalize("NFC", "".join(part + node.mark for part in parts)))
