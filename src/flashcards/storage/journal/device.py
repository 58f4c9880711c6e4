"""This machine's name in the journal: kept outside the data, so that a copied folder is no twin."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from flashcards.storage.files import read_regular, write_file

MACHINE = Path("/etc/machine-id")
Entropy = Callable[[int], bytes]


class DeviceFile(msgspec.Struct):
    """What device.json says: the id, and of which machine and file it is true."""

    device: str
    machine: str = ""
    inode: int = 0


def device_id(path: Path, entropy: Entropy = os.urandom, machine: Path = MACHINE) -> str:
    """Return this machine's id, made on first use, and anew where the file is a copy of another's.

    A copied home folder would make two writers with one id; a copy has another inode, or lies on
    another machine, so it gets an id of its own and both histories are kept.
    """
    here = machine_id(machine)
    try:
        found = msgspec.json.decode(read_regular(path), type=DeviceFile)
        if (found.machine, found.inode) == (here, stamp_of(path)) and found.device:
            return found.device
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        pass
    return new_device(path, entropy, machine)


def new_device(path: Path, entropy: Entropy = os.urandom, machine: Path = MACHINE) -> str:
    """Give this machine a new id and return it."""
    device = entropy(5).hex()
    found = DeviceFile(device, machine_id(machine))
    write_file(path, msgspec.json.encode(found))
    found.inode = stamp_of(path)
    # Written in place: a replacement would have another inode. Torn, it is only made anew.
    with path.open("r+b") as file:
        file.write(msgspec.json.encode(found) + b"\n")
    return device


def stamp_of(path: Path) -> int:
    """Return what a copy of the file has otherwise: its inode."""
    return path.stat().st_ino


def machine_id(machine: Path = MACHINE) -> str:
    """Return what the system calls this machine; "" where it has no such file."""
    try:
        return machine.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
