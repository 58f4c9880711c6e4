"""The wheel, alone in an empty environment, has all that a person needs."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from programs import environment

ROOT = Path(__file__).parents[1]


def test_the_wheel_brings_the_bundled_deck(tmp_path: Path) -> None:
    """Built, installed outside of the checkout, and run: the 55 cards are asked, and the manual is there."""
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(wheels), str(ROOT)]
    subprocess.run(build, check=True, cwd=tmp_path)
    (wheel,) = wheels.glob("*.whl")
    empty = tmp_path / "empty"
    venv.create(empty, with_pip=True)
    subprocess.run([empty / "bin" / "pip", "install", "-q", str(wheel)], check=True, cwd=tmp_path)
    found = subprocess.run(
        [empty / "bin" / "flashcards", "study"],
        input="\n4\nq\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment(tmp_path / "home"),
        check=True,
    )
    assert "Transformers, RAG & LoRA, 55 cards" in found.stderr
    assert "4: due" in found.stdout
    page = subprocess.run(
        [empty / "bin" / "flashcards", "help", "data"],
        capture_output=True,
        text=True,
        env=environment(tmp_path / "home"),
        check=True,
    )
    assert "Your data" in page.stdout
