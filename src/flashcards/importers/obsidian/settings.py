"""Read notes by the signs that the plug-in's settings in their vault name."""

from __future__ import annotations

import json
import re
from typing import Any

SETTINGS_FILE = ".obsidian/plugins/obsidian-spaced-repetition/data.json"
SIGNS = {
    "singleLineReversedCardSeparator": ":::",
    "singleLineCardSeparator": "::",
    "multilineReversedCardSeparator": "??",
    "multilineCardSeparator": "?",
}
"""Names of settings, and the signs that stand for them where nothing is set."""


def use_default_signs(text: bytes, settings: bytes) -> bytes:
    """Return notes with the usual signs in the places of those that a vault has; lines stay lines."""
    try:
        said: dict[str, Any] = json.loads(settings)["settings"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return text
    for name, sign in SIGNS.items():
        own = said.get(name)
        if isinstance(own, str) and own.strip() and own != sign:
            pattern = re.escape(own.strip().encode())
            whole = rb"(?m)^[ \t]*" + pattern + rb"[ \t]*$" if "multi" in name else pattern
            text = re.sub(whole, sign.encode(), text)
    for tag in said.get("flashcardTags") or ():
        if isinstance(tag, str) and tag.startswith("#") and tag != "#flashcards":
            text = re.sub(re.escape(tag.encode()) + rb"(?![\w-])", b"#flashcards", text)
    return text
