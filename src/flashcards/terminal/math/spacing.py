"""Spacing between the items of a formula."""

from collections.abc import Sequence
from dataclasses import dataclass

NAMED_KINDS = frozenset(["func", "limited", "integral"])
WORD_KINDS = frozenset(["ord", "frac", "open", "text", *NAMED_KINDS])
BEFORE_UNARY_SIGN = frozenset(["", "bin", "rel", "open", "punct", "limited", "integral", "func"])
"""After these, or at the beginning, plus and minus are unary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpacedItem:
    """An item of a row, as its neighbours see it."""

    kind: str = "ord"
    is_word: bool = False  # whether it has two letters or more
    has_space_before: bool = False
    is_open_ended: bool = False  # whether its end would swallow its neighbour, as x_θ does


def item_gaps(items: Sequence[SpacedItem], *, tight: bool) -> list[int]:
    """Return the columns to leave before each item."""
    gaps = []
    previous: SpacedItem | None = None
    left = ""
    for i, item in enumerate(items):
        kind = item.kind
        if kind == "bin" and (left in BEFORE_UNARY_SIGN or i == len(items) - 1):
            kind = "sign"
        gaps.append(0 if previous is None else _gap_between(previous, left, item, kind, tight=tight))
        previous, left = item, kind
    return gaps


def _gap_between(
    previous: SpacedItem, left_kind: str, item: SpacedItem, right_kind: str, *, tight: bool
) -> int:
    both = {left_kind, right_kind}
    if both & {"space", "text"}:
        return 0
    if left_kind in NAMED_KINDS and right_kind in {"ord", "frac", "sign", *NAMED_KINDS}:
        return 1
    if right_kind in WORD_KINDS and (previous.is_open_ended or "frac" in both):
        return 1
    if tight or (left_kind == right_kind == "rel"):
        return 0
    if (
        (right_kind in NAMED_KINDS and left_kind in {"ord", "close"})
        or both & {"rel", "bin"}
        or left_kind == "punct"
    ):
        return 1
    apart = item.has_space_before and (previous.is_word or item.is_word)
    return int(apart and left_kind == right_kind == "ord")
