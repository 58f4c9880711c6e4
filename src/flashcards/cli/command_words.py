"""What the words of a command line tell before they are parsed."""

from __future__ import annotations

from collections.abc import Sequence


def is_today(words: Sequence[str]) -> bool:
    """Tell whether the words ask for today at a glance, and for nothing that needs the parser."""
    return list(words) in ([], ["--json"], ["today"], ["today", "--json"])


def plain_words(words: Sequence[str]) -> bool:
    """Tell whether there is no option among them, which only the parser knows."""
    return not any(word.startswith("-") for word in words)


def split_data_dir(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """Take `--data-dir DIR` out of a command line, wherever it stands before a `--`."""
    words, found = [], None
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            words.append(word)
            break
        if word.startswith("--data-dir="):
            found = word.removeprefix("--data-dir=")
        elif word == "--data-dir" and (value := next(rest, None)) is not None:
            found = value
        else:
            words.append(word)
    return [*words, *rest], found
