"""Encode images as PNG or sixels with Pillow."""

import re
import warnings
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

MAX_COLOURS = 64
SIXEL_BAND_ROWS = 6
TRANSPARENT = 255  # the palette index of transparent pixels
SIXEL_CHARACTERS = bytes(min(126, 63 + bits) for bits in range(256))
REPEATED_CHARACTER = re.compile(r"(.)\1{3,}")


def to_png(data: bytes) -> bytes:
    """Convert any image to PNG. Raises ValueError if it cannot be read."""
    out = BytesIO()
    _open_image(data).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=8)
def to_sixels(data: bytes, max_width: int, max_height: int) -> str:
    """Return the sixel sequence of an image, at most that many pixels."""
    # Transparent parts keep the terminal's background. Raises ValueError if it cannot be read.
    image = _open_image(data).convert("RGBA")
    image.thumbnail((max_width, max_height))
    opacity = image.getchannel("A").point(lambda alpha: 255 if alpha > 127 else 0)
    quantized = image.convert("RGB").quantize(MAX_COLOURS)
    palette = quantized.getpalette() or []
    shades = [palette[i : i + 3] for i in range(0, len(palette), 3)]
    inks = "".join(
        f"#{i};2;{red * 100 // 255};{green * 100 // 255};{blue * 100 // 255}"
        for i, (red, green, blue) in enumerate(shades)
    )
    solid, width = opacity.tobytes(), quantized.width
    pixels = bytes(
        ink if alpha else TRANSPARENT for ink, alpha in zip(quantized.tobytes(), solid, strict=True)
    )
    rows = [pixels[i : i + width] for i in range(0, len(pixels), width)]
    bands = (_encode_band(rows[i : i + SIXEL_BAND_ROWS]) for i in range(0, len(rows), SIXEL_BAND_ROWS))
    return f'\x1bP0;1q"1;1;{width};{len(rows)}{inks}{"-".join(bands)}\x1b\\'


def _encode_band(rows: list[bytes]) -> str:
    """Encode six pixel rows, colour by colour; a character holds a bit per row."""
    lines = []
    for ink in sorted(set().union(*rows) - {TRANSPARENT}):
        bits = 0
        for i, row in enumerate(rows):
            table = bytes(ink) + bytes([1 << i]) + bytes(255 - ink)
            bits |= int.from_bytes(row.translate(table), "big")
        signs = bits.to_bytes(len(rows[0]), "big").translate(SIXEL_CHARACTERS).decode("ascii")
        lines.append(f"#{ink}" + REPEATED_CHARACTER.sub(lambda run: f"!{len(run[0])}{run[1]}", signs))
    return "$".join(lines)


def _open_image(data: bytes) -> Any:  # noqa: ANN401 (Pillow's own type, which need not be installed)

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(BytesIO(data))
            image.load()
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ) as error:
            raise ValueError(str(error)) from error
    return image
