"""Machines with real gits share one library: nothing is lost, and all end up with the same."""

from __future__ import annotations

import random
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deck_changes import Editor, words
from factories import DECK
from machines import Machine, bare, git, sync_all

PATH = "decks/french.yaml"


def pair(folder: Path, deck: str = DECK) -> tuple[Machine, Machine]:
    """Return two machines that have synced one deck."""
    remote = bare(folder)
    one, other = Machine(folder / "one", remote), Machine(folder / "other", remote)
    one.put({PATH: deck.encode()})
    sync_all([one, other])
    return one, other


def test_answers_and_cards_go_both_ways(tmp_path: Path) -> None:
    """Each side gets what the other did, and both are told how much that was."""
    one, other = pair(tmp_path)
    one.answer(3)
    other.answer(2)
    other.put({PATH: DECK.replace("the cat", "a cat").encode()})
    one.sync()
    result = other.sync()
    assert (result.sent.answers, result.sent.cards) == (2, 1)
    assert (result.got.answers, result.got.cards) == (3, 0)
    assert one.sync().got.answers == 2
    assert one.files() == other.files()
    assert len(one.events()) == 5
    assert one.sync() == other.sync()


def test_a_text_changed_on_both_sides_is_kept_twice_and_nobody_is_asked(tmp_path: Path) -> None:
    """The text of the later sync is in place, and no marker is in any file."""
    one, other = pair(tmp_path)
    one.put({PATH: DECK.replace("the dog", "hound").encode()})
    other.put({PATH: DECK.replace("the dog", "doggy").encode()})
    one.sync()
    result = other.sync()
    one.sync()
    assert [found.name for found in result.conflicts] == ["back"]
    assert one.decks() == other.decks()
    text = one.decks()[PATH].decode()
    assert re.search(r"# sync: back was: (hound|doggy)\n  - id: dog", text)
    assert "hound" in text
    assert "doggy" in text


def test_the_text_that_was_taken_down_later_is_the_one_in_place(tmp_path: Path) -> None:
    """Not the one of the last commit: the text's own age counts."""
    one, other = pair(tmp_path)
    edits = (
        (one, "1700000000", "hound"),
        (other, "1700000050", "doggy"),
        (one, "1700000100", "hound\n    tags: [a]"),
    )
    for machine, at, back in edits:
        machine.put({PATH: DECK.replace("the dog", back).encode()})
        git(machine.paths.data_dir, "add", "decks")
        env = {"GIT_COMMITTER_DATE": f"{at} +0000", "GIT_AUTHOR_DATE": f"{at} +0000"}
        machine.git.run("commit", "-q", "-m", "edit", more={**env, **PERSON})
    sync_all([one, other])
    assert b"# sync: back was: hound\n  - id: dog\n" in one.decks()[PATH]
    assert one.decks() == other.decks()


def test_machines_that_sync_at_the_same_moment_all_get_through(tmp_path: Path) -> None:
    """Whoever pushes second merges once more and tries again."""
    remote = bare(tmp_path)
    machines = [Machine(tmp_path / f"m{i}", remote) for i in range(4)]
    machines[0].put({PATH: DECK.encode()})
    sync_all(machines)
    for i, machine in enumerate(machines):
        machine.answer(2)
        machine.put({PATH: DECK.replace("the dog", f"w{i}x").encode()})
    with ThreadPoolExecutor() as pool:
        list(pool.map(Machine.sync, machines))
    sync_all(machines)
    assert len({str(machine.files()) for machine in machines}) == 1
    assert len(machines[0].events()) == 8
    assert words(machines[0].decks()) == {"w0x", "w1x", "w2x", "w3x"}


def test_a_journal_that_lost_lines_gets_them_back(tmp_path: Path) -> None:
    """What was sent once is never taken out, here or there: not by a shrunk or a missing file."""
    one, other = pair(tmp_path)
    one.answer(4)
    sync_all([one, other])
    (path,) = one.paths.journal_dir.iterdir()
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    sync_all([one, other])
    assert len(one.events()) == len(other.events()) == 4
    path.unlink()
    sync_all([one, other])
    assert one.files() == other.files()
    assert len(one.events()) == 4


