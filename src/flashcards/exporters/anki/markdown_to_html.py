"""Convert Markdown to the HTML of Anki fields."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING

from flashcards.core.markdown_dialect import is_single_line, relax_emphasis
from flashcards.core.sounds import is_sound_name

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SPECIAL_PIECES = re.compile(
    r"""(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))
    |(?<!\\)\$\$(?P<block>[^$]+)\$\$
    |(?<![\\$])\$(?P<math>(?=\S)[^$\n]*[^$\s\\])\$(?![\d$])
    |\[♪\ (?:\\.|[^\]\\\n])*\]\((?:<media/(?P<sound>[^>\n]+)>|media/(?P<sound2>[^)\s]+))\)
    |!\[(?P<alt>(?:\\.|[^\]\\\n])*)\]\((?:<media/(?P<image>[^>\n]+)>|media/(?P<image2>[^)\s]+))\)""",
    re.VERBOSE | re.DOTALL,
)
PLACEHOLDER = "\ue000{}\ue001"
PLACEHOLDER_PATTERN = re.compile("\ue000(\\d+)\ue001")
PLAIN_TEXT = re.compile(r"[\w ,.;:!?'\"/()=%+-]*")
"""Text that is the same in HTML, unless BLOCK_START matches."""
BLOCK_START = re.compile(r"\s|[-+]|\d+[.)]|=")


def markdown_to_html(text: str) -> str:
    """Return a card's side as HTML."""
    if PLAIN_TEXT.fullmatch(text) and not BLOCK_START.match(text):
        return html.escape(text, quote=False)
    held: list[str] = []
    source = SPECIAL_PIECES.sub(lambda match: _replace_with_placeholder(match, held), text)
    renderer = _markdown_renderer()
    rendered = (renderer.renderInline if is_single_line(source) else renderer.render)(source).strip()
    if rendered.startswith("<p>") and rendered.count("<p>") == 1 and rendered.endswith("</p>"):
        rendered = rendered[3:-4]
    rendered = re.sub(r"(?<=>)\n", "", rendered)
    return PLACEHOLDER_PATTERN.sub(lambda match: held[int(match[1])], rendered)


def _replace_with_placeholder(match: re.Match[str], kept_html: list[str]) -> str:
    """Keep a piece in Anki's notation; return its placeholder."""
    if match["code"]:
        return match[0]
    kept_html.append(_anki_spelling(match))
    return PLACEHOLDER.format(len(kept_html) - 1)


def _anki_spelling(match: re.Match[str]) -> str:
    if match["block"]:
        return rf"\[{html.escape(match['block'].strip(), quote=False)}\]"
    if match["math"]:
        return rf"\({html.escape(match['math'], quote=False)}\)"
    sound, image = match["sound"] or match["sound2"], match["image"] or match["image2"]
    if sound or is_sound_name(image):
        sound = sound or image
        return f"[sound:{html.escape(sound, quote=False)}]"
    alt = re.sub(r"\\(.)", r"\1", match["alt"] or "")
    name = html.escape(image)
    return f'<img src="{name}" alt="{html.escape(alt)}">' if alt else f'<img src="{name}">'


@cache
def _markdown_renderer() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import emphasis, strikethrough

    # Line breaks of a card are kept, and HTML in it is text.
    renderer = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    renderer.inline.ruler.at("emphasis", relax_emphasis(emphasis.tokenize))
    renderer.inline.ruler.at("strikethrough", relax_emphasis(strikethrough.tokenize))
    return renderer
