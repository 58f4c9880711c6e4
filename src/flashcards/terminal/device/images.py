"""Pictures in terminals that can show them; everywhere else their captions stand for them."""

from __future__ import annotations

import math
import re
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from flashcards.terminal.device.capabilities import Room
from flashcards.terminal.text.width import width

SETTINGS = ("auto", "kitty", "iterm2", "sixel", "off")
"""What the setting `images` may be; the names are those of the three protocols."""
MOST_PIXELS = 40_000_000
PLACE = re.compile(r"picture:([0-9]+):0:([0-9]+)")
PICTURE = re.compile(r"!\[[^\]\n]*\]\(\s*(?:<([^<>\n]*)>|([^\s()]+))")
CHUNK = 4096
"""Bytes of base64 that one sequence of kitty's may carry."""
FORGET = "\x1b_Ga=d,d=A,q=2\x1b\\"
"""Takes all pictures off a kitty screen."""
SHARE = 0.45
"""Of the screen's rows, what one picture may take."""
Find = Callable[[str, str], Path | None]


def protocol_of(setting: str, environment: Mapping[str, str]) -> str:
    """Return the protocol to draw pictures with: kitty, iterm2 or sixel; "off" for captions only.

    `auto` believes what terminals say of themselves; inside a multiplexer it shows captions.
    """
    if setting != "auto":
        return setting
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if environment.get("TMUX") or environment.get("STY") or term.startswith(("screen", "tmux")):
        return "off"
    signs = (
        ("kitty", term in {"xterm-kitty", "xterm-ghostty"} or program == "ghostty"),
        ("iterm2", program in {"iTerm.app", "WezTerm", "mintty"}),
        ("iterm2", environment.get("LC_TERMINAL") == "iTerm2"),
        ("kitty", bool(environment.get("KITTY_WINDOW_ID") or environment.get("KONSOLE_VERSION"))),
        ("sixel", term.startswith(("foot", "mlterm", "contour"))),
    )
    return next((name for name, found in signs if found), "off")


@dataclass(frozen=True, slots=True)
class _Picture:
    path: Path
    room: Room


class Gallery:
    """The pictures of a session: where they are, how much room each takes, and how one is drawn."""

    def __init__(
        self,
        find: Find,
        protocol: str,
        *,
        tmux: bool = False,
        cell: tuple[int, int] = (8, 16),
    ) -> None:
        """Take where pictures are found, and the pixels of one sign, across and down."""
        self._find = find
        self._protocol = protocol
        self._tmux = tmux
        self._pictures: dict[str, _Picture] = {}
        self._names: dict[tuple[Path, int], str] = {}
        self._standing: list[tuple[int, int, str]] = []
        self._cell = cell
        self._rows = 24

    def fit(self, rows: int) -> None:
        """Take the rows of the screen; where they have changed, all is drawn anew."""
        if rows != self._rows:
            self._rows = rows
            self.forget()

    def room(self, source: str, home: str, columns: int) -> Room | None:
        """Return the place for a picture; None when it is not there or cannot be shown."""
        path = self._find(source, home)
        if path is None or (pixels := self._pixels(path)) is None:
            return None
        most = max(2, int(self._rows * SHARE))
        across, down = (math.ceil(p / c) for p, c in zip(pixels, self._cell, strict=True))
        scale = min(1, columns / across, most / down)
        name = self._names.setdefault((path, columns), str(len(self._names)))
        room = Room(name, max(1, round(across * scale)), max(1, round(down * scale)))
        self._pictures[name] = _Picture(path, room)
        return room

    def _pixels(self, path: Path) -> tuple[int, int] | None:
        try:
            with path.open("rb") as file:
                head = file.read(65_536)
        except OSError:
            return None
        found = pixels_of(head)
        if found is None or not 0 < found[0] * found[1] <= MOST_PIXELS:
            return None
        direct = self._protocol == "iterm2" or (self._protocol == "kitty" and is_png(head))
        return found if direct or pillow_is_here() else None

    def sequences(self, lines: list[Text]) -> str:
        """Return what draws the pictures of a page that are wholly on the screen.

        On kitty's screens pictures lie above the text: those that stay are left alone, and those
        that go must be taken off.
        """
        wanted = list(places(lines))
        kitty, standing = self._protocol == "kitty", self._standing
        self._standing = wanted
        if kitty and wanted == standing:
            return ""
        forget = self._through(FORGET) if kitty and standing else ""
        return forget + "".join(self._drawn(*place) for place in wanted)

    def forget(self) -> None:
        """Draw all anew on the next page: the screen was another's meanwhile."""
        self._standing = []

    def _drawn(self, row: int, column: int, name: str) -> str:
        picture = self._pictures.get(name)
        if picture is None:
            return ""
        try:
            drawing = ENCODERS[self._protocol](picture, int(name) + 1, self._cell)
        except (OSError, ValueError):
            return ""
        return f"\x1b[{row + 1};{column + 1}H{self._through(drawing)}"

    def _through(self, sequence: str) -> str:
        """Return a sequence wrapped so that tmux hands it on."""
        if not self._tmux or not sequence:
            return sequence
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def places(lines: list[Text]) -> Iterator[tuple[int, int, str]]:
    """Yield row, column and name of each picture that has all of its rows on the page."""
    for row, line in enumerate(lines):
        for span in line.spans:
            if found := PLACE.fullmatch(str(span.style)):
                name, rows = found[1], int(found[2])
                last = f"picture:{name}:{rows - 1}:{rows}"
                below = lines[row + rows - 1] if row + rows <= len(lines) else Text()
                if any(str(other.style) == last for other in below.spans):
                    yield row, width(line.plain[: span.start]), name


