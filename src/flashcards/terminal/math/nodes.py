"""Syntax tree of a formula."""

from __future__ import annotations

from dataclasses import dataclass


class UnsupportedFormulaError(ValueError):
    """The formula says something that is not understood here."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """Letters, a number, a symbol or words, with what they are to their neighbours."""

    text: str
    kind: str = "ord"
    """ord, bin, rel, open, close, punct, space, func (sin), limited (lim, sum) or integral."""
    has_space_before: bool = False
    """Whether white space stood before it in the source."""


@dataclass(frozen=True, slots=True)
class Row:
    """Things in a row."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """Something with an index, an exponent, or both."""

    base: Node
    subscript: Node | None = None
    superscript: Node | None = None


@dataclass(frozen=True, slots=True)
class Fraction:
    """One over another, with a line between or none (a binomial)."""

    numerator: Node
    denominator: Node
    has_line: bool = True


@dataclass(frozen=True, slots=True)
class Root:
    """A root; its degree is "" for the square root."""

    degree: Node | None
    radicand: Node


@dataclass(frozen=True, slots=True)
class Delimited:
    """Something between two signs that grow with it."""

    opening: str
    content: Node
    closing: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of cells; loose ones have room between their columns."""

    rows: tuple[tuple[Node, ...], ...]
    has_column_gaps: bool = True


@dataclass(frozen=True, slots=True)
class Accented:
    """A mark on a sign, or a line along signs."""

    accent: str
    base: Node
    covers_all: bool = False


Node = Symbol | Row | Script | Fraction | Root | Delimited | Matrix | Accented
