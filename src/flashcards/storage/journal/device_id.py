"""The id under which this device writes to the journal."""

import os
from pathlib import Path

import msgspec

from flashcards.storage.files import read_regular_file, write_file_atomically

MACHINE_ID_FILE = Path("/etc/machine-id")
SHARED_DEVICE_ID_NOTICE = (
    "Another machine used this one's device id (for example after copying a home folder). "
    "This machine now has a new id ({device}); both histories are kept."
)


class DeviceFile(msgspec.Struct):
    """The content of device.json: the id, and the machine and inode it is valid for."""

    device: str
    machine: str = ""
    inode: int = 0


def load_device_id(path: Path, machine: Path = MACHINE_ID_FILE) -> str:
    """Return this machine's id, created on first use or if copied.

    A copied home folder would make two writers with one id: the copy has another inode or machine id,
    and gets a new device id.
    """
    try:
        device = msgspec.json.decode(read_regular_file(path), type=DeviceFile)
        is_original = (device.machine, device.inode) == (read_machine_id(machine), path.stat().st_ino)
        if is_original and device.device:
            return device.device
    except (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError):
        pass
    return create_device_id(path, machine)


def create_device_id(path: Path, machine: Path = MACHINE_ID_FILE) -> str:
    """Give this machine a new id and return it."""
    device_id = os.urandom(5).hex()
    device = DeviceFile(device_id, read_machine_id(machine))
    write_file_atomically(path, msgspec.json.encode(device))
    device.inode = path.stat().st_ino
    # Written in place, because a replacement has another inode. If torn, a new id is made.
    with path.open("r+b") as file:
        file.write(msgspec.json.encode(device) + b"\n")
    return device_id


def read_machine_id(machine: Path) -> str:
    """Return the system's machine id; "" if it has none."""
    try:
        return machine.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
