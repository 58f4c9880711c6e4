"""Columns of our CSV format, and lists of values in one field."""

import re
from collections.abc import Iterable

CSV_COLUMNS = (
    "id", "deck", "front", "back", "cloze", "reverse", "tags", "type", "accept", "choices",
    "list", "lenient", "hint", "note",
)  # fmt: skip
"""The header by which our own format is recognised."""
LIST_VALUE = re.compile(r"(?:[^\\,]|\\.)+|\\", re.DOTALL)


def join_values(values: Iterable[str]) -> str:
    r"""Return values as one text, without empty ones.

    >>> join_values(["a b", "c,d"])
    'a b, c\\,d'
    """
    return ", ".join(re.sub(r"[\\,]", r"\\\g<0>", value) for value in values if value)


def split_values(text: str) -> tuple[str, ...]:
    r"""Return the values in a text from `join_values` or a user.

    >>> split_values("a b, c\\,d")
    ('a b', 'c,d')
    """
    values = (re.sub(r"\\(.)", r"\1", part.strip(), flags=re.DOTALL) for part in LIST_VALUE.findall(text))
    return tuple(part for part in values if part)
