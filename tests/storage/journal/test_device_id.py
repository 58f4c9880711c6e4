"""The device's id: made once, and anew where its file is a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

from flashcards.storage.journal import device_id
from flashcards.storage.journal.device_id import load_device_id


def test_the_id_stays(tmp_path: Path) -> None:
    """The same file on the same machine gives the same id every time."""
    path = tmp_path / "state" / "device.json"
    assert load_device_id(path) == load_device_id(path)


def test_a_copied_file_is_no_twin(tmp_path: Path) -> None:
    """A copy of the file has another inode, so the copy's owner is another device."""
    path = tmp_path / "device.json"
    first = load_device_id(path)
    copy = tmp_path / "copy.json"
    shutil.copy(path, copy)
    assert load_device_id(copy) != first
    assert load_device_id(path) == first


def test_another_machine_is_another_device(tmp_path: Path) -> None:
    """With another machine id the file is not believed."""
    machine = tmp_path / "machine-id"
    machine.write_text("one\n")
    path = tmp_path / "device.json"
    first = load_device_id(path, machine=machine)
    machine.write_text("two\n")
    assert load_device_id(path, machine=machine) != first


def test_a_torn_file_is_made_anew(tmp_path: Path) -> None:
    """Half a file costs nothing but the old id."""
    path = tmp_path / "device.json"
    first = load_device_id(path)
    path.write_bytes(path.read_bytes()[:9])
    assert load_device_id(path) != first


def test_a_machine_without_a_name_has_none(tmp_path: Path) -> None:
    """No such file, or nonsense in it: the empty name."""
    assert device_id.read_machine_id(tmp_path / "no") == ""
    (tmp_path / "odd").write_bytes(b"\xff\xfe")
    assert device_id.read_machine_id(tmp_path / "odd") == ""
