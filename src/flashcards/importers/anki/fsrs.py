"""FSRS in an Anki collection: weights and retention of its presets."""

import json
import sqlite3
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from flashcards.core.fsrs import valid_weights
from flashcards.importers.anki import protobuf

PARAMS_FIELD, RETENTION_FIELD = 6, 37  # field numbers in the protobuf message of a preset
DEFAULT_RETENTION = 0.9


class FsrsPreset(NamedTuple):
    """The FSRS part of a preset of deck options."""

    name: str
    retention: float
    weights: tuple[float, ...] | None  # None for Anki's defaults, or weights of an older FSRS


def list_presets(connection: sqlite3.Connection, settings: Mapping[str, Any]) -> list[FsrsPreset]:
    """Return the presets of a collection under FSRS, else nothing."""
    # Packages do not tell whether FSRS is on; presets with weights imply it.
    (old,) = connection.execute("SELECT dconf FROM col").fetchone()
    found = _presets_from_json(old) if old else _presets_from_table(connection)
    is_on = settings.get("fsrs")
    kept = [preset for preset in found if is_on or (is_on is None and preset.weights)]
    return sorted(kept, key=lambda preset: preset.weights is None)


def _presets_from_json(text: str) -> Iterator[FsrsPreset]:
    for preset in json.loads(text).values():
        weights, retention = preset.get("fsrsParams6") or (), preset.get("desiredRetention")
        yield _preset(str(preset.get("name", "")), weights, retention)


def _presets_from_table(connection: sqlite3.Connection) -> Iterator[FsrsPreset]:
    with suppress(sqlite3.Error):
        for name, config in connection.execute("SELECT name, config FROM deck_config").fetchall():
            if bytes(config).startswith(b"{"):
                continue  # as version 14 of collections kept it, before FSRS
            values = dict(protobuf.read_fields(bytes(config)))
            retention = _floats(values.get(RETENTION_FIELD, b""))
            yield _preset(str(name), _floats(values.get(PARAMS_FIELD, b"")), (*retention, None)[0])


def _floats(data: int | bytes) -> tuple[float, ...]:
    if isinstance(data, int) or len(data) % 4:
        return ()
    return struct.unpack(f"<{len(data) // 4}f", data)


def _preset(name: str, weights: object, retention: object) -> FsrsPreset:
    """Return a preset, with defaults for invalid numbers."""
    found = weights if isinstance(weights, list | tuple) else ()
    numbers = tuple(float(w) for w in found if isinstance(w, int | float))
    share = float(retention) if isinstance(retention, int | float) else DEFAULT_RETENTION
    rounded = tuple(round(w, 6) for w in numbers)
    return FsrsPreset(name, round(share, 4), rounded if valid_weights(rounded) else None)
