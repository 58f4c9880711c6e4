"""Fingerprints of notes, which are the ids of those without their own."""

import unicodedata
from functools import lru_cache
from hashlib import blake2b


def normalize_text(text: str) -> str:
    """Return a text in NFC with single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def note_fingerprint(deck: str, front: str) -> str:
    """Return the id of a note without its own: 16 hex digits."""
    digest = _deck_hash(deck).copy()
    digest.update(normalize_text(front).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@lru_cache(64)
def _deck_hash(deck: str) -> blake2b:
    return blake2b(f"{normalize_text(deck)}\x1f".encode("utf-8", "surrogatepass"), digest_size=8)
