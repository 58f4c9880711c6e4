"""Convert Markdown to the HTML of Anki fields."""

import html
import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import emphasis, strikethrough

from flashcards.core.markdown_dialect import relax_emphasis
from flashcards.core.markdown_lists import is_single_line
from flashcards.core.sounds import is_sound_name

SPECIAL_PIECES = re.compile(
    r"""(?P<code>(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))
    |(?<!\\)\$\$(?P<block>[^$]+)\$\$
    |(?<![\\$])\$(?P<math>(?=\S)[^$\n]*[^$\s\\])\$(?![\d$])
    |\[♪\ (?:\\.|[^\]\\\n])*\]\((?:<media/(?P<sound>[^>\n]+)>|media/(?P<sound2>[^)\s]+))\)
    |!\[(?P<alt>(?:\\.|[^\]\\\n])*)\]\((?:<media/(?P<image>[^>\n]+)>|media/(?P<image2>[^)\s]+))\)""",
    re.VERBOSE | re.DOTALL,
)
PLACEHOLDER = "\ue000{}\ue001"
PLACEHOLDER_PATTERN = re.compile("\ue000\\d+\ue001")
_WORD = r"[^\s\\`*_~$&<>|\[\]\0\ue000\ue001]+"
_LINE = rf"(?![-+=#]|\d+[.)]){_WORD}(?: +{_WORD})*"
PLAIN_PARAGRAPHS = re.compile(rf"(?:{_LINE}(?:\n{{1,2}}{_LINE})*)?")
PLAIN_LIST = re.compile(rf"- {_LINE}(?:\n- {_LINE})+")
"""Texts without markup in their lines; tests compare them with the parser."""


def markdown_to_html(text: str) -> str:
    """Return a card's side as HTML; one without markup is not parsed."""
    if PLAIN_PARAGRAPHS.fullmatch(text):
        lines = text.replace("\n\n", "</p><p>").replace("\n", "<br />")
        return f"<p>{lines}</p>" if "\n\n" in text else lines
    if PLAIN_LIST.fullmatch(text):
        items = text[2:].replace("\n- ", "</li><li>")
        return f"<ul><li>{items}</li></ul>"
    return render_markdown(text)


def render_markdown(text: str) -> str:
    """Return a side with markup as HTML."""
    held: dict[str, str] = {}
    source = SPECIAL_PIECES.sub(lambda match: _replace_with_placeholder(match, held), text)
    renderer = _markdown_renderer()
    rendered = (renderer.renderInline if is_single_line(source) else renderer.render)(source).strip()
    if rendered.startswith("<p>") and rendered.count("<p>") == 1 and rendered.endswith("</p>"):
        rendered = rendered[3:-4]
    rendered = re.sub(r"(?<=>)\n", "", rendered)
    return PLACEHOLDER_PATTERN.sub(lambda match: held.get(match[0], match[0]), rendered)


def _replace_with_placeholder(match: re.Match[str], kept_html: dict[str, str]) -> str:
    """Keep a piece in Anki's notation; return its placeholder."""
    if match["code"]:
        return match[0]
    placeholder = PLACEHOLDER.format(len(kept_html))
    kept_html[placeholder] = _anki_spelling(match)
    return placeholder


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
    # Line breaks of a card are kept, and HTML in it is text.
    renderer = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    renderer.inline.ruler.at("emphasis", relax_emphasis(emphasis.tokenize))
    renderer.inline.ruler.at("strikethrough", relax_emphasis(strikethrough.tokenize))
    renderer.add_render_rule("text", lambda _, tokens, at, *__: html.escape(tokens[at].content, quote=False))
    return renderer
