"""Build the typer parser for just the command that runs, and mark words that only look like options."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from itertools import chain
from types import ModuleType
from typing import Any

import typer
from typer._completion_classes import BashComplete
from typer.core import TyperCommand
from typer.exceptions import TyperException

from flashcards.app.command_context import CommandContext
from flashcards.app.search_arguments import FIELD_PATTERN
from flashcards.cli.command_table import COMMAND_HELP, COMMAND_MODULES
from flashcards.cli.unparsed_words import INSTALL, SHOW
from flashcards.core.name_suggestions import suggest_name
from flashcards.errors import UsageError

SHORT_OPTIONS = {"--limit": "-n", "--deck": "-d", "--tag": "-t", "--output": "-o", "--force": "-f"}
NEGATED_FIELD = re.compile(rf"-{FIELD_PATTERN}", re.IGNORECASE)
NOT_AN_OPTION = re.compile(r"-[\s\d]|-[^\w-]")
"""Card texts that start with a minus: a bullet, a negative number, a symbol."""
SIDE_MARKER = "\0"  # prefixed to such texts while parsing; no command-line word can contain it


def parse_and_run(words: Sequence[str], context: CommandContext) -> int:
    """Parse and run a command line; return its exit code."""
    _require_command(words[0])
    if len(words) == 2 and words[0] == "help" and words[1] in COMMAND_HELP:
        subjects = _load_command_module("help").SUBJECTS
        if not any(name.startswith(words[-1]) for name in subjects):
            words = [words[-1], "--help"]
    app = build_app(words, context)
    command = typer.main.get_command(app)
    try:
        code = command.main(
            escape_arguments(words), prog_name="flashcards", obj=context, standalone_mode=False
        )
    except TyperException as error:
        raise UsageError(_usage_message(error, words)) from error
    return code if isinstance(code, int) else 0


def _require_command(word: str) -> None:
    """Raise UsageError for a word that is no command or option."""
    if word not in COMMAND_HELP and not word.startswith("-"):
        hint = suggest_name(word, COMMAND_HELP)
        meant = f" {hint}" if hint.startswith("Did") else ""
        raise UsageError(f"There is no command {word!r}.{meant} See flashcards --help")


class _Command(TyperCommand):
    """A command with our common short options and plain value names."""

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 (typer's)
        super().__init__(*args, **named)
        for param in self.params:
            short = {SHORT_OPTIONS[name] for name in param.opts if name in SHORT_OPTIONS}
            param.opts += sorted(short - set(param.opts))
            if param.opts[0].startswith("-") and not getattr(param.type, "choices", ()):
                is_number = param.type.name.startswith(("int", "float"))
                param.metavar = param.metavar or ("N" if is_number else (param.name or "").upper())
                setattr(param.type, "_describe_range", str)  # noqa: B010 ("x>=1" tells a reader nothing)


def _usage_message(error: TyperException, words: Sequence[str]) -> str:
    named = f"flashcards {words[0]}" if words[0] in COMMAND_HELP else "flashcards"
    command = getattr(getattr(error, "ctx", None), "command_path", named)
    given = getattr(error, "option_name", "") or next((word for word in words if word[:1] != "-"), "")
    hint = suggest_name(given, getattr(error, "possibilities", None) or ())
    meant = f" {hint}" if hint.startswith("Did") else ""
    return f"{_describe_fault(error, given)}.{meant} See {command} --help"


def _describe_fault(error: TyperException, given: str) -> str:
    message, param = error.message.replace(SIDE_MARKER, ""), getattr(error, "param", None)
    value = re.match(r"'?(.*?)'? is not ", message, re.DOTALL)
    extra = re.fullmatch(r"Got unexpected extra argument\S* \((.*)\)", message, re.DOTALL)
    match type(error).__name__:
        case "NoSuchOption":
            return f"There is no option {given}"
        case "BadOptionUsage":
            return f"{given} takes no value" if "not take" in message else f"{given} needs a value"
        case "MissingParameter" if param:
            return f"{param.metavar or param.name.upper()} is missing"
        case "BadParameter" if param and value:
            return f"{max(param.opts, key=len)} must be {_allowed_values(param.type)}, not {value[1]!r}"
    if extra:
        return f"{extra[1]!r} is more than this command takes"
    return message.rstrip(".")


def _allowed_values(kind: Any) -> str:  # noqa: ANN401 (typer has no public type of it)
    if choices := getattr(kind, "choices", ()):
        return f"one of {', '.join(choices)}"
    least = getattr(kind, "min", None)
    number = "a whole number" if kind.name.startswith("int") else f"a {kind.name}"
    return number if least is None else f"{number} from {least} on"


def build_app(words: Sequence[str], context: CommandContext | None = None) -> typer.Typer:
    """Return a parser of the named command, or of all names for the help."""
    app = _empty_app()
    named = next((word for word in words if not word.startswith("-")), None)
    if named in COMMAND_HELP and words[0] not in ("-h", "--help"):
        epilog = getattr(_load_command_module(named), "EPILOG", None)
        app.command(named, cls=_Command, help=COMMAND_HELP[named], epilog=epilog)(_function(named, context))
        return app
    for name, text in COMMAND_HELP.items():  # loading every command would take longer than the help
        app.command(name, help=text)(lambda: None)
    return app


def offers(words: Sequence[str], incomplete: str) -> list[tuple[str, str]]:
    """Return what may follow the words, with descriptions."""
    # Any shell's class would do, for we write the answer ourselves.
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


def _function(name: str, context: CommandContext | None) -> Callable[..., None]:
    """Return a command's function with our context in place."""
    module = _load_command_module(name)
    own = name.replace("-", "_")
    function = partial(getattr(module, "command", None) or getattr(module, own), context)
    function.__annotations__ = {}  # typer reads them, beside the signature's own
    return function


