"""Interactive prompts, never used in a pipe."""

import os
from collections.abc import Sequence

from flashcards.app.command_context import CommandContext
from flashcards.errors import DeckError, Problem, UsageError
from flashcards.terminal.text.sanitize import sanitize, to_encoding


def is_interactive(context: CommandContext) -> bool:
    """Tell whether a user can read the output and answer."""
    return context.stdin.isatty() and context.stdout.isatty()


def require_terminal_for_editor(context: CommandContext) -> None:
    """Raise UsageError if the default editor would wait for a missing terminal."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor and not is_interactive(context):
        raise UsageError("Editing needs a terminal. Without one, set EDITOR to a program that does not.")


def prompt_line(context: CommandContext, prompt: str) -> str | None:
    """Prompt for a line; None at the end of input."""
    context.stdout.write(to_encoding(sanitize(prompt), context.stdout.encoding) + " ")
    context.stdout.flush()
    line = context.stdin.readline()
    return line.rstrip("\r\n") if line else None


def confirm(context: CommandContext, question: str, *, default: bool = False) -> bool:
    """Ask yes or no; Enter gives the `default`."""
    answer = prompt_line(context, f"{question} [{'Y/n' if default else 'y/N'}]")
    if answer is None:
        return False
    return answer.strip().casefold() in ("y", "yes") if answer.strip() else default


def ask_to_reopen(context: CommandContext, problems: list[Problem], outcome: str) -> None:
    """Show an edited file's problems. Raises DeckError unless the user wants to open it again."""
    if not is_interactive(context):
        raise DeckError(problems, outcome)
    for problem in problems:
        context.print(str(problem))
    if not confirm(context, "Open it again?", default=True):
        raise DeckError([], outcome)


def prompt_choice(context: CommandContext, question: str, names: Sequence[str]) -> str:
    """Prompt for one of the names, by number, or for any other name."""
    for i, name in enumerate(names, 1):
        context.print(f"  {i}  {name}")
    answer = (prompt_line(context, question) or "").strip()
    if answer.isdecimal() and 1 <= int(answer) <= len(names):
        return names[int(answer) - 1]
    return answer
