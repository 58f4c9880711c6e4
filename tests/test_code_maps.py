"""The pages about the code name files and names that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "flashcards"
PAGES = ("src/flashcards/README.md", "src/flashcards/storage/index/README.md")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py")))
PLACE = re.compile(r"(?!/)[\w./-]*(?:/[\w.-]*|\w\.(?:py|md|toml))")
"""A path, a folder, or the name of a file of ours."""
NAME = re.compile(r"(?!NAME)(?:[A-Z][a-z]+\w+|[A-Z]{3}[A-Z_]+|\w+_\w+)")
"""A class, constant or function."""


def inline_code(page: Path) -> set[str]:
    """Return what stands between backticks, outside of blocks."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(r"`([^`\n]+)`", text))


@pytest.mark.parametrize("name", PAGES)
def test_every_path_exists(name: str) -> None:
    """A path is there, seen from the page, from the package or from the checkout."""
    page = ROOT / name
    named = {word for word in inline_code(page) if PLACE.fullmatch(word) and "NAME" not in word}
    seen_from = (page.parent, SOURCE, ROOT)
    assert [path for path in named if not any((folder / path).exists() for folder in seen_from)] == []
    assert named


@pytest.mark.parametrize("name", ["README.md", *PAGES])
def test_every_link_leads_somewhere(name: str) -> None:
    """Links to other files are relative to the page."""
    page = ROOT / name
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_name_of_the_code_exists(name: str) -> None:
    """Classes, constants and functions that a page names are defined."""
    words = {word for word in inline_code(ROOT / name) if NAME.fullmatch(word)}
    assert words
    defined = set(re.findall(r"(?:def|class|PRAGMA) (\w+)|^([A-Z_]+)\b", CODE, re.MULTILINE))
    assert words <= {name for pair in defined for name in pair}


def test_the_picture_has_the_rings_that_are_checked() -> None:
    """The rings, from the inside out, and the folders of the table, are those of pyproject.toml."""
    page = SOURCE / "README.md"
    drawn = page.read_text(encoding="utf-8").split("```")[1].splitlines()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = (c["layers"] for c in settings["contracts"] if c["type"] == "layers")
    rings = [re.findall(r"\w+", layer) for layer in reversed(layers)]
    lines = [re.findall(r"\w+", line) for line in drawn if line.strip(" ^")]
    assert [words[: len(ring)] for words, ring in zip(lines, rings, strict=True)] == rings
    folders = {f"{ring}/" for names in rings for ring in names if ring != "errors"} | {"manual/"}
    assert folders == {word for word in inline_code(page) if re.fullmatch(r"\w+/", word)}


def test_the_locks_of_the_page_are_those_of_the_code() -> None:
    """Each lock of the table is taken somewhere."""
    text = (SOURCE / "storage" / "index" / "README.md").read_text(encoding="utf-8")
    locks = re.findall(r"^\| `(\.[\w.]*lock)`", text, re.MULTILINE)
    assert len(locks) == 4
    assert [lock for lock in locks if f'"{lock}"' not in CODE] == []
