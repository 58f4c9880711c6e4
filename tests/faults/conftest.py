"""For the sweeps: one home that has been used, and is as its index believes."""

from __future__ import annotations

import pytest

from faults.calls import Home, sound_homes
from programs import run


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with one answer, today's backup, and an index that trusts all of it."""
    home = tmp_path_factory.mktemp("studied")
    run(home, "study", text="\n4\nq\n")
    return sound_homes(home)[0]
