"""A picture is a file of the library, and no other file of the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flashcards.storage.decks.media_lookup import MAX_IMAGE_BYTES, find_image_file, find_sound_file

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


def id3(body: bytes, flags: int = 0) -> bytes:
    """Return a tag as MP3 files begin with."""
    return b"ID3\x04\0" + bytes([flags, 0, 0, len(body) >> 7, len(body) & 127]) + body


@pytest.mark.parametrize(
    ("name", "head", "is_sound"),
    [
        ("a.mp3", b"\xff\xfb\x90\0", True),
        ("a.mp3", id3(b"x" * 300) + b"\xff\xfb\x90\0", True),
        ("a.mp3", id3(b"x" * 300, 0x10) + b"f" * 10 + id3(b"y") + b"\0\0\xff\xfb\x90\0", True),
        ("a.ogg", b"OggS\0", True),
        ("a.WAV", b"RIFF\x01\x02\x03\x04WAVEfmt ", True),
        ("a.m4a", b"\0\0\0\x20ftypM4A ", True),
        ("a.flac", b"fLaC\0", True),
        ("a.mp3", b"#EXTM3U\nhttp://example.org/x\n", False),
        ("a.mp3", id3(b"x" * 300) + b"#EXTM3U\nhttp://example.org/x\n", False),
        ("a.mp3", id3(b"") * 9 + b"\xff\xfb", False),
        ("a.wav", b"\xff\xfe#\0E\0X\0T\0M\x003\0U\0", False),
        ("a.mp3", b"[playlist]\nFile1=/etc/passwd\n", False),
        ("a.wav", b"RIFF\x01\x02\x03\x04AVI ", False),
        ("a.ogg", b"ID3", False),
        ("a.ogg", b"", False),
        ("a.m3u", b"OggS\0", False),
    ],
)
def test_a_sound_begins_as_one(data: Path, name: str, head: bytes, *, is_sound: bool) -> None:
    """By its name and its first bytes, behind any tags: a list of what to play never is one."""
    (data / "media" / name).write_bytes(head)
    found = find_sound_file(data, f"media/{name}", HOME)
    assert found == ((data / "media" / name).resolve() if is_sound else None)


def test_sounds_from_elsewhere_are_not_found(data: Path) -> None:
    """A way out of the library, an address, and a pipe lead to no sound."""
    (data.parent / "secret.mp3").write_bytes(b"OggS\0")
    (data / "media" / "link.mp3").symlink_to(data.parent / "secret.mp3")
    os.mkfifo(data / "media" / "pipe.mp3")
    for source in ("../secret.mp3", "link.mp3", "pipe.mp3", "file:///etc/x.mp3", "-x.mp3"):
        assert find_sound_file(data, source, HOME) is None
