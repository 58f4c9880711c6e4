"""Which files the collection is made of: decks at any depth, journals, and nothing hidden."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flashcards.storage.index.sources import (
    MISSING_SIGNATURE,
    file_signature,
    find_deck_files,
    find_sources,
)


def library(folder: Path) -> None:
    """Make a data folder with decks in folders, drafts, and what belongs to nobody."""
    names = (
        "decks/one.yaml", "decks/languages/french/verbs.yml", "decks/languages/.git/old.yaml",
        "decks/.one.yaml.7.tmp", "decks/notes.txt", "journal/dev-2026.jsonl",
        "journal/deep/dev-2025.jsonl", "journal/readme.md",
    )  # fmt: skip
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_decks_lie_at_any_depth_and_journals_in_one_folder(tmp_path: Path) -> None:
    """By their endings, in order of their names; what is hidden, or of another kind, is none."""
    library(tmp_path)
    found = [name for name, _, _ in find_sources(str(tmp_path), str(tmp_path / "config.toml"))]
    decks = ["decks/languages/french/verbs.yml", "decks/one.yaml"]
    assert found == ["config.toml", "journal/dev-2026.jsonl", *decks]
    assert [name for _, name in find_deck_files(str(tmp_path))] == decks
    assert [path for path, _ in find_deck_files(str(tmp_path))] == [str(tmp_path / n) for n in decks]


def test_a_file_that_goes_while_it_is_looked_for_is_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor's file that is gone before its kind was asked harms nobody."""
    library(tmp_path)
    listing = os.listdir
    monkeypatch.setattr(os, "listdir", lambda folder: [*listing(folder), "gone~"])
    assert [name for _, name in find_deck_files(str(tmp_path))][1] == "decks/one.yaml"


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    """It could lead back to where it lies, and the walk would have no end."""
    library(tmp_path)
    (tmp_path / "decks" / "again").symlink_to(tmp_path / "decks")
    assert len(list(find_deck_files(str(tmp_path)))) == 2


def test_a_missing_folder_or_file_has_nothing(tmp_path: Path) -> None:
    """Neither is a fault; a file that is there has its size and times."""
    assert list(find_deck_files(str(tmp_path))) == []
    assert file_signature(str(tmp_path / "none")) == MISSING_SIGNATURE
    (tmp_path / "one").write_text("abc")
    assert file_signature(str(tmp_path / "one"))[0] == 3
