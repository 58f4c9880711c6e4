"""Markdown as the HTML of Anki's fields: math and media in Anki's own spelling."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

PIECES = re.compile(
    r"""(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))
    |(?<!\\)\$\$(?P<block>[^$]+)\$\$
    |(?<![\\$])\$(?P<math>(?=\S)[^$\n]*[^$\s\\])\$(?![\d$])
    |\[♪\ (?:\\.|[^\]\\\n])*\]\((?:<media/(?P<sound>[^>\n]+)>|media/(?P<sound2>[^)\s]+))\)
    |!\[(?P<alt>(?:\\.|[^\]\\\n])*)\]\((?:<media/(?P<image>[^>\n]+)>|media/(?P<image2>[^)\s]+))\)""",
    re.VERBOSE | re.DOTALL,
)
HOLD = "\ue000{}\ue001"
HELD = re.compile("\ue000(\\d+)\ue001")
PLAIN = re.compile(r"[\w ,.;:!?'\"/()=%+-]*")
"""Text that is the same in HTML, but for what AT_START finds."""
AT_START = re.compile(r"\s|[-+]|\d+[.)]|=")


def to_html(text: str) -> str:
    """Return a side of a card as HTML; what is no Markdown comes out as it is written."""
    if PLAIN.fullmatch(text) and not AT_START.match(text):
        return html.escape(text, quote=False)
    held: list[str] = []
    source = PIECES.sub(lambda found: _hold(found, held), text)
    rendered = _renderer().render(source).strip()
    if rendered.startswith("<p>") and rendered.count("<p>") == 1 and rendered.endswith("</p>"):
        rendered = rendered[3:-4]
    rendered = re.sub(r"(?<=>)\n", "", rendered)
    return HELD.sub(lambda found: held[int(found[1])], rendered)


def _hold(found: re.Match[str], held: list[str]) -> str:
    """Put a piece away as Anki spells it, and return the sign that stands for it."""
    if found["code"]:
        return found[0]
    held.append(_spelled(found))
    return HOLD.format(len(held) - 1)


def _spelled(found: re.Match[str]) -> str:
    if found["block"]:
        return rf"\[{html.escape(found['block'].strip(), quote=False)}\]"
    if found["math"]:
        return rf"\({html.escape(found['math'], quote=False)}\)"
    if sound := found["sound"] or found["sound2"]:
        return f"[sound:{html.escape(sound, quote=False)}]"
    alt = re.sub(r"\\(.)", r"\1", found["alt"] or "")
    name = html.escape(found["image"] or found["image2"])
    return f'<img src="{name}" alt="{html.escape(alt)}">' if alt else f'<img src="{name}">'


@cache
def _renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # The lines of a card are meant; HTML in a card is text, and stays text.
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
        ["table", "strikethrough"]
    )
