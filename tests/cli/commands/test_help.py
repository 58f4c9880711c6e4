"""`flashcards help`: the manual on a terminal and in a pipe, and what it says is true."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from factories import DECK
from flashcards.app.pager import show_in_pager
from flashcards.cli.command_table import COMMAND_GROUPS, COMMAND_HELP
from flashcards.cli.commands.help import MANUAL_FOLDER, SUBJECTS, page_title, read_page
from flashcards.cli.parser import build_app, escape_arguments
from flashcards.core.key_bindings import ACTIONS_BY_NAME
from flashcards.importers.import_formats import IMPORT_FORMATS
from flashcards.storage.settings.settings import SETTING_DEFINITIONS, DeckSettings, read_settings
from programs import Terminal, run

ROOT = Path(__file__).parents[3]
PAGES = {name: read_page(name) for name in SUBJECTS}
TEXTS = {**PAGES, "README": (ROOT / "README.md").read_text(encoding="utf-8")}
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ENDS = {"|", "&&", "||", ";", ")", "&", ">", "<"}
"""What ends one command of a shell's line."""
MAX_CODE = 76
"""Columns of a line of code that is not wrapped on a terminal of 80."""


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a language."""
    return [code for name, code in FENCE.findall(text) if name == language]


def shown(text: str) -> Iterator[list[str]]:
    """Yield the words of each command line of ours that a page shows, without `flashcards`."""
    code = "\n".join(
        re.sub(r"<<'?END'?\n.*?\nEND$", "", b, flags=re.DOTALL | re.MULTILINE) for b in blocks(text, "sh")
    )
    inline = re.findall(r"(?<!`)`(flashcards [^`\n]+)`", FENCE.sub("", text))
    for line in [*code.splitlines(), *inline]:
        if "flashcards" not in line:
            continue
        parts = shlex.shlex(line.replace("$(", " ").replace("…", ""), posix=True, punctuation_chars=True)
        parts.commenters, parts.whitespace_split = "#", True
        words = list(parts)
        for place, word in enumerate(words):
            before = words[place - 1] if place else "|"
            if word == "flashcards" and (before in ENDS or before.endswith("=")):
                rest = words[place + 1 :]
                yield rest[: next((i for i, w in enumerate(rest) if w in ENDS), len(rest))]


def parses(words: list[str]) -> str:
    """Return what the parser has against a command line; "" for nothing."""
    if not words or words[0].startswith("-"):
        return ""
    if words[0] not in COMMAND_HELP:
        return "" if words[0] == "COMMAND" else "no such command"
    group = typer.main.get_command(build_app(words))
    context = group.make_context("flashcards", [], resilient_parsing=True)
    command = group.commands[words[0]]  # type: ignore[attr-defined]  # a group has them
    try:
        command.make_context(words[0], escape_arguments(words)[1:], parent=context)
    except typer.Exit:  # --help
        return ""
    except Exception as error:  # noqa: BLE001 (whatever it is, this cannot be typed)
        return f"{type(error).__name__}: {getattr(error, 'message', error)}"
    return ""


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_line_that_is_shown_can_be_typed(name: str) -> None:
    """Commands, options and the values of options exist, in the manual and in the README."""
    lines = list(shown(TEXTS[name]))
    assert lines
    wrong = {" ".join(words): fault for words in lines if (fault := parses(words))}
    wrong.pop("help", None)
    assert wrong == {}


@pytest.mark.parametrize("name", TEXTS)
def test_every_option_that_is_named_exists(name: str) -> None:
    """An option in the text, without its command, is one of some command."""
    groups = [typer.main.get_command(build_app([command])) for command in COMMAND_HELP]
    commands = [c for group in groups for c in (group, *group.commands.values())]  # type: ignore[attr-defined]
    known = {o for c in commands for p in c.params for o in (*p.opts, *p.secondary_opts)}
    named = set(re.findall(r"`(--[a-z-]+)", FENCE.sub("", TEXTS[name])))
    assert named <= known | {"--help"}


def test_every_subject_is_a_page_and_every_page_a_subject(tmp_path: Path) -> None:
    """`help` lists them all with what they are about, and the README names each."""
    assert sorted(SUBJECTS) == sorted(path.stem for path in MANUAL_FOLDER.glob("*.md"))
    listed = run(tmp_path, "help")
    for name in SUBJECTS:
        assert f"{name}" in listed.stdout
        assert page_title(name) in listed.stdout
        assert f"flashcards help {name}" in TEXTS["README"] or f"({name})" in TEXTS["README"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_page_fits_a_terminal(name: str, tmp_path: Path) -> None:
    """In a pipe it is plain text of 80 columns; no line of code is broken, no table cut."""
    found = run(tmp_path, "help", name)
    assert found.returncode == 0
    assert found.stdout.startswith(f"{page_title(name)}\n")
    assert max(map(len, found.stdout.splitlines())) <= 80
    assert "\x1b" not in found.stdout
    for _, code in FENCE.findall(PAGES[name]):
        assert [line for line in code.splitlines() if len(line) > MAX_CODE] == []
        for line in code.splitlines():
            assert line.strip() in found.stdout


def test_a_beginning_names_a_page_and_a_slip_is_answered(tmp_path: Path) -> None:
    """`help import` is the page on importing; a wrong name brings the nearest, or all."""
    assert run(tmp_path, "help", "import").stdout == run(tmp_path, "help", "importing").stdout
    near = run(tmp_path, "help", "statstics")
    assert (near.returncode, near.stdout) == (2, "")
    assert "Did you mean statistics?" in near.stderr
    far = run(tmp_path, "help", "xyzzy")
    assert far.returncode == 2
    assert "two-machines" in far.stderr


def test_help_is_there_when_the_settings_are_not(tmp_path: Path) -> None:
    """The page on settings can be read where the settings are what is wrong."""
    config = tmp_path / "config" / "flashcards"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("new_per_day = [", encoding="utf-8")
    assert run(tmp_path, "help", "settings").returncode == 0


def test_the_help_has_an_example_of_every_command_that_can_be_typed(tmp_path: Path) -> None:
    """Whatever the width, every word is there, by groups; `help COMMAND` is that command's own."""
    examples = [example for group in COMMAND_GROUPS.values() for example, _ in group.values()]
    assert {example: fault for example in examples if (fault := parses(shlex.split(example)))} == {}
    words = " ".join(text for group in COMMAND_GROUPS.values() for pair in group.values() for text in pair)
    for columns in (30, 40, 69, 70, 80, 200):
        shown = run(tmp_path, "-h", COLUMNS=str(columns)).stdout
        assert max(map(len, shown.splitlines())) <= columns
        assert set(words.split()) <= set(shown.split())
        assert list(filter(shown.__contains__, COMMAND_GROUPS)) == list(COMMAND_GROUPS)
    assert len(shown.splitlines()) <= 51
    assert run(tmp_path, "help", "delete").stdout == run(tmp_path, "delete", "-h").stdout != ""
    assert run(tmp_path, "-V").stdout == run(tmp_path, "--version").stdout != ""
    for command in COMMAND_HELP:
        group = typer.main.get_command(build_app([command]))
        context = group.make_context("flashcards", [], resilient_parsing=True)
        help_text = group.commands[command].get_help(context)  # type: ignore[attr-defined]  # a group has them
        assert not re.search(r"<(int|str|float)|x>=", help_text), command


