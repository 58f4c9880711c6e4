"""The house: which ring a file is in says what it may import, and how large it may grow."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "flashcards"
FILES = sorted(SOURCE.rglob("*.py"))
MAY_IMPORT = {
    "errors": set[str](),
    "core": {"errors"},
    "storage": {"core", "errors"},
    "importers": {"core", "errors"},
    "exporters": {"core", "errors"},
    "terminal": {"core", "errors"},
    "cli": {"core", "storage", "importers", "exporters", "terminal", "errors", "__init__"},
    "__main__": {"cli"},
    "__init__": set[str](),
}
CORE_ORDER = ("card", "sm2", "events", "progress", "agenda", "session", "stats")
"""Inside the core each of these may import only those before it."""
CORE_OUTSIDE = {
    "re", "enum", "typing", "dataclasses", "datetime", "collections", "itertools", "unicodedata",
    "hashlib", "difflib", "zlib", "operator", "functools", "__future__",
}  # fmt: skip
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def ring(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Return the dotted names of all modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole name of what is imported"
            found.add(node.module or "")
            if node.module == "flashcards" or node.module in {
                f"flashcards.{r}" for r in MAY_IMPORT
            }:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(path: Path) -> set[str]:
    return {name for name in imports(path) if name.startswith("flashcards.")}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_arrow_of_imports_never_bends(path: Path) -> None:
    """A file imports from its own ring and from those below it only."""
    for name in ours(path):
        target = name.split(".")[1]
        if target == "__version__":
            target = "__init__"
        assert target == ring(path) or target in MAY_IMPORT[ring(path)], (
            f"{path.name} imports {name}"
        )


@pytest.mark.parametrize("path", sorted((SOURCE / "core").rglob("*.py")), ids=lambda p: p.stem)
def test_the_core_is_pure(path: Path) -> None:
    """No file, clock, terminal, network or third party: only values and rules."""
    outside = {name.split(".")[0] for name in imports(path)} - {"flashcards"}
    assert outside <= CORE_OUTSIDE
    source = path.read_text(encoding="utf-8")
    for impure in ("datetime.now", "date.today", " open(", " print(", " input("):
        assert impure not in source


@pytest.mark.parametrize("name", CORE_ORDER)
def test_the_core_is_in_order(name: str) -> None:
    """Inside the core, too, there is one direction."""
    later = CORE_ORDER[CORE_ORDER.index(name) + 1 :]
    rooms = [*(SOURCE / "core").glob(f"{name}.py"), *(SOURCE / "core" / name).glob("*.py")]
    assert rooms
    for room in rooms:
        assert not {f"flashcards.core.{other}" for other in later} & ours(room)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_rooms_stay_small(path: Path) -> None:
    """No file has more than 300 lines, no function more than 40."""
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


def test_every_third_party_is_declared() -> None:
    """What the program imports, pyproject names."""
    declared = {
        "typer",
        "shellingham",
        "rich",
        "yaml",
        "platformdirs",
        "jinja2",
        "msgspec",
        "tomlkit",
        "zstandard",
        "markdown_it",
        "pygments",
        "unicodeit",
        "bidi",
        "PIL",
    }
    found = {name.split(".")[0] for path in FILES for name in imports(path)}
    assert found - set(sys.stdlib_module_names) - {"flashcards"} <= declared


def test_the_quick_answer_loads_little() -> None:
    """`flashcards due` on an unchanged library never reaches what is slow to import."""
    for name in (
        "cli/due",
        "storage/questions/glance",
        "storage/questions/counts",
        "storage/indexing/freshness",
        "storage/places",
    ):
        found = imports(SOURCE / f"{name}.py")
        assert not found & {"typing", "dataclasses", "pathlib", "typer", "rich", "msgspec", "yaml"}


def test_today_loads_little() -> None:
    """`flashcards` alone, on an unchanged library, is not much slower than `flashcards due`."""
    for name in (
        "cli/today",
        "cli/columns",
        "core/today",
        "core/days",
        "storage/questions/ahead",
        "terminal/today",
        "terminal/reports",
        "terminal/columns",
        "terminal/console",
        "terminal/theme",
    ):
        found = imports(SOURCE / f"{name}.py")
        assert not found & {"dataclasses", "pathlib", "typer", "rich", "msgspec", "yaml"}
