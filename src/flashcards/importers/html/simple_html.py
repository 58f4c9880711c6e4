"""Convert simple HTML (lines, one list) in one pass, as `convert_tags` would."""

import re

from flashcards.importers.html.escaping import escape_line_start

PLAIN_CHARACTERS = r"[^<>&\[\]\\`*_~$|\x00-\x08\x0b\x0e-\x1f\x7f\xa0]"
"""Text that is the same in HTML and Markdown, except line starts and runs of spaces."""
SIMPLE_TAG = r"<(br ?/?|/?(?:div|p|ul|ol|li))>"
SIMPLE_HTML = re.compile(rf"{PLAIN_CHARACTERS}*+(?:{SIMPLE_TAG}{PLAIN_CHARACTERS}*+)++")
TEXT_AND_TAG = re.compile(rf"({PLAIN_CHARACTERS}*+)(?:{SIMPLE_TAG}|\Z)")
LIST_TAGS = ("ul", "ol")
WHITESPACE = re.compile(r"[ \t\r\n\f]+")


def convert_simple_html(source: str) -> str | None:  # noqa: C901 (one pass, a branch for each sign)
    """Convert a field of lines and flat lists; None for any other."""
    if not SIMPLE_HTML.fullmatch(source):
        return None
    lines: list[str] = []
    blank, kind, count, marker, pad = False, "", 0, "", ""
    for text, tag in TEXT_AND_TAG.findall(source):
        line = ""
        if text:
            line = " ".join(text.split()) if text.isascii() else WHITESPACE.sub(" ", text).strip(" ")
        if line:
            if blank and lines:
                lines.append("")
            lines.append((marker or pad) + (line if line[0].isalpha() else escape_line_start(line)))
            blank, marker = False, ""
        name = tag.lstrip("/")
        if name == "li":
            if not kind:
                return None
            if name == tag:
                count += 1
                marker = "- " if kind == "ul" else f"{count}. "
                pad = " " * len(marker)
                blank = blank and count == 1
        elif name in LIST_TAGS:
            if bool(kind) == (name == tag) or name != (kind or name):
                return None  # a nested list, or an end without a start
            kind, count, marker, pad, blank = "" if kind else name, 0, "", "", True
        elif name == "p":
            blank = blank or not marker
        elif name.startswith("br"):
            blank = blank or not line
    return "\n".join(lines).strip("\n")
