"""The text of `flashcards --help`, wrapped and never cut."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from flashcards.cli.command_table import COMMAND_GROUPS

MIN_COLUMNS_BESIDE = 70  # from this width on, texts are beside their examples
USAGE = (
    "Usage: flashcards COMMAND. Each line has an example, without the word flashcards. "
    "Options of a command: flashcards COMMAND --help. The manual: flashcards help."
)
OPTIONS = (
    ("--data-dir DIR", "use this data folder"),
    ("-h, --help", "this help, or that of a command"),
    ("-V, --version", "the version"),
    ("--install-completion", "complete commands, decks and cards in your shell"),
    ("--show-completion", "print the script that does so"),
)


def program_help(columns: int) -> Iterator[str]:
    """Yield the lines of the help."""
    yield from wrap(USAGE, columns)
    for name, commands in COMMAND_GROUPS.items():
        yield from ("", name, *_two_columns(commands.values(), columns))
    yield from ("", "Options", *_two_columns(OPTIONS, columns))


def _two_columns(rows: Iterable[tuple[str, str]], columns: int) -> Iterator[str]:
    for example, text in rows:
        if columns >= MIN_COLUMNS_BESIDE:
            yield from wrap(f"  {example:<30}{text}", columns, subsequent_indent=" " * 32)
        else:
            yield from wrap(f"  {example}", columns, subsequent_indent="    ")
            yield from wrap(text, columns, initial_indent="    ", subsequent_indent="    ")