def is_png(head: bytes) -> bool:
    """Tell whether a file is a PNG, by its first bytes."""
    return head.startswith(b"\x89PNG\r\n\x1a\n")


def pixels_of(head: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG, from its beginning; None for another file."""
    if is_png(head) and head[12:16] == b"IHDR" and len(head) >= 24:
        return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
    if head[:6] in {b"GIF87a", b"GIF89a"} and len(head) >= 10:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    if head.startswith(b"\xff\xd8"):
        return _jpeg(head)
    return None


def _jpeg(head: bytes) -> tuple[int, int] | None:
    """Go from segment to segment until the one that tells the size."""
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        kind, size = head[at + 1], int.from_bytes(head[at + 2 : at + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            height, across = head[at + 5 : at + 7], head[at + 7 : at + 9]
            return int.from_bytes(across, "big"), int.from_bytes(height, "big")
        at += 2 + max(2, size)
    return None


def pillow_is_here() -> bool:
    """Tell whether Pillow is installed, without loading it."""
    from importlib.util import find_spec

    return find_spec("PIL") is not None


def _kitty(picture: _Picture, number: int, _: tuple[int, int]) -> str:
    """Send a PNG in pieces, to be shown where the cursor is (kitty's graphics protocol)."""
    data = picture.path.read_bytes()
    if not is_png(data):
        from flashcards.terminal.device.image_codecs import as_png

        data = as_png(data)
    coded = b2a_base64(data, newline=False).decode("ascii")
    pieces = [coded[i : i + CHUNK] for i in range(0, len(coded), CHUNK)]
    room, sent = picture.room, ""
    for i, piece in enumerate(pieces):
        more = f"q=2,m={int(i < len(pieces) - 1)}"
        head = f"a=T,f=100,i={number},C=1,c={room.columns},r={room.rows},{more}" if i == 0 else more
        sent += f"\x1b_G{head};{piece}\x1b\\"
    return sent


def _iterm2(picture: _Picture, _number: int, _cell: tuple[int, int]) -> str:
    """Send a file of any kind, inline (iTerm2's protocol)."""
    data = picture.path.read_bytes()
    size = f"width={picture.room.columns};height={picture.room.rows}"
    head = f"inline=1;size={len(data)};{size};preserveAspectRatio=1;doNotMoveCursor=1"
    return f"\x1b]1337;File={head}:{b2a_base64(data, newline=False).decode('ascii')}\x07"


def _sixel(picture: _Picture, _number: int, cell: tuple[int, int]) -> str:
    """Draw a picture in sixels, as a terminal of 1987 would."""
    from flashcards.terminal.device.image_codecs import as_sixels

    room = picture.room
    return as_sixels(picture.path.read_bytes(), room.columns * cell[0], room.rows * cell[1])


ENCODERS = {"kitty": _kitty, "iterm2": _iterm2, "sixel": _sixel}


def cell_of(terminal: int) -> tuple[int, int]:
    """Return the pixels of one sign, as the terminal tells them; 8 by 16 when it does not."""
    import fcntl
    import struct
    import termios

    try:
        answer = fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8))
        rows, columns, across, down = struct.unpack("HHHH", answer)
    except OSError:
        return 8, 16
    return (across // columns or 8, down // rows or 16) if rows and columns else (8, 16)


def may_ask(setting: str, environment: Mapping[str, str]) -> bool:
    """Tell whether a terminal of no known name should be asked for sixels, which need Pillow."""
    unknown = setting == "auto" and protocol_of(setting, environment) == "off"
    talks = environment.get("TERM") not in {None, "", "dumb", "linux"}
    return unknown and talks and pillow_is_here()


def gallery_of(
    find: Find, setting: str, environment: Mapping[str, str], terminal: int
) -> Gallery | None:
    """Return the pictures for this process's terminal; None where only captions can be shown."""
    protocol = protocol_of(setting, environment)
    if protocol == "off" or environment.get("TERM", "dumb") == "dumb":
        return None
    wrapped = bool(environment.get("TMUX")) and protocol != "sixel"  # tmux draws sixels itself
    return Gallery(find, protocol, tmux=wrapped, cell=cell_of(terminal))


def sources(markdown: str) -> list[str]:
    """Return what the pictures of a text are called, in their order."""
    return [found[1] or found[2] for found in PICTURE.finditer(markdown)]
