"""What each start loads: no more than it needs, and nothing is loaded late without need.

An import inside a function stands only where a start that is measured loads its module, but not what
it imports; and LOADED_LATE names it. All else is imported at the top.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flashcards.cli.command_table import COMMAND_HELP, COMMAND_MODULES
from programs import Terminal, environment

SOURCE = Path(__file__).parents[1] / "src" / "flashcards"
FILES = {
    ".".join((SOURCE.name, *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in SOURCE.rglob("*.py")
}
PROGRAM = [sys.executable, "-X", "importtime", "-m", "flashcards"]
LISTED = "cards:\n  - id: listed\n    front: a **word**\n    back: |\n      1. one\n      2. two\n"

HEAVY = {
    "typer",
    "rich",
    "yaml",
    "msgspec",
    "jinja2",
    "markdown_it",
    "platformdirs",
    "tomlkit",
    "PIL",
    "bidi",
}
"""Each of these costs a third of the answer of `flashcards due`, or more."""
HELP_MAY_LOAD = {
    "typer": set(COMMAND_HELP),
    "rich": {"help", "picture", "show", "stats"},
    "msgspec": {"backup", "doctor", "restore", "sync"},
    "zipfile": {"backup", "doctor", "restore"},
    "flashcards.exporters.export_formats": {"export"},
    "flashcards.storage.journal.record": {"doctor", "restore"},
}
"""Commands whose help loads it, as the modules of their options need it."""
NEVER_FOR_HELP = {
    "flashcards.importers.import_formats", "flashcards.html_report", "flashcards.terminal.study.screen_loop",
    "flashcards.terminal.device.keyboard", "flashcards.storage.index.build.deck_ingest",
}  # fmt: skip
LOADED_LATE = {
    # Third parties, and what Python loads slowly.
    "bidi", "json", "msgspec", "platformdirs", "rich", "rich.cells", "rich.text", "subprocess", "tomlkit",
    "tomllib",
    # The ways that the first words of a command line decide on: `due` needs none of them.
    "flashcards.app.command_context", "flashcards.app.study.run",
    "flashcards.cli.commands.today",
    "flashcards.cli.completion.shell_reply", "flashcards.cli.completion.scripts", "flashcards.cli.home",
    "flashcards.cli.output.print_today", "flashcards.cli.parser", "flashcards.cli.program_help",
    "flashcards.storage.index.queries.today_counts", "flashcards.terminal.text.sanitize",
    # What a command does: its help needs none of it.
    "flashcards.app.update_anki_collection", "flashcards.app.edits_for_anki", "flashcards.app.browse_cards",
    "flashcards.app.change_settings", "flashcards.app.importing.run", "flashcards.app.pager",
    "flashcards.cli.output.stats_json", "flashcards.html_report.page",
    "flashcards.importers.anki.import_collection", "flashcards.importers.base",
    "flashcards.terminal.device.screen", "flashcards.terminal.stats.screen",
    # What only new or changed files need.
    "flashcards.storage.backups.make_and_prune", "flashcards.storage.backups.exact_restore",
    "flashcards.storage.decks.merge_deck_files", "flashcards.storage.decks.yaml_parser",
    "flashcards.storage.index.build.deck_ingest", "flashcards.storage.index.build.journal_ingest",
    "flashcards.storage.index.build.journal_tail", "flashcards.storage.journal.record",
    "flashcards.storage.open_journal", "flashcards.storage.undo.command_steps",
    # What a key brings: the first frame of the home and of a session needs none of it.
    "flashcards.app.describe_undo", "flashcards.app.edit_in_editor", "flashcards.app.search_arguments",
    "flashcards.app.sync_status", "flashcards.storage.decks.media_lookup",
    "flashcards.storage.index.queries.card_events", "flashcards.storage.index.queries.search",
    "flashcards.terminal.study.answering.choice", "flashcards.terminal.study.answering.typed",
    "flashcards.terminal.study.open_overlays", "flashcards.terminal.study.render_pages",
    "flashcards.terminal.study.plain_loop", "flashcards.terminal.study.screen_loop",
    # What few cards need.
    "flashcards.terminal.device.image_codecs", "flashcards.terminal.markdown.render_blocks",
    "flashcards.terminal.markdown.highlight_code", "flashcards.terminal.math.render_formula",
}  # fmt: skip


def named(report: str) -> set[str]:
    """Return the modules that a report of `-X importtime` names, each with the packages above it."""
    lines = (line for line in report.splitlines() if line.startswith("import time:"))
    modules = {line.rpartition("|")[2].strip() for line in lines}
    return modules | {name[:dot] for name in modules for dot in range(len(name)) if name[dot] == "."}


def run(home: Path, *words: str) -> set[str]:
    """Return what a run in a pipe loads."""
    done = subprocess.run(
        [*PROGRAM, *words], env=environment(home), capture_output=True, text=True, check=False
    )
    # `-X importtime` does not see what importlib loads: the commands.
    own = f"flashcards.cli.commands.{COMMAND_MODULES.get(words[0], words[0])}"
    return named(done.stderr) | (
        {own} if words[0] in COMMAND_HELP and "typer" in named(done.stderr) else set()
    )


def first_frame(home: Path, shown: str, *words: str) -> set[str]:
    """Return what a screen loads before its first frame ends."""
    terminal = Terminal(home, [], program=[*PROGRAM, *words])
    terminal.wait_for(shown)
    terminal.type("qq")
    terminal.end()
    return named(terminal.raw.partition(b"\x1b[?2026l")[0].decode(errors="replace").replace("\r", ""))


@cache
def starts(home: Path) -> dict[str, set[str]]:
    """Return what each measured start loads, of an index that no file has changed since."""
    for _ in range(20):  # it is trusted once its files are two seconds old
        if not run(home, "due") & HEAVY:
            break
        time.sleep(0.5)
    loaded = {
        "home": first_frame(home, "enter study"),
        "study": first_frame(home, "show answer", "study"),
        "show a Markdown card": run(home, "show", "listed"),
        "--help": run(home, "--help"),
        "a mistyped command": run(home, "stduy"),
    }
    loaded |= {command: run(home, command) for command in ("due", "today", "config", "check", "stats")}
    return loaded | {f"{command} --help": run(home, command, "--help") for command in COMMAND_HELP}


@pytest.fixture
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return what each measured start loads."""
    home = tmp_path_factory.getbasetemp() / "starts"
    if not home.exists():
        decks = home / "data" / "decks"
        decks.mkdir(parents=True)
        (decks / "listed.yaml").write_text(LISTED)
    return starts(home)


