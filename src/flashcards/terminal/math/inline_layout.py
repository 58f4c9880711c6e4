"""Lay a formula out on one line."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from unicodedata import normalize

from flashcards.terminal.math import latex_symbols as symbols
from flashcards.terminal.math.nodes import (
    Accented,
    Delimited,
    Fraction,
    Matrix,
    Node,
    Root,
    Row,
    Script,
    Symbol,
    UnsupportedFormulaError,
)
from flashcards.terminal.math.spacing import SpacedItem, item_gaps
from flashcards.terminal.text.width import graphemes

DIFFERENTIAL_SYMBOLS = frozenset("∂dΔδ∇")


@dataclass(frozen=True, slots=True)
class InlinePiece(SpacedItem):
    """A part of a line."""

    text: str
    needs_parentheses: bool = False  # whether it needs parentheses next to another item


@lru_cache(maxsize=2048)  # scripts are laid out several times: each level would double the work
def inline_layout(node: Node, *, tight: bool = False) -> InlinePiece:  # noqa: PLR0911 (one a kind of node)
    """Lay a formula out on one line. Raises UnsupportedFormulaError."""
    match node:
        case Symbol(text, kind, spaced):
            return InlinePiece(
                text, kind=kind, is_word=len(text) > 1 and text.isalpha(), has_space_before=spaced
            )
        case Row():
            return _row_layout(node, tight=tight)
        case Script():
            return _script_layout(node, tight=tight)
        case Fraction(over, under, line):
            if not line:
                return InlinePiece(f"({inline_layout(over).text} choose {inline_layout(under).text})")
            return InlinePiece(f"{_numerator_text(over)}/{_denominator_text(under)}", needs_parentheses=True)
        case Root():
            return _root_layout(node)
        case Delimited(left, inner, right):
            closing = right or ("}" if left == "{" and isinstance(inner, Matrix) else "")
            return InlinePiece(left + inline_layout(inner, tight=tight).text + closing, kind="close")
        case Matrix(rows, loose):
            between = ", " if loose else " "
            row_texts = [between.join(filter(None, (inline_layout(c).text for c in row))) for row in rows]
            return InlinePiece("; ".join(row_texts))
        case Accented():
            return _accented_layout(node)


def _row_layout(row: Row, *, tight: bool) -> InlinePiece:
    pieces = [inline_layout(item, tight=tight) for item in row.items]
    if len(pieces) == 1:
        return pieces[0]
    touching = {"ord", "open", "close"}
    gaps = [*item_gaps(pieces, tight=tight), 1]
    text = ""
    for i, (piece, (before, after)) in enumerate(zip(pieces, pairwise(gaps), strict=True)):
        neighbours = [pieces[i - 1]] if i and not before else []
        neighbours += pieces[i + 1 : i + 2] if not after else []
        bare = not piece.needs_parentheses or not any(n.kind in touching for n in neighbours)
        text += " " * before + (piece.text if bare else f"({piece.text})")
    return InlinePiece(text)


def _script_layout(script: Script, *, tight: bool) -> InlinePiece:
    base = inline_layout(script.base, tight=tight)
    text = f"({base.text})" if base.needs_parentheses else base.text
    trails = False
    for node, script_text, marker in (
        (script.subscript, script_characters(script.subscript, symbols.SUBSCRIPTS), "_"),
        (script.superscript, script_characters(script.superscript, symbols.SUPERSCRIPTS), "^"),
    ):
        if node is not None:
            text += script_text or marker + group_script(node)
            trails = not script_text and text[-1] != ")"
    return replace(base, text=text, needs_parentheses=False, is_open_ended=trails)


def script_characters(node: Node | None, table: Mapping[str, str]) -> str:
    """Return a node in the raised or lowered characters of a table, or "" if there are none."""
    text = inline_layout(node, tight=True).text.replace(" ", "") if node else ""
    known = text != "," and set(text) <= table.keys()
    return "".join(table[character] for character in text) if known else ""


def group_script(node: Node) -> str:
    """Return a script without characters of its own, in parentheses if needed."""
    text = inline_layout(node, tight=True).text
    return text if is_single_token(node) else f"({text})"


def is_single_token(node: Node) -> bool:
    """Tell whether a node is one symbol, word or number."""
    match node:
        case Row((only,)):
            return is_single_token(only)
        case Symbol(text):
            return len(text) == 1 or text.isalnum() or text.startswith("[")
        case Accented():
            return True
    return False


def is_atomic(node: Node) -> bool:
    """Tell whether a node reads as one item without parentheses."""
    match node:
        case Row((only,)):
            return is_atomic(only)
        case Symbol(text):
            return len(text) == 1 or text.replace(".", "").isdecimal() or text.startswith("[")
        case Script(base, _, above):
            return above is None and is_atomic(base)
        case Delimited("(", _, ")") | Accented():
            return True
    return False


def _numerator_text(node: Node) -> str:
    piece = inline_layout(node)
    joined = any(kind in {"bin", "rel", "punct"} for kind in _top_level_kinds(node)[1:])
    return f"({piece.text})" if joined or piece.needs_parentheses else piece.text


def _denominator_text(node: Node) -> str:
    piece, kinds = inline_layout(node), _top_level_kinds(node)
    called = len(kinds) == 2 and kinds[1] == "group"
    one = len(kinds) < 2 or called or (len(kinds) == 2 and piece.text[0] in DIFFERENTIAL_SYMBOLS)
    return piece.text if one and not piece.needs_parentheses else f"({piece.text})"


def _top_level_kinds(node: Node) -> list[str]:
    """Return the kinds outside parentheses; each parenthesis is one group."""
    kinds: list[str] = []
    depth = 0
    for item in node.items if isinstance(node, Row) else ():
        base = item.base if isinstance(item, Script) else item
        kind = base.kind if isinstance(base, Symbol) else "ord"
        if not depth:
            kinds.append("group" if kind == "open" else kind)
        depth = max(0, depth + (kind == "open") - (kind == "close"))
    return kinds


def _root_layout(root: Root) -> InlinePiece:
    degree = ""
    if root.degree is not None:
        degree = script_characters(root.degree, symbols.SUPERSCRIPTS)
        if not degree:
            raise UnsupportedFormulaError
    text = inline_layout(root.radicand).text
    return InlinePiece(f"{degree}√{text if is_atomic(root.radicand) else f'({text})'}")


def _accented_layout(node: Accented) -> InlinePiece:
    text = inline_layout(node.base, tight=True).text
    parts = [sign for sign, _ in graphemes(text)]
    if not parts or (len(parts) > 1 and not node.covers_all):
        raise UnsupportedFormulaError
    return InlinePiece(normalize("NFC", "".join(part + node.accent for part in parts)))
