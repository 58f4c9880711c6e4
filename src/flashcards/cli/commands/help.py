"""`flashcards help SUBJECT`: a page of the manual."""

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext
from flashcards.errors import FlashcardsError, UsageError
from flashcards.storage.settings.settings import Settings, read_settings
from flashcards.terminal.device.capabilities import output_capabilities
from flashcards.terminal.markdown.card_text import render_markdown
from flashcards.terminal.text.plain_table import table_lines

MANUAL_FOLDER = Path(__file__).parents[2] / "manual"
SUBJECTS = (  # the pages, in reading order for a new user
    "decks", "studying", "scheduling", "searching", "importing", "exporting", "statistics",
    "settings", "data", "backups", "two-machines", "scripts",
)  # fmt: skip
MAX_COLUMNS = 100
SOFT_BREAK = re.compile(r"(?<=[^\n|])\n *(?![ \n]|[-*] |\d+\. |[|#>]|$)")  # a line break within a paragraph
INLINE_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def complete_subject(incomplete: str) -> list[tuple[str, str]]:
    """Return the matching subjects with their titles."""
    return [(name, page_title(name)) for name in SUBJECTS if name.startswith(incomplete)]


def command(
    context: CommandContext,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="[SUBJECT]", autocompletion=complete_subject, help="Its name, or the beginning."
        ),
    ] = "",
) -> None:
    """Show a page of the manual, or list the pages."""
    if subject:
        _show_page(context, resolve_subject(subject))
        return
    context.print_lines(table_lines(("subject", ""), [(name, page_title(name)) for name in SUBJECTS]))
    context.print()
    context.print("Read one: flashcards help SUBJECT.  The options of a command: flashcards COMMAND --help")


def resolve_subject(word: str) -> str:
    """Return the subject of this name or prefix. Raises UsageError with a suggestion."""
    wanted = word.strip().casefold()
    subjects = [name for name in SUBJECTS if name.startswith(wanted)]
    if wanted and len(subjects) == 1:
        return subjects[0]
    similar = get_close_matches(wanted, SUBJECTS, 1)
    hint = f"Did you mean {similar[0]}?" if similar else f"The subjects: {', '.join(SUBJECTS)}."
    raise UsageError(f"The manual has no page {word!r}. {hint}")


def read_page(subject: str) -> str:
    """Return a page as Markdown."""
    return (MANUAL_FOLDER / f"{subject}.md").read_text(encoding="utf-8")


def page_title(subject: str) -> str:
    """Return the heading of a page."""
    return read_page(subject).partition("\n")[0].removeprefix("# ")


def unwrap_paragraphs(markdown: str, *, keep_backticks: bool = False) -> str:
    """Join each paragraph's lines, for a renderer that keeps line breaks.

    With `keep_backticks`, inline code keeps its backticks when rendered.
    """
    parts = markdown.split("```")  # every other part is a block of code
    parts[::2] = [SOFT_BREAK.sub(" ", part) for part in parts[::2]]
    if keep_backticks:
        parts[::2] = [INLINE_CODE.sub(r"`` `\1` ``", part) for part in parts[::2]]
    return "```".join(parts)


def _show_page(context: CommandContext, subject: str) -> None:
    has_styles = context.is_output_terminal() and os.environ.get("TERM", "dumb") != "dumb"
    lines = render_markdown(
        unwrap_paragraphs(read_page(subject), keep_backticks=not has_styles),
        min(context.line_width(), MAX_COLUMNS),
        output_capabilities(context.stdout, os.environ),
    )
    context.page_styled_lines(lines, _theme(context))


def _theme(context: CommandContext) -> str:
    """Return the theme, whatever is wrong with the settings."""
    try:
        return read_settings(context.paths.settings_file).theme
    except FlashcardsError:
        return Settings().theme
