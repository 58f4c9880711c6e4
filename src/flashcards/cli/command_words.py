"""What the words of a command line tell before they are parsed."""

from __future__ import annotations

from collections.abc import Sequence


def is_today_command(words: Sequence[str]) -> bool:
    """Tell whether the words ask for today at a glance, and for nothing that needs the parser."""
    return list(words) in ([], ["--plain"], ["--json"], ["today"], ["today", "--json"])


def has_no_options(arguments: Sequence[str]) -> bool:
    """Tell whether there is no option among them, which only the parser knows."""
    return not any(word.startswith("-") for word in arguments)


def extract_option(arguments: Sequence[str], name: str = "--data-dir") -> tuple[list[str], str | None]:
    """Take an option and its value out of a command line, wherever it stands before a `--`."""
    remaining, found = [], None
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            remaining.append(word)
            break
        if word.startswith(f"{name}="):
            found = word.removeprefix(f"{name}=")
        elif word == name and (value := next(rest, None)) is not None:
            found = value
        else:
            remaining.append(word)
    return [*remaining, *rest], found