def _load_command_module(name: str) -> ModuleType:
    return import_module(f"flashcards.cli.commands.{COMMAND_MODULES.get(name, name)}")


def _root_command(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", "-V", help="Show the version."),  # noqa: ARG001 (answered before parsing; here for completion)
    data_dir: str = typer.Option("", "--data-dir", help="Use this data folder.", metavar="DIR"),  # noqa: ARG001 (taken out before parsing; here for the help)
    plain: bool = typer.Option(False, "--plain", help="Without a command: today in lines."),  # noqa: ARG001 (as above)
    show: str = typer.Option("", SHOW, help="Write a shell's script.", metavar="[SHELL]"),  # noqa: ARG001 (as above)
    install: str = typer.Option("", INSTALL, help="Make a shell complete.", metavar="[SHELL]"),  # noqa: ARG001 (as above)
) -> None:
    if context.invoked_subcommand is None:
        _load_command_module("today").command(context.obj)


def escape_arguments(words: Sequence[str]) -> list[str]:
    """Rewrite a command line so that only options look like options.

    `-is:new` becomes `!is:new`, its synonym; `unescape_side` restores card texts.
    """
    if words[:1] == ["tag"] and words[1:] != ["-h"]:
        return ["tag", *_escape_tags([word for word in words[1:] if word != "--"])]
    if words[:1] == ["add"]:
        return [SIDE_MARKER + word if NOT_AN_OPTION.match(word) else word for word in words]
    return [f"!{word[1:]}" if NEGATED_FIELD.match(word) else word for word in words]


def _escape_tags(words: Sequence[str]) -> Iterator[str]:
    """Mark the tags of `tag +x -y SEARCH`, which precede the search."""
    options = {i for i, word in enumerate(words) if word.startswith("--")}
    is_tag = [i in options or re.fullmatch(r"[-+][^:<>=]*", word) is not None for i, word in enumerate(words)]
    end = is_tag.index(False) if False in is_tag else len(words)
    tags = (SIDE_MARKER + word if i not in options else word for i, word in enumerate(words[:end]))
    return chain(tags, escape_arguments(["", *words[end:]])[1:])


def unescape_side(side: str) -> str:
    """Return a card text as it was typed."""
    return side.removeprefix(SIDE_MARKER)
