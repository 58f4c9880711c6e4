"""Much at once: what is put aside comes back, and the collector of garbage is as it was."""

from __future__ import annotations

import gc
from contextlib import suppress

import pytest

from flashcards.storage.index.build.bulk_load import MIN_BULK_BYTES, gc_paused, is_bulk


@pytest.mark.parametrize("before", [True, False], ids=["on", "off"])
def test_garbage_is_collected_again_only_if_it_was(*, before: bool) -> None:
    """Whoever had put it off finds it off, also after a fault."""
    (gc.enable if before else gc.disable)()
    try:
        with suppress(ZeroDivisionError), gc_paused():
            assert not gc.isenabled()
            raise ZeroDivisionError
        assert gc.isenabled() == before
    finally:
        gc.enable()


def test_what_is_much_goes_by_what_is_there() -> None:
    """From a megabyte, when more than a quarter of it all is new."""
    assert is_bulk(MIN_BULK_BYTES + 1, 4 * MIN_BULK_BYTES + 3)
    assert not is_bulk(MIN_BULK_BYTES + 1, 4 * MIN_BULK_BYTES + 4)
    assert not is_bulk(MIN_BULK_BYTES, 0)
