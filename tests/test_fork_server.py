"""The programs that most tests run are forked: they do what a program does that starts by itself."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from programs import command, environment, run


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("study --plain", "\n4\nq\n"), ("due --json", ""), ("cards --json", ""), ("check -", "a: [\n"),
        ("add", "Peru\tLima\n"), ("nonsense", ""), ("show nobody", ""), ("stats --help", ""),
    ],
)  # fmt: skip
def test_forked_and_started_programs_do_the_same(tmp_path: Path, words: str, text: str) -> None:
    """Their output, errors and exit code are equal, and so is what they leave behind."""
    homes = [tmp_path / "forked" / "h", tmp_path / "begun" / "h"]
    forked = run(homes[0], *words.split(), text=text, TZ="Asia/Tokyo")
    begun = subprocess.run(
        [*command(), *words.split()], env=environment(homes[1], TZ="Asia/Tokyo"), input=text,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [
        (one.returncode, *(said.replace(str(home), "~") for said in (one.stdout, one.stderr)))
        for one, home in zip((forked, begun), homes, strict=True)
    ]
    assert told[0] == told[1]
    left = [{str(path.relative_to(home)) for path in (home / "data").rglob("*.yaml")} for home in homes]
    assert left[0] == left[1]
