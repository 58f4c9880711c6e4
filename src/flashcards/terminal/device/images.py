"""Draw images by the kitty, iTerm2 and sixel protocols."""

import fcntl
import math
import re
import struct
import termios
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from rich.text import Text

from flashcards.terminal.text.styled_line import FrameLine
from flashcards.terminal.text.width import display_width

MAX_PIXELS = 40_000_000
IMAGE_STYLE = r"picture:([0-9]+):0:([0-9]+)"
MARKDOWN_IMAGE = r"!\[[^\]\n]*\]\(\s*(?:<([^<>\n]*)>|([^\s()]+))"
KITTY_CHUNK_SIZE = 4096  # bytes of base64 that kitty accepts in one sequence
KITTY_DELETE_ALL = "\x1b_Ga=d,d=A,q=2\x1b\\"
MAX_SCREEN_SHARE = 0.45  # share of the screen's rows that one image may take
FindImage = Callable[[str, str], Path | None]


def image_protocol(setting: str, environment: Mapping[str, str]) -> str:
    """Return the image protocol: kitty, iterm2, sixel or off.

    `auto` goes by the environment; inside a multiplexer it is off.
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
        # Late, because other terminals inherit these variables when started from kitty or Konsole.
        ("kitty", bool(environment.get("KITTY_WINDOW_ID") or environment.get("KONSOLE_VERSION"))),
        ("sixel", term.startswith(("foot", "mlterm", "contour"))),
    )
    return next((name for name, matches in signs if matches), "off")


class ImageBox(NamedTuple):
    """An image's size in characters, its file, and its name on screen: a number."""

    name: str
    columns: int
    rows: int
    path: Path


class ImageRenderer:
    """Finds, sizes and draws the images of a session."""

    def __init__(
        self, find: FindImage, protocol: str, *, in_tmux: bool = False, cell_size: tuple[int, int] = (8, 16)
    ) -> None:
        self._find_image = find
        self._protocol = protocol
        self._in_tmux = in_tmux
        self._images: dict[str, ImageBox] = {}
        self._image_names: dict[tuple[Path, int], str] = {}
        self._drawn_images: list[tuple[int, int, str]] = []
        self._cell_size = cell_size
        self._screen_rows = 24

    def set_screen_rows(self, rows: int) -> None:
        """Set the screen's height; a change redraws all images."""
        if rows != self._screen_rows:
            self._screen_rows = rows
            self.invalidate()

    def image_box(self, source: str, deck_path: str, columns: int) -> ImageBox | None:
        """Return an image's box, or None if it cannot be shown."""
        path = self._find_image(source, deck_path)
        if path is None or (pixel_size := self._drawable_size(path)) is None:
            return None
        max_rows = max(2, int(self._screen_rows * MAX_SCREEN_SHARE))
        natural_columns, natural_rows = (
            math.ceil(p / c) for p, c in zip(pixel_size, self._cell_size, strict=True)
        )
        scale = min(1, columns / natural_columns, max_rows / natural_rows)
        name = self._image_names.setdefault((path, columns), str(len(self._image_names)))
        box_columns, box_rows = max(1, round(natural_columns * scale)), max(1, round(natural_rows * scale))
        self._images[name] = ImageBox(name, box_columns, box_rows, path)
        return self._images[name]

    def _drawable_size(self, path: Path) -> tuple[int, int] | None:
        try:
            with path.open("rb") as file:
                header = file.read(65_536)
        except OSError:
            return None
        size = image_size(header)
        if size is None or not 0 < size[0] * size[1] <= MAX_PIXELS:
            return None
        is_native = self._protocol == "iterm2" or (self._protocol == "kitty" and is_png(header))
        return size if is_native or has_pillow() else None

    def draw_sequences(self, lines: Sequence[FrameLine]) -> str:
        """Return what draws the images wholly on the screen."""
        # Kitty keeps images above the text: unchanged ones are left alone, others must be deleted.
        images = list(visible_images([line for line in lines if isinstance(line, Text)]))
        kitty, drawn = self._protocol == "kitty", self._drawn_images
        self._drawn_images = images
        if kitty and images == drawn:
            return ""
        delete_sequence = self._wrap_for_tmux(KITTY_DELETE_ALL) if kitty and drawn else ""
        return delete_sequence + "".join(self._draw_sequence(*place) for place in images)

    def invalidate(self) -> None:
        """Draw all images again with the next frame."""
        self._drawn_images = []

    def _draw_sequence(self, row: int, column: int, name: str) -> str:
        image = self._images.get(name)
        if image is None:
            return ""
        try:
            drawing = SEQUENCE_ENCODERS[self._protocol](image, self._cell_size)
        except (OSError, ValueError):
            return ""
        return f"\x1b[{row + 1};{column + 1}H{self._wrap_for_tmux(drawing)}"

    def _wrap_for_tmux(self, sequence: str) -> str:
        if not self._in_tmux or not sequence:
            return sequence
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def visible_images(lines: list[Text]) -> Iterator[tuple[int, int, str]]:
    """Yield row, column and name of each wholly visible image."""
    for row, line in enumerate(lines):
        for span in line.spans:
            if match := re.fullmatch(IMAGE_STYLE, str(span.style)):
                name, rows = match[1], int(match[2])
                last = f"picture:{name}:{rows - 1}:{rows}"
                last_row = lines[row + rows - 1] if row + rows <= len(lines) else Text()
                if any(str(other.style) == last for other in last_row.spans):
                    yield row, display_width(line.plain[: span.start]), name


