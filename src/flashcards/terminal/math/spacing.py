"""How far things in a formula stand from each other, whatever form they take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

NAMED = frozenset(["func", "limited", "integral"])
WORDLIKE = frozenset(["ord", "frac", "open", "text", *NAMED])
BEFORE_A_SIGN = frozenset(["", "bin", "rel", "open", "punct", "limited", "integral", "func"])
"""After these, or at the beginning, a plus or minus belongs to what follows it."""


class Thing(Protocol):
    """What stands in a row."""

    @property
    def kind(self) -> str:
        """What it is to its neighbours."""

    @property
    def word(self) -> bool:
        """Whether it is a word of two letters or more."""

    @property
    def spaced(self) -> bool:
        """Whether white space stood before it."""

    @property
    def trails(self) -> bool:
        """Whether it ends in something that would swallow its neighbour, as x_θ does."""


def gaps(things: Sequence[Thing], *, tight: bool) -> list[int]:
    """Return the columns to leave before each thing; none before the first."""
    found = []
    before: Thing | None = None
    left = ""
    for i, thing in enumerate(things):
        kind = thing.kind
        if kind == "bin" and (left in BEFORE_A_SIGN or i == len(things) - 1):
            kind = "sign"
        found.append(0 if before is None else _gap(before, left, thing, kind, tight=tight))
        before, left = thing, kind
    return found


def _gap(before: Thing, left: str, thing: Thing, right: str, *, tight: bool) -> int:
    both = {left, right}
    if both & {"space", "text"}:
        return 0
    if left in NAMED and right in {"ord", "frac", "sign", *NAMED}:
        return 1
    if right in WORDLIKE and (before.trails or "frac" in both):
        return 1
    if tight or (left == right == "rel"):
        return 0
    if (right in NAMED and left in {"ord", "close"}) or both & {"rel", "bin"} or left == "punct":
        return 1
    apart = thing.spaced and (before.word or thing.word)
    return int(apart and left == right == "ord")
