"""Pictures that a terminal does not take as they are, made over with Pillow, if it is there."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from io import BytesIO
from typing import Any

COLOURS = 64
BAND = 6
"""Rows of pixels that one row of sixels draws."""
CLEAR = 255
"""The ink of what is transparent."""
SIGNS = bytes(min(126, 63 + bits) for bits in range(256))
RUN = re.compile(r"(.)\1{3,}")


def as_png(data: bytes) -> bytes:
    """Return any picture as a PNG. Raises ValueError when it is none."""
    out = BytesIO()
    _opened(data).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=8)
def as_sixels(data: bytes, across: int, down: int) -> str:
    """Return a picture as the sequence that draws it in so many pixels at most. Raises ValueError.

    Transparent parts keep the terminal's background.
    """
    picture = _opened(data).convert("RGBA")
    picture.thumbnail((across, down))
    seen = picture.getchannel("A").point(lambda alpha: 255 if alpha > 127 else 0)
    drawn = picture.convert("RGB").quantize(COLOURS)
    palette = drawn.getpalette() or []
    shades = [palette[i : i + 3] for i in range(0, len(palette), 3)]
    inks = "".join(
        f"#{i};2;{red * 100 // 255};{green * 100 // 255};{blue * 100 // 255}"
        for i, (red, green, blue) in enumerate(shades)
    )
    solid, wide = seen.tobytes(), drawn.width
    pixels = bytes(
        ink if alpha else CLEAR for ink, alpha in zip(drawn.tobytes(), solid, strict=True)
    )
    rows = [pixels[i : i + wide] for i in range(0, len(pixels), wide)]
    bands = (_band(rows[i : i + BAND]) for i in range(0, len(rows), BAND))
    return f'\x1bP0;1q"1;1;{wide};{len(rows)}{inks}{"-".join(bands)}\x1b\\'


def _band(rows: list[bytes]) -> str:
    """Return six rows of pixels, one colour after the other: a sign has a bit for each row."""
    lines = []
    for ink in sorted(set().union(*rows) - {CLEAR}):
        bits = 0
        for i, row in enumerate(rows):
            table = bytes(ink) + bytes([1 << i]) + bytes(255 - ink)
            bits |= int.from_bytes(row.translate(table), "big")
        signs = bits.to_bytes(len(rows[0]), "big").translate(SIGNS).decode("ascii")
        lines.append(f"#{ink}" + RUN.sub(lambda run: f"!{len(run[0])}{run[1]}", signs))
    return "$".join(lines)


def _opened(data: bytes) -> Any:  # noqa: ANN401 (Pillow's own type, which need not be installed)
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(BytesIO(data))
            picture.load()
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ) as error:
            raise ValueError(str(error)) from error
    return picture
