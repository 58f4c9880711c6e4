"""Read Protocol Buffers messages, field by field."""

from collections.abc import Iterator

VARINT_FIELD, FIXED64_FIELD, BYTES_FIELD, FIXED32_FIELD = 0, 1, 2, 5


def read_fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield (number, value) of each field. Raises ValueError if the message is truncated."""
    place = 0
    while place < len(message):
        key, place = _read_varint(message, place)
        number, kind = key >> 3, key & 7
        if kind == VARINT_FIELD:
            value, place = _read_varint(message, place)
            yield number, value
            continue
        if kind == BYTES_FIELD:
            size, place = _read_varint(message, place)
        elif kind in (FIXED64_FIELD, FIXED32_FIELD):
            size = 8 if kind == FIXED64_FIELD else 4
        else:
            raise ValueError(f"a field of kind {kind}")
        if place + size > len(message):
            raise ValueError("it ends in the middle of a field")
        yield number, message[place : place + size]
        place += size


def _read_varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if place >= len(message) or shift > 63:
            raise ValueError("it ends in the middle of a number")
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7


def field_text(value: int | bytes) -> str:
    """Return a field's text, "" for a number."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
