"""Mnemosyne's own library: its cards, their schedules, and every answer."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportedReview, ImportedSchedule, ImportSource
from flashcards.importers.import_formats import load_all_importers, recognise_format
from flashcards.importers.mnemosyne import export_files as mnemosyne
from sources import imported_histories, notes, sides

TABLES = """
create table facts(_id integer primary key, id text, extra_data text default "");
create table data_for_fact(_fact_id integer, key text, value text);
create table cards(_id integer primary key, id text, card_type_id text, _fact_id integer,
    fact_view_id text, question text, answer text, tags text, grade integer, next_rep integer,
    last_rep integer, easiness real, acq_reps integer, ret_reps integer, lapses integer,
    acq_reps_since_lapse integer, ret_reps_since_lapse integer, creation_time integer,
    modification_time integer, extra_data text default "", scheduler_data integer default 0,
    active boolean default 1);
create table tags(_id integer primary key, id text, name text, extra_data text default "");
create table tags_for_card(_card_id integer, _tag_id integer);
create table log(_id integer primary key, event_type integer, timestamp integer, object_id text,
    grade integer, thinking_time integer);
"""
LAST, NEXT = 1_790_000_000, 1_790_000_000 + 12 * 86_400
CARD = (
    "insert into cards(id, card_type_id, _fact_id, fact_view_id, grade, next_rep, last_rep,"
    " easiness, lapses, ret_reps_since_lapse, extra_data) values (?,?,?,?,?,?,?,?,?,?,?)"
)


def library(path: Path, *statements: str) -> ImportSource:
    """Return a library with a reversed card, one with gaps, and one answer."""
    connection = sqlite3.connect(path)
    connection.executescript(TABLES)
    connection.executescript(
        """
        insert into facts(id) values ('f1'), ('f2');
        insert into data_for_fact values (1, 'f', 'der <b>Hund</b>'), (1, 'b', 'dog'),
            (2, 'text', 'The [heart] pumps [blood].');
        insert into tags(id, name) values ('t1', 'German'), ('t2', '__UNTAGGED__');
        insert into tags_for_card values (1, 1), (2, 1), (3, 2), (4, 2);
        """
    )
    connection.execute(CARD, ("c1", "2", 1, "2.1", 4, NEXT, LAST, 2.36, 1, 3, ""))
    connection.execute(CARD, ("c2", "2", 1, "2.2", -1, -1, -1, 2.5, 0, 0, ""))
    connection.execute(CARD, ("c3", "5", 2, "5.1", 4, NEXT, LAST, 2.5, 0, 1, "{'index': 1}"))
    connection.execute("insert into log values (1, 9, ?, 'c1', 4, 3)", (LAST,))
    connection.execute("insert into log values (2, 1, ?, '', null, null)", (LAST,))
    for statement in statements:
        connection.executescript(statement)
    connection.commit()
    connection.close()
    return ImportSource(str(path), path.read_bytes())


def test_a_library_comes_with_its_history(tmp_path: Path) -> None:
    """Both ways of a card are one note; gaps have their own schedule."""
    source = library(tmp_path / "default.db")
    assert recognise_format(source, load_all_importers()) == "mnemosyne"
    imported = mnemosyne.read_source(source)
    assert sides(imported) == [("der **Hund**", "dog"), ("The {{heart}} pumps {{blood}}.", "")]
    assert [note.reverse for note in notes(imported)] == [True, None]
    assert [note.tags for note in notes(imported)] == [("German",), ()]
    dog, heart = imported_histories(imported)
    at = datetime.fromtimestamp(LAST, UTC)
    due = datetime.fromtimestamp(NEXT, UTC).date()
    assert dog[""].schedule == ImportedSchedule(due, 12, 236, 4, 1)
    assert [(one.answered_at, one.rating, one.ms) for one in dog[""].reviews] == [(at, 4, 3000)]
    assert "/r" not in dog
    assert [history.schedule and history.schedule.interval for history in heart.values()] == [12]
    assert all(isinstance(one, ImportedReview) for one in dog[""].reviews)
    assert due > date(2026, 1, 1)


@pytest.mark.parametrize(
    "harm",
    [
        "drop table facts; create view facts as select 1 _id, 'x' id",
        "drop table cards",
        "alter table cards add column x as (printf('%.*c', 1000000000, 'x'))",
    ],
)
def test_a_library_that_would_run_something_is_refused(tmp_path: Path, harm: str) -> None:
    """Only plain tables are read."""
    with pytest.raises(FlashcardsError, match="cannot be read"):
        mnemosyne.read_source(library(tmp_path / "default.db", harm))


def test_values_that_make_no_sense(tmp_path: Path) -> None:
    """Whatever type a column says its values have."""
    odd = "update cards set easiness = 'x', next_rep = 9e99, grade = x'ff', _fact_id = 'y'"
    imported = mnemosyne.read_source(library(tmp_path / "default.db", odd))
    assert not notes(imported)
    assert len(imported.skipped) == 3


def test_a_torn_library_is_a_message(tmp_path: Path) -> None:
    """Cut anywhere, it is read or refused."""
    whole = library(tmp_path / "default.db").data
    for cut in range(4096, len(whole), 4096):
        with pytest.raises(FlashcardsError):
            mnemosyne.read_source(ImportSource("default.db", whole[:cut] + b"\xff" * 100))
