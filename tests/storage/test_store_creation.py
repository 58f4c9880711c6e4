"""The store of a data folder is opened, or made."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import open_store, paths_in, put_deck
from flashcards.errors import StoreError


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format":1}', '{"format":"x","store":"y"}'])
def test_a_damaged_format_file_is_told(tmp_path: Path, content: str) -> None:
    """With what to do; and history is not touched."""
    put_deck(tmp_path)
    open_store(tmp_path).close()
    paths_in(tmp_path).format_file.write_text(content)
    with pytest.raises(StoreError, match=r'this file is damaged .expected ."format": NUMBER'):
        open_store(tmp_path)
