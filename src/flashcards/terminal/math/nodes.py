"""Syntax tree of a formula."""

from __future__ import annotations

from dataclasses import dataclass


class UnsupportedFormulaError(ValueError):
    """The formula uses something that is not supported."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, number, operator or word, with its spacing kind."""

    text: str
    kind: str = "ord"  # ord, bin, rel, open, close, punct, space, func (sin), limited (lim, sum) or integral
    has_space_before: bool = False  # whether white space precedes it in the source


@dataclass(frozen=True, slots=True)
class Row:
    """A sequence of nodes."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A base with a subscript, a superscript, or both."""

    base: Node
    subscript: Node | None = None
    superscript: Node | None = None


@dataclass(frozen=True, slots=True)
class Fraction:
    """A fraction, or a binomial if it has no line."""

    numerator: Node
    denominator: Node
    has_line: bool = True


@dataclass(frozen=True, slots=True)
class Root:
    """A root; a square root has no degree."""

    degree: Node | None
    radicand: Node


@dataclass(frozen=True, slots=True)
class Delimited:
    """Content between two delimiters that grow with it."""

    opening: str
    content: Node
    closing: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of cells, with or without gaps between columns."""

    rows: tuple[tuple[Node, ...], ...]
    has_column_gaps: bool = True


@dataclass(frozen=True, slots=True)
class Accented:
    """An accent on a symbol, or a line along symbols."""

    accent: str
    base: Node
    covers_all: bool = False


Node = Symbol | Row | Script | Fraction | Root | Delimited | Matrix | Accented