def test_media_of_one_name_and_two_contents_are_both_kept(tmp_path: Path) -> None:
    """The same on both machines; what one side deleted is gone on both."""
    one, other = pair(tmp_path)
    for machine, data in ((one, b"1"), (other, b"2")):
        machine.paths.media_dir.mkdir()
        (machine.paths.media_dir / "a.png").write_bytes(data)
    sync_all([one, other])
    assert one.files() == other.files()
    found = {path.name: path.read_bytes() for path in one.paths.media_dir.iterdir()}
    assert sorted(found.values()) == [b"1", b"2"]
    (one.paths.media_dir / "a.png").unlink()
    sync_all([one, other])
    assert len(list(other.paths.media_dir.iterdir())) == 1


PERSON = {f"GIT_{role}_{what}": "person" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def play(folder: Path, seed: int) -> None:
    """Let two to five machines answer, edit and sync at random; check that all is everywhere."""
    chance, editor = random.Random(seed), Editor(seed)
    remote = bare(folder)
    machines = [Machine(folder / f"m{i}", remote) for i in range(chance.choice([2, 2, 2, 3, 5]))]
    machines[0].put(editor.library())
    machines[0].sync()
    for machine in machines[1:]:
        machine.sync()
    written, taken_out, events = words(machines[0].decks()), set[str](), set[str]()
    for _ in range(chance.randint(2, 6)):
        machine = chance.choice(machines)
        machine.answer(chance.randint(0, 2))
        before = machine.decks()
        machine.put(editor.change(before))
        written |= words(machine.decks())
        taken_out |= words(before) - words(machine.decks())
        events |= machine.events()
        if chance.random() < 0.4:
            machine.sync()
    sync_all(machines)
    for machine in machines:
        assert machine.files() == machines[0].files(), seed
        assert machine.events() == events
        assert not git(machine.paths.data_dir, "status", "--short", "decks", "journal")
    assert written - taken_out <= words(machines[0].decks()), seed
    assert not re.search(rb"^(<<<<<<<|=======|>>>>>>>)", b"\n".join(machines[0].decks().values()))


@pytest.mark.parametrize("seed", range(12))
def test_random_histories_end_alike_and_whole(tmp_path: Path, seed: int) -> None:
    """No answer and no text is lost, no marker is anywhere, and all machines have the same."""
    play(tmp_path, seed)


def sync_in_two_orders(folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Let two machines change things, and sync copies of them in either order."""
    chance, editor = random.Random(seed), Editor(seed)
    (folder / "0").mkdir(parents=True)
    remote = bare(folder / "0")
    machines, dates = [], chance.choice([(1, 2), (2, 1), (1, 1)])
    for name, date in zip(("one", "other"), dates, strict=True):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{1_700_000_000 + date} +0000")
        machines.append(Machine(folder / "0" / name, remote))
    machines[0].put(editor.library())
    sync_all(machines)
    for machine in machines:
        machine.answer(chance.randint(0, 2))
        for _ in range(chance.randint(0, 4)):
            machine.put(editor.change(machine.decks()))
    shutil.copytree(folder / "0", folder / "1")
    found = []
    for order in (0, 1):
        pair = []
        for name, date in zip(("one", "other"), dates, strict=True):
            monkeypatch.setenv("GIT_COMMITTER_DATE", f"{1_700_000_000 + date} +0000")
            pair.append(Machine(folder / str(order) / name, folder / str(order) / "remote.git"))
        sync_all(pair[:: 1 - 2 * order])
        found += [machine.files() for machine in pair]
    assert all(files == found[0] for files in found), seed


@pytest.mark.parametrize("seed", range(3))
def test_whoever_syncs_first_all_have_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Byte for byte, on both machines and after both orders."""
    sync_in_two_orders(tmp_path, monkeypatch, seed)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_whoever_syncs_first_all_have_the_same_many_times_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The long form of the same."""
    for seed in range(3, 203):
        sync_in_two_orders(tmp_path / str(seed), monkeypatch, seed)


@pytest.mark.full
@pytest.mark.parametrize("start", range(0, 10_000, 200))
@pytest.mark.timeout(3600)
def test_many_random_histories_end_alike_and_whole(tmp_path: Path, start: int) -> None:
    """The long form of the same."""
    for seed in range(start, start + 200):
        (tmp_path / str(seed)).mkdir()
        play(tmp_path / str(seed), seed)
