"""Build the typer parser for just the command that runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType

import typer
from typer._completion_classes import BashComplete
from typer.exceptions import TyperException

from flashcards import __version__
from flashcards.app.context import CommandContext
from flashcards.cli.arguments import SIDE_MARKER, escape_arguments
from flashcards.cli.command_table import COMMAND_HELP, COMMAND_MODULES
from flashcards.cli.completion.scripts import INSTALL, SHOW
from flashcards.core.messages import suggest_name
from flashcards.errors import UsageError


def parse_and_run(words: Sequence[str], context: CommandContext) -> int:
    """Run a command line through the parser, and return its exit code."""
    app = build_app(words)
    command = typer.main.get_command(app)
    try:
        code = command.main(
            escape_arguments(words), prog_name="flashcards", obj=context, standalone_mode=False
        )
    except TyperException as error:
        raise UsageError(_usage_message(error, words)) from error
    return code if isinstance(code, int) else 0


def _usage_message(error: TyperException, words: Sequence[str]) -> str:
    """Return what is wrong with a command line, as all our messages say it."""
    command = getattr(getattr(error, "ctx", None), "command_path", "flashcards")
    possible = getattr(error, "possibilities", None)
    given = getattr(error, "option_name", "") or next((word for word in words if word[:1] != "-"), "")
    known = possible or (COMMAND_HELP if command == "flashcards" and given[:1] != "-" else ())
    hint = suggest_name(given, known)
    meant = f" {hint}" if hint.startswith("Did") else ""
    message = (error.message if possible else error.format_message()).replace(SIDE_MARKER, "")
    return f"{message.rstrip('.')}.{meant} See {command} --help"


def build_app(words: Sequence[str]) -> typer.Typer:
    """Return the parser: with the command that the words name, or with the names of all for the help."""
    app = _empty_app()
    named = next((word for word in words if not word.startswith("-")), None)
    if named in COMMAND_HELP and words[0] not in ("-h", "--help"):
        epilog = getattr(_load_command_module(named), "EPILOG", None)
        app.command(named, help=COMMAND_HELP[named], epilog=epilog)(_function(named))
        return app
    for name, text in COMMAND_HELP.items():  # loading all of them takes twice as long as the help itself
        app.command(name, help=text)(lambda: None)
    return app


def offers(words: Sequence[str], incomplete: str) -> list[tuple[str, str]]:
    """Return what could stand after the words, each with a word about it."""
    # Any shell's would do: how an answer is written, which differs, is ours.
    asked = BashComplete(typer.main.get_command(build_app(words)), {}, "flashcards", "")
    found = asked.get_completions(list(words), incomplete)
    return [(str(item.value), item.help or "") for item in found]


def _empty_app() -> typer.Typer:
    app = typer.Typer(
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=False,
        suggest_commands=False,
        pretty_exceptions_enable=False,
        help="Spaced repetition in the terminal.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_root_command)
    return app


def _function(name: str) -> Callable[..., None]:
    module = _load_command_module(name)
    own = name.replace("-", "_")
    function: Callable[..., None] = getattr(module, "command", None) or getattr(module, own)
    return function


def _load_command_module(name: str) -> ModuleType:
    return import_module(f"flashcards.cli.commands.{COMMAND_MODULES.get(name, name)}")


def _root_command(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Show the version."),
    data_dir: str = typer.Option("", "--data-dir", help="Use this data folder.", metavar="DIR"),  # noqa: ARG001 (taken out before parsing; here for the help)
    plain: bool = typer.Option(False, "--plain", help="Without a command: today in lines."),  # noqa: ARG001 (as above)
    show: str = typer.Option("", SHOW, help="Write a shell's script.", metavar="[SHELL]"),  # noqa: ARG001 (as above)
    install: str = typer.Option("", INSTALL, help="Make a shell complete.", metavar="[SHELL]"),  # noqa: ARG001 (as above)
) -> None:
    if version:
        typer.echo(f"flashcards {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        from flashcards.cli.commands import today

        today.show_today(context.obj)
