"""Any sequence of commands: undone to its beginning and done again, all is as it was."""

from __future__ import annotations

import errno
import json
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import NOON, open_store, put_deck, records, review
from flashcards.cli.main import run_command_line
from flashcards.core.events import Event, EventId
from flashcards.storage.files import FileChange
from flashcards.storage.store_paths import StorePaths
from flashcards.storage.undo import command_steps, former_texts
from flashcards.storage.undo.command_steps import append_imported
from programs import environment
from replay_oracle import read_all_events, replay_all_cards

DECKS = {
    "a": "deck: A\ncards:\n  - front: one\n    back: eins\n  - front: two\n    back: zwei\n",
    "b": "deck: B\ncards:\n  - front: three\n    back: drei\n",
}
COMMANDS = [
    ("study", "--new", "5"),
    ("suspend", "one", "three"),
    ("unsuspend", "one"),
    ("reset", "two"),
    ("add", "four", "vier", "--deck", "A"),
    ("add", "five", "funf", "--deck", "C"),
    ("edit", "two"),
    ("import", "more.csv"),
    ("config", "set", "new_per_day", "7"),
    ("config", "unset", "new_per_day"),
    ("config", "set", "type", "true", "--deck", "A"),
    ("move", "two", "B"),
    ("move", "deck:A", "C"),
    ("delete", "one"),
    ("delete", "text:e"),
    ("tag", "+x", "-y", "text:e"),
    ("set-due", "three", "+3"),
    ("rename", "A", "D"),
    ("undo",),
    ("redo",),
]


def ask(home: Path, *words: str) -> tuple[int, str]:
    """Return the exit code of a command, run in this very process, and what it says."""
    out = StringIO()
    with pytest.MonkeyPatch.context() as here, redirect_stdout(out), redirect_stderr(out):
        for name, value in environment(home, EDITOR=str(home / "editor.sh")).items():
            here.setenv(name, value)
        here.setattr("sys.stdin", StringIO("\n4\n\n2\nq\n"))
        here.chdir(home)
        return run_command_line(words), out.getvalue()


def files(home: Path) -> dict[str, bytes]:
    """Return the decks and the settings."""
    found = [*(home / "data/decks").glob("*.yaml"), *(home / "config").rglob("*.toml")]
    return {str(path.relative_to(home)): path.read_bytes() for path in found}


def states(home: Path) -> dict[str, object]:
    """Return the progress of every card, as the index has it; it is what a replay says."""
    code, out = ask(home, "cards", "--json")
    assert code in {0, 1}
    shown = {card["id"]: card for card in json.loads(out)}
    for card, progress in replay_all_cards(read_all_events(home / "data/journal")).items():
        if card in shown:
            assert shown[card]["suspended"] == progress.suspended
            assert shown[card]["due"] == (str(progress.due) if progress.due else None)
    return shown


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(COMMANDS), min_size=1, max_size=6))
def test_all_undone_and_done_again_is_as_it_was(commands: list[tuple[str, ...]]) -> None:
    """Undo to the beginning gives the first files and states; redo to the end gives the last."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "data/decks").mkdir(parents=True)
        for name, text in DECKS.items():
            (home / f"data/decks/{name}.yaml").write_text(text)
        (home / "more.csv").write_text("six,sechs\nseven,sieben\n")
        script = home / "editor.sh"
        script.write_text("#!/bin/sh\nfor name; do :; done\nsed -i 's/two/& more/' \"$name\"\n")
        script.chmod(0o755)
        ask(home, "due")
        beginning = files(home), states(home)
        for words in commands:
            assert "Traceback" not in ask(home, *words)[1]
        while ask(home, "redo")[0] == 0:
            pass
        end = files(home), states(home)
        undone = 0
        while ask(home, "undo")[0] == 0:
            undone += 1
        assert (files(home), states(home)) == beginning
        for _ in range(undone):
            assert ask(home, "redo")[0] == 0
        assert (files(home), states(home)) == end
        assert ask(home, "redo")[0] == 1


def _keep(paths: StorePaths, folder: Path, name: str, change: FileChange) -> None:
    with former_texts.open_pending(folder, EventId(name)) as pending:
        former_texts.save_changes(paths, pending, (), [change])
        former_texts.finish(pending)


def test_former_texts_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest steps go when they are many, or large; the last one stays."""
    paths = StorePaths(tmp_path, tmp_path / "config", tmp_path / "state", tmp_path / "cache")
    folder = former_texts.steps_folder(paths, "store")
    monkeypatch.setattr(former_texts, "MAX_STEPS", 3)
    for number in range(5):
        change = FileChange(tmp_path / "decks/a.yaml", b"old", b"new")
        _keep(paths, folder, f"step-{number}", change)
    assert sorted(path.name for path in folder.iterdir()) == ["step-2", "step-3", "step-4"]
    monkeypatch.setattr(former_texts, "MAX_BYTES", 1)
    _keep(paths, folder, "step-5", change)
    assert [path.name for path in folder.iterdir()] == ["step-5"]


def test_a_step_keeps_no_contents_of_the_files_that_it_changed(tmp_path: Path) -> None:
    """An import of many files needs the memory for the index; the disk has what an undo needs."""
    with open_store(tmp_path) as store, command_steps.open_step(store, "import", "a") as step:
        for name in "ab":
            file = store.paths.data_dir / f"decks/{name}.yaml"
            step.change_files([FileChange(file, None, DECKS[name].encode())])
        assert step.pending
        assert step.changes == former_texts.load_changes(step.pending)
        assert [saved.read_text(saved.after, former_texts.AFTER) for saved in step.changes] == [
            text.encode() for text in DECKS.values()
        ]


def test_a_file_that_fails_to_be_read_is_not_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept no longer is told; where the disk fails for now, nothing is taken back by halves."""
    paths = StorePaths(tmp_path, tmp_path / "config", tmp_path / "state", tmp_path / "cache")
    change = FileChange(tmp_path / "decks/a.yaml", b"old", b"new")
    _keep(paths, tmp_path, "step", change)
    step, names = former_texts.step_folder(tmp_path, EventId("step")), ["decks/a.yaml"]
    (tmp_path / "step").rename(step)
    (step / "0.before").unlink()
    assert [type(found) for found in former_texts.reversals(paths, step, names)] == [str]

    def fail(_: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(former_texts, "read_regular_file", fail)
    with pytest.raises(OSError, match="Input/output error"):
        list(former_texts.reversals(paths, step, names))


def test_batch_of_another_machine_names_no_file_of_this_one(tmp_path: Path) -> None:
    """An id from a journal that looks like a path leads nowhere outside."""
    assert former_texts.step_folder(tmp_path, EventId("../../x")).parent == tmp_path


def test_what_comes_from_elsewhere_has_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In writes of a bounded size, each event as it came."""
    monkeypatch.setattr(command_steps, "IMPORT_BATCH_SIZE", 2)
    put_deck(tmp_path)
    it = open_store(tmp_path)
    past = [review("dog", 4, NOON - timedelta(days=9 - n), ident=f"p{n}") for n in range(5)]
    writes: list[tuple[int, str]] = []
    writer = it._journal_for_writing()
    append = writer.append_events

    def noted(drafts: Sequence[Event], part: str = "") -> list[Event]:
        writes.append((len(drafts), part))
        return append(drafts, part)

    monkeypatch.setattr(writer, "append_events", noted)
    append_imported(it, iter(past))
    assert writes == [(2, "-imported"), (2, "-imported"), (1, "-imported")]
    assert [r.event for r in records(tmp_path, "-imported.jsonl")] == past
    it.close()
