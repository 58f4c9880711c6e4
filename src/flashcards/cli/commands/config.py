"""`flashcards config`: show and change settings."""

from typing import Annotated, Literal

import typer

from flashcards.app.command_context import CommandContext
from flashcards.app.effective_settings import EffectiveSetting, deck_suffix, effective_settings, format_value
from flashcards.cli.completion.tab_completions import complete_decks, complete_setting_names
from flashcards.cli.options import Json
from flashcards.core.deck_names import pick_name
from flashcards.core.name_suggestions import suggest_name
from flashcards.errors import UsageError
from flashcards.storage.index.queries import counts
from flashcards.storage.settings.settings import KEYS_TABLE
from flashcards.terminal.text.plain_table import TableFit, table_lines

EPILOG = (
    "Examples: config set new_per_day 10; config set order hardest --deck French; "
    "config set type true --deck French (stored in the deck file); config set keys.undo z; "
    "config unset order --deck French"
)
DEFAULT_SOURCE = "default"  # what the list says of a setting that nothing sets
SCHEDULING_SETTINGS = ("scheduler", "retention", "balance")


def command(
    context: CommandContext,
    action: Annotated[
        Literal["show", "get", "set", "unset"], typer.Argument(metavar="[ACTION]", help="Action.")
    ] = "show",
    name: Annotated[str, typer.Argument(metavar="[NAME]", autocompletion=complete_setting_names)] = "",
    value: Annotated[str, typer.Argument(metavar="[VALUE]")] = "",
    deck: Annotated[str, typer.Option(help="Only for this deck.", autocompletion=complete_decks)] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would cost.")] = False,
    as_json: Json = False,
) -> None:
    """Show settings, or get, set or unset one."""
    if action in ("set", "unset"):
        from flashcards.app.change_settings import change_setting, print_costs

        new_value = value if action == "set" else None
        if name in SCHEDULING_SETTINGS and value != "" and not deck:
            print_costs(context, name, new_value, as_json=as_json and dry_run)
        elif dry_run:
            raise UsageError(f"--dry-run goes with {', '.join(SCHEDULING_SETTINGS)}.")
        if dry_run:
            return
        change_setting(context, name, new_value, deck)
    with context.open_store() as store:
        goal = pick_name(store.query(counts.list_deck_names), deck) if deck else ""
        settings = [x._replace(source=x.source or DEFAULT_SOURCE) for x in effective_settings(store, goal)]
    if name:
        settings = [_find_setting(settings, name, goal)]
    if as_json:
        fields = [
            {"name": one.name, "deck": one.deck_name or None, "value": one.value, "from": one.source}
            for one in settings
        ]
        context.print_json(fields[0] if name else fields)
    elif action == "get":
        context.print(format_value(settings[0].value))
    elif name:
        context.print(
            f"{_full_name(settings[0])} = {format_value(settings[0].value)}   ({settings[0].source})"
        )
    else:
        _print_table(context, settings, goal)


def _print_table(context: CommandContext, settings: list[EffectiveSetting], goal: str) -> None:
    settings = [x for x in settings if not x.name.startswith(f"{KEYS_TABLE}.") or x.source != DEFAULT_SOURCE]
    names = [line.name if goal else _full_name(line) for line in settings]
    rows = [(n, format_value(x.value), x.source, x.description) for n, x in zip(names, settings, strict=True)]
    fit = TableFit(context.list_width(), {3: 12}, droppable=(3,))
    context.print_lines(table_lines((goal or "setting", "value", "from", ""), rows, fit))
    context.print("Change one: flashcards config set NAME VALUE")
    context.print(f"Settings file: {context.paths.settings_file}")


def _find_setting(settings: list[EffectiveSetting], name: str, deck_name: str) -> EffectiveSetting:
    for line in settings:
        if line.name == name and line.deck_name == deck_name:
            return line
    known = [line.name for line in settings if line.deck_name == deck_name]
    raise UsageError(f"Unknown setting {name!r}{deck_suffix(deck_name)}. {suggest_name(name, known)}")


def _full_name(setting: EffectiveSetting) -> str:
    return f"{setting.deck_name}: {setting.name}" if setting.deck_name else setting.name
