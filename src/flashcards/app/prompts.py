"""Asking the person at the terminal; in a pipe nobody is asked."""

from __future__ import annotations

import os
from collections.abc import Sequence

from flashcards.app.context import Context
from flashcards.errors import UsageError
from flashcards.terminal.text.sanitize import encodable, safe


def someone_is_there(world: Context) -> bool:
    """Tell whether a person reads what is printed and can answer."""
    ends = world.stdin, world.stdout
    return all(end is not None and end.isatty() for end in ends)


def refuse_to_edit_blindly(world: Context) -> None:
    """Raise UsageError where the usual editor would wait for a terminal that is not there."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not named and not someone_is_there(world):
        raise UsageError("An editor needs a terminal. Without one, EDITOR must name a program.")


def ask(world: Context, prompt: str) -> str | None:
    """Return the line that a person types behind a prompt; None when the input has ended."""
    if world.stdout is not None:
        world.stdout.write(encodable(safe(prompt), world.stdout.encoding) + " ")
        world.stdout.flush()
    line = world.stdin.readline() if world.stdin is not None else ""
    return line.rstrip("\r\n") if line else None


def agree(world: Context, question: str, *, usually: bool = False) -> bool:
    """Ask yes or no; Enter alone is what is `usually` meant."""
    word = ask(world, f"{question} [{'Y/n' if usually else 'y/N'}]")
    if word is None:
        return False
    return word.strip().casefold() in ("y", "yes") if word.strip() else usually


def choose(world: Context, question: str, names: Sequence[str]) -> str:
    """Return what a person types: one of the names by its number, or a name of their own."""
    for i, name in enumerate(names, 1):
        world.print(f"  {i}  {name}")
    word = (ask(world, question) or "").strip()
    if word.isdecimal() and 1 <= int(word) <= len(names):
        return names[int(word) - 1]
    return word