def test_a_long_page_is_paged_on_a_terminal(tmp_path: Path) -> None:
    """The user's pager gets the page on its input; what cannot be started is done without."""
    pager = tmp_path / "my pager"
    pager.write_text("#!/bin/sh\nprintf 'PAGED %s ' \"$1\"\nhead -n 1\n", encoding="utf-8")
    pager.chmod(0o755)
    screen = Terminal(tmp_path, ["help", "decks"], env={"PAGER": f"'{pager}' -x"})
    screen.wait_for("PAGED -x Decks: how to write cards")
    assert screen.end() == 0
    assert b"\x1b[" not in screen.raw
    screen = Terminal(tmp_path, ["help", "decks"], env={"PAGER": "/nowhere/pager"})
    screen.wait_for("deck.schema.json")
    assert screen.end() == 0


def test_a_short_page_is_not_paged(tmp_path: Path) -> None:
    """What fits the screen is just written, styled."""
    screen = Terminal(tmp_path, ["help", "exporting"], rows=70, env={"PAGER": "false"})
    screen.wait_for("Exporting: take everything with you", "was imported.")
    assert screen.end() == 0
    assert b"\x1b[" in screen.raw


def test_a_pager_that_leaves_early_is_no_error() -> None:
    """Much text for a pager that reads none of it: it was shown, and nothing is raised."""
    assert show_in_pager(b"line\n" * 100_000, ["true"])
    assert not show_in_pager(b"line\n", ["/nowhere/pager"])


