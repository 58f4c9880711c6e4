"""Pictures in the three protocols, and their captions where there is none."""

from __future__ import annotations

import os
import re
import struct
import time
import zlib
from base64 import standard_b64decode
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.text import Text

from flashcards.terminal.device.capabilities import Capabilities
from flashcards.terminal.device.images import (
    ImageRenderer,
    image_protocol,
    image_size,
    visible_images,
)
from flashcards.terminal.markdown.card_text import render_markdown
from programs import Terminal


def png(across: int, down: int) -> bytes:
    """Return a red picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", across, down, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff\0\0" * across) * down)
    ends = chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + ends


@pytest.fixture
def red(tmp_path: Path) -> Path:
    path = tmp_path / "red.png"
    path.write_bytes(png(160, 64))
    return path


def shown(red: Path, protocol: str, *, tmux: bool = False) -> tuple[list[Text], str]:
    """Return a card's lines with a picture in them, and what draws it."""
    gallery = ImageRenderer(lambda source, _: red if source == "red.png" else None, protocol, in_tmux=tmux)
    lines = render_markdown("See ![a red one](red.png)", 40, Capabilities(image_drawer=gallery))
    return lines, gallery.draw_sequences(lines)


@pytest.mark.parametrize("protocol", ["kitty", "iterm2"])
def test_a_picture_has_its_room(red: Path, protocol: str) -> None:
    """Its caption, and below it as many rows as it takes: 160 by 64 pixels are 20 by 4 signs."""
    lines, _ = shown(red, protocol)
    assert [line.plain for line in lines] == ["See [image: a red one]", *[" " * 20] * 4]
    assert list(visible_images(lines)) == [(1, 0, "0")]


def test_kitty_gets_the_file_in_pieces(red: Path) -> None:
    """Whole, in base64, quiet, of the size of its room, where its room is."""
    _, sequence = shown(red, "kitty")
    assert sequence.startswith("\x1b[2;1H\x1b_Ga=T,f=100,i=1,C=1,c=20,r=4,q=2,m=")
    pieces = re.findall(r"\x1b_G[^;]*;([A-Za-z0-9+/=]*)\x1b\\", sequence)
    assert standard_b64decode("".join(pieces)) == red.read_bytes()


def test_iterm2_gets_the_file_at_once(red: Path) -> None:
    """With its size in signs, and the cursor left where it was."""
    _, sequence = shown(red, "iterm2")
    found = re.fullmatch(r"\x1b\[2;1H\x1b\]1337;File=([^:]*):([A-Za-z0-9+/=]*)\x07", sequence)
    assert found
    assert "width=20;height=4" in found[1]
    assert standard_b64decode(found[2]) == red.read_bytes()


def test_sixels_are_drawn(red: Path) -> None:
    """Red pixels of the right number, six rows to a band; needs Pillow."""
    pytest.importorskip("PIL")
    _, sequence = shown(red, "sixel")
    assert sequence.startswith('\x1b[2;1H\x1bP0;1q"1;1;160;64#0;2;')
    body = sequence[sequence.index(";64#") + 3 : -2]
    assert re.search(r"#\d+;2;100;0;0", body)
    assert body.count("-") == 10
    assert body.count("!160~") == 10


def test_tmux_hands_sequences_on(red: Path) -> None:
    """Each is wrapped, and its escapes doubled."""
    _, sequence = shown(red, "iterm2", tmux=True)
    assert sequence.startswith("\x1b[2;1H\x1bPtmux;\x1b\x1b]1337;")
    assert sequence.endswith("\x07\x1b\\")


def test_a_picture_that_is_half_on_the_screen_is_not_drawn(red: Path) -> None:
    """Its caption stands for it until it can be seen whole."""
    lines, _ = shown(red, "iterm2")
    assert not list(visible_images(lines[:-1]))
    assert not list(visible_images(lines[2:]))


def test_kitty_forgets_what_is_gone(red: Path) -> None:
    """A picture that stays is left alone; one that goes is taken off; after a pause all is new."""
    gallery = ImageRenderer(lambda *_: red, "kitty")
    lines = render_markdown("![](x.png)", 40, Capabilities(image_drawer=gallery))
    assert "a=T" in gallery.draw_sequences(lines)
    assert gallery.draw_sequences(lines) == ""
    gallery.invalidate()
    assert "a=T" in gallery.draw_sequences(lines)
    assert gallery.draw_sequences([Text("next")]) == "\x1b_Ga=d,d=A,q=2\x1b\\"


def test_a_large_picture_is_made_to_fit(tmp_path: Path) -> None:
    """Never wider than the text, never higher than nearly half of the screen, in its own shape."""
    path = tmp_path / "large.png"
    path.write_bytes(png(2000, 1000))
    gallery = ImageRenderer(lambda *_: path, "iterm2")
    room = gallery.image_box("x", "", 40)
    assert room
    assert (room.columns, room.rows) == (40, 10)