@pytest.mark.parametrize("start", ["due", "today", "home"])
def test_a_quick_answer_loads_nothing_heavy(start: str, loaded: dict[str, set[str]]) -> None:
    """Of an unchanged library: neither parser nor rich nor the store nor decks."""
    assert "flashcards" in loaded[start]
    assert not loaded[start] & (HEAVY | {"pathlib", "dataclasses", "flashcards.storage.store"})


def test_the_first_card_is_shown_without_dataclasses(loaded: dict[str, set[str]]) -> None:
    """One takes as long to define as four named tuples; all of them took as long as to find the card."""
    ours = loaded["study"] & set(FILES)
    assert "flashcards.core.events" in ours
    assert {name for name in ours if "dataclass" in FILES[name].read_text(encoding="utf-8")} == set()


@pytest.mark.parametrize("command", COMMAND_HELP)
def test_help_loads_what_its_options_need(command: str, loaded: dict[str, set[str]]) -> None:
    """Neither what the command does, nor third parties but those of the table."""
    found = loaded[f"{command} --help"]
    assert "flashcards" in found
    watched = HEAVY | set(HELP_MAY_LOAD) | NEVER_FOR_HELP
    assert {name for name in found & watched if command not in HELP_MAY_LOAD.get(name, ())} == set()


def lazy_imports() -> Iterator[tuple[str, int, str]]:
    """Yield (module, line, imported module) of each import inside a function."""
    for name, path in FILES.items():
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import):
                        yield from ((name, node.lineno, alias.name) for alias in node.names)
                    elif isinstance(node, ast.ImportFrom):
                        inner = (f"{node.module}.{alias.name}" for alias in node.names)
                        targets = {one if one in FILES else node.module or "" for one in inner}
                        yield from ((name, node.lineno, target) for target in targets)


def test_what_is_loaded_late_is_declared_and_needed(loaded: dict[str, set[str]]) -> None:
    """Each is in the table, and some start loads its module without it."""
    lazy = list(lazy_imports())
    assert {target for _, _, target in lazy} == LOADED_LATE
    needless = [
        f"{name}:{line} imports {target} late, and no start is sooner there for it"
        for name, line, target in lazy
        if not any(name in modules and target not in modules for modules in loaded.values())
    ]
    assert needless == []
