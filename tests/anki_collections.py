"""Collections made with Anki itself, and packages of every generation of it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HOUR, DAY = 3_600, 86_400


@dataclass
class Library:
    """A collection of Anki's, opened by it."""

    folder: Path
    col: Any

    def add(self, kind: str, deck: str, tags: str = "", **fields: str) -> Any:
        """Add a note, and return it; fields are named with "_" for a space."""
        note = self.col.new_note(self.col.models.by_name(kind))
        for name, value in fields.items():
            note[name.replace("_", " ")] = value
        note.tags = tags.split()
        self.col.add_note(note, self.col.decks.id(deck))
        return note

    def kind(self, name: str, fields: list[str], *templates: tuple[str, str]) -> None:
        """Add a note type."""
        models = self.col.models
        model = models.new(name)
        for field in fields:
            models.add_field(model, models.new_field(field))
        for number, (question, answer) in enumerate(templates):
            template = models.new_template(f"Card {number + 1}")
            template["qfmt"], template["afmt"] = question, answer
            models.add_template(model, template)
        models.add(model)

    def card(self, note: Any, number: int = 0, **columns: int) -> int:
        """Set columns of a note's card, and return its id."""
        card = int(note.cards()[number].id)
        if columns:
            named = ", ".join(f"{name} = {value}" for name, value in columns.items())
            self.col.db.execute(f"update cards set {named} where id = {card}")
        return card

    def answers(self, card: int, *rows: tuple[int, int, int]) -> None:
        """Log answers to a card: (when in ms, Anki's button, kind)."""
        for at, ease, kind in rows:
            row = (at, card, -1, ease, 10, 5, 2500, 4000, kind)
            self.col.db.execute("insert into revlog values (?,?,?,?,?,?,?,?,?)", *row)

    def package(self, name: str, *, legacy: bool = False) -> Path:
        """Write an .apkg or .colpkg of everything; the latter closes the collection."""
        from anki.collection import ExportAnkiPackageOptions

        path = self.folder / name
        if path.suffix == ".colpkg":
            self.col.export_collection_package(str(path), include_media=True, legacy=legacy)
            return path
        options = ExportAnkiPackageOptions(with_scheduling=True, with_media=True, legacy=legacy)
        self.col.export_anki_package(out_path=str(path), options=options, limit=None)
        return path


def library(folder: Path) -> Library:
    """Return a new collection in a folder; skips where the anki package is missing."""
    collection = pytest.importorskip("anki.collection", reason="pip install anki")
    folder.mkdir(parents=True, exist_ok=True)
    return Library(folder, collection.Collection(str(folder / "collection.anki2")))


def first_generation(package: Path, target: Path) -> Path:
    """Return a package as Anki before 2018 wrote it, made of one that has collection.anki21."""
    with zipfile.ZipFile(package) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["collection.anki2"] = files.pop("collection.anki21")
    files.pop("meta", None)
    return packed(files, target)


def packed(files: Mapping[str, bytes], target: Path) -> Path:
    """Write a zip file."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def unpacked(package: Path) -> dict[str, bytes]:
    """Return the files of a zip file."""
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
