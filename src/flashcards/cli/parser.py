"""Build the typer parser for just the command that runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from types import ModuleType

import typer
from typer._completion_classes import BashComplete

from flashcards import __version__
from flashcards.app.context import CommandContext
from flashcards.cli.arguments import escape_arguments
from flashcards.cli.command_table import COMMAND_HELP, COMMAND_MODULES
from flashcards.cli.completion.scripts import INSTALL, SHOW


def parse_and_run(words: Sequence[str], context: CommandContext) -> int:
    """Run a command line through the parser, and return its exit code."""
    app = build_app(words)
    command = typer.main.get_command(app)
    try:
        code = command.main(
            escape_arguments(words), prog_name="flashcards", obj=context, standalone_mode=True
        )
    except SystemExit as end:
        code = end.code
    return code if isinstance(code, int) else 0


def build_app(words: Sequence[str]) -> typer.Typer:
    """Return the parser with just the command that the words name, or with all for the help."""
    app = _empty_app()
    named = next((word for word in words if not word.startswith("-")), None)
    is_help = any(word in ("-h", "--help") for word in words[:1])
    names = [named] if named in COMMAND_HELP and not is_help else list(COMMAND_HELP)
    if named is None and not words:
        names = ["today"]
    for name in names:
        module = _load_command_module(name)
        app.command(name, help=COMMAND_HELP[name], epilog=getattr(module, "EPILOG", None))(_function(name))
    return app


def offers(words: Sequence[str], incomplete: str) -> list[tuple[str, str]]:
    """Return what could stand after the words, each with a word about it."""
    app = _empty_app()
    named = next((word for word in words if not word.startswith("-")), None)
    if named in COMMAND_HELP:
        app.command(named)(_function(named))
    else:
        for name, what in COMMAND_HELP.items():
            app.command(name, help=what)(lambda: None)
    # Any shell's would do: how an answer is written, which differs, is ours.
    asked = BashComplete(typer.main.get_command(app), {}, "flashcards", "")
    found = asked.get_completions(list(words), incomplete)
    return [(str(item.value), item.help or "") for item in found]


def _empty_app() -> typer.Typer:
    app = typer.Typer(
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        help="Spaced repetition in the terminal.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_root_command)
    return app


def _function(name: str) -> Callable[..., None]:
    module = _load_command_module(name)
    function: Callable[..., None] = getattr(module, "command", None) or getattr(module, name)
    return function


def _load_command_module(name: str) -> ModuleType:
    return import_module(f"flashcards.cli.commands.{COMMAND_MODULES.get(name, name)}")


def _root_command(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Show the version."),
    data_dir: str = typer.Option("", "--data-dir", help="Use this data folder.", metavar="DIR"),  # noqa: ARG001 (taken out before parsing; here for the help)
    show: str = typer.Option("", SHOW, help="Write a shell's script.", metavar="[SHELL]"),  # noqa: ARG001 (as above)
    install: str = typer.Option("", INSTALL, help="Make a shell complete.", metavar="[SHELL]"),  # noqa: ARG001 (as above)
) -> None:
    if version:
        typer.echo(f"flashcards {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        from flashcards.cli.commands import today

        today.show_today(context.obj)
