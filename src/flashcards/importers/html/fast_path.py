"""The few shapes that most fields of HTML have, lines and one list at a time, in one pass.

Whatever has more to it is None here, and `to_markdown` walks through it; both say the same.
"""

from __future__ import annotations

import re

from flashcards.importers.html.escaping import guarded

LETTERS = r"[^<>&\[\]\\`*_~$|\x00-\x08\x0b\x0e-\x1f\x7f\xa0]"
"""What HTML and Markdown both show as it is, but for the beginning of a line and runs of space."""
SIGN = r"<(br ?/?|/?(?:div|p|ul|ol|li))>"
SHAPE = re.compile(rf"{LETTERS}*+(?:{SIGN}{LETTERS}*+)++")
PIECE = re.compile(rf"({LETTERS}*+)(?:{SIGN}|\Z)")
SPACE = re.compile(r"[ \t\r\n\f]+")
MARKER = {"ul": "- ", "ol": "{}. "}


def quickly(source: str) -> str | None:  # noqa: C901 (one pass, a branch for each sign)
    """Return the Markdown of a field that only has lines and lists in it; None for any other."""
    if not SHAPE.fullmatch(source):
        return None
    done: list[str] = []
    blank, kind, count, marker, pad = False, "", 0, "", ""
    for text, sign in PIECE.findall(source):
        line = SPACE.sub(" ", text).strip(" ") if text else ""
        if line:
            if blank and done:
                done.append("")
            done.append((marker or pad) + guarded(line))
            blank, marker = False, ""
        name = sign.lstrip("/")
        if name == "li":
            if not kind:
                return None
            if name == sign:
                count += 1
                marker = MARKER[kind].format(count)
                pad = " " * len(marker)
                blank = blank and count == 1
        elif name in MARKER:
            if bool(kind) == (name == sign) or name != (kind or name):
                return None  # a list in a list, or one that ends and never began
            kind, count, marker, pad, blank = "" if kind else name, 0, "", "", True
        elif name == "p":
            blank = blank or not marker
        elif name.startswith("br"):
            blank = blank or not line
    return "\n".join(done).strip("\n")
