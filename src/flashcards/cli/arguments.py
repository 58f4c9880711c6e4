"""Mark command-line words that only look like options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from flashcards.app.search_words import FIELD_PATTERN

NEGATED_FIELD = re.compile(rf"-{FIELD_PATTERN}", re.IGNORECASE)
NOT_AN_OPTION = re.compile(r"-[\s\d]|-[^\w-]")
"""Card texts that start with a minus: a bullet, a negative number, a symbol."""
SIDE_MARKER = "\0"  # prefixed to such texts while parsing; no command-line word can contain it


def escape_arguments(words: Sequence[str]) -> list[str]:
    """Rewrite a command line so that only options look like options.

    `-is:new` becomes `!is:new`, its synonym; `unescape_side` restores card texts.
    """
    if words[:1] == ["tag"] and words[1:] != ["-h"]:
        return ["tag", *_escape_tags([word for word in words[1:] if word != "--"])]
    if words[:1] == ["add"]:
        return [SIDE_MARKER + word if NOT_AN_OPTION.match(word) else word for word in words]
    return [f"!{word[1:]}" if NEGATED_FIELD.match(word) else word for word in words]


def _escape_tags(words: Sequence[str]) -> Iterator[str]:
    """Mark the tags of `tag +x -y SEARCH`, which precede the search."""
    options = {i for i, word in enumerate(words) if word.startswith("--")}
    is_tag = [i in options or re.fullmatch(r"[-+][^:<>=]*", word) is not None for i, word in enumerate(words)]
    end = is_tag.index(False) if False in is_tag else len(words)
    tags = (SIDE_MARKER + word if i not in options else word for i, word in enumerate(words[:end]))
    return chain(tags, escape_arguments(["", *words[end:]])[1:])


def unescape_side(side: str) -> str:
    """Return a card text as it was typed."""
    return side.removeprefix(SIDE_MARKER)
