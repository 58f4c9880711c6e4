"""What import-linter cannot see: the purity of core, sizes, declared packages.

Which ring may import which, and that siblings have no cycles, is declared in pyproject.toml and
checked by `lint-imports`, which runs here too.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "flashcards"
FILES = sorted(SOURCE.rglob("*.py"))
CORE_MAY_IMPORT = {
    "re", "enum", "typing", "dataclasses", "datetime", "collections", "itertools", "unicodedata",
    "hashlib", "difflib", "zlib", "operator", "functools", "math", "random", "__future__",
}  # fmt: skip
MAX_FILE_LINES = 320
MAX_FUNCTION_LINES = 45


def imports(path: Path) -> set[str]:
    """Return the top-level packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole name of what is imported"
            found.add((node.module or "").split(".")[0])
    return found


def test_imports_point_inward_and_have_no_cycles() -> None:
    """The contracts of pyproject.toml hold, lazy and type-only imports counted."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", sorted((SOURCE / "core").rglob("*.py")), ids=lambda p: p.stem)
def test_the_core_is_pure(path: Path) -> None:
    """No file, clock, terminal, network or third party: only values and rules."""
    assert imports(path) - {"flashcards"} <= CORE_MAY_IMPORT
    source = path.read_text(encoding="utf-8")
    for impure in ("datetime.now", "date.today", " open(", " print(", " input("):
        assert impure not in source


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    """A ceiling, not a reason to split: 320 lines a file, 45 a function."""
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MAX_FILE_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION_LINES, node.name


def test_every_third_party_is_declared() -> None:
    """What the program imports, pyproject names."""
    declared = {
        "typer", "rich", "yaml", "platformdirs", "jinja2", "msgspec", "tomlkit", "zstandard",
        "markdown_it", "pygments", "unicodeit", "bidi", "PIL", "shellingham",
    }  # fmt: skip
    found = {name for path in FILES for name in imports(path)}
    assert found - set(sys.stdlib_module_names) - {"flashcards"} <= declared