@pytest.mark.parametrize(
    "data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", png(0, 5), b"\xff\xd8\xff\xe0" + b"\0" * 9,
             png(1, 1)[:16] + struct.pack(">II", 100_000, 100_000)]
)  # fmt: skip
def test_what_is_no_picture_is_a_caption(tmp_path: Path, data: bytes) -> None:
    """A broken or absurd file is told by its caption only, and breaks nothing."""
    path = tmp_path / "x.png"
    path.write_bytes(data)
    gallery = ImageRenderer(lambda *_: path, "iterm2")
    lines = render_markdown("![x](x.png)", 40, Capabilities(image_drawer=gallery))
    assert [line.plain for line in lines] == ["[image: x]"]


def test_sizes_are_read_from_the_beginning_of_a_file() -> None:
    """PNG, GIF and JPEG tell their size within their first bytes."""
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x20\x00\x30\x03"
    assert image_size(png(7, 9)) == (7, 9)
    assert image_size(b"GIF89a\x05\x00\x06\x00") == (5, 6)
    assert image_size(jpeg) == (48, 32)


@pytest.mark.parametrize(
    ("environment", "protocol"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm2"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "iterm2"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "xterm-256color"}, "off"),
        ({"TERM": "dumb"}, "off"),
        ({}, "off"),
        ({"TERM": "tmux-256color", "TMUX": "x", "KITTY_WINDOW_ID": "1"}, "off"),
    ],
)
def test_a_terminal_is_known_by_its_names(environment: Mapping[str, str], protocol: str) -> None:
    """What a terminal says of itself decides; the setting overrules it."""
    assert image_protocol("auto", environment) == protocol
    assert image_protocol("sixel", environment) == "sixel"
    assert image_protocol("off", environment) == "off"


DECK = """deck: Dogs
cards:
  - id: dog
    front: "Which dog? ![a dog](media/dog.png)"
    back: "Rex. ![gone](media/gone.png)"
"""


def home_with_a_picture(tmp_path: Path) -> Path:
    for name in ("decks", "media", "bin"):
        (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data" / "decks" / "dogs.yaml").write_text(DECK)
    (tmp_path / "data" / "media" / "dog.png").write_bytes(png(160, 64))
    viewer = tmp_path / "data" / "bin" / "xdg-open"
    viewer.write_text(f'#!/bin/sh\nprintf "%s|" "$#" "$@" > {tmp_path}/opened\n')
    viewer.chmod(0o755)
    return tmp_path


def test_a_picture_is_on_the_screen_and_opens_elsewhere(tmp_path: Path) -> None:
    """Kitty shows it under its caption; o hands its path, and nothing else, to the viewer."""
    home = home_with_a_picture(tmp_path)
    path = f"{home}/data/bin:{os.environ['PATH']}"
    env = {"TERM": "xterm-kitty", "DISPLAY": ":0", "PATH": path}
    terminal = Terminal(home, ["study"], env=env)
    terminal.wait_for("[image: a dog]")
    assert b"\x1b_Ga=T,f=100,i=1,C=1,c=20,r=4" in terminal.raw
    terminal.type("o")
    terminal.wait_for("opened dog.png")
    end = time.monotonic() + 5
    while not (home / "opened").exists() and time.monotonic() < end:
        time.sleep(0.02)
    time.sleep(0.1)
    assert (home / "opened").read_text() == f"1|{(home / 'data' / 'media' / 'dog.png').resolve()}|"
    terminal.type("q")
    terminal.wait_for("left for today")
    terminal.type("q")
    assert terminal.end() == 0


def test_without_a_desktop_the_path_is_told(tmp_path: Path) -> None:
    """Over ssh o tells where the picture is; other terminals get no picture at all."""
    home = home_with_a_picture(tmp_path)
    terminal = Terminal(home, ["study"])
    terminal.wait_for("[image: a dog]")
    assert b"\x1b_G" not in terminal.raw
    terminal.type("o")
    terminal.wait_for("no image viewer found")
    terminal.type("q")
    terminal.wait_for("left for today")
    terminal.type("q")
    assert terminal.end() == 0


def test_a_terminal_that_says_so_gets_sixels(tmp_path: Path) -> None:
    """One of no known name is asked what it can draw; its answer is no key."""
    pytest.importorskip("PIL")
    terminal = Terminal(home_with_a_picture(tmp_path), ["study"])
    terminal.wait_for("[image: a dog]")
    assert b"\x1b[c" in terminal.raw
    for piece in ("\x1b[?62;", "4;22c"):
        terminal.type(piece)
        time.sleep(0.1)
    while b'\x1bP0;1q"1;1;160;64' not in terminal.raw:
        assert terminal._take(5)
    terminal.type("q")
    terminal.wait_for("left for today")
    terminal.type("q")
    assert terminal.end() == 0
