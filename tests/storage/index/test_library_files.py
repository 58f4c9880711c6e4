"""Which files the collection is made of: decks at any depth, journals, and nothing hidden."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factories import DECK, open_store, put_deck, rate
from flashcards.core.cards import CardId
from flashcards.errors import StoreError
from flashcards.storage.index import library_files
from flashcards.storage.index.library_files import (
    MISSING_SIGNATURE,
    file_signature,
    find_deck_files,
    find_sources,
)
from flashcards.storage.index.queries.cards import list_problems
from flashcards.storage.journal.journal_files import list_journal_files
from replay_oracle import replay_card_history


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


def test_a_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    """A deck of such a name, or in such a folder, is named and not read; a journal is read."""
    put_deck(tmp_path)
    with open_store(tmp_path) as store:
        rate(store, "dog", [4])
        data = store.paths.data_dir
    for name in (b"decks/\xe9.yaml", b"decks/\xe4/x.yaml"):
        (data / os.fsdecode(name)).parent.mkdir(exist_ok=True)
        (data / os.fsdecode(name)).write_text(DECK)
    (own,) = (data / "journal").iterdir()
    own.rename(own.with_name(os.fsdecode(b"\xe9.jsonl")))
    with open_store(tmp_path) as store:
        told = [problem.path for problem in store.query(list_problems)]
        assert told == ["decks/\\xe4/x.yaml", "decks/\\xe9.yaml"]
        assert len(replay_card_history(store, CardId("dog")).steps) == 1


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


def test_a_journal_that_tells_no_size_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the disk fails once in the middle of a session: nothing is lost, and no one dies."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    telling = library_files.file_signature
    monkeypatch.setattr(
        library_files,
        "file_signature",
        lambda path: MISSING_SIGNATURE if path.endswith(".jsonl") else telling(path),
    )
    store.refresh_index()
    assert len(replay_card_history(store, CardId("dog")).steps) == 1
    monkeypatch.undo()
    store.refresh_index()
    assert len(replay_card_history(store, CardId("dog")).steps) == 1
    store.close()


def test_a_journal_that_leads_nowhere_is_a_loud_stop(tmp_path: Path) -> None:
    """A link in its place that cannot be followed is no empty journal."""
    put_deck(tmp_path)
    store = open_store(tmp_path)
    rate(store, "dog", [4])
    store.close()
    (path,) = list_journal_files(store.paths.journal_dir)
    path.unlink()
    path.symlink_to(path)
    with pytest.raises(StoreError, match="cannot be read"):
        open_store(tmp_path)
