"""`flashcards import`: import decks; existing cards keep their progress."""

from typing import Annotated

import typer

from flashcards.app.command_context import CommandContext
from flashcards.cli.options import Json

EXIT_FAILED = 1

SeparatorOption = Annotated[
    str, typer.Option(help='Separator between front and back: a character, "tab", "comma"…', metavar="SIGN")
]
RowSeparatorOption = Annotated[
    str, typer.Option(help='Separator between cards: a character, "newline", "blank-line".', metavar="SIGN")
]
EncodingOption = Annotated[
    str, typer.Option(help="Encoding of a text that is not UTF-8, such as cp1251.", metavar="NAME")
]
PruneOption = Annotated[bool, typer.Option("--prune", help="Suspend cards that are gone from their source.")]
HeaderOption = Annotated[
    bool | None,
    typer.Option(
        "--header/--no-header", help="Treat the first row of a table as column names, or as a card."
    ),
]


def command(
    context: CommandContext,
    sources: Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")],
    deck: Annotated[str, typer.Option(help="Put the cards into this deck.")] = "",
    format_: Annotated[
        str, typer.Option("--format", help="Read the sources as this format.", metavar="NAME")
    ] = "",
    separator: SeparatorOption = "",
    row_separator: RowSeparatorOption = "",
    header: HeaderOption = None,
    encoding: EncodingOption = "",
    prune: PruneOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Preview the import without writing.")] = False,
    as_json: Json = False,
) -> None:
    """Import decks; existing cards keep their progress."""
    from flashcards.app.importing.run import ImportRequest, run_import

    names = format_, separator, row_separator, encoding
    request = ImportRequest(
        sources, deck.strip(), *names, has_header=header, prunes=prune, is_dry_run=dry_run
    )
    if not run_import(context, request, as_json=as_json):
        raise typer.Exit(EXIT_FAILED)
