r"""Our own table: its columns, and several values in one field; `\` keeps a comma in a value."""

from __future__ import annotations

import re
from collections.abc import Iterable

CSV_COLUMNS = (
    "id", "deck", "front", "back", "cloze", "reverse", "tags", "type", "accept", "choices",
    "list", "lenient", "hint", "note",
)  # fmt: skip
"""The header of our own table, by which it is known: each field is taken to the letter."""
LIST_VALUE = re.compile(r"(?:[^\\,]|\\.)+|\\", re.DOTALL)


def join_values(values: Iterable[str]) -> str:
    r"""Return values as one text; an empty value is left out.

    >>> joined(["a b", "c,d"])
    'a b, c\\,d'
    """
    return ", ".join(re.sub(r"[\\,]", r"\\\g<0>", value) for value in values if value)


def split_values(text: str) -> tuple[str, ...]:
    r"""Return the values of a text that `joined` made, or that a user typed.

    >>> parted("a b, c\\,d")
    ('a b', 'c,d')
    """
    found = (re.sub(r"\\(.)", r"\1", part.strip(), flags=re.DOTALL) for part in LIST_VALUE.findall(text))
    return tuple(part for part in found if part)
