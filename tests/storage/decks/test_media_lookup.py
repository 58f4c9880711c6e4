"""A picture is a file of the library, and no other file of the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flashcards.storage.decks.media_lookup import MAX_IMAGE_BYTES, find_image_file

HOME = "decks/french.yaml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A library with a picture in the media folder, one beside a deck, and a secret elsewhere."""
    for name in ("data/media/dog.png", "data/media/a b.jpg", "data/decks/cat.png", "secret.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
    (tmp_path / "data" / "format.json").write_text("{}")
    (tmp_path / "data" / "decks" / "french.yaml").write_text("deck: x")
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("media/dog.png", "media/dog.png"),
        ("dog.png", "media/dog.png"),
        ("cat.png", "decks/cat.png"),
        ("media/a%20b.jpg", "media/a b.jpg"),
        ("./cat.png", "decks/cat.png"),
    ],
)
def test_pictures_of_the_library_are_found(data: Path, source: str, found: str) -> None:
    """In the media folder, or beside the deck that names them."""
    assert find_image_file(data, source, HOME) == (data / found).resolve()


@pytest.mark.parametrize(
    "source",
    [
        "../secret.png", "media/../../secret.png", "%2e%2e/secret.png", "/etc/passwd",
        "file:///etc/passwd", "http://example.org/x.png", "data:image/png;base64,AAAA",
        "javascript:alert(1)", "french.yaml", "../format.json", "media", ".", "", "media/",
        "nothing.png", "dog.png\x00", "dog.png\n", "x" * 5000 + ".png", "-flag.png",
    ],
)  # fmt: skip
def test_nothing_else_is(data: Path, source: str) -> None:
    """No way out of the two folders, no address, no file of another kind."""
    assert find_image_file(data, source, HOME) is None


def test_links_and_pipes_lead_nowhere(data: Path) -> None:
    """A link out of the library, a pipe and a file far too large are no pictures."""
    (data / "media" / "link.png").symlink_to(data.parent / "secret.png")
    os.mkfifo(data / "media" / "pipe.png")
    with (data / "media" / "huge.png").open("wb") as file:
        file.truncate(MAX_IMAGE_BYTES + 1)
    for name in ("link.png", "pipe.png", "huge.png"):
        assert find_image_file(data, name, HOME) is None
