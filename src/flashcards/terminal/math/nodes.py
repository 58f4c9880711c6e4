"""What a formula is made of."""

from __future__ import annotations

from dataclasses import dataclass


class UnreadableError(ValueError):
    """The formula says something that is not understood here."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Letters, a number, a symbol or words, with what they are to their neighbours."""

    text: str
    kind: str = "ord"
    """ord, bin, rel, open, close, punct, space, func (sin), limited (lim, sum) or integral."""
    spaced: bool = False
    """Whether white space stood before it in the source."""


@dataclass(frozen=True, slots=True)
class Row:
    """Things in a row."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """Something with an index, an exponent, or both."""

    base: Node
    below: Node | None = None
    above: Node | None = None


@dataclass(frozen=True, slots=True)
class Fraction:
    """One over another, with a line between or none (a binomial)."""

    over: Node
    under: Node
    line: bool = True


@dataclass(frozen=True, slots=True)
class Root:
    """A root; its degree is "" for the square root."""

    degree: Node | None
    inner: Node


@dataclass(frozen=True, slots=True)
class Fenced:
    """Something between two signs that grow with it."""

    left: str
    inner: Node
    right: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells; loose ones have room between their columns."""

    rows: tuple[tuple[Node, ...], ...]
    loose: bool = True


@dataclass(frozen=True, slots=True)
class Accented:
    """A mark on a sign, or a line along signs."""

    mark: str
    inner: Node
    along: bool = False


Node = Sign | Row | Script | Fraction | Root | Fenced | Grid | Accented
