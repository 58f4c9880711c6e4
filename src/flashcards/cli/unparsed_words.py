"""Inspect command-line words before they are parsed."""

from collections.abc import Sequence

SHOW, INSTALL = "--show-completion", "--install-completion"


def is_today_command(words: Sequence[str]) -> bool:
    """Tell whether the words ask for today's overview, without other options."""
    return list(words) in ([], ["--plain"], ["--json"], ["today"], ["today", "--json"])


def has_no_options(arguments: Sequence[str]) -> bool:
    """Tell whether no argument is an option."""
    return not any(word.startswith("-") for word in arguments)


def extract_option(arguments: Sequence[str], name: str = "--data-dir") -> tuple[list[str], str | None]:
    """Remove an option and its value from the words before `--`."""
    remaining, value = [], None
    rest = iter(arguments)
    for word in rest:
        if word == "--":
            remaining.append(word)
            break
        if word.startswith(f"{name}="):
            value = word.removeprefix(f"{name}=")
        elif word == name and (following := next(rest, None)) is not None:
            value = following
        else:
            remaining.append(word)
    return [*remaining, *rest], value
