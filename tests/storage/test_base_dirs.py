"""Where things lie: as platformdirs says, though it is not asked where the answer is plain."""

from __future__ import annotations

import os
import sys

import pytest
from platformdirs import PlatformDirs

from flashcards.storage.base_dirs import find_base_dirs

NAMES = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")


@pytest.mark.parametrize("said", ["", "/x", "/x/", "relative", " ", "~/x"])
@pytest.mark.parametrize("home", ["/home/me", "/home/me/", "/", "odd"])
def test_the_folders_are_those_of_the_system(monkeypatch: pytest.MonkeyPatch, said: str, home: str) -> None:
    """Whatever the environment says, the two ways agree."""
    monkeypatch.setenv("HOME", home)
    for name in NAMES:
        monkeypatch.setenv(name, said)
    system = PlatformDirs("flashcards", appauthor=False)
    expected = (system.user_config_dir, system.user_state_dir, system.user_cache_dir)
    data, *others = find_base_dirs(None)
    assert tuple(others) == expected
    assert data == os.path.abspath(system.user_data_dir)  # noqa: PTH100 (as the code does)


def test_the_chosen_folder_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The option, then the variable, then the system."""
    monkeypatch.setenv("FLASHCARDS_DATA_DIR", "/chosen")
    assert find_base_dirs(None)[0] == "/chosen"
    assert find_base_dirs("/other")[0] == "/other"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked")
def test_platformdirs_is_not_loaded_where_the_answer_is_plain() -> None:
    """The quick answer of `due` saves what it would cost."""
    import subprocess

    code = "import sys; from flashcards.storage.base_dirs import find_base_dirs; find_base_dirs(None); "
    code += "print('platformdirs' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
