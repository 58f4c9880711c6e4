"""For the sweeps: one home that has been used, and is as its index believes."""

from __future__ import annotations

import time

import pytest

from faults.calls import SETTLED, Home, contents
from programs import run


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with one answer, today's backup, and an index that trusts all of it."""
    home = tmp_path_factory.mktemp("studied")
    run(home, "study", text="\n4\nq\n")
    time.sleep(SETTLED)
    run(home, "due")
    return Home(home, contents(home))