def test_the_settings_of_the_page_are_all_there_are(tmp_path: Path) -> None:
    """The block of defaults is read by our own reader, changes nothing, and misses nothing."""
    first, own, keys = blocks(PAGES["settings"], "toml")
    path = tmp_path / "config.toml"
    path.write_text(first, encoding="utf-8")
    assert read_settings(path) == read_settings(tmp_path / "none.toml")
    assert set(re.findall(r"^(\w+) =", first, re.MULTILINE)) == set(SETTING_DEFINITIONS)
    path.write_text(f"{own}\n{keys}", encoding="utf-8")
    assert read_settings(path).deck_settings["French"].new_per_day == 5
    said = PAGES["settings"].split("A deck can have its own")[1].split(":")[0]
    assert set(re.findall(r"`(\w+)`", said)) == set(DeckSettings._fields)
    actions = PAGES["settings"].split("The actions: ")[1].split(". A key")[0]
    assert set(re.findall(r"`(\w+)`", actions)) == set(ACTIONS_BY_NAME)


def test_the_formats_of_the_page_are_all_there_are() -> None:
    """Every format of the table has its row."""
    rows = re.findall(r"^\| (`\w[^|]+) \|", PAGES["importing"], re.MULTILINE)
    assert set(re.findall(r"`([\w-]+)`", " ".join(rows))) == {*IMPORT_FORMATS, "yaml"}


def values(found: Any, path: str) -> list[Any]:
    """Return what is at a path such as `decks[].due`: in each item of a list."""
    for part in re.findall(r"\[\]|[^.\[\]]+", path):
        found = [found] if not isinstance(found, _Many) else found
        found = _Many(v for one in found for v in (one if part == "[]" else [one[part]]))
    return list(found)


class _Many(list[Any]):
    """What is at a path in each item of the lists on its way."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home in which every list of every JSON has something in it."""
    home = tmp_path_factory.mktemp("home")
    decks = home / "data" / "decks"
    decks.mkdir(parents=True)
    (decks / "french.yaml").write_text(DECK, encoding="utf-8")
    gone = "deck: Gone\ncards:\n  - {id: zebra, front: What has stripes?, back: the zebra}\n"
    (decks / "gone.yaml").write_text(gone, encoding="utf-8")
    (home / "capitals.yaml").write_text(
        "deck: Capitals\ncards:\n  - {front: Mongolia?, back: Ulaanbaatar}\n", encoding="utf-8"
    )
    for words in (("suspend", "dog"), ("unsuspend", "dog"), ("vacation", "2026-01-01")):
        run(home, *words)
    run(home, "study", text="\n4\n" * 9)
    run(home, "vacation", *_days_ahead())
    (decks / "gone.yaml").write_text("deck: Gone\ncards: 3\n", encoding="utf-8")
    run(home, "decks")
    (decks / "gone.yaml").unlink()
    (decks / "wrong.yaml").write_text("deck: Wrong\ncards: 3\n", encoding="utf-8")
    (decks / "blank.yaml").write_text("cards:\n- front: q\n  back: ''\n", encoding="utf-8")
    return home


def _days_ahead() -> tuple[str, str]:
    today = datetime.now().astimezone().date()
    return str(today + timedelta(9)), str(today + timedelta(12))


SECTIONS = re.findall(
    r"^### `flashcards ([^`]+)`\n(.*?)(?=^###|\Z)", PAGES["scripts"], re.DOTALL | re.MULTILINE
)


@pytest.mark.parametrize(("words", "text"), SECTIONS, ids=[words for words, _ in SECTIONS])
def test_every_field_of_the_json_is_real(words: str, text: str, home: Path) -> None:
    """What the page names is in the output of the command, and its first level is named whole."""
    typed = [str(home / w) if w.endswith(".yaml") else w for w in shlex.split(words)]
    done = run(home, *typed, TERM="dumb")
    found = json.loads(done.stdout)
    text += PAGES["statistics"] if words.startswith("stats") else ""
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    named = re.findall(r"`([^`]+)`", " ".join(rows))
    assert named
    if words.startswith("show"):
        named += [name.removeprefix("[].") for name in cards_fields()]
    for path in named:
        assert values(found, path), path
    first = found[0] if isinstance(found, list) else found
    assert set(first) == {re.split(r"[.\[]", path.removeprefix("[]."))[0] for path in named}


def cards_fields() -> list[str]:
    """Return the fields that the page names for `cards`."""
    (text,) = (text for words, text in SECTIONS if words.startswith("cards"))
    return re.findall(r"`([^`]+)`", " ".join(re.findall(r"^\| (`\[[^|]+) \|", text, re.MULTILINE)))
