"""A package exported under FSRS: Anki has the weights, the memory of each card, and its due day."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from anki_collections import library
from factories import NOON, review
from flashcards.core.cards import Note
from flashcards.core.decks import Deck
from flashcards.core.events import CardEvent
from flashcards.core.fsrs import DEFAULT_WEIGHTS, Model
from flashcards.core.replay import replay_card
from flashcards.exporters.anki import package as exporter
from flashcards.exporters.base import ExportJob
from flashcards.importers.anki import import_collection as importer
from flashcards.importers.anki.collection_tables import open_collection
from flashcards.importers.base import ImportSource

WEIGHTS = (*DEFAULT_WEIGHTS[:20], 0.2)
DECK = Deck("Words", (Note("dog", "chien", id="dog"), Note("cat", "chat", id="cat"), Note("new", "neuf")))
EVENTS: dict[str, list[CardEvent]] = {
    name: [review(name, rating, NOON - timedelta(days=ago)) for ago, rating in answers]
    for name, answers in {
        "dog": [(90, 4), (88, 4), (75, 3), (40, 1), (40, 4), (39, 4)],
        "cat": [(30, 5), (3, 4)],
    }.items()
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the deck as a package, under FSRS."""
    job = ExportJob(
        (DECK,), lambda card: EVENTS.get(card, ()), NOON, model=Model(WEIGHTS), fsrs_retention=0.85
    )
    path = tmp_path_factory.mktemp("out") / "out.apkg"
    path.write_bytes(exporter.render_files(job)["Words"])
    return path


@pytest.fixture(scope="module")
def collection(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the collection in the package, opened by Anki itself."""
    from anki.collection import Collection

    folder = tmp_path_factory.mktemp("col")
    with zipfile.ZipFile(package) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".anki2")]
        path = folder / "collection.anki2"
        path.write_bytes(archive.read(name))
    return Collection(str(path))


def check_memories(col: Any) -> None:
    """Compare each card's memory and due day in a collection with ours."""
    for name, events in EVENTS.items():
        (card_id,) = col.find_cards(f"Front:{name}")
        card, progress = col.get_card(card_id), replay_card(events, model=Model(WEIGHTS)).progress
        assert progress.fsrs_memory
        assert card.memory_state.stability == pytest.approx(progress.fsrs_memory[0], rel=0.01)
        assert card.memory_state.difficulty == pytest.approx(progress.fsrs_memory[1], abs=0.1)
        assert progress.due
        created = NOON.fromtimestamp(col.crt, NOON.tzinfo).date()
        assert created + timedelta(days=card.due) == progress.due


def test_anki_opens_it_with_fsrs_on(collection: Any) -> None:
    """The switch, the weights, the retention, and what FSRS knows of each card are there."""
    assert collection.get_config("fsrs") is True
    config = collection.decks.config_dict_for_deck_id(collection.decks.id("Words"))
    assert config["fsrsParams6"] == pytest.approx(WEIGHTS, abs=1e-4)
    assert config["desiredRetention"] == pytest.approx(0.85)
    check_memories(collection)


def test_anki_imports_it_with_the_memories(package: Path, tmp_path: Path) -> None:
    """Brought into another collection, cards keep due day, stability and difficulty."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

    own = library(tmp_path)
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    own.col.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
    check_memories(own.col)


def test_what_comes_back_names_retention_and_weights(package: Path) -> None:
    """An import says how to go on as there, and its weights can be read."""
    source = ImportSource("my words.apkg", package.read_bytes())
    (told,) = [remark for remark in importer.read_source(source).remarks if "FSRS" in remark]
    assert "config set retention 0.85" in told
    assert "optimize --weights 'my words.apkg'" in told
    (preset,) = importer.read_presets(source)
    assert preset.weights == pytest.approx(WEIGHTS, abs=1e-4)


def test_presets_of_todays_collections_are_read(tmp_path: Path) -> None:
    """Weights and retention of a collection that Anki made itself, of its own form."""
    own = library(tmp_path)
    own.add("Basic", "Words", Front="dog", Back="chien")
    own.col.set_config("fsrs", True)
    config = own.col.decks.config_dict_for_deck_id(own.col.decks.id("Words"))
    config |= {"fsrsParams6": list(WEIGHTS), "desiredRetention": 0.93}
    own.col.decks.update_config(config)
    path = own.package("own.colpkg")
    presets = importer.read_presets(ImportSource(str(path), path.read_bytes()))
    assert presets[0].weights == pytest.approx(WEIGHTS, abs=1e-4)
    assert presets[0].retention == pytest.approx(0.93, abs=1e-4)


def test_every_preset_is_named(tmp_path: Path) -> None:
    """All decks have one retention here: an import says which that is, and what others had."""
    own = library(tmp_path)
    own.add("Basic", "Words", Front="dog", Back="chien")
    own.col.set_config("fsrs", True)
    first = own.col.decks.config_dict_for_deck_id(own.col.decks.id("Words"))
    own.col.decks.update_config(first | {"fsrsParams6": list(WEIGHTS), "desiredRetention": 0.93})
    own.col.decks.update_config(own.col.decks.add_config("Hard") | {"desiredRetention": 0.8})
    path = own.package("own.colpkg")
    imported = importer.read_source(ImportSource("own.colpkg", path.read_bytes()))
    (told,) = [remark for remark in imported.remarks if "FSRS" in remark]
    assert "with its preset Default: flashcards config set retention 0.93; flashcards optimize" in told
    assert "its other presets are Hard (retention 0.8)" in told


def test_settings_in_a_table_are_read_beside_older_note_types(tmp_path: Path) -> None:
    """As version 14 of collections has them: settings in one table, presets as JSON in another."""
    packed = io.BytesIO(next(iter(exporter.render_files(ExportJob((DECK,), lambda _: (), NOON)).values())))
    path = Path(zipfile.ZipFile(packed).extract("collection.anki2", tmp_path))
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "UPDATE col SET ver = 14, conf = '{}', dconf = ''; CREATE TABLE config (key text, val blob);"
            "INSERT INTO config VALUES ('rollover', CAST('7' AS blob));"
            "CREATE TABLE deck_config (id integer, name text, config blob);"
            """INSERT INTO deck_config VALUES (1, 'Default', CAST('{"id":1}' AS blob));"""
        )
    source = ImportSource(str(path), path.read_bytes())
    assert len(importer.read_source(source).decks[0].notes) == len(DECK.notes)
    with open_collection(tmp_path / "copy", source) as collection:
        assert collection.settings == {"rollover": 7}


def test_under_sm2_nothing_of_fsrs_is_written() -> None:
    """Packages are as they were while SM-2 schedules."""
    job = ExportJob((DECK,), lambda card: EVENTS.get(card, ()), NOON)
    data = exporter.render_files(job)["Words"]
    assert importer.read_presets(ImportSource("a.apkg", data)) == []
    assert json.dumps("fsrs").strip('"').encode() not in data