def is_png(header: bytes) -> bool:
    """Tell whether a file header is that of a PNG."""
    return header.startswith(b"\x89PNG\r\n\x1a\n")


def image_size(header: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG, else None."""
    if is_png(header) and header[12:16] == b"IHDR" and len(header) >= 24:
        return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")
    if header[:6] in {b"GIF87a", b"GIF89a"} and len(header) >= 10:
        return int.from_bytes(header[6:8], "little"), int.from_bytes(header[8:10], "little")
    if header.startswith(b"\xff\xd8"):
        return _jpeg_size(header)
    return None


def _jpeg_size(header: bytes) -> tuple[int, int] | None:
    offset = 2
    while offset + 9 <= len(header) and header[offset] == 0xFF:
        marker, size = header[offset + 1], int.from_bytes(header[offset + 2 : offset + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, across = header[offset + 5 : offset + 7], header[offset + 7 : offset + 9]
            return int.from_bytes(across, "big"), int.from_bytes(height, "big")
        offset += 2 + max(2, size)
    return None


def has_pillow() -> bool:
    """Tell whether Pillow is installed, without loading it."""
    return find_spec("PIL") is not None


def _kitty_sequence(image: ImageBox, _: tuple[int, int]) -> str:
    """Send a PNG in chunks (kitty's graphics protocol)."""
    data = image.path.read_bytes()
    if not is_png(data):
        from flashcards.terminal.device.image_codecs import to_png

        data = to_png(data)
    encoded = b2a_base64(data, newline=False).decode("ascii")
    pieces = [encoded[i : i + KITTY_CHUNK_SIZE] for i in range(0, len(encoded), KITTY_CHUNK_SIZE)]
    sent = ""
    for i, piece in enumerate(pieces):
        more = f"q=2,m={int(i < len(pieces) - 1)}"
        place = f"i={int(image.name) + 1},C=1,c={image.columns},r={image.rows}"
        control = f"a=T,f=100,{place},{more}" if i == 0 else more
        sent += f"\x1b_G{control};{piece}\x1b\\"
    return sent


def _iterm2_sequence(image: ImageBox, _: tuple[int, int]) -> str:
    """Send a file of any kind inline (iTerm2's protocol)."""
    data = image.path.read_bytes()
    size = f"width={image.columns};height={image.rows}"
    header = f"inline=1;size={len(data)};{size};preserveAspectRatio=1;doNotMoveCursor=1"
    return f"\x1b]1337;File={header}:{b2a_base64(data, newline=False).decode('ascii')}\x07"


def _sixel_sequence(image: ImageBox, cell_size: tuple[int, int]) -> str:
    from flashcards.terminal.device.image_codecs import to_sixels

    width, height = image.columns * cell_size[0], image.rows * cell_size[1]
    return to_sixels(image.path.read_bytes(), width, height)


SEQUENCE_ENCODERS = {"kitty": _kitty_sequence, "iterm2": _iterm2_sequence, "sixel": _sixel_sequence}


def cell_pixels(terminal_fd: int) -> tuple[int, int]:
    """Return a character's size in pixels; 8 by 16 if unknown."""
    try:
        answer = fcntl.ioctl(terminal_fd, termios.TIOCGWINSZ, bytes(8))
        rows, columns, across, down = struct.unpack("HHHH", answer)
    except OSError:
        return 8, 16
    return (across // columns or 8, down // rows or 16) if rows and columns else (8, 16)


def should_query_sixels(setting: str, environment: Mapping[str, str]) -> bool:
    """Tell whether to ask an unknown terminal for sixel support."""
    unknown = setting == "auto" and image_protocol(setting, environment) == "off"
    can_reply = environment.get("TERM") not in {None, "", "dumb", "linux"}
    return unknown and can_reply and has_pillow()


def make_image_renderer(
    find: FindImage, setting: str, environment: Mapping[str, str], terminal_fd: int
) -> ImageRenderer | None:
    """Return this terminal's image renderer; None for captions only."""
    protocol = image_protocol(setting, environment)
    if protocol == "off" or environment.get("TERM", "dumb") == "dumb":
        return None
    in_tmux = bool(environment.get("TMUX")) and protocol != "sixel"  # tmux draws sixels itself
    return ImageRenderer(find, protocol, in_tmux=in_tmux, cell_size=cell_pixels(terminal_fd))


def image_sources(markdown: str) -> list[str]:
    """Return the sources of a text's images, in order."""
    return [match[1] or match[2] for match in re.finditer(MARKDOWN_IMAGE, markdown)]
