"""A sync over ssh, with a server of its own on this machine."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from factories import DECK
from flashcards.errors import FlashcardsError
from machines import Machine, bare, sync_all

SERVER = shutil.which("sshd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
PATH = "decks/french.yaml"
CONFIG = """
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/me.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start a server that knows one key, which git uses; return how its addresses begin."""
    if SERVER is None or shutil.which("ssh") is None:
        pytest.skip("no ssh server is installed here")
    for key in ("host", "me"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / key], check=True)
    (tmp_path / "config").write_text(CONFIG.format(folder=tmp_path))
    words = [SERVER, "-f", str(tmp_path / "config"), "-E", str(tmp_path / "log")]
    if subprocess.run([*words, "-t"], check=False).returncode:
        pytest.skip(f"the ssh server does not start here: {(tmp_path / 'log').read_text()}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("GIT_SSH_COMMAND", ssh_with(tmp_path / "me"))
    with subprocess.Popen([*words, "-D", "-p", str(port)]) as running:
        try:
            while running.poll() is None and not answers(port):
                time.sleep(0.05)
            if running.poll() is not None:
                pytest.skip(f"the ssh server does not start here: {(tmp_path / 'log').read_text()}")
            host = f"{getpass.getuser()}@127.0.0.1"
            words = [*ssh_with(tmp_path / "me").split(), "-p", str(port), host, "true"]
            if subprocess.run(words, check=False, capture_output=True).returncode:
                pytest.skip(f"nobody may log in here: {(tmp_path / 'log').read_text()}")
            yield f"ssh://{host}:{port}"
        finally:
            running.terminate()


def ssh_with(key: Path) -> str:
    """Return an ssh that knows this key, and none of the user's own settings."""
    known = f"-o UserKnownHostsFile={key.parent}/known -o StrictHostKeyChecking=accept-new"
    return f"ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes {known} -i {key}"


def answers(port: int) -> bool:
    """Tell whether something listens on a port."""
    with socket.socket() as asking:
        return not asking.connect_ex(("127.0.0.1", port))


def test_machines_share_a_library_over_ssh(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All goes both ways; a key that the server does not know is told of, and changes nothing."""
    address = server + str(bare(tmp_path))
    one, other = Machine(tmp_path / "one", address), Machine(tmp_path / "other", address)
    one.put({PATH: DECK.encode()})
    one.answer(3)
    sync_all([one, other])
    for machine, word in ((one, "hound"), (other, "doggy")):
        machine.answer(2)
        machine.put({PATH: DECK.replace("the dog", word).encode()})
    sync_all([one, other])
    assert one.files() == other.files()
    assert len(one.events()) == 7
    assert b"# sync: back was: " in one.decks()[PATH]
    monkeypatch.setenv("GIT_SSH_COMMAND", ssh_with(tmp_path / "host"))
    stranger = Machine(tmp_path / "one", address)
    stranger.answer()
    before = stranger.files()
    with pytest.raises(FlashcardsError, match=r"could not be reached.*The key was refused"):
        stranger.sync()
    assert stranger.files() == before
