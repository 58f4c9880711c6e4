"""`flashcards help SUBJECT`: a page of the manual."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.context import Context
from flashcards.app.pager import PagerInput, pager_words, show_in_pager, shows_colours
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.settings.settings import Settings, read_settings
from flashcards.terminal.device.capabilities import printed_medium
from flashcards.terminal.device.screen import write_styled
from flashcards.terminal.markdown.render import render
from flashcards.terminal.text.plain_table import table

MANUAL = Path(__file__).parents[2] / "manual"
SUBJECTS = (
    "decks", "studying", "scheduling", "searching", "importing", "exporting", "statistics",
    "settings", "data", "backups", "two-machines", "scripts",
)  # fmt: skip
"""The pages, in the order in which someone new would read them."""
SOFT_BREAK = re.compile(r"(?<=[^\n|])\n *(?![ \n]|[-*] |\d+\. |[|#>]|$)")
"""The end of a line behind which its paragraph goes on."""
INLINE_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
MAX_COLUMNS = 100
"""Longer lines are hard to read."""


def subjects(incomplete: str) -> list[tuple[str, str]]:
    """Offer the subjects of the manual."""
    return [(name, title(name)) for name in SUBJECTS if name.startswith(incomplete)]


def command(
    context: typer.Context,
    subject: Annotated[
        str, typer.Argument(metavar="[SUBJECT]", autocompletion=subjects, help="A page's name.")
    ] = "",
) -> None:
    """Show a page of the manual, or list the pages."""
    world: Context = context.obj
    if subject:
        _show(world, find_subject(subject))
        return
    for line in table(("subject", ""), [(name, title(name)) for name in SUBJECTS]):
        world.print(line)
    world.print()
    world.print(
        "Read one: flashcards help SUBJECT.  A command's options: flashcards COMMAND --help"
    )


def find_subject(word: str) -> str:
    """Return the subject that a word names, or begins. Raises UsageError with what was near."""
    wanted = word.strip().casefold()
    begun = [name for name in SUBJECTS if name.startswith(wanted)]
    if wanted in SUBJECTS or len(begun) == 1:
        return wanted if wanted in SUBJECTS else begun[0]
    near = get_close_matches(wanted, SUBJECTS, 1)
    hint = f"Did you mean {near[0]}?" if near else f"The subjects: {', '.join(SUBJECTS)}."
    raise UsageError(f"The manual has no page {word!r}. {hint}")


def page(subject: str) -> str:
    """Return the text of a page, in Markdown."""
    return (MANUAL / f"{subject}.md").read_text(encoding="utf-8")


def unwrapped(text: str, *, code_marked: bool = False) -> str:
    """Return Markdown with each paragraph on one line: cards keep their line ends, pages do not.

    With `code_marked`, inline code keeps its backticks when it is rendered.
    """
    parts = text.split("```")  # every other part is code
    parts[::2] = [SOFT_BREAK.sub(" ", part) for part in parts[::2]]
    if code_marked:
        parts[::2] = [INLINE_CODE.sub(r"`` `\1` ``", part) for part in parts[::2]]
    return "```".join(parts)


def title(subject: str) -> str:
    """Return what a page is about: its first line."""
    return page(subject).partition("\n")[0].removeprefix("# ")


def _show(world: Context, subject: str) -> None:
    """Write a page as lines; on a terminal that is too short for it, through a pager."""
    if world.stdout is None:
        return
    coloured = world.on_terminal() and os.environ.get("TERM", "dumb") != "dumb"
    lines = render(
        unwrapped(page(subject), code_marked=not coloured),
        min(world.columns(), MAX_COLUMNS),
        printed_medium(world.stdout, os.environ),
    )
    theme = _theme(world)
    words = pager_words() if world.on_terminal() else []
    if words and len(lines) >= os.get_terminal_size(world.stdout.fileno()).lines:
        paged = PagerInput(world.stdout.encoding, colours=shows_colours(words))
        write_styled(paged, lines, theme, os.environ)
        if show_in_pager(paged.data(), words):
            return
    world.print_styled(lines, theme)


def _theme(world: Context) -> str:
    """Return the theme that is set; help is shown whatever is wrong with the settings."""
    try:
        return read_settings(world.paths.settings).theme
    except FlashcardsError:
        return Settings().theme
